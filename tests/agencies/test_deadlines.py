"""Deadlines at the seat of the agency that must act: over changes of the clock, weekends, holidays and the ends of months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.deadlines import MAX_LENGTH, Calendar, Deadline, Roll, Unit, months_after, reminders
from agencies.models import Agency
from agencies.working_days import (
    EVERY_DAY,
    WorkingDays,
    common_working_days,
    public_holidays,
    working_days,
    working_days_left,
)

MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY = [1, 2, 3, 4, 5], [7, 1, 2, 3, 4]
DAYS, WORKING, MONTHS = Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH


def seat(zone: str, country: str = "", week: list[int] = MONDAY_TO_FRIDAY) -> Agency:
    return Agency(ref=zone, acronym="X", zone=zone, country=country, working_days=week)


PARIS = seat("Europe/Paris", "FR")
WASHINGTON = seat("America/New_York", "US")
KOLKATA = seat("Asia/Kolkata", "IN")
ADELAIDE = seat("Australia/Adelaide", "AU")
RIYADH = seat("Asia/Riyadh", "SA", SUNDAY_TO_THURSDAY)
CAIRO = seat("Africa/Cairo", "EG", SUNDAY_TO_THURSDAY)
TOKYO = seat("Asia/Tokyo", "JP")


@pytest.mark.parametrize(
    ("length", "unit", "agency", "started", "last_day", "ends"),
    [
        # The clocks of Paris go forward on 29 March 2026 and back on 25 October; of Washington on 8 March and 1 November.
        (14, DAYS, PARIS, "2026-03-20T12:00Z", "2026-04-03", "2026-04-03T22:00Z"),
        (5, DAYS, PARIS, "2026-03-18T12:00Z", "2026-03-23", "2026-03-23T23:00Z"),
        (14, DAYS, PARIS, "2026-10-16T12:00Z", "2026-10-30", "2026-10-30T23:00Z"),
        (7, DAYS, WASHINGTON, "2026-03-05T12:00Z", "2026-03-12", "2026-03-13T04:00Z"),
        (1, DAYS, WASHINGTON, "2026-03-05T12:00Z", "2026-03-06", "2026-03-07T05:00Z"),
        (7, DAYS, WASHINGTON, "2026-10-28T12:00Z", "2026-11-04", "2026-11-05T05:00Z"),
        # Half hours: the day of the event is that of the seat.
        (1, DAYS, KOLKATA, "2026-03-09T18:29Z", "2026-03-10", "2026-03-10T18:30Z"),
        (1, DAYS, KOLKATA, "2026-03-09T18:30Z", "2026-03-11", "2026-03-11T18:30Z"),
        (1, DAYS, ADELAIDE, "2026-03-18T13:29Z", "2026-03-19", "2026-03-19T13:30Z"),
        (1, DAYS, ADELAIDE, "2026-03-18T13:30Z", "2026-03-20", "2026-03-20T13:30Z"),
        (7, DAYS, ADELAIDE, "2026-04-02T00:00Z", "2026-04-09", "2026-04-09T14:30Z"),  # back on 5 April
        # Friday and Saturday are the weekend.
        (1, DAYS, RIYADH, "2026-03-04T12:00Z", "2026-03-05", "2026-03-05T21:00Z"),
        (2, DAYS, RIYADH, "2026-03-04T12:00Z", "2026-03-08", "2026-03-08T21:00Z"),
        (2, WORKING, RIYADH, "2026-03-04T12:00Z", "2026-03-08", "2026-03-08T21:00Z"),
        (5, WORKING, CAIRO, "2026-05-06T12:00Z", "2026-05-13", "2026-05-13T21:00Z"),
        # A working day at one seat and none at the other.
        (1, WORKING, PARIS, "2026-03-06T12:00Z", "2026-03-09", "2026-03-09T23:00Z"),
        (1, WORKING, RIYADH, "2026-03-06T12:00Z", "2026-03-08", "2026-03-08T21:00Z"),
        # Golden Week: 29 April, and 3 to 6 May with the substitute for a Sunday.
        (3, WORKING, TOKYO, "2026-04-28T03:00Z", "2026-05-07", "2026-05-07T15:00Z"),
        (3, WORKING, seat("Asia/Tokyo"), "2026-04-28T03:00Z", "2026-05-01", "2026-05-01T15:00Z"),
        (5, DAYS, TOKYO, "2026-04-28T03:00Z", "2026-05-07", "2026-05-07T15:00Z"),
        # Months: the same number, or the last day there is; then the next working day.
        (1, MONTHS, seat("UTC", week=[]), "2026-01-31T12:00Z", "2026-02-28", "2026-03-01T00:00Z"),
        (1, MONTHS, seat("UTC", week=[]), "2028-01-31T12:00Z", "2028-02-29", "2028-03-01T00:00Z"),
        (12, MONTHS, seat("UTC", week=[]), "2028-02-29T12:00Z", "2029-02-28", "2029-03-01T00:00Z"),
        (48, MONTHS, seat("UTC", week=[]), "2028-02-29T12:00Z", "2032-02-29", "2032-03-01T00:00Z"),
        (6, MONTHS, PARIS, "2026-08-31T12:00Z", "2027-03-01", "2027-03-01T23:00Z"),  # 28 February is a Sunday
        (3, MONTHS, PARIS, "2026-01-31T12:00Z", "2026-04-30", "2026-04-30T22:00Z"),
        # No days at all: the day of the event.
        (0, DAYS, PARIS, "2026-03-18T12:00Z", "2026-03-18", "2026-03-18T23:00Z"),
    ],
)  # fmt: skip
def test_a_period_ends_with_its_last_day_at_the_seat(length, unit, agency, started, last_day, ends):
    found = Deadline(length, unit).ends(datetime.fromisoformat(started), [agency])

    assert (found.last_day, found.ends_at) == (date.fromisoformat(last_day), datetime.fromisoformat(ends))


def test_calendar_and_working_days_differ_and_both_are_right():
    started = datetime(2026, 4, 28, 3, tzinfo=UTC)

    calendar_days = {seat.zone: Deadline(5).ends(started, [seat]).last_day for seat in (TOKYO, PARIS, RIYADH)}
    working = {seat.zone: Deadline(5, WORKING).ends(started, [seat]).last_day for seat in (TOKYO, PARIS, RIYADH)}

    # From Tuesday 28 April; 1 May and 8 May are holidays in France, 3 May is a Sunday.
    assert calendar_days == {
        "Asia/Tokyo": date(2026, 5, 7), "Europe/Paris": date(2026, 5, 4), "Asia/Riyadh": date(2026, 5, 3),
    }  # fmt: skip
    assert working == {
        "Asia/Tokyo": date(2026, 5, 11), "Europe/Paris": date(2026, 5, 6), "Asia/Riyadh": date(2026, 5, 5),
    }  # fmt: skip


def test_an_end_on_a_weekend_stays_there_when_nothing_rolls():
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)

    assert Deadline(1).ends(friday, [PARIS]).last_day == date(2026, 3, 9)
    assert Deadline(1, roll=Roll.NONE).ends(friday, [PARIS]).last_day == date(2026, 3, 7)
    assert Deadline(1, calendar=Calendar.NONE).ends(friday, [PARIS]).last_day == date(2026, 3, 7)
    assert Deadline(1, WORKING, Calendar.NONE).ends(friday, [PARIS]).last_day == date(2026, 3, 7)


def test_days_that_both_work_leave_out_both_weekends():
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    both = Deadline(2, WORKING, Calendar.BOTH).ends(wednesday, [PARIS, RIYADH])

    assert both.last_day == date(2026, 3, 9)
    assert both.ends_at == datetime(2026, 3, 9, 23, tzinfo=UTC)  # midnight in Paris, which must act


def test_holidays_of_both_count_where_both_have_to_work():
    started = datetime(2026, 4, 28, 3, tzinfo=UTC)

    assert Deadline(1, WORKING, Calendar.BOTH).ends(started, [PARIS, TOKYO]).last_day == date(2026, 4, 30)


def test_weeks_without_a_common_day_leave_the_week_of_the_one_that_must_act():
    weekend = seat("UTC", week=[6, 7])

    assert common_working_days([PARIS, weekend]).week == frozenset(MONDAY_TO_FRIDAY)


def test_an_end_that_is_not_included_is_the_beginning_of_its_day():
    found = Deadline(2, end_inclusive=False).ends(datetime(2026, 3, 16, 12, tzinfo=UTC), [PARIS])

    assert (found.last_day, found.ends_at) == (date(2026, 3, 18), datetime(2026, 3, 17, 23, tzinfo=UTC))


def test_without_holidays_only_the_published_week_counts():
    found = Deadline(3, WORKING, with_holidays=False).ends(datetime(2026, 4, 28, 3, tzinfo=UTC), [TOKYO])

    assert found.last_day == date(2026, 5, 1)


@pytest.mark.parametrize("length", [-1, MAX_LENGTH + 1])
def test_a_length_that_no_agreement_has_is_refused(length):
    with pytest.raises(ValueError, match="not between"):
        Deadline(length)


@pytest.mark.parametrize(
    ("length", "days"),
    [(2, []), (3, [1]), (10, [2]), (30, [7, 1]), (90, [30, 7, 1]), (200, [90, 30, 7]), (400, [180, 90, 30])],
)
def test_a_longer_period_reminds_earlier(length, days):
    last = date(2026, 1, 1) + timedelta(days=length)

    assert reminders(date(2026, 1, 1), last) == tuple(last - timedelta(days=before) for before in days)


def test_a_country_we_know_nothing_of_has_no_holidays():
    assert public_holidays("", 2026) == public_holidays("XX", 2026) == frozenset()


SEATS = (PARIS, WASHINGTON, KOLKATA, ADELAIDE, RIYADH, CAIRO, TOKYO, seat("Asia/Kathmandu", "NP"), seat("UTC", week=[]))
seats = st.sampled_from(SEATS)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2033, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis wants them naive
deadlines = st.builds(
    Deadline,
    st.integers(0, 200),
    st.sampled_from(Unit),
    st.sampled_from(Calendar),
    st.sampled_from(Roll),
    st.booleans(),
)


@given(deadlines, instants, seats, seats)
def test_an_end_never_precedes_its_beginning(deadline, started, actor, other):
    found = deadline.ends(started, [actor, other])

    assert found.ends_at >= started
    assert found.last_day >= started.astimezone(ZoneInfo(actor.zone)).date()
    assert all(started.astimezone(ZoneInfo(actor.zone)).date() < day < found.last_day for day in found.reminders)


@given(deadlines, instants, seats, seats)
def test_an_end_is_midnight_at_the_seat_of_the_one_that_must_act(deadline, started, actor, other):
    found = deadline.ends(started, [actor, other])
    there = found.ends_at.astimezone(ZoneInfo(actor.zone))

    if found.ends_at != started:
        # Where the clocks go forward at midnight, as in Cairo, the day begins at one.
        begins = datetime.combine(there.date(), datetime.min.time(), tzinfo=there.tzinfo)
        assert found.ends_at == begins.astimezone(UTC)
        assert there.date() - found.last_day == timedelta(days=int(deadline.end_inclusive))


@given(st.integers(1, 200), instants, seats, st.booleans())
def test_the_working_days_within_are_as_many_as_the_period_is_long(length, started, actor, with_holidays):
    found = Deadline(length, WORKING, with_holidays=with_holidays).ends(started, [actor])
    first = started.astimezone(ZoneInfo(actor.zone)).date() + timedelta(days=1)
    working = working_days(actor, with_holidays=with_holidays)

    assert working.between(first, found.last_day) == length
    assert found.last_day in working


@given(st.integers(0, 200), st.sampled_from([DAYS, MONTHS]), instants, seats)
def test_what_rolls_ends_on_the_first_working_day(length, unit, started, actor):
    rolled = Deadline(length, unit).ends(started, [actor]).last_day
    fixed = Deadline(length, unit, roll=Roll.NONE).ends(started, [actor]).last_day

    assert rolled in working_days(actor)
    assert working_days(actor).between(fixed, rolled) == 1


@given(st.integers(0, 200), instants, seats)
def test_a_longer_period_never_ends_earlier(length, started, actor):
    for unit in Unit:
        assert (
            Deadline(length + 1, unit).ends(started, [actor]).ends_at
            >= Deadline(length, unit).ends(started, [actor]).ends_at
        )


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 120))
def test_months_keep_the_number_of_the_day_or_take_the_last(day, count):
    later = months_after(day, count)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or ((later + timedelta(days=1)).day == 1 and later.day < day.day)


def test_an_end_at_the_seat_before_another_day_counts_no_working_day_left():
    end = datetime(2026, 5, 8, 15, tzinfo=UTC)

    assert working_days_left(TOKYO, end, now=datetime(2026, 5, 1, 3, tzinfo=UTC)) == 3
    assert working_days_left(TOKYO, end, now=end) == 0


def test_every_day_is_worked_where_none_is_published():
    assert working_days(seat("UTC", week=[])) == WorkingDays(EVERY_DAY)
