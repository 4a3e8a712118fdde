"""The beats that every verb of a dispute begins and ends with: the lock, what time has done, the words, the event."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.history import record
from portal.history.canonical import instant
from portal.kit.actors import Actor
from projects.ip.models import Dispute
from projects.ip.policies import DisputePolicy


def locked(dispute: Dispute, verb: str, actor: Actor) -> tuple[Dispute, DisputePolicy]:
    """The dispute's row until the transaction ends, with what time has done to it; raises the refusal of the verb."""
    dispute = lock(dispute)
    policy = DisputePolicy(actor, dispute)
    policy.require(verb)
    pass_levels(dispute, at=timezone.now(), actor=Actor.system())
    return dispute, policy


def again(dispute: Dispute) -> Dispute:
    """The dispute with everything around it, read anew."""
    return Dispute.objects.with_project().get(pk=dispute.pk)


def digest(*words: str) -> str:
    """SHA-256 of what was said, for the history, which never holds the words."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def lock(dispute: Dispute) -> Dispute:
    return Dispute.objects.with_project().select_for_update(of=("self",)).get(pk=dispute.pk)


def pass_levels(dispute: Dispute, *, at: datetime, actor: Actor) -> Dispute:
    """Record every level that is over by then, one event for each, in a dispute that the caller has locked."""
    while (passed := dispute.next_after(dispute.status)) is not None and passed[0] <= at:
        due_at, status = passed
        before = dispute.status
        dispute.move_to(status).save()
        facts = {"from": before, "to": status, "due_at": instant(due_at)}
        write_down("dispute.level_passed", dispute, actor=actor, facts=facts)
    return dispute


def write_down(verb: str, dispute: Dispute, *, actor: Actor, facts: dict[str, Any] | None = None) -> Any:
    agencies = [party.agency for party in dispute.parties.all()]
    return record(verb, dispute, actor=actor, agencies=agencies, facts=facts, scope=dispute.project.ref)
