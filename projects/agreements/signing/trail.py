"""The trail of the places: who was named, replaced and handed over to, and why the order was changed."""

from __future__ import annotations

from projects.agreements.models import Addressee, Agreement, OrderChange


def trail_of(agreement: Agreement) -> list[Addressee]:
    """Every naming under the agreement, the newest first, those of places that left the plan included."""
    named = Addressee.objects.filter(slot__agreement=agreement).order_by("-pk")
    return list(named.select_related("slot__agency", "person", "named_by", "ended_by", "handed_over_by__person"))


def order_changes(agreement: Agreement) -> list[OrderChange]:
    """Every change of the order of a frozen text, the newest first, those of earlier texts included."""
    changed = OrderChange.objects.filter(text__agreement=agreement)
    return list(changed.select_related("text", "agency", "person"))
