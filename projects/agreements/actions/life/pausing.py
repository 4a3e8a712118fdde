"""Suspension and resumption, which every other party consents to."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from portal.kit.actors import Actor
from projects.agreements.actions.life.ending import check_day
from projects.agreements.actions.life.steps import begin, lock
from projects.agreements.actions.locking import stated
from projects.agreements.models import Agreement, Step, StepKind
from projects.agreements.term import over_at


@transaction.atomic
def propose_suspension(agreement: Agreement, *, actor: Actor, reason: str, until: date | None = None) -> Step:
    """Propose that the agreement rests from the last consent, up to and including a day if one is named.

    With that day it goes on by itself, because every party agreed to it; without one the parties agree to resume.
    """
    agreement, _policy = lock(agreement, "propose_suspension", actor)
    reason = stated(reason)
    if until is not None:
        check_day(agreement, until, field="until")
    return begin(
        agreement, "suspension_proposed", StepKind.SUSPENSION, actor=actor, reason=reason,
        due_at=over_at(until) if until is not None else None,
    )  # fmt: skip


@transaction.atomic
def propose_resumption(agreement: Agreement, *, actor: Actor, reason: str) -> Step:
    """Propose that a suspended agreement goes on from the last consent."""
    agreement, _policy = lock(agreement, "propose_resumption", actor)
    return begin(agreement, "resumption_proposed", StepKind.RESUMPTION, actor=actor, reason=stated(reason))
