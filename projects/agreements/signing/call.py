"""The call: by which day a text asks for signatures, when it reminds, and whether one may hand over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.zones import today
from projects.agreements.models import Agreement, SigningCall, Status

USUAL = timedelta(days=28)
# A day further off is a slip of the pen.
FURTHEST = timedelta(days=2 * 366)
REMIND_DAYS = (7, 3, 1)
MOST_REMINDERS, EARLIEST = 10, 365


@dataclass(frozen=True)
class Terms:
    """What whoever freezes a text asks for; without a day nobody is reminded and nothing lapses."""

    sign_by: date | None
    remind_days: tuple[int, ...] = REMIND_DAYS
    may_hand_over: bool = True


def usual_terms(agreement: Agreement) -> Terms:
    """Four weeks from today at the depositary."""
    return Terms(today(agreement.depositary.zone) + USUAL)


def checked(terms: Terms, agreement: Agreement) -> Terms:
    """The terms in order; raises ValidationError keyed by field."""
    errors = {}
    try:
        day_to_come(terms.sign_by, agreement)
    except ValidationError as error:
        errors["sign_by"] = error.messages
    if not _are_days(terms.remind_days):
        errors["remind_days"] = [
            _("At most %(count)s different numbers of days, from 1 to %(days)s.")
            % {"count": MOST_REMINDERS, "days": EARLIEST}
        ]
    if errors:
        raise ValidationError(errors)
    return Terms(terms.sign_by, tuple(sorted(terms.remind_days, reverse=True)), terms.may_hand_over)


def day_to_come(day: date | None, agreement: Agreement) -> date | None:
    """A day by which one can still sign, as days are counted at the depositary; raises ValidationError."""
    now = today(agreement.depositary.zone)
    if day is not None and not now <= day <= now + FURTHEST:
        raise ValidationError(
            _("A day from today on at the seat of the depositary (%(zone)s), at most two years from now.")
            % {"zone": agreement.depositary.zone}
        )
    return day


def call_of(agreement: Agreement) -> SigningCall | None:
    """The call of the frozen text; texts that were frozen before there were calls have none."""
    return getattr(agreement.text, "call", None) if agreement.text_id is not None else None


def running_call(agreement: Agreement) -> SigningCall | None:
    """The call while its last day binds; what is in force between some stays open for the others, who have none."""
    return call_of(agreement) if agreement.status == Status.SIGNING else None


def _are_days(days: Iterable[int]) -> bool:
    days = list(days)
    return len(days) <= MOST_REMINDERS and len(set(days)) == len(days) and all(1 <= day <= EARLIEST for day in days)
