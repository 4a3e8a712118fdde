"""Renewal: by agreement of all, or by itself unless a party objects in time."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.templatetags.kit import day_words
from projects.agreements.actions.life.ending import stands_alone
from projects.agreements.actions.life.steps import begin, close, lock
from projects.agreements.actions.locking import stated
from projects.agreements.models import Agreement, Step, StepKind, StepStatus
from projects.agreements.term import foreseen_last_day, last_day_of, renewed

MOST_YEARS = 30


@transaction.atomic
def propose_renewal(agreement: Agreement, *, actor: Actor, reason: str, years: int | None = None) -> Step:
    """Propose that the agreement lasts so many years longer, by default as long as its text says."""
    agreement, policy = lock(agreement, "propose_renewal", actor)
    ends_on = foreseen_last_day(agreement)
    assert ends_on is not None
    assert agreement.in_force_on is not None
    reason = stated(reason)
    years = int(policy.answers.get("renewal_years", 1)) if years is None else years
    if isinstance(years, bool) or not 1 <= years <= MOST_YEARS:
        raise ValidationError({"years": [_("From 1 to %(most)s years.") % {"most": MOST_YEARS}]})
    new_last_day = renewed(ends_on, years, starts_on=agreement.in_force_on)
    above = limit_above(agreement)
    if above is not None and new_last_day > above:
        words = _("It ends with %(ref)s, under which it stands, on %(day)s at the latest.")
        assert agreement.parent is not None
        raise ValidationError({"years": [words % {"ref": agreement.parent.ref, "day": day_words(above)}]})
    return begin(
        agreement, "renewal_proposed", StepKind.RENEWAL, actor=actor, reason=reason, new_last_day=new_last_day,
        source="renewal",
    )  # fmt: skip


@transaction.atomic
def object_to_renewal(agreement: Agreement, *, actor: Actor, reason: str) -> Step:
    """Say that the actor's agency does not want the renewal by itself; the agreement ends with its last day for all."""
    agreement, _policy = lock(agreement, "object_to_renewal", actor)
    step = begin(
        agreement, "renewal_objected", StepKind.NO_RENEWAL, actor=actor, reason=stated(reason), is_open=False,
        takes_effect_on=foreseen_last_day(agreement), source="renewal",
    )  # fmt: skip
    return close(step, StepStatus.DONE)


def limit_above(agreement: Agreement) -> date | None:
    """The last day of what it stands under, where it ends with it: a text cannot outlive its umbrella."""
    if agreement.parent is None or stands_alone(agreement):
        return None
    return last_day_of(agreement.parent).on
