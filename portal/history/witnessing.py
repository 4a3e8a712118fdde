"""A checkpoint together with what its witnesses signed of it."""

from __future__ import annotations

from portal.history.models import Checkpoint, Cosignature


def cosignatures_of(checkpoint: Checkpoint) -> list[Cosignature]:
    """What witnesses signed of it, in the order in which it came in."""
    return list(Cosignature.objects.on(checkpoint))


def witnessed_note(checkpoint: Checkpoint) -> str:
    """The signed note with one more line for each co-signature: a C2SP signed note with several signatures."""
    return checkpoint.note + "".join(one.line for one in cosignatures_of(checkpoint))


def newest_witnessed() -> Checkpoint | None:
    """The newest checkpoint that anybody has co-signed, None when there is none."""
    return Cosignature.objects.newest_checkpoint()
