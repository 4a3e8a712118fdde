"""What witnesses co-signed last, kept in files beside the database: an old backup of it cannot take these back."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from portal.history import notes
from portal.history.audit import Held
from portal.history.models import Cosignature, Leaf
from portal.secrets import write_over

log = logging.getLogger(__name__)


def keep(cosignature: Cosignature) -> None:
    """Write down the checkpoint unless a newer one of this witness is there; one file for each witness."""
    witness = cosignature.witness
    path = _folder() / f"{_ledger()}-{witness.agency_ref}-{witness.key_id}.txt"
    before = _read(path)
    if before is None or before.number <= cosignature.checkpoint_id:
        write_over(path, (cosignature.note + cosignature.line).encode())


def kept() -> list[Held]:
    """Everything that is kept here of this ledger; of any, when the ledger is empty."""
    found = ((path, _read(path)) for path in sorted(_folder().glob(f"{_ledger() or '*'}-*.txt")))
    return [Held(note, f"checkpoint {note.number} as kept in {path.name}") for path, note in found if note is not None]


def _ledger() -> str:
    """The beginning of the first leaf hash: a copy of the portal for trying something out has a ledger of its own."""
    first = Leaf.objects.filter(index=0).first()
    return first.hex[:16] if first else ""


def _folder() -> Path:
    return Path(settings.WITNESSED_DIR)


def _read(path: Path) -> notes.Note | None:
    """The note in a file, None when there is none; a damaged file is no reason to stop, but to say so."""
    try:
        return notes.parse(notes.unwitnessed(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be read as a checkpoint: %s", path, error)
        return None
