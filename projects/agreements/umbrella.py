"""What an instrument rests on, and whether that is suspended: read from the tree, never a status of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from portal.kit.actors import Actor
from projects.agreements.actions.life.ending import stands_alone
from projects.agreements.exit import standing_under
from projects.agreements.models import Agreement, Status, Step, StepKind, StepStatus
from projects.agreements.models.status import ENDED
from projects.agreements.policies.life import ABOUT_ANOTHER

OVER = (*ENDED, Status.ABANDONED, Status.DECLINED)


@dataclass(frozen=True)
class Umbrella:
    """A suspended instrument that others stand under, and since when it rests."""

    ref: str
    title: str
    since: datetime


def keep_umbrellas(rows: Iterable[Agreement], actor: Actor) -> None:
    """Say of each row on which suspended instrument it rests (`umbrella`), None for none.

    One query where a row stands under another, and more only while something above is suspended. SECURITY: an instrument
    that the actor may not see is not named, and not said to be suspended.
    """
    rows = list(rows)
    standing = [row for row in rows if row.parent_id and row.kind not in ABOUT_ANOTHER and row.status not in OVER]
    suspended = _suspended({row.project_id for row in standing}, actor) if standing else {}
    parents = _parents({row.project_id for row in standing}) if suspended else {}
    for row in rows:
        row.umbrella = _above(row, parents, suspended) if row in standing and suspended else None  # type: ignore[attr-defined]


def umbrella_of(agreement: Agreement, actor: Actor) -> Umbrella | None:
    """The suspended instrument on which one agreement rests; no query where nothing above can be suspended."""
    above = agreement.parent
    if above is None or (above.status != Status.SUSPENDED and above.parent_id is None):
        return None
    keep_umbrellas([agreement], actor)
    found: Umbrella | None = agreement.umbrella  # type: ignore[attr-defined]
    return found


def resting_on(agreement: Agreement, actor: Actor) -> list[Agreement]:
    """What rests on an agreement, of what the actor may see: all that is in force under it and does not stand alone."""
    return [child for child, goes_along in standing_under(agreement, actor, ends=True) if goes_along]


def _suspended(projects: set[int], actor: Actor) -> dict[int, Umbrella]:
    steps = Step.objects.filter(agreement=OuterRef("pk"), kind=StepKind.SUSPENSION, status=StepStatus.DONE)
    found = Agreement.objects.visible_to(actor).filter(project__in=projects, status=Status.SUSPENDED)
    dated = found.annotate(since=Subquery(steps.order_by("-number").values("decided_at")[:1]))
    return {
        pk: Umbrella(ref, title, since) for pk, ref, title, since in dated.values_list("pk", "ref", "title", "since")
    }


def _parents(projects: set[int]) -> dict[int, int | None]:
    return dict(Agreement.objects.filter(project__in=projects).values_list("pk", "parent"))


def _above(row: Agreement, parents: Mapping[int, int | None], suspended: Mapping[int, Umbrella]) -> Umbrella | None:
    """The nearest suspended instrument above, if nothing on the way up stands alone."""
    chain: list[int] = [row.pk]
    while (parent := parents.get(chain[-1])) is not None and parent not in chain and chain[-1] not in suspended:
        chain.append(parent)
    if chain[-1] not in suspended or chain[-1] == row.pk:
        return None
    between = Agreement.objects.select_related("text", "depositary").in_bulk(chain[1:-1])
    if any(_stands_alone(child) for child in (row, *between.values())):
        return None
    return suspended[chain[-1]]


def _stands_alone(child: Agreement) -> bool:
    """By its text in force; by the answers of the text that is negotiated until there is one."""
    return stands_alone(child) if child.is_effective else child.profile.get("ends_with_parent") is False
