"""How an agreement, or the part of one party in it, comes to its end; what stands under it ends with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.zones import today
from portal.kit.actors import Actor
from projects.agreements.actions.life.steps import begin, close, held, lock, note
from projects.agreements.actions.locking import fetch, stated
from projects.agreements.bound import answers_of, bound_parties
from projects.agreements.models import Agreement, Party, Status, Step, StepKind, StepStatus
from projects.agreements.policies.life import RUNNING
from projects.agreements.term import foreseen_last_day, over_at
from projects.ip.actions import end_rights_in_breach

# Clauses that a step rests on.
TERM, GROUNDS = "term", "termination"
BY_CONSENT, PURPOSE = "consent", "purpose"


@transaction.atomic
def propose_termination(
    agreement: Agreement, *, actor: Actor, reason: str, on: date | None = None, ground: str = BY_CONSENT
) -> Step:
    """Propose that the agreement ends for all with a day, today by default; it does when every other party consents.

    `ground` is "purpose" where the parties establish that its purpose is achieved or out of reach, which the text must
    provide for. Raises ValidationError for a day that has passed or lies after the last one.
    """
    agreement, policy = lock(agreement, "propose_termination", actor)
    reason, on = stated(reason), on or today("UTC")
    if ground not in (BY_CONSENT, PURPOSE):
        raise ValidationError({"ground": [_("Choose one of the listed grounds.")]})
    if ground == PURPOSE and policy.answers.get("termination_grounds") != "wide":
        raise ValidationError({"ground": [_("The text does not name this ground.")]})
    check_day(agreement, on)
    return begin(
        agreement, "termination_proposed", StepKind.TERMINATION, actor=actor, reason=reason, takes_effect_on=on,
        due_at=over_at(on), source=GROUNDS if ground == PURPOSE else TERM,
    )  # fmt: skip


def check_day(agreement: Agreement, on: date, *, zone: str = "UTC", field: str = "on") -> None:
    """ValidationError unless the day is one on which the agreement is still in force and that is not over in the zone."""
    last = foreseen_last_day(agreement)
    if on < today(zone):
        raise ValidationError({field: [_("This day has passed.")]})
    if last is not None and on > last:
        raise ValidationError({field: [_("The agreement ends before this day.")]})


def leave(agreement: Agreement, party: Party, on: date, *, actor: Actor, verb: str, step: Step) -> None:
    """Free a party after a day; the agreement goes on between two parties or more, and ends with that day otherwise."""
    party.left_on = on + timedelta(days=1)
    party.save()
    agreement.bump().save()
    note(verb, agreement, actor=actor, step=step, party=party.agency.ref, remaining=len(bound_parties(agreement)))
    if len(bound_parties(agreement)) < 2:
        end(agreement, Status.TERMINATED, on, actor=actor, cause="too-few-parties")


def end(agreement: Agreement, status: Status, on: date, *, actor: Actor, cause: str, under: str = "") -> None:
    """Write down that the agreement ended with a day, and end with it whatever stands under it and not on its own (R4)."""
    agreement.ended_on = max(on, agreement.in_force_on) if agreement.in_force_on else on
    agreement.move_to(status)
    agreement.bump().save()
    for step in agreement.life.filter(status__in=[StepStatus.OPEN, StepStatus.RUNNING]):
        close(step, StepStatus.LAPSED)
    verb = "expired" if status == Status.EXPIRED else "terminated"
    above: dict[str, Any] = {"under": under} if under else {}
    note(verb, agreement, actor=actor, on=agreement.ended_on.isoformat(), cause=cause, **above)
    for child in children(agreement):
        end(held(child), Status.TERMINATED, on, actor=actor, cause="agreement-above", under=agreement.ref)


def children(agreement: Agreement) -> list[int]:
    """What is in force or suspended under the agreement and ends with it, in the order of their numbers."""
    found = Agreement.objects.filter(parent=agreement, status__in=RUNNING).order_by("pk").values_list("pk", flat=True)
    return [pk for pk in found if not stands_alone(fetch(pk))]


def stands_alone(child: Agreement) -> bool:
    """Whether its own text says that the end of what it stands under does not end it."""
    return answers_of(child).get("ends_with_parent") is False


def take_effect(agreement: Agreement, step: Step, *, actor: Actor) -> None:
    """Let a notice that has run, or an end that all agreed to, take its effect."""
    assert step.takes_effect_on is not None
    close(step, StepStatus.DONE)
    if step.kind == StepKind.TERMINATION and step.about_id is None:
        cause = PURPOSE if step.source == GROUNDS else BY_CONSENT
        end(agreement, Status.TERMINATED, step.takes_effect_on, actor=actor, cause=cause)
        return
    gone = step.about_id if step.kind == StepKind.TERMINATION else None
    party = next(
        party
        for party in agreement.party_list
        if party.pk == gone or (gone is None and party.agency_id == step.agency_id)
    )
    if not party.has_not_left:
        return
    if gone is None:
        leave(agreement, party, step.takes_effect_on, actor=actor, verb="withdrawn", step=step)
        return
    if step.follows is not None and step.follows.is_pending:
        close(step.follows, StepStatus.DONE)
    end_rights_in_breach(agreement.project, party.agency, agreement=agreement.ref, by=step.agency, actor=actor)
    leave(agreement, party, step.takes_effect_on, actor=actor, verb="participation_ended", step=step)
