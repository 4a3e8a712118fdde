"""Last days, renewals, alerts and what survives: plain arithmetic of calendar days."""

from __future__ import annotations

from datetime import date

import pytest

from agencies.models import Agency
from projects.agreements.survivors import survivors
from projects.agreements.term import (
    LastDay,
    Why,
    alert_due,
    last_day,
    last_day_of,
    objection_closes_on,
    over_at,
    renewed,
    years_later,
)

CLAUSES = {
    "results": (5, "Ownership of results"),
    "access_exploitation": (9, "Access for exploitation"),
    "requests": (10, "Requests for access"),
    "confidentiality": (12, "Confidentiality"),
    "liability": (14, "Liability"),
    "survival": (20, "What continues"),
    "disputes": (21, "Settlement of differences"),
}
PROFILE = {
    "survivor_ip": "years", "survivor_ip_years": 10, "access_request_months": 12, "confidentiality_years": 5,
    "survivor_liability_years": 7, "survivor_dispute_years": 3, "data_return_days": 60, "records_years": 10,
}  # fmt: skip
ISRO = Agency(acronym="ISRO", zone="Asia/Kolkata", working_days=[1, 2, 3, 4, 5])


class Stub:
    """An agreement as far as its term goes."""

    text = ended_on = None

    def __init__(self, in_force_on: date | None, ends_on: date | None = None, **answers: object) -> None:
        self.in_force_on, self.ends_on, self.profile = in_force_on, ends_on, answers

    def ended(self, day: date) -> Stub:
        self.ended_on = day
        return self


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2026, 3, 1), 5, date(2031, 3, 1)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), 76, date(2100, 2, 28)),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_february(day, years, expected):
    assert years_later(day, years) == expected
    assert last_day(day, {"term_years": years}) == expected


def test_a_text_without_a_term_has_no_last_day():
    assert last_day(date(2026, 1, 1), {}) is None


BEGAN, FIRST, LATER, EARLIER = date(2026, 2, 2), date(2031, 2, 2), date(2033, 2, 2), date(2028, 6, 30)


@pytest.mark.parametrize(
    ("agreement", "on", "why"),
    [
        (Stub(None, term_years=5), None, Why.NOT_IN_FORCE),
        (Stub(BEGAN), None, Why.NO_TERM),
        (Stub(BEGAN, FIRST, term_years=5), FIRST, Why.FIRST_TERM),
        # In force since before last days were written down.
        (Stub(BEGAN, term_years=5), FIRST, Why.FIRST_TERM),
        (Stub(BEGAN, LATER, term_years=5), LATER, Why.MOVED),
        (Stub(BEGAN, EARLIER, term_years=5), EARLIER, Why.MOVED),
        (Stub(BEGAN, LATER, term_years=5).ended(EARLIER), EARLIER, Why.ENDED),
        (Stub(BEGAN).ended(EARLIER), EARLIER, Why.ENDED),
    ],
)
def test_the_last_day_is_said_with_its_reason(agreement, on, why):
    assert last_day_of(agreement) == LastDay(on, why)


def test_answers_that_were_read_already_are_not_read_again():
    assert last_day_of(Stub(BEGAN), {"term_years": 5}) == LastDay(FIRST, Why.FIRST_TERM)


def test_the_last_day_belongs_to_the_term_in_utc():
    assert over_at(date(2031, 3, 1)).isoformat() == "2031-03-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("ends_on", "years", "starts_on", "expected"),
    [
        (date(2031, 3, 1), 2, date(2026, 3, 1), date(2033, 3, 1)),
        (date(2025, 2, 28), 3, date(2024, 2, 29), date(2028, 2, 29)),
        (date(2025, 2, 28), 3, date(2024, 2, 28), date(2028, 2, 28)),
        (date(2027, 6, 30), 1, date(2024, 2, 29), date(2028, 6, 30)),
    ],
)
def test_a_renewal_keeps_the_day_of_the_year(ends_on, years, starts_on, expected):
    assert renewed(ends_on, years, starts_on=starts_on) == expected


@pytest.mark.parametrize(
    ("left", "expected"), [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (0, 30), (-1, None)]
)
def test_an_alert_is_due_at_the_nearest_threshold_that_is_reached(left, expected):
    last = date(2031, 3, 1)

    assert alert_due(last, date.fromordinal(last.toordinal() - left)) == expected


AUTOMATIC = {"term_years": 5, "renewal": "automatic", "renewal_years": 2, "renewal_objection_months": 6}


@pytest.mark.parametrize(
    ("ends_on", "months", "expected"),
    [
        (date(2031, 8, 31), 6, date(2031, 2, 28)),
        (date(2031, 8, 31), 1, date(2031, 7, 31)),
        (date(2033, 8, 31), 6, date(2033, 2, 28)),
        # A notice as long as the renewal, or longer: the first day of the term that runs.
        (date(2033, 8, 31), 24, date(2031, 8, 31)),
        (date(2033, 8, 31), 30, date(2031, 8, 31)),
    ],
)
def test_an_objection_is_made_so_many_months_before_the_end(ends_on, months, expected):
    answers = {**AUTOMATIC, "renewal_objection_months": months}

    assert objection_closes_on(Stub(date(2026, 8, 31), ends_on, **answers), answers) == expected


def test_nothing_closes_where_nothing_renews_by_itself():
    answers = {**AUTOMATIC, "renewal": "by_agreement"}

    assert objection_closes_on(Stub(date(2026, 2, 28), **answers), answers) is None


def test_each_survivor_has_its_own_end_and_its_clause():
    rows = survivors(PROFILE, CLAUSES, date(2024, 2, 29), agencies=[ISRO], leaves=True)

    assert [(row.code, row.number, row.until) for row in rows] == [
        ("results", 5, None),
        ("access_exploitation", 9, date(2034, 2, 28)),
        ("requests", 10, date(2025, 2, 28)),
        ("confidentiality", 12, date(2029, 2, 28)),
        ("liability", 14, date(2031, 2, 28)),
        ("survival", 20, date(2024, 4, 29)),
        ("survival", 20, date(2034, 2, 28)),
        ("disputes", 21, date(2027, 2, 28)),
    ]


def test_rights_that_last_as_long_as_the_rights_have_no_end_of_their_own():
    rows = survivors({**PROFILE, "survivor_ip": "rights_last"}, CLAUSES, date(2030, 1, 1), agencies=[ISRO])

    assert next(row for row in rows if row.code == "access_exploitation").until is None


def test_requests_are_counted_from_the_end_of_the_project_when_the_agreement_ends_for_all():
    going_on = survivors(PROFILE, CLAUSES, date(2030, 1, 1), agencies=[ISRO])
    over = survivors(PROFILE, CLAUSES, date(2030, 1, 1), agencies=[ISRO], project_ended_on=date(2030, 8, 31))

    requests = next(row for row in going_on if row.code == "requests")
    assert (requests.until, str(requests.counted)) == (None, "12 months from the end of the project")
    assert next(row for row in over if row.code == "requests").until == date(2031, 8, 31)


def test_what_a_text_does_not_say_does_not_survive():
    assert survivors({}, {"purpose": (1, "Purpose")}, date(2030, 1, 1), agencies=[ISRO]) == []
