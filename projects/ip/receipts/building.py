"""Building a receipt: the event of a deposit, its proof in the newest checkpoint, and what stands around it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.history import merkle
from portal.history.canonical import instant
from portal.history.chain import known_chain
from portal.history.models import Checkpoint
from portal.history.nodes import with_nodes
from projects.ip.models import Commitment, TimeStamp
from projects.ip.policies.deposits import not_sealed
from projects.ip.receipts import verify


def build_receipt(row: Commitment, *, since: int | None = None, with_opening: bool = False) -> dict[str, Any]:
    """The receipt of a version as docs/deposits.md has it, always with a fresh proof in the newest checkpoint.

    `since` is the size of a checkpoint that somebody kept: the receipt then proves that the ledger only grew from it.
    Raises NotNow until the version is sealed, ValidationError for a size that was never signed. Three queries.
    """
    index = row.entry
    if index is None:
        refusal = not_sealed(None)
        assert refusal is not None
        raise refusal
    *older, newest = _around(index, since)
    event, chain = row.event, known_chain()
    handed_over = {told.size for told in chain.statements if told.size <= newest.size}
    sizes = handed_over | {one.size for one in older}
    path, grown = with_nodes(
        lambda node: (
            merkle.inclusion_proof(index, newest.size, node),
            {size: merkle.consistency_proof(size, newest.size, node) for size in sizes},
        )
    )
    return {
        "format": verify.RECEIPT,
        "deposit": {
            "ref": event.target_ref,
            "number": row.number,
            "commitment": row.value,
            "algorithm": row.algorithm,
            "previous": row.previous.value if row.previous else None,
            "agency": event.agency_ref,
            "agency_name": event.agency_name,
            "deposited_at": instant(row.deposited_at),
        },
        "event": event.canonical.decode(),
        "entry": {"index": index, "proof": _hex(path)},
        "checkpoint": newest.note,
        "checkpoints": [{"note": one.note, "proof": _hex(grown[one.size])} for one in older],
        "keys": [link.key.verifier for link in chain.links],
        "statements": [str(told) for told in chain.statements],
        "proofs": [_hex(grown[told.size]) if told.size in grown else None for told in chain.statements],
        "time_stamp": _time_stamp(row),
        "opening": row.kept.as_dict() if with_opening and row.kept is not None else None,
    }


def _around(index: int, since: int | None) -> list[Checkpoint]:
    """The last checkpoint before the entry, the first that covers it, one that somebody kept, and the newest; by size."""
    signed = Checkpoint.objects.values("number")
    wanted = Q(number__in=signed.filter(size__lte=index).order_by("-size")[:1])
    wanted |= Q(number__in=signed.filter(size__gt=index).order_by("size")[:1])
    wanted |= Q(number__in=signed.order_by("-number")[:1])
    if since is not None:
        wanted |= Q(size=since)
    found = list(Checkpoint.objects.filter(wanted).order_by("size"))
    if since is not None and since not in {one.size for one in found}:
        raise ValidationError({"since": [_("The ledger has signed no checkpoint over this many entries.")]})
    return found


def _time_stamp(row: Commitment) -> dict[str, str] | None:
    stamp = TimeStamp.objects.filter(commitment=row, stamped_at__isnull=False).order_by("-pk").first()
    if stamp is None or stamp.token is None or stamp.stamped_at is None:
        return None
    return {
        "token": b64encode(bytes(stamp.token)).decode(),
        "at": instant(stamp.stamped_at),
        "authority": stamp.authority,
    }


def _hex(path: list[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in path]
