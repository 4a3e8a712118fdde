"""Withdrawal: notice, handing over, and taking the notice back while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import check_line
from projects.agreements.actions.life.answering import take_back_step
from projects.agreements.actions.life.ending import GROUNDS, TERM
from projects.agreements.actions.life.steps import begin, held, lock, note
from projects.agreements.actions.locking import stated
from projects.agreements.bound import days_from, months_from
from projects.agreements.consolidation import known_text_in_force
from projects.agreements.models import Agreement, Handover, HandoverKind, Step, StepKind
from projects.agreements.policies.steps import HandoverPolicy
from projects.agreements.survivors import returned_by

NOTICE, FUNDS, LAW, PARTNER = "notice", "funds", "law", "partner"
# By what the profile answers: the grounds on which a party leaves with the shorter notice that the text gives for them.
SHORT = {"basic": (), "funds_and_law": (FUNDS, LAW), "wide": (FUNDS, LAW, PARTNER)}
SHORT_NOTICE_DAYS = 60
MOST_TASKS = 50
# What has the days of the text for giving back, counted from the last day of the party.
GIVEN_BACK = (HandoverKind.EQUIPMENT, HandoverKind.DATA)


@transaction.atomic
def withdraw(
    agreement: Agreement, *, actor: Actor, reason: str, ground: str = NOTICE, tasks: Iterable[str] = ()
) -> Step:
    """Give notice for the actor's agency; it leaves when the months of the text have run, and hands over until then.

    `ground` other than "notice" shortens the time to what the text gives for a loss of funds, a change of law, or the
    leaving of a party without which the project cannot go on. `tasks` are what it hands over, one line each.
    """
    agreement, policy = lock(agreement, "withdraw", actor)
    reason, lines = stated(reason), _lines(tasks)
    given_at, answers = timezone.now(), policy.answers
    if ground == NOTICE:
        months = int(answers["withdrawal_notice_months"])
        runs = months_from(given_at, months, agency=actor.agency, answers=answers)
    elif ground in SHORT.get(str(answers.get("termination_grounds")), ()):
        runs = days_from(given_at, SHORT_NOTICE_DAYS, agency=actor.agency, answers=answers)
    else:
        raise ValidationError({"ground": [_("The text does not name this ground.")]})
    codes = {clause.code for clause in known_text_in_force(agreement).clauses}
    back_by = returned_by(answers, codes, runs.last_day, actor.agency)
    return begin(
        agreement, "withdrawal_notified", StepKind.WITHDRAWAL, actor=actor, reason=reason, is_open=False,
        about=policy.party, takes_effect_on=runs.last_day, due_at=runs.ends_at, source=TERM if ground == NOTICE else GROUNDS,
        handovers=_handovers(lines, runs.last_day, back_by or runs.last_day),
    )  # fmt: skip


@transaction.atomic
def take_back_withdrawal(agreement: Agreement, *, actor: Actor) -> Step:
    """Take the notice back before it takes effect (Vienna Convention on the Law of Treaties, article 68); nothing changes."""
    agreement, policy = lock(agreement, "take_back_withdrawal", actor)
    own = next(step for step in policy.pending(StepKind.WITHDRAWAL) if step.agency_id == actor.agency_id)
    return take_back_step(agreement, own.number, actor=actor)


@transaction.atomic
def settle_handover(agreement: Agreement, handover: int, *, actor: Actor) -> Handover:
    """Say for a party that stays that one thing is handed over; it is said once, for all."""
    agreement = held(agreement.pk)
    line = Handover.objects.select_related("step__agency").filter(step__agreement=agreement, pk=handover).first()
    if line is None:
        raise ValidationError({"handover": [_("This agreement has no such line.")]})
    HandoverPolicy(actor, agreement, line).require("settle_handover")
    line.done_at, line.done_by, line.done_for = timezone.now(), actor.person, actor.agency
    line.save()
    agreement.bump().save()
    rest = line.step.handovers.filter(done_at=None).count()
    note("handover_settled", agreement, actor=actor, step=line.step, line=str(line.kind), rest=rest)
    return line


def _lines(tasks: Iterable[str]) -> list[str]:
    lines = [line.strip() for line in tasks if line.strip()]
    if len(lines) > MOST_TASKS:
        raise ValidationError({"tasks": [_("At most %(most)s lines.") % {"most": MOST_TASKS}]})
    for line in lines:
        if len(line) > 500:
            raise ValidationError({"tasks": [_("At most 500 characters on a line.")]})
        try:
            check_line(line)
        except ValidationError as error:
            raise ValidationError({"tasks": error.messages}) from None
    return lines


def _handovers(tasks: list[str], last_day: date, back_by: date) -> list[Handover]:
    """What the text asks to be settled: goods and data by the day that it gives for them, the rest while the notice runs."""
    rows: list[dict[str, Any]] = [{"kind": HandoverKind.TASKS, "words": words} for words in tasks or [""]]
    rows += [
        {"kind": kind} for kind in (HandoverKind.EQUIPMENT, HandoverKind.DATA, HandoverKind.ACCESS, HandoverKind.MONEY)
    ]
    return [Handover(due_on=back_by if row["kind"] in GIVEN_BACK else last_day, **row) for row in rows]
