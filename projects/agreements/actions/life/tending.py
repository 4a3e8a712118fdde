"""What the clock does to agreements in force; each of these can be asked for twice and happens once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.zones import today
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.actions import activate_when_covered
from projects.agreements.actions.life.answering import complete_if_agreed, resume
from projects.agreements.actions.life.ending import end, stands_alone, take_effect
from projects.agreements.actions.life.renewing import limit_above
from projects.agreements.actions.life.steps import held, note
from projects.agreements.actions.one_by_one import one_by_one
from projects.agreements.bound import answers_of, steps_of
from projects.agreements.models import Agreement, Party, Status, Step, StepKind, StepStatus
from projects.agreements.models.status import ENDED
from projects.agreements.policies.life import RUNNING
from projects.agreements.term import (
    ALERTS,
    OBJECTION_ALERTS,
    ZONE,
    alert_due,
    foreseen_last_day,
    objection_closes_on,
    over_at,
    renewed,
)
from projects.models import Status as ProjectStatus

# The longest notice against a renewal, with its first warning.
AHEAD = timedelta(days=24 * 31 + 90)
PENDING = (StepStatus.OPEN, StepStatus.RUNNING)


def tend_all() -> int:
    """Look after every agreement of which something may be due; returns how many changed."""
    pending = Step.objects.filter(agreement=OuterRef("pk"), status__in=PENDING)
    near = Q(ends_on=None) | Q(ends_on__lte=today(ZONE) + AHEAD)
    above = Q(parent__status__in=ENDED)
    late = Party.objects.filter(agreement=OuterRef("pk"), in_force_on__gt=OuterRef("in_force_on"))
    joining = Q(Exists(late), project__status=ProjectStatus.ACCEPTED)
    found = Agreement.objects.filter(status__in=RUNNING)
    found = found.filter(near | above | joining | Q(status=Status.SUSPENDED) | Exists(pending))
    return one_by_one(list(found.order_by("pk").values_list("ref", flat=True)), tend_one)


@transaction.atomic
def tend_one(ref: str) -> bool:
    """Write down what time has done to one agreement, and warn of its last day; returns whether it changed."""
    pk = Agreement.objects.filter(ref=ref, status__in=RUNNING).values_list("pk", flat=True).first()
    if pk is None:
        return False
    agreement, system = held(pk), Actor.system()
    before = agreement.version
    if agreement.status not in RUNNING:
        return False
    _know_last_day(agreement)
    _renew_by_itself(agreement, system)
    _let_take_effect(agreement, system)
    if not agreement.has_ended:
        _end_with_above(agreement, system)
    if not agreement.has_ended:
        _go_on(agreement, system)
        _complete(agreement, system)
        _expire(agreement, system)
    if not agreement.has_ended:
        _start_project(agreement, system)
        _warn(agreement, system)
    return agreement.version != before


def _know_last_day(agreement: Agreement) -> None:
    """Of an agreement that entered into force before last days were written down."""
    if agreement.ends_on is None and (last := foreseen_last_day(agreement)) is not None:
        agreement.ends_on = last
        agreement.bump().save()


def _renew_by_itself(agreement: Agreement, system: Actor) -> None:
    """Move the last day once nobody can object any more; later there would be a gap in which nobody knows."""
    answers = answers_of(agreement)
    closes_on = objection_closes_on(agreement, answers)
    if closes_on is None or agreement.ends_on is None or not _is_over_everywhere(closes_on, agreement):
        return
    if _objection(agreement) is not None:
        return
    assert agreement.in_force_on is not None
    last, years = agreement.ends_on, int(answers["renewal_years"])
    above, until = limit_above(agreement), renewed(last, years, starts_on=agreement.in_force_on)
    until = min(until, above) if above is not None else until
    if until <= last:
        return
    agreement.ends_on = until
    agreement.bump().save()
    note("renewed", agreement, actor=system, last=last.isoformat(), until=until.isoformat(), by_itself=True)


def _let_take_effect(agreement: Agreement, system: Actor) -> None:
    """Notices that have run and ends that all agreed to, the earliest first, up to the last day of the agreement."""
    now = timezone.now()
    limit = min(now, over_at(agreement.ends_on)) if agreement.ends_on is not None else now
    due = [step for step in steps_of(agreement) if _runs_out(step) and step.due_at is not None and step.due_at <= limit]
    for step in sorted(due, key=lambda step: (step.due_at, step.number)):
        if not agreement.has_ended:
            take_effect(agreement, step, actor=system)


def _runs_out(step: Step) -> bool:
    return step.status == StepStatus.RUNNING and step.kind in (StepKind.WITHDRAWAL, StepKind.TERMINATION)


def _end_with_above(agreement: Agreement, system: Actor) -> None:
    """What entered into force at the very moment at which the agreement above it ended."""
    above = agreement.parent
    if above is not None and above.ended_on is not None and not stands_alone(agreement):
        end(agreement, Status.TERMINATED, above.ended_on, actor=system, cause="agreement-above", under=above.ref)


def _go_on(agreement: Agreement, system: Actor) -> None:
    """A suspension until a day that every party agreed to is over with that day."""
    if agreement.status != Status.SUSPENDED:
        return
    suspended = (
        step for step in steps_of(agreement) if step.kind == StepKind.SUSPENSION and step.status == StepStatus.DONE
    )
    step = next(suspended, None)
    if step is not None and step.due_at is not None and step.due_at <= timezone.now():
        resume(agreement, actor=system, step=step)


def _complete(agreement: Agreement, system: Actor) -> None:
    """Proposals that waited only for a party that has left since."""
    for step in steps_of(agreement):
        is_in_time = step.due_at is None or step.due_at > timezone.now()
        if step.status == StepStatus.OPEN and is_in_time:
            complete_if_agreed(agreement, step, actor=system)


def _expire(agreement: Agreement, system: Actor) -> None:
    if agreement.ends_on is not None and timezone.now() >= over_at(agreement.ends_on):
        end(agreement, Status.EXPIRED, agreement.ends_on, actor=system, cause="term")


def _start_project(agreement: Agreement, system: Actor) -> None:
    """A project that waited only for the day of a party which came late starts with that day, as it does at once otherwise."""
    first = agreement.in_force_on
    is_late = any(first and party.in_force_on and party.in_force_on > first for party in agreement.party_list)
    if is_late and agreement.project.status == ProjectStatus.ACCEPTED:
        activate_when_covered(agreement.project, actor=system)


def _warn(agreement: Agreement, system: Actor) -> None:
    """Tell the parties of the day on which they decide: the last one to object, else the last one of the agreement."""
    if agreement.ends_on is None:
        return
    closes_on = objection_closes_on(agreement, answers_of(agreement))
    if closes_on is not None and _objection(agreement) is None:
        _warn_of("objection", closes_on, OBJECTION_ALERTS, agreement, system)
    else:
        _warn_of("end", agreement.ends_on, ALERTS, agreement, system)


def _warn_of(what: str, day: date, thresholds: tuple[int, ...], agreement: Agreement, system: Actor) -> None:
    days = alert_due(day, today(ZONE), thresholds)
    if days is None:
        return
    facts: dict[str, Any] = {"days": days, "on": day.isoformat(), "what": what}
    told = Event.objects.filter(verb="agreement.expiry_nears", target_ref=agreement.ref, facts__contains=facts)
    if not told.exists():
        note("expiry_nears", agreement, actor=system, **facts)


def _objection(agreement: Agreement) -> Step | None:
    """The objection to the renewal that would come next."""
    found = (
        step
        for step in steps_of(agreement)
        if step.kind == StepKind.NO_RENEWAL and step.takes_effect_on == agreement.ends_on
    )
    return next(found, None)


def _is_over_everywhere(day: date, agreement: Agreement) -> bool:
    """Whether a day is over at the seat of every party."""
    now = timezone.now()
    return all(party.agency.local(now).date() > day for party in agreement.party_list)
