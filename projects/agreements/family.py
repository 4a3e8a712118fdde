"""The instruments around an agreement, as far as their reader may know of them."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Agency, InstrumentKind
from portal.kit.actors import Actor
from projects.agreements import tree
from projects.agreements.models import Agreement
from projects.agreements.models.status import ENDED
from projects.agreements.umbrella import keep_umbrellas
from projects.models import Project

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
    keep_umbrellas([*seen.values(), *below], actor)
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


def umbrellas_for(project: Project, actor: Actor, parties: set[int], child: int | None = None) -> list[Agreement]:
    """What an instrument between these agencies could stand under, of what the actor may see; a fixed number of queries."""
    found = Agreement.objects.visible_to(actor).filter(project=project, kind__in=tree.UMBRELLAS)
    rows = found.exclude(status__in=ENDED).exclude(pk=child).prefetch_related("parties").newest_first()[:ON_PAGE]
    parents = tree.parents_in(project.pk)
    return [
        row
        for row in rows
        if not tree.cannot_stand_under(row, project=project.pk, parties=parties, child=child, parents=parents)
    ]
