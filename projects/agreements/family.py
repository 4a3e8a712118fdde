"""The instruments around an agreement, as far as their reader may know of them."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Agency, InstrumentKind
from portal.kit.actors import Actor
from projects.agreements import tree
from projects.agreements.models import Agreement
from projects.agreements.models.status import ENDED

ON_PAGE = 100


@dataclass(frozen=True)
class Family:
    """Above, the nearest first; and what changed it, joined it or stands under it."""

    above: list[Agreement]
    amendments: list[Agreement]
    accessions: list[Agreement]
    under: list[Agreement]


def family_of(agreement: Agreement, actor: Actor) -> Family:
    """The instruments above and below that the actor may see."""
    above = [parent.pk for parent in tree.ancestors(agreement)]
    visible = Agreement.objects.visible_to(actor).with_parties()
    seen = {row.pk: row for row in visible.filter(pk__in=above)}
    below = list(visible.filter(parent=agreement).order_by("in_force_on", "pk")[:ON_PAGE])
    return Family(
        above=[seen[pk] for pk in above if pk in seen],
        amendments=[row for row in below if row.kind == InstrumentKind.AMENDMENT],
        accessions=[row for row in below if row.kind == InstrumentKind.ACCESSION],
        under=[row for row in below if row.kind not in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)],
    )


def candidates(agreement: Agreement) -> list[Agency]:
    """The agencies that could accede: they have accepted the project and are no party."""
    return [
        participation.agency
        for participation in agreement.project.parties()
        if agreement.party_of(participation.agency_id) is None
    ]


def umbrellas_for(agreement: Agreement, actor: Actor) -> list[Agreement]:
    """What a draft could stand under, of all that the actor may see."""
    parties = {party.agency_id for party in agreement.party_list}
    found = Agreement.objects.visible_to(actor).filter(kind__in=tree.UMBRELLAS).exclude(status__in=ENDED)
    rows = found.exclude(pk=agreement.pk).select_related("parent").prefetch_related("parties").newest_first()[:ON_PAGE]
    return [row for row in rows if not tree.cannot_stand_under(row, parties=parties, child=agreement)]
