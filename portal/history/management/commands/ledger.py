"""`manage.py ledger`: verify everything, print the latest checkpoint, list the verbs."""

from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.history import notes, verbs
from portal.history.audit import audit
from portal.history.models import Checkpoint
from portal.history.rows import StoredLedger, snapshot

SHOWN = 20


class Command(BaseCommand):
    help = "Verify the ledger, print its latest checkpoint, or list the verbs that events use."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        verify = commands.add_parser("verify", help="recompute everything; exit code 1 names the first bad entry")
        verify.add_argument(
            "--against", metavar="FILE", help="a checkpoint kept elsewhere, to expose a rewritten history"
        )
        commands.add_parser("checkpoint", help="print the latest checkpoint, to be kept elsewhere")
        commands.add_parser("verbs", help="print every verb as a table for docs/events.md")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['what']}")(**options)

    def _verify(self, *, against: str | None, **options: Any) -> None:
        saved = self._saved(against) if against else None
        with snapshot():
            ledger = StoredLedger()
            findings = list(islice(audit(ledger, against=saved), SHOWN))
            checkpoints, waiting = ledger.checkpoints(), ledger.waiting()
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            raise CommandError(f"The ledger does not verify. First bad place: {findings[0].place}.", returncode=1)
        size = checkpoints[-1].size if checkpoints else 0
        self.stdout.write(
            f"The ledger verifies: {size} entries, {len(checkpoints)} checkpoints, {waiting} events waiting."
        )
        if saved is not None:
            self.stdout.write(f"It has only been appended to since the checkpoint given, over {saved.size} entries.")

    def _saved(self, path: str) -> notes.Note:
        try:
            return notes.parse(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read as a checkpoint: {error}", returncode=2) from error

    def _checkpoint(self, **options: Any) -> None:
        checkpoint = Checkpoint.objects.newest()
        if checkpoint is None:
            raise CommandError("Nothing has been sealed yet.", returncode=1)
        self.stdout.write(checkpoint.note, ending="")

    def _verbs(self, **options: Any) -> None:
        self.stdout.write("| Verb | Words |\n| --- | --- |")
        for verb in verbs.registered():
            self.stdout.write(f"| `{verb.name}` | {verb.text} |")
