"""The levels of a dispute as its page draws them: each with its time, at every party's seat, and where it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from projects.ip.models import Dispute, DisputeLevel, DisputeStatus, Representative
from projects.ip.models.dispute import ENDED, LADDER

DONE, CURRENT, STOPPED, AHEAD = "done", "current", "stopped", ""
OUTCOMES: dict[str, str | Promise] = {
    DisputeStatus.OPEN: _("Left open: the parties keep talking"),
    DisputeStatus.MEDIATION: _("Mediation, when they do not settle it"),
    DisputeStatus.ARBITRATION: _("Arbitration, when they do not settle it"),
}


@dataclass(frozen=True)
class End:
    """When a level ends for one party."""

    agency: Agency
    last_day: date
    ends_at: datetime


@dataclass(frozen=True)
class Station:
    """One level or outcome, with who speaks at it."""

    name: str | Promise
    state: str = AHEAD
    status: str = ""
    level: DisputeLevel | None = None
    due_at: datetime | None = None
    ends: list[End] = field(default_factory=list)
    speakers: list[Representative] = field(default_factory=list)


def stations_of(dispute: Dispute, *, at: datetime) -> list[Station]:
    """Every level from the one at which it began, the final step, and how it ended."""
    now = dispute.status_at(at)
    levels = list(dispute.levels.all())
    reached = _reached(dispute, now)
    found = [_level(dispute, level, now, reached) for level in levels]
    final = dispute.final_step and _final(dispute)
    if final:
        state = CURRENT if final == now else DONE if final in reached else AHEAD
        found.append(
            Station(
                DisputeStatus(final).label if final in (now, *reached) else OUTCOMES[final],
                state,
                final,
                due_at=dispute.appointment_ends_at,
            )
        )
    if now == DisputeStatus.OPEN and final != DisputeStatus.OPEN:
        found.append(Station(DisputeStatus.OPEN.label, CURRENT, now))
    if now in ENDED:
        found = [station for station in found if station.state]
        bad = now in (DisputeStatus.NOT_CURED, DisputeStatus.WITHDRAWN)
        found.append(Station(DisputeStatus(now).label, STOPPED if bad else DONE, now, due_at=dispute.ended_at))
    return found


def _level(dispute: Dispute, level: DisputeLevel, now: str, reached: Iterable[str]) -> Station:
    agencies = {party.agency.ref: party.agency for party in dispute.parties.all()}
    ends = [
        End(agencies[end["agency"]], date.fromisoformat(end["last_day"]), datetime.fromisoformat(end["ends_at"]))
        for end in level.ends
    ]
    state = CURRENT if level.status == now else DONE if level.status in reached else AHEAD
    speakers = [row for row in dispute.representatives.all() if row.level == level.status]
    return Station(DisputeStatus(level.status).label, state, level.status, level, level.due_at, ends, speakers)


def _reached(dispute: Dispute, now: str) -> set[str]:
    """The levels that it has come to; one that has ended stopped at the level whose time ran then."""
    ended_at = dispute.ended_at
    if now in ENDED and ended_at is not None:
        come = {level.status for level in dispute.levels.all() if level.starts_at <= ended_at}
        last = max((level.due_at for level in dispute.levels.all() if level.due_at), default=None)
        return come | ({_final(dispute)} if dispute.final_step and last is not None and last <= ended_at else set())
    if now in LADDER:
        return set(LADDER[: LADDER.index(DisputeStatus(now))])
    if now == DisputeStatus.OPEN and dispute.final_step == "mediation":
        return {*LADDER, DisputeStatus.MEDIATION}
    return set() if now == DisputeStatus.CURING else set(LADDER)


def _final(dispute: Dispute) -> DisputeStatus:
    return DisputeStatus.OPEN if dispute.final_step == "none" else DisputeStatus(dispute.final_step)
