"""What operators decide about agencies."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.actions.agencies import CHECKED
from agencies.actions.locking import lock, stated
from agencies.models import Agency, Membership, Status
from agencies.policies import AgencyPolicy
from portal.history import record
from portal.inbox.live import check_again
from portal.kit.actors import Actor


@transaction.atomic
def verify(agency: Agency, *, actor: Actor) -> Agency:
    """Confirm that the agency is what it says: it enters the directory and may reach others."""
    agency = _decide(agency, actor, "verify", Status.VERIFIED)
    agency.verified_at = timezone.now()
    agency.verified_by = actor.person
    return _write(agency, actor, "agency.verified", domain=agency.domain)


@transaction.atomic
def refuse(agency: Agency, *, actor: Actor, reason: str) -> Agency:
    """Send the application back with a reason that the applicant reads; it can be corrected and sent again."""
    agency = _decide(agency, actor, "refuse", Status.REFUSED)
    agency.status_reason = stated(reason)
    return _write(agency, actor, "agency.refused")


@transaction.atomic
def reconsider(agency: Agency, *, actor: Actor) -> Agency:
    """Put a refused application back into the queue, as it is."""
    return _write(_decide(agency, actor, "reconsider", Status.APPLIED), actor, "agency.reconsidered")


@transaction.atomic
def correct(agency: Agency, *, actor: Actor, version: int | None = None, **changes: Any) -> Agency:
    """Change what an operator has checked, at the agency's request; it reads in its history who did."""
    unknown = set(changes) - CHECKED
    if unknown:
        raise TypeError(f"not for operators to change: {sorted(unknown)}")
    agency = lock(agency)
    AgencyPolicy(actor, agency).require("correct")
    changed = agency.edit(version=version, **changes)
    if changed:
        record("agency.profile_edited", agency, actor=actor, agencies=[agency], facts={"fields": sorted(changed)})
    return agency


@transaction.atomic
def suspend(agency: Agency, *, actor: Actor, reason: str) -> Agency:
    """Silence the agency: at this instant its people and tokens may do nothing in its name."""
    agency = _decide(agency, actor, "suspend", Status.SUSPENDED)
    agency.status_reason = stated(reason)
    agency = _write(agency, actor, "agency.suspended")
    people = Membership.objects.live().filter(agency=agency).values_list("person__uid", flat=True)
    check_again(agencies=[agency.ref], people=list(people))
    return agency


@transaction.atomic
def reinstate(agency: Agency, *, actor: Actor) -> Agency:
    """Give a suspended agency its voice back."""
    return _write(_decide(agency, actor, "reinstate", Status.VERIFIED), actor, "agency.reinstated")


def _decide(agency: Agency, actor: Actor, verb: str, status: str) -> Agency:
    agency = lock(agency)
    AgencyPolicy(actor, agency).require(verb)
    agency.status_reason = ""
    return agency.move_to(status)


def _write(agency: Agency, actor: Actor, verb: str, **facts: Any) -> Agency:
    agency.bump().save()
    record(verb, agency, actor=actor, agencies=[agency], facts=facts)
    return agency
