"""Breach: the notice, the time to cure it, and the end of the part of a party that does not."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import end_of, today
from portal.kit.actors import Actor
from projects.agreements.actions.life.answering import complete_if_agreed
from projects.agreements.actions.life.ending import check_day
from projects.agreements.actions.life.steps import begin, close, find, lock, lock_step, note
from projects.agreements.actions.locking import stated
from projects.agreements.bound import bound_parties, days_from
from projects.agreements.models import Agreement, Step, StepKind, StepStatus

CLAUSE = "breach"


@transaction.atomic
def give_breach_notice(agreement: Agreement, *, actor: Actor, about: Agency, reason: str) -> Step:
    """Give a party notice of a breach with a copy to all; from now it has the days of the text to cure it."""
    agreement, policy = lock(agreement, "give_breach_notice", actor)
    party = next((party for party in bound_parties(agreement) if party.agency_id == about.pk), None)
    if party is None or party.agency_id == actor.agency_id:
        raise ValidationError({"about": [_("Choose another party that is bound.")]})
    if any(step.about_id == party.pk and step.agency_id == actor.agency_id for step in policy.pending(StepKind.BREACH)):
        raise ValidationError({"about": [_("Your notice to this party is still running.")]})
    answers = policy.answers
    runs = days_from(timezone.now(), int(answers["cure_days"]), agency=party.agency, answers=answers)
    return begin(
        agreement, "breach_notified", StepKind.BREACH, actor=actor, reason=stated(reason), is_open=False, about=party,
        due_at=runs.ends_at, source=CLAUSE,
    )  # fmt: skip


@transaction.atomic
def declare_cured(agreement: Agreement, number: int, *, actor: Actor) -> Step:
    """Say, as the party that gave the notice, that the breach is cured; what was proposed because of it falls away."""
    agreement, step, policy = lock_step(agreement, number, "declare_cured", actor)
    close(step, StepStatus.CURED)
    for following in policy.steps:
        if following.follows_id == step.pk and following.is_pending:
            close(following, StepStatus.WITHDRAWN)
    agreement.bump().save()
    note("breach_cured", agreement, actor=actor, step=step)
    return step


@transaction.atomic
def terminate_for_breach(
    agreement: Agreement, number: int, *, actor: Actor, reason: str, on: date | None = None
) -> Step:
    """Propose, when the time to cure is over, that the party in breach leaves with a day, today by default.

    The other parties decide together, without the one concerned (R9); where there is no further one, it is decided. It
    takes effect when the day is over at the seat of that party.
    """
    agreement, step, _policy = lock_step(agreement, number, "terminate_for_breach", actor)
    assert step.about is not None
    zone = step.about.agency.zone
    reason, on = stated(reason), on or today(zone)
    check_day(agreement, on, zone=zone)
    proposed = begin(
        agreement, "termination_proposed", StepKind.TERMINATION, actor=actor, reason=reason, about=step.about, follows=step,
        takes_effect_on=on, due_at=end_of(on, zone), source=CLAUSE,
    )  # fmt: skip
    proposed = find(agreement, proposed.number)
    complete_if_agreed(agreement, proposed, actor=actor)
    return proposed
