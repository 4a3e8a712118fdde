"""How many working days are left to a party: its own week, without the public holidays of its country."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from agencies.models import Agency
from agencies.zones import zone


def working_days_left(agency: Agency, until: datetime, *, now: datetime) -> int:
    """Working days at the seat from today to the last day before `until`, both counted; 0 when it is over.

    It informs and decides nothing: the legal clock is the agreement's own (clause "periods").
    """
    if until <= now:
        return 0
    here = zone(agency.zone)
    day = now.astimezone(here).date()
    last = (until - timedelta(microseconds=1)).astimezone(here).date()
    week = frozenset(agency.working_days) or frozenset(range(1, 8))
    count = 0
    while day <= last:
        count += day.isoweekday() in week and day not in public_holidays(str(agency.country or ""), day.year)
        day += timedelta(days=1)
    return count


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in a year; none for an international seat or a country we know nothing of."""
    if not country:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
