"""Entry into force: the rule proposes, the depositary confirms, and the project follows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.history import record
from portal.kit.actors import Actor
from projects.actions import activate_when_covered
from projects.agreements.actions.locking import audience, lock
from projects.agreements.entry import evaluate
from projects.agreements.models import Agreement, Status
from projects.ip.actions import agree_assets


@transaction.atomic
def notify_completion(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Notify the other parties that the internal procedures of the actor's agency are complete."""
    agreement, policy = lock(agreement, "notify_completion", actor)
    assert policy.party is not None
    policy.party.notified_at = timezone.now()
    policy.party.save()
    agreement.bump().save()
    record(
        "agreement.completion_notified", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"by_all": not evaluate(agreement).not_notified},
    )  # fmt: skip
    return agreement


@transaction.atomic
def enter_into_force(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Confirm as depositary that the rule is satisfied; the agreement is in force from the day of the last act it asks for."""
    agreement, _policy = lock(agreement, "enter_into_force", actor)
    day = evaluate(agreement).day
    assert day is not None
    assert agreement.text is not None
    agreement.in_force_on = day
    agreement.move_to(Status.IN_FORCE)
    agreement.bump().save()
    record(
        "agreement.entered_into_force", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"on": day.isoformat(), "sha256": agreement.text.sha256, "rule": agreement.entry_rule},
    )  # fmt: skip
    listed = {row["ref"]: row for annex in agreement.text.document["annexes"] for row in annex["rows"] if "ref" in row}
    agree_assets(agreement.project, listed, actor=actor, agreement_ref=agreement.ref)
    activate_when_covered(agreement.project, actor=actor)
    return agreement
