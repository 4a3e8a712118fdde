"""`manage.py ledger`: verify everything, print the latest checkpoint, list the verbs."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.history import notes, verbs
from portal.history.alarms import examine, report
from portal.history.audit import Held
from portal.history.models import Checkpoint
from portal.history.rows import StoredLedger, snapshot
from portal.kit.actors import Actor


class Command(BaseCommand):
    help = "Verify the ledger, print its latest checkpoint, or list the verbs that events use."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        verify = commands.add_parser("verify", help="recompute everything; exit code 1 names the first bad entry")
        verify.add_argument(
            "--against",
            metavar="FILE",
            nargs="+",
            action="extend",
            default=[],
            help="checkpoints kept elsewhere, or folders of them, to expose a rewritten history",
        )
        commands.add_parser("checkpoint", help="print the latest checkpoint, to be kept elsewhere")
        commands.add_parser("verbs", help="print every verb as a table for docs/events.md")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['what']}")(**options)

    def _verify(self, *, against: list[str], **options: Any) -> None:
        saved = [Held(self._saved(path), _place(path, against)) for path in _files(against)]
        findings = examine(saved)
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            alarms = report(findings, actor=Actor.system())
            for alarm in alarms:
                self.stderr.write(f"Alarm {alarm.ref}: it is red on every page until it is explained.")
            raise CommandError(f"The ledger does not verify. First bad place: {findings[0].place}.", returncode=1)
        with snapshot():
            ledger = StoredLedger()
            checkpoints, waiting, cosigned = ledger.checkpoints(), ledger.waiting(), len(ledger.cosigned())
        size = checkpoints[-1].size if checkpoints else 0
        self.stdout.write(
            f"The ledger verifies: {size} entries, {len(checkpoints)} checkpoints, {waiting} events waiting."
        )
        if cosigned:
            self.stdout.write(f"It has grown from every checkpoint that was co-signed: {cosigned} co-signatures.")
        for held in saved:
            self.stdout.write(f"It has only been appended to since {held.place}, over {held.note.size} entries.")

    def _saved(self, path: Path) -> notes.Note:
        try:
            return notes.parse(notes.unwitnessed(path.read_text(encoding="utf-8")))
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


def _files(paths: Sequence[str]) -> Iterator[Path]:
    """Each file given, and the text files of each folder given."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.glob("*.txt"))
        if not inside:
            raise CommandError(f"{path} holds no checkpoint: no file there ends in .txt.", returncode=2)
        yield from inside


def _place(path: Path, given: Sequence[str]) -> str:
    return "the checkpoint given" if given == [str(path)] else f"the checkpoint in {path.name}"
