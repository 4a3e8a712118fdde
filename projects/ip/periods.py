"""When a period in days ends, as the clause "periods" counts it: at the seat of the party that must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from agencies.deadlines import Deadline, Unit
from agencies.models import Agency

CALENDAR, WORKING = "calendar", "working"


@dataclass(frozen=True)
class Period:
    """A period of one party: its last day at the party's seat, and the instant at which that day is over."""

    agency: Agency
    last_day: date
    ends_at: datetime


def period(started_at: datetime, days: int, *, agency: Agency, basis: str = CALENDAR) -> Period:
    """The period that an event sets in motion for the party that must act.

    In calendar days an end that falls on no working day of the party moves on to its next one; in working days only those
    count. They are the days "as that Party has published them", so public holidays that it has not published count.
    """
    unit = Unit.WORKING_DAY if basis == WORKING else Unit.CALENDAR_DAY
    ends = Deadline(days, unit, with_holidays=False).ends(started_at, [agency])
    return Period(agency, ends.last_day, ends.ends_at)


def periods(started_at: datetime, days: int, *, agencies: Iterable[Agency], basis: str = CALENDAR) -> list[Period]:
    """The same period for several parties that must all act, the one that ends first at the head."""
    found = [period(started_at, days, agency=agency, basis=basis) for agency in agencies]
    return sorted(found, key=lambda one: (one.ends_at, one.agency.ref))
