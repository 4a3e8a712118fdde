"""`manage.py seal`: give waiting events their place in the ledger, once or for as long as it runs."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from portal.history.models import Unsealed
from portal.history.sealer import seal

log = logging.getLogger(__name__)

PAUSE = 1.0


class Command(BaseCommand):
    help = "Seal committed events into the ledger and sign a checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--forever", action="store_true", help="go on sealing, every second while there is something"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forever"]:
            self._forever()
            return
        checkpoint = seal()
        self.stdout.write(
            f"Checkpoint {checkpoint.number} over {checkpoint.size} entries." if checkpoint else "Nothing to seal."
        )

    def _forever(self) -> None:
        """Seal until SIGTERM or SIGINT; a lost database is waited for."""
        stop = threading.Event()

        def finish(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, finish)
        while not stop.is_set():
            seal_if_waiting()
            stop.wait(PAUSE)


def seal_if_waiting() -> bool:
    """Seal what waits; False when there was nothing or the database was away. The next call connects anew."""
    try:
        if not Unsealed.objects.exists():
            return False
        return seal() is not None
    except Error as error:
        log.warning("sealing waits for the database: %s", error)
        connection.close()
        return False
