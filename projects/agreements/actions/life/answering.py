"""Answers to a step that needs the others: consent, refusal with a reason, and taking the proposal back."""

from __future__ import annotations

from django.db import transaction

from portal.kit.actors import Actor
from projects.agreements.actions.life.steps import close, find, lock_step, note, wake_at
from projects.agreements.actions.locking import digest, stated
from projects.agreements.bound import missing, steps_of
from projects.agreements.models import Agreement, Status, Step, StepConsent, StepKind, StepStatus

TAKEN_BACK = {StepKind.WITHDRAWAL: "withdrawal_taken_back"}


@transaction.atomic
def consent_to_step(agreement: Agreement, number: int, *, actor: Actor) -> Step:
    """Consent for the actor's party; the consent that completes all of them carries the step out."""
    agreement, step, policy = lock_step(agreement, number, "consent_to_step", actor)
    assert policy.party is not None
    StepConsent.objects.create(step=step, party=policy.party, person=actor.person, consents=True)
    agreement.bump().save()
    step = find(agreement, number)
    note("step_consented", agreement, actor=actor, step=step, rest=len(missing(agreement, step)))
    complete_if_agreed(agreement, step, actor=actor)
    return step


@transaction.atomic
def refuse_step(agreement: Agreement, number: int, *, actor: Actor, reason: str) -> Step:
    """Refuse for the actor's party with a reason that all read; the proposal is closed, and everything stays as it is."""
    agreement, step, policy = lock_step(agreement, number, "refuse_step", actor)
    assert policy.party is not None
    reason = stated(reason)
    StepConsent.objects.create(step=step, party=policy.party, person=actor.person, consents=False, reason=reason)
    close(step, StepStatus.REFUSED)
    agreement.bump().save()
    note("step_refused", agreement, actor=actor, step=step, reason_sha256=digest(reason))
    return step


@transaction.atomic
def take_back_step(agreement: Agreement, number: int, *, actor: Actor) -> Step:
    """Take back a proposal that waits for answers, or a notice of withdrawal that runs."""
    agreement, step, _policy = lock_step(agreement, number, "take_back_step", actor)
    close(step, StepStatus.WITHDRAWN)
    agreement.bump().save()
    note(TAKEN_BACK.get(StepKind(step.kind), "step_taken_back"), agreement, actor=actor, step=step)
    return step


def complete_if_agreed(agreement: Agreement, step: Step, *, actor: Actor) -> bool:
    """Carry a proposal out when no consent is missing any more; returns whether it was."""
    if step.status != StepStatus.OPEN or missing(agreement, step):
        return False
    match step.kind:
        case StepKind.SUSPENSION if agreement.status == Status.IN_FORCE:
            _suspend(agreement, step, actor)
        case StepKind.RESUMPTION if agreement.status == Status.SUSPENDED:
            close(step, StepStatus.DONE)
            resume(agreement, actor=actor, step=step)
        case StepKind.RENEWAL:
            _renew(agreement, step, actor)
        case StepKind.TERMINATION:
            step.move_to(StepStatus.RUNNING, at=None)
            step.save()
            agreement.bump().save()
            wake_at(agreement, step.due_at)
            note("termination_agreed", agreement, actor=actor, step=step)
        case _:
            return False
    return True


def resume(agreement: Agreement, *, actor: Actor, step: Step) -> None:
    """Let a suspended agreement go on; what was still proposed to that end is overtaken."""
    for other in steps_of(agreement):
        if other.kind == StepKind.RESUMPTION and other.is_pending:
            close(other, StepStatus.WITHDRAWN)
    agreement.move_to(Status.IN_FORCE)
    agreement.bump().save()
    note("resumed", agreement, actor=actor, step=step)


def _suspend(agreement: Agreement, step: Step, actor: Actor) -> None:
    close(step, StepStatus.DONE)
    agreement.move_to(Status.SUSPENDED)
    agreement.bump().save()
    wake_at(agreement, step.due_at)
    until = step.due_at.isoformat() if step.due_at is not None else None
    note("suspended", agreement, actor=actor, step=step, until=until)


def _renew(agreement: Agreement, step: Step, actor: Actor) -> None:
    before, agreement.ends_on = agreement.ends_on, step.new_last_day
    close(step, StepStatus.DONE)
    agreement.bump().save()
    assert step.new_last_day is not None
    last = before.isoformat() if before is not None else None
    note("renewed", agreement, actor=actor, step=step, last=last, until=step.new_last_day.isoformat())
