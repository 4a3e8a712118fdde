"""Deadlines: when a period of days, working days or months ends for the agency that must act."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from agencies.models import Agency
from agencies.working_days import EVERY_DAY, WorkingDays, common_working_days, working_days
from agencies.zones import end_of, start_of, zone

MAX_LENGTH: Final = 36_600
# How many days before the last one reminds: the first row whose length the period reaches.
REMINDERS: Final = ((365, (180, 90, 30)), (180, (90, 30, 7)), (60, (30, 7, 1)), (21, (7, 1)), (7, (2,)), (3, (1,)))


class Unit(StrEnum):
    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


class Calendar(StrEnum):
    """Whose working days count: those of the agency that must act, those that all have in common, or every day."""

    ACTOR = "actor"
    BOTH = "both"
    NONE = "none"


class Roll(StrEnum):
    """What happens when the last day is no working day."""

    NEXT = "next"
    NONE = "none"


@dataclass(frozen=True)
class Ends:
    """The last day at the seat of the agency that must act, the instant at which the period is over, and when to remind."""

    last_day: date
    ends_at: datetime
    reminders: tuple[date, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A period that starts on the day after an event, as an agreement counts it.

    `end_inclusive` periods are over with their last day, others before it. With `with_holidays` the public holidays of the
    country of a seat are no working days; without, only the week counts that an agency has published.
    """

    length: int
    unit: Unit = Unit.CALENDAR_DAY
    calendar: Calendar = Calendar.ACTOR
    roll: Roll = Roll.NEXT
    end_inclusive: bool = True
    with_holidays: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.length <= MAX_LENGTH:
            raise ValueError(f"A period of {self.length} is not between 0 and {MAX_LENGTH}.")

    def ends(self, started_at: datetime, agencies: Sequence[Agency]) -> Ends:
        """When it ends, for an event at an instant; the first of the agencies is the one that must act, at its seat."""
        actor = agencies[0]
        first = started_at.astimezone(zone(actor.zone)).date()
        last = self._last_day(first, self._working_days(agencies))
        ends_at = end_of(last, actor.zone) if self.end_inclusive else start_of(last, actor.zone)
        return Ends(last, max(ends_at, started_at), reminders(first, last))

    def _last_day(self, first: date, working: WorkingDays) -> date:
        if self.unit == Unit.WORKING_DAY:
            return working.after(first, self.length)
        last = months_after(first, self.length) if self.unit == Unit.MONTH else first + timedelta(days=self.length)
        return working.first_from(last) if self.roll == Roll.NEXT else last

    def _working_days(self, agencies: Sequence[Agency]) -> WorkingDays:
        match self.calendar:
            case Calendar.NONE:
                return WorkingDays(EVERY_DAY)
            case Calendar.BOTH:
                return common_working_days(agencies, with_holidays=self.with_holidays)
            case _:
                return working_days(agencies[0], with_holidays=self.with_holidays)


def months_after(day: date, count: int) -> date:
    """The same day of a later month, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reminders(first: date, last: date) -> tuple[date, ...]:
    """The days on which to remind, the longer the period the earlier; all of them after the first day."""
    length = (last - first).days
    before = next((days for least, days in REMINDERS if length >= least), ())
    return tuple(last - timedelta(days=days) for days in before)
