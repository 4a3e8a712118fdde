"""Whom an agreement binds now, what it says to them, and whose consent a step in its life still needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from agencies.deadlines import Deadline, Roll, Unit
from agencies.models import Agency
from projects.agreements.consolidation import known_text_in_force
from projects.agreements.models import Agreement, Party, Step, StepKind
from projects.ip.periods import CALENDAR, Period, period

# What ends or prolongs the duties of an agency commits it as a signature does; the rest its managers do.
COMMITTING = (StepKind.WITHDRAWAL, StepKind.TERMINATION, StepKind.RENEWAL)


def is_bound(agreement: Agreement, party: Party, on: date | None = None) -> bool:
    """Whether the text binds a party on a day, today by default: from its own first day until it has left.

    Where two of three suffice, the third is not bound yet. Its day begins at the seat of the depositary, as that of the
    entry into force does; a party has left when the day before is over at its own seat.
    """
    if party.in_force_on is None or party.in_force_on > (on or agreement.depositary.local().date()):
        return False
    return party.left_on is None or party.left_on > (on or party.agency.local().date())


def bound_parties(agreement: Agreement) -> list[Party]:
    """The parties that the agreement binds now, in their order."""
    return [party for party in agreement.party_list if is_bound(agreement, party)]


def steps_of(agreement: Agreement) -> list[Step]:
    """Every step in the life of the agreement, the newest first, with its answers and what is handed over: three queries."""
    rows = agreement.life.select_related("agency", "person", "about__agency", "follows").prefetch_related(
        "consents__party__agency", "handovers__done_for"
    )
    found = list(rows)
    for step in found:
        step.agreement = agreement
    return found


def kept_steps(agreement: Agreement) -> list[Step]:
    """The same, read once for this object; for what reads and does not write."""
    known: list[Step] | None = getattr(agreement, "_steps", None)
    if known is None:
        known = steps_of(agreement)
        agreement._steps = known  # type: ignore[attr-defined]
    return known


def asked(agreement: Agreement, step: Step) -> list[Party]:
    """The parties whose consent a proposal needs: all others that are bound, without the one whose breach it is about (R9)."""
    return [
        party for party in bound_parties(agreement) if party.agency_id != step.agency_id and party.pk != step.about_id
    ]


def missing(agreement: Agreement, step: Step) -> list[Party]:
    """Those of them that have not consented; silence is not consent."""
    given = {answer.party_id for answer in step.consents.all() if answer.consents}
    return [party for party in asked(agreement, step) if party.pk not in given]


def answers_of(agreement: Agreement) -> Mapping[str, Any]:
    """The answers in force: the clocks follow the text with its amendments, not the one first signed."""
    return known_text_in_force(agreement).profile


def months_from(started_at: datetime, months: int, *, agency: Agency, answers: Mapping[str, Any]) -> Period:
    """A period in months that an event sets in motion for a party: the same day of the month, or the last one.

    Where the clause on periods counts calendar days, an end on no working day of the party moves on to its next one.
    """
    roll = Roll.NEXT if answers.get("day_basis", CALENDAR) == CALENDAR else Roll.NONE
    ends = Deadline(months, Unit.MONTH, roll=roll, with_holidays=False).ends(started_at, [agency])
    return Period(agency, ends.last_day, ends.ends_at)


def days_from(started_at: datetime, days: int, *, agency: Agency, answers: Mapping[str, Any]) -> Period:
    """A period in days for a party, as the clause on periods counts it."""
    return period(started_at, days, agency=agency, basis=str(answers.get("day_basis", CALENDAR)))
