"""Periods as the agreement counts them: over weekends, changes of the clock, half-hour zones and the date line."""

from datetime import UTC, date, datetime

import pytest

from agencies.models import Agency
from projects.ip.periods import period, periods

WEEK = [1, 2, 3, 4, 5]


def party(zone: str, working: list[int] | None = None) -> Agency:
    return Agency(ref="X", acronym="X", zone=zone, working_days=WEEK if working is None else working)


@pytest.mark.parametrize(
    ("zone", "started", "days", "basis", "last_day", "ends"),
    [
        # 30 calendar days from Monday 2 March 2026 end on a Wednesday; the clocks of Paris change on 29 March.
        ("Europe/Paris", "2026-03-02T12:00Z", 30, "calendar", "2026-04-01", "2026-04-01T22:00Z"),
        # An end on Saturday moves on to Monday.
        ("Europe/Paris", "2026-03-05T12:00Z", 30, "calendar", "2026-04-06", "2026-04-06T22:00Z"),
        # The day of the event is the day at the seat: 16:00 UTC is the 3rd in Tokyo.
        ("Asia/Tokyo", "2026-03-02T16:00Z", 1, "calendar", "2026-03-04", "2026-03-04T15:00Z"),
        ("Asia/Tokyo", "2026-03-02T14:59Z", 1, "calendar", "2026-03-03", "2026-03-03T15:00Z"),
        # Half hours and three quarters.
        ("Asia/Kolkata", "2026-03-02T18:29Z", 1, "calendar", "2026-03-03", "2026-03-03T18:30Z"),
        ("Asia/Kolkata", "2026-03-02T18:30Z", 1, "calendar", "2026-03-04", "2026-03-04T18:30Z"),
        ("Asia/Kathmandu", "2026-03-02T12:00Z", 1, "calendar", "2026-03-03", "2026-03-03T18:15Z"),
        # Ten working days are two weeks, wherever they begin.
        ("Europe/Paris", "2026-03-06T12:00Z", 10, "working", "2026-03-20", "2026-03-20T23:00Z"),
        ("Europe/Paris", "2026-03-07T12:00Z", 10, "working", "2026-03-20", "2026-03-20T23:00Z"),
        # Cairo: the clocks go from 24:00 to 1:00 on 24 April 2026, and from 24:00 back to 23:00 on 29 October.
        ("Africa/Cairo", "2026-04-22T12:00Z", 1, "calendar", "2026-04-23", "2026-04-23T22:00Z"),
        ("Africa/Cairo", "2026-10-28T12:00Z", 1, "calendar", "2026-10-29", "2026-10-29T22:00Z"),
        # The Azores: the first midnight of 25 October is the end of the 24th, a Saturday; so Monday the 26th counts.
        ("Atlantic/Azores", "2026-10-23T12:00Z", 1, "calendar", "2026-10-26", "2026-10-27T01:00Z"),
    ],
)
def test_period_ends_with_its_last_day_at_the_seat(zone, started, days, basis, last_day, ends):
    found = period(datetime.fromisoformat(started), days, agency=party(zone), basis=basis)

    assert (found.last_day, found.ends_at) == (date.fromisoformat(last_day), datetime.fromisoformat(ends))


def test_a_week_that_ends_on_thursday_counts_its_own_days():
    friday_weekend = party("Asia/Riyadh", [7, 1, 2, 3, 4])

    found = period(datetime(2026, 3, 4, 12, tzinfo=UTC), 2, agency=friday_weekend, basis="working")

    assert found.last_day == date(2026, 3, 8)


def test_the_first_midnight_ends_the_day_where_it_comes_twice():
    every_day = party("Atlantic/Azores", [])

    found = period(datetime(2026, 10, 23, 12, tzinfo=UTC), 1, agency=every_day)

    assert (found.last_day, found.ends_at) == (date(2026, 10, 24), datetime(2026, 10, 25, 0, tzinfo=UTC))


def test_several_parties_have_the_same_days_and_different_instants():
    started = datetime(2026, 3, 2, 12, tzinfo=UTC)

    found = periods(started, 1, agencies=[party("America/New_York"), party("Asia/Tokyo")])

    assert [one.agency.zone for one in found] == ["Asia/Tokyo", "America/New_York"]
    assert [one.last_day for one in found] == [date(2026, 3, 3)] * 2
