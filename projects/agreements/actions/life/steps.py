"""What the verbs of an agreement in force share: a new step, the locked step, and the one event of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.history.models import Event
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from projects.agreements.actions.locking import audience, digest, fetch, lock
from projects.agreements.bound import steps_of
from projects.agreements.jobs import tend_agreement
from projects.agreements.models import Agreement, Handover, Step, StepStatus
from projects.agreements.policies.steps import StepPolicy


def held(pk: int) -> Agreement:
    """The agreement, locked until the transaction ends; for what the clock does, which asks no policy."""
    Agreement.objects.select_for_update(no_key=True).get(pk=pk)
    return fetch(pk)


def lock_step(agreement: Agreement, number: int, verb: str, actor: Actor) -> tuple[Agreement, Step, StepPolicy]:
    """Lock the agreement, find the step as it stands now, and require the verb; ValidationError for a step it has not."""
    agreement = held(agreement.pk)
    step = find(agreement, number)
    policy = StepPolicy(actor, agreement, step)
    policy.require(verb)
    return agreement, step, policy


def find(agreement: Agreement, number: int) -> Step:
    step = next((step for step in steps_of(agreement) if step.number == number), None)
    if step is None:
        raise ValidationError({"step": [_("This agreement has no such step.")]})
    return step


def begin(
    agreement: Agreement,
    verb: str,
    kind: str,
    *,
    actor: Actor,
    reason: str,
    is_open: bool = True,
    handovers: Iterable[Handover] = (),
    **facts: Any,
) -> Step:
    """Write a notice or a proposal with its event; `is_open` while it waits for the others, else its time runs.

    `handovers` are not saved yet; who hears of the event reads them.
    """
    last = agreement.life.order_by("-number").values_list("number", flat=True).first() or 0
    step = Step(
        agreement=agreement, number=last + 1, kind=kind, agency=actor.agency, person=actor.person, reason=reason,
        given_at=timezone.now(), status=StepStatus.OPEN if is_open else StepStatus.RUNNING, **facts,
    )  # fmt: skip
    step.save()
    lines = list(handovers)
    for line in lines:
        line.step = step
    Handover.objects.bulk_create(lines)
    agreement.bump().save()
    if not is_open:
        wake_at(agreement, step.due_at)
    note(verb, agreement, actor=actor, step=step, reason_sha256=digest(reason))
    return step


def note(verb: str, agreement: Agreement, *, actor: Actor, step: Step | None = None, **facts: Any) -> Event:
    """The one event of a verb; facts name the step by its number, and words by their hash."""
    if step is not None:
        facts = {"step": step.number, "kind": str(step.kind), **facts}
        if step.takes_effect_on is not None:
            facts = {"on": step.takes_effect_on.isoformat(), **facts}
    return record(
        f"agreement.{verb}",
        agreement,
        actor=actor,
        agencies=audience(agreement),
        scope=agreement.project.ref,
        facts=facts,
    )


def close(step: Step, status: StepStatus) -> Step:
    step.move_to(status, at=timezone.now())
    step.save()
    return step


def wake_at(agreement: Agreement, moment: datetime | None) -> None:
    """Have the clock looked at when this moment comes; the hourly job is there for what is missed."""
    if moment is not None:
        defer(tend_agreement, not_before=moment, ref=agreement.ref)


__all__ = ["begin", "close", "find", "held", "lock", "lock_step", "note", "wake_at"]
