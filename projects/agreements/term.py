"""How long an agreement lasts: its last day and why it is that one, and the days that are watched before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from agencies.deadlines import months_after
from agencies.zones import end_of
from projects.agreements.models import Agreement

# Days before the last day on which every party is told; before the last day to object there is less to prepare.
ALERTS = (180, 90, 30)
OBJECTION_ALERTS = (90, 30)
# The clause on periods determines moments in UTC; no party must act for a term to run out.
ZONE = "UTC"


class Why(StrEnum):
    """Why a day is the last one of an agreement, or why there is none."""

    NOT_IN_FORCE = "not_in_force"
    NO_TERM = "no_term"
    FIRST_TERM = "first_term"
    # By a renewal or by an amendment.
    MOVED = "moved"
    ENDED = "ended"


@dataclass(frozen=True)
class LastDay:
    """The last day of an agreement, which belongs to it, and why it is that one; `on` is None where it has none."""

    on: date | None
    why: Why


def last_day_of(agreement: Agreement, answers: Mapping[str, Any] | None = None) -> LastDay:
    """The day with which it ended, else the day with which it will; `answers` are those of its text, read already."""
    if agreement.ended_on is not None:
        return LastDay(agreement.ended_on, Why.ENDED)
    if agreement.in_force_on is None:
        return LastDay(None, Why.NOT_IN_FORCE)
    first = first_last_day(agreement, answers)
    if agreement.ends_on is None:
        return LastDay(first, Why.NO_TERM if first is None else Why.FIRST_TERM)
    return LastDay(agreement.ends_on, Why.FIRST_TERM if agreement.ends_on == first else Why.MOVED)


def foreseen_last_day(agreement: Agreement) -> date | None:
    """The last day of its term, also of one that ended before; counted where it was in force before days were written down."""
    return agreement.ends_on or first_last_day(agreement)


def first_last_day(agreement: Agreement, answers: Mapping[str, Any] | None = None) -> date | None:
    """The last day of the first term, counted from the day of entry into force; None before it, and for a text without a term."""
    if agreement.in_force_on is None:
        return None
    if answers is None:
        answers = agreement.profile if agreement.text is None else agreement.text.document["profile"]
    return last_day(agreement.in_force_on, answers)


def last_day(starts_on: date, answers: Mapping[str, Any]) -> date | None:
    """The last day of the term that these answers give to a text in force since that day."""
    years = answers.get("term_years")
    return years_later(starts_on, int(years)) if years else None


def amended_last_day(agreement: Agreement, before: Mapping[str, Any], after: Mapping[str, Any]) -> date | None:
    """The last day once an amendment has answered the term otherwise; renewals that were agreed stay on top of it."""
    ends_on = foreseen_last_day(agreement)
    if before.get("term_years") == after.get("term_years") or agreement.in_force_on is None:
        return ends_on
    first, amended = last_day(agreement.in_force_on, before), last_day(agreement.in_force_on, after)
    if ends_on is None or first is None or amended is None:
        return amended
    return renewed(amended, ends_on.year - first.year, starts_on=agreement.in_force_on)


def renewed(ends_on: date, years: int, *, starts_on: date) -> date:
    """The last day after a renewal; a term that began on 29 February gets that day back in a leap year."""
    day = years_later(ends_on, years)
    if (starts_on.month, starts_on.day) != (2, 29) or (ends_on.month, ends_on.day) not in ((2, 28), (2, 29)):
        return day
    return years_later(starts_on, day.year - starts_on.year)


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def over_at(last: date) -> datetime:
    """The first instant at which an agreement with this last day no longer binds."""
    return end_of(last, ZONE)


def objection_closes_on(agreement: Agreement, answers: Mapping[str, Any]) -> date | None:
    """The last day to object to a renewal by itself; None where the text renews nothing by itself.

    Where the notice is longer than the term that runs, the first day of that term.
    """
    ends_on, first = foreseen_last_day(agreement), first_last_day(agreement)
    if answers.get("renewal") != "automatic" or ends_on is None or first is None or agreement.in_force_on is None:
        return None
    began_on = agreement.in_force_on if ends_on <= first else years_later(ends_on, -int(answers["renewal_years"]))
    return max(months_after(ends_on, -int(answers["renewal_objection_months"])), began_on)


def alert_due(last: date, today: date, thresholds: tuple[int, ...] = ALERTS) -> int | None:
    """The nearest threshold that is reached, in days before the last day; None before the first and after that day."""
    left = (last - today).days
    return min((days for days in thresholds if left <= days), default=None) if left >= 0 else None
