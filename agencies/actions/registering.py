"""An agency applies and keeps its profile."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from agencies import zones
from agencies.models import Agency, Membership, Role
from agencies.policies import AgencyPolicy, ApplicantPolicy
from portal.history import record
from portal.kit.actors import Actor

PROFILE = frozenset(
    {
        "kind", "legal_name", "native_name", "native_language", "acronym", "country", "is_international", "city", "zone",
        "working_days", "languages", "domain", "website", "capabilities", "about", "default_marking", "founding_act", "sponsor",
    }
)  # fmt: skip


@transaction.atomic
def apply(*, actor: Actor, **profile: Any) -> Agency:
    """Register an agency for an operator's check; the applicant becomes its first administrator and manager.

    Raises ValidationError keyed by field, also for a domain or a name that another agency has claimed.
    """
    ApplicantPolicy(actor).require("apply")
    agency = Agency(**_known(profile))
    agency.full_clean(exclude={"ref"})
    agency.save()
    membership = Membership.objects.create(
        person=actor.person, agency=agency, roles=[Role.ADMINISTRATOR, Role.MANAGER], starts_on=zones.today(agency.zone)
    )
    applicant = Actor(person=actor.person, membership=membership)
    record(
        "agency.applied",
        agency,
        actor=applicant,
        agencies=[agency],
        facts={"kind": agency.kind, "country": agency.code},
    )
    record(
        "membership.started", membership, actor=applicant, agencies=[agency], scope=agency.ref,
        facts={"person": str(actor.person.uid), "roles": list(membership.roles)},
    )  # fmt: skip
    return agency


@transaction.atomic
def edit_profile(agency: Agency, *, actor: Actor, version: int | None = None, **profile: Any) -> Agency:
    """Change the profile against the version the editor saw; raises Stale, or ValidationError keyed by field."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    AgencyPolicy(actor, agency).require("edit_profile")
    had_zone = agency.zone
    changed = agency.edit(version=version, **_known(profile))
    if agency.zone != had_zone:
        _fix_instants(agency)
    if changed:
        record("agency.profile_edited", agency, actor=actor, agencies=[agency], facts={"fields": sorted(changed)})
    return agency


def _fix_instants(agency: Agency) -> None:
    """Days are counted in the agency's zone: another zone means other instants."""
    for row in [*agency.memberships.select_related("agency"), *agency.mandates.select_related("agency")]:
        row.agency = agency
        row.save()


def _known(profile: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(profile) - PROFILE:
        raise TypeError(f"a profile has no {sorted(unknown)}")
    return profile
