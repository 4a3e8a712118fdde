"""The trail of a place: who was named, by whom, who was replaced, and who handed over to whom."""

from __future__ import annotations

from projects.agreements.models import Addressee, Agreement


def trail_of(agreement: Agreement) -> list[Addressee]:
    """Every naming under the agreement, the newest first, those of places that left the plan included."""
    named = Addressee.objects.filter(slot__agreement=agreement).order_by("-pk")
    return list(named.select_related("slot__agency", "person", "named_by", "ended_by", "handed_over_by__person"))
