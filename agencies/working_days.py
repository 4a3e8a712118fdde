"""The working days of an agency: its own week, without the public holidays of its country."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from agencies.models import Agency
from agencies.zones import zone

ONE_DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked: by one agency, or by several that all have to be at work."""

    week: frozenset[int]
    countries: tuple[str, ...] = ()

    def __contains__(self, day: date) -> bool:
        if day.isoweekday() not in self.week:
            return False
        return not any(day in public_holidays(country, day.year) for country in self.countries)

    def first_from(self, day: date) -> date:
        """The day itself if it is worked, otherwise the next one that is."""
        while day not in self:
            day += ONE_DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The last of so many working days after a day; the day itself for none."""
        for _number in range(count):
            day = self.first_from(day + ONE_DAY)
        return day

    def between(self, first: date, last: date) -> int:
        """How many there are from the first day to the last, both counted."""
        return sum(first + timedelta(days=number) in self for number in range((last - first).days + 1))


def working_days(agency: Agency, *, with_holidays: bool = True) -> WorkingDays:
    """The days on which an agency works; one that has published none works on every day."""
    countries = (str(agency.country),) if with_holidays and agency.country else ()
    return WorkingDays(frozenset(agency.working_days) or EVERY_DAY, countries)


def common_working_days(agencies: Iterable[Agency], *, with_holidays: bool = True) -> WorkingDays:
    """The days on which all of them work; where their weeks have none in common, those of the first."""
    each = [working_days(agency, with_holidays=with_holidays) for agency in agencies]
    week = EVERY_DAY.intersection(*(one.week for one in each))
    if not week:
        return each[0]
    return WorkingDays(week, tuple(dict.fromkeys(country for one in each for country in one.countries)))


def working_days_left(agency: Agency, until: datetime, *, now: datetime) -> int:
    """Working days at the seat from today to the last day before `until`, both counted; 0 when it is over.

    It informs and decides nothing: the legal clock is the agreement's own.
    """
    if until <= now:
        return 0
    here = zone(agency.zone)
    last = (until - timedelta(microseconds=1)).astimezone(here).date()
    return working_days(agency).between(now.astimezone(here).date(), last)


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in a year; none for an international seat or a country we know nothing of."""
    if not country:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
