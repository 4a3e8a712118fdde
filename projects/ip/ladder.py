"""The levels of a dispute with their days, from the profile of the agreement that binds its sides or from usual practice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agencies.models import Agency
from portal.history.canonical import instant
from projects.ip.models import Dispute, DisputeStatus
from projects.ip.models.dispute import LADDER
from projects.ip.periods import CALENDAR, Period, periods
from projects.ip.terms import Terms, answer_to
from projects.models import Project

DAYS = {
    DisputeStatus.CONSULTATION: "consultation_days",
    DisputeStatus.HEADS_OF_PROJECT: "heads_of_project_days",
    DisputeStatus.HEADS_OF_AGENCY: "heads_of_agency_days",
}


@dataclass(frozen=True)
class Rules:
    """What the agreement says of a dispute between these agencies; no agreement, and usual practice speaks."""

    terms: Terms | None
    day_basis: str
    days: dict[str, int]
    cure_days: int
    final_step: str
    seat: str


@dataclass(frozen=True)
class Rung:
    """One level laid down: it ends when the last party's last day is over, so that nobody has less than the days given."""

    status: str
    days: int
    starts_at: datetime
    ends: list[Period] = field(default_factory=list)

    @property
    def due_at(self) -> datetime:
        return max(end.ends_at for end in self.ends)

    def facts(self) -> list[dict[str, str]]:
        """The end for each party, as the level keeps it."""
        return [
            {"agency": end.agency.ref, "last_day": end.last_day.isoformat(), "ends_at": instant(end.ends_at)}
            for end in self.ends
        ]


def rules_between(project: Project, agencies: Iterable[Agency]) -> Rules:
    """What holds between these agencies now."""
    refs = [agency.ref for agency in agencies]

    def answer(key: str) -> Any:
        return answer_to(project, key, refs)[0]

    final_step = answer("final_step")
    return Rules(
        terms=answer_to(project, "day_basis", refs)[1],
        day_basis=answer("day_basis"),
        days={status: int(answer(key)) for status, key in DAYS.items()},
        cure_days=int(answer("cure_days")),
        final_step=final_step,
        seat=answer("arbitration_seat") if final_step == DisputeStatus.ARBITRATION else "",
    )


def rungs(rules: Rules, sides: list[Agency], *, opened_at: datetime, start_level: int = 1) -> list[Rung]:
    """The levels from the one at which it starts, each counted from the end of the level before."""
    found: list[Rung] = []
    starts_at = opened_at
    for status in LADDER[start_level - 1 :]:
        ends = periods(starts_at, rules.days[status], agencies=sides, basis=rules.day_basis)
        found.append(Rung(status, rules.days[status], starts_at, ends))
        starts_at = found[-1].due_at
    return found


def cure(rules: Rules, party: Agency, *, noticed_at: datetime) -> Rung:
    """The time in which the party in breach cures it: that party must act, so its days count."""
    ends = periods(noticed_at, rules.cure_days, agencies=[party], basis=rules.day_basis)
    return Rung(DisputeStatus.CURING, rules.cure_days, noticed_at, ends)


def mediation_ends(dispute: Dispute, appointed_at: datetime) -> datetime | None:
    """When a mediation ends without a settlement, counted from the appointment; an arbitration ends by its decision."""
    if dispute.final_days is None:
        return None
    sides = [party.agency for party in dispute.at_odds()]
    basis = dispute.day_basis or CALENDAR
    return max(end.ends_at for end in periods(appointed_at, dispute.final_days, agencies=sides, basis=basis))
