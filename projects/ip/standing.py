"""Which disputes stand on a record, for the pages and answers that show it as information."""

from __future__ import annotations

from collections.abc import Iterable

from portal.kit.actors import Actor
from projects.ip.models import Asset, Dispute


def open_dispute_of(asset: Asset, *, actor: Actor) -> Dispute | None:
    """The newest dispute that stands on an asset and that the actor may see."""
    return open_disputes_of([asset.ref], actor=actor).get(asset.ref)


def open_disputes_of(refs: Iterable[str], *, actor: Actor) -> dict[str, Dispute]:
    """The newest dispute that stands on each of these records, by the record's reference: one query.

    SECURITY: only those that the actor may see; that others are at odds is their own business.
    """
    wanted = set(refs)
    if not wanted:
        return {}
    found = Dispute.objects.visible_to(actor).standing().filter(subject_ref__in=wanted)
    return {row.subject_ref: row for row in found.order_by("pk").only("ref", "subject_ref", "status", "opened_at")}
