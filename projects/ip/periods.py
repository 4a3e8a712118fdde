"""When a period in days ends, as the clause "periods" counts it: at the seat of the party that must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agencies.models import Agency
from agencies.zones import end_of, zone

CALENDAR, WORKING = "calendar", "working"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A period of one party: its last day at the party's seat, and the instant at which that day is over."""

    agency: Agency
    last_day: date
    ends_at: datetime


def period(started_at: datetime, days: int, *, agency: Agency, basis: str = CALENDAR) -> Period:
    """The period that an event sets in motion for the party that must act.

    It starts on the day after the event, in the zone of the party's seat, and expires at the end of its last day there.
    In calendar days an end that falls on no working day of the party moves on to its next one; in working days only
    those count. A party that has published no working days works on every day.
    """
    here = zone(agency.zone)
    working = frozenset(agency.working_days) or frozenset(range(1, 8))
    day = started_at.astimezone(here).date()
    if basis == WORKING:
        for _day in range(days):
            day = _next_working(day + ONE_DAY, working)
    else:
        day = _next_working(day + timedelta(days=days), working)
    return Period(agency, day, end_of(day, agency.zone))


def periods(started_at: datetime, days: int, *, agencies: Iterable[Agency], basis: str = CALENDAR) -> list[Period]:
    """The same period for several parties that must all act, the one that ends first at the head."""
    found = [period(started_at, days, agency=agency, basis=basis) for agency in agencies]
    return sorted(found, key=lambda one: (one.ends_at, one.agency.ref))


def _next_working(day: date, working: frozenset[int]) -> date:
    while day.isoweekday() not in working:
        day += ONE_DAY
    return day
