"""Registering an agency and keeping its profile."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import zones
from agencies.actions.locking import lock
from agencies.models import Agency, Mandate, Membership, Role, Status
from agencies.policies import AgencyPolicy, RegistrationPolicy
from portal.history import record
from portal.kit.actors import Actor

PROFILE = (
    "kind",
    "legal_name",
    "native_name",
    "native_language",
    "acronym",
    "country",
    "is_international",
    "city",
    "zone",
    "working_days",
    "languages",
    "domain",
    "website",
    "capabilities",
    "about",
    "default_marking",
    "founding_act",
    "sponsor",
)
# What an operator has checked: to change it is to become another agency.
CHECKED = {"kind", "legal_name", "acronym", "country", "is_international", "domain", "founding_act", "sponsor"}


@transaction.atomic
def apply(*, actor: Actor, **profile: Any) -> Agency:
    """Register an agency; it waits for an operator, and its applicant becomes its administrator and manager.

    `profile` holds fields of PROFILE. Raises Forbidden, NotNow, or ValidationError by field.
    """
    RegistrationPolicy(actor).require("apply")
    agency = Agency(**_known(profile))
    _tidy(agency)
    agency.full_clean()
    agency.save()
    membership = Membership.objects.create(
        person=actor.person,
        agency=agency,
        roles=[Role.ADMINISTRATOR.value, Role.MANAGER.value],
        starts_on=zones.today(agency.zone),
    )
    applicant = Actor(person=actor.person, membership=membership, memberships=(*actor.memberships, membership))
    record("agency.applied", agency, actor=applicant, agencies=[agency])
    record(
        "membership.started",
        membership,
        actor=applicant,
        agencies=[agency],
        scope=agency.ref,
        facts={"person": str(actor.person.uid), "roles": membership.roles},
    )
    return agency


@transaction.atomic
def edit_profile(agency: Agency, *, actor: Actor, version: int | None = None, **changes: Any) -> Agency:
    """Change what the directory says; what an operator has checked stays as it is once the agency is verified."""
    agency = lock(agency)
    AgencyPolicy(actor, agency).require("edit_profile")
    changes = _known(changes)
    _refuse_checked(agency, changes)
    old_zone = agency.zone
    draft = Agency(**{name: changes.get(name, getattr(agency, name)) for name in PROFILE})
    _tidy(draft)
    changed = agency.edit(version=version, **{name: getattr(draft, name) for name in changes})
    if agency.zone != old_zone:
        _move_days(agency)
    if changed:
        record("agency.profile_edited", agency, actor=actor, agencies=[agency], facts={"fields": sorted(changed)})
    return agency


@transaction.atomic
def apply_again(agency: Agency, *, actor: Actor) -> Agency:
    """Send a refused application to the operators once more."""
    agency = lock(agency)
    AgencyPolicy(actor, agency).require("apply_again")
    agency.move_to(Status.APPLIED).bump().save()
    record("agency.applied", agency, actor=actor, agencies=[agency])
    return agency


def _known(profile: dict[str, Any]) -> dict[str, Any]:
    unknown = set(profile) - set(PROFILE)
    if unknown:
        raise TypeError(f"not fields of a profile: {sorted(unknown)}")
    return profile


def _tidy(agency: Agency) -> None:
    """Spaces, doubles and cases that nobody means."""
    for name in ("legal_name", "native_name", "acronym", "city"):
        setattr(agency, name, " ".join(getattr(agency, name).split()))
    agency.domain = agency.domain.strip().lower().removeprefix("@")
    agency.working_days = sorted(set(agency.working_days))
    agency.languages = list(dict.fromkeys(agency.languages))
    agency.capabilities = sorted(set(agency.capabilities))
    if agency.native_name and not agency.native_language:
        agency.native_language = agency.languages[0] if agency.languages else ""


def _refuse_checked(agency: Agency, changes: dict[str, Any]) -> None:
    if not agency.is_verified:
        return
    words = _("An operator has checked this. Ask them to change it.")
    errors = {name: [words] for name in CHECKED & set(changes) if getattr(agency, name) != changes[name]}
    if errors:
        raise ValidationError(errors)


def _move_days(agency: Agency) -> None:
    """Days are counted in the agency's zone: those that are not over begin and end with it."""
    for rows in (Membership.objects, Mandate.objects):
        for row in rows.filter(agency=agency).exclude(over_at__lte=timezone.now()):  # type: ignore[attr-defined]
            row.agency = agency
            row.save(update_fields=["updated_at"])
