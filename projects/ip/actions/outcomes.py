"""How a dispute goes on and ends: its levels, who is appointed, what is decided, withdrawn or cured."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.storage import store
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.climbing import lock, locked, pass_levels, write_down
from projects.ip.ladder import mediation_ends
from projects.ip.models import Dispute, DisputeStatus
from projects.ip.policies import DisputePolicy

NOTE = 4_000


@transaction.atomic
def escalate_dispute(dispute: Dispute, *, actor: Actor) -> Dispute:
    """Have it recorded now that the time of a level is over; it had passed at that instant."""
    dispute = lock(dispute)
    DisputePolicy(actor, dispute).require("escalate")
    return pass_levels(dispute, at=timezone.now(), actor=actor)


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, actor: Actor, reason: str) -> Dispute:
    """Give the claim up, with the reason; what was exhibited stays readable for both sides."""
    dispute, _policy = locked(dispute, "withdraw", actor)
    words = required("reason", reason, _("Say why, so that the other side knows where it stands."), NOTE)
    return end(dispute, DisputeStatus.WITHDRAWN, "dispute.withdrawn", actor=actor, reason=words)


@transaction.atomic
def record_decision(
    dispute: Dispute, *, actor: Actor, tribunal: str, decided_on: date, content: bytes, name: str
) -> Dispute:
    """Record what a tribunal decided, with its document; what follows from it is done by acts of its own."""
    dispute, _policy = locked(dispute, "record_decision", actor)
    words = required("tribunal", tribunal, _("Say who decided it."), 200)
    if decided_on > timezone.now().astimezone(actor.zone).date():
        raise ValidationError({"decided_on": [_("This day is still to come.")]})
    document = store(content, name, actor=actor)
    dispute.tribunal, dispute.decided_on, dispute.decision = words, decided_on, document
    facts = {"on": decided_on.isoformat(), "document": document.sha256}
    return end(dispute, DisputeStatus.DECIDED, "dispute.decided", actor=actor, facts=facts)


@transaction.atomic
def appoint_neutral(dispute: Dispute, *, actor: Actor, neutral: str) -> Dispute:
    """Record the mediator or tribunal that the parties have appointed; a mediation's time runs from now."""
    dispute, _policy = locked(dispute, "appoint", actor)
    dispute.neutral = required("neutral", neutral, _("Say who is appointed."), 200)
    dispute.appointed_at = timezone.now()
    dispute.appointment_ends_at = (
        mediation_ends(dispute, dispute.appointed_at) if dispute.status == DisputeStatus.MEDIATION else None
    )
    dispute.bump().save()
    write_down("dispute.neutral_appointed", dispute, actor=actor, facts={"step": dispute.status})
    return dispute


@transaction.atomic
def confirm_cure(dispute: Dispute, *, actor: Actor) -> Dispute:
    """Say, as the party that gave notice, that the breach is cured."""
    dispute, _policy = locked(dispute, "confirm_cure", actor)
    return end(dispute, DisputeStatus.CURED, "dispute.cured", actor=actor)


@transaction.atomic
def state_not_cured(dispute: Dispute, *, actor: Actor, reason: str) -> Dispute:
    """Say, once the time is over, that the breach is not cured; to end a participation takes the others together."""
    dispute, _policy = locked(dispute, "state_not_cured", actor)
    words = required("reason", reason, _("Say what is still in breach."), NOTE)
    return end(dispute, DisputeStatus.NOT_CURED, "dispute.not_cured", actor=actor, reason=words)


def end(
    dispute: Dispute, status: str, verb: str, *, actor: Actor, reason: str = "", facts: dict[str, Any] | None = None
) -> Dispute:
    dispute.move_to(status, reason=reason).save()
    write_down(verb, dispute, actor=actor, facts=facts)
    return dispute
