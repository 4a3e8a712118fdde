"""Authority to sign: granted and revoked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions.locking import lock, require_proof
from agencies.models import Agency, InstrumentKind, Mandate, Membership, Person, Role
from agencies.policies import AgencyPolicy, MandatePolicy
from agencies.reauthentication import Proof
from portal.history import record
from portal.kit.actors import Actor

PROJECT = re.compile(r"P-\d{4}-\d{4,}")


@transaction.atomic
def grant_mandate(
    agency: Agency,
    *,
    actor: Actor,
    proof: Proof | None,
    person: Person,
    kinds: Iterable[str],
    source_note: str,
    starts_on: date,
    ends_on: date | None = None,
    project: str = "",
    value_limit: Decimal | None = None,
    currency: str = "",
    cosignature: bool = False,
    source_file: Any = None,
) -> Mandate:
    """Give a signatory of the agency the authority to sign for it, within these limits."""
    agency = lock(agency)
    AgencyPolicy(actor, agency).require("grant_mandate")
    require_proof(proof)
    live = Membership.objects.live().with_role(Role.SIGNATORY).filter(agency=agency, person=person)
    if not live.exists():
        words = _("Only a signatory of your agency can hold a mandate. Give the person this role first.")
        raise ValidationError({"person": [words]})
    wanted = set(kinds)
    project = project.strip().upper()
    if project and not PROJECT.fullmatch(project):
        raise ValidationError({"project": [_("Enter the reference of a project, such as P-2026-0007.")]})
    if (value_limit is None) != (not currency.strip()):
        raise ValidationError({"currency": [_("A limit has an amount and a currency.")]})
    mandate = Mandate(
        person=person,
        agency=agency,
        kinds=[kind.value for kind in InstrumentKind if kind.value in wanted]
        + sorted(wanted - set(InstrumentKind.values)),
        project=project,
        value_limit=value_limit,
        currency=currency.strip().upper(),
        cosignature=cosignature,
        source_file=source_file,
        source_note=source_note.strip(),
        granted_by=actor.person,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    mandate.full_clean()
    mandate.save()
    record(
        "mandate.granted",
        mandate,
        actor=actor,
        agencies=[agency],
        scope=agency.ref,
        facts={
            "person": str(person.uid),
            "kinds": mandate.kinds,
            "project": mandate.project,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, actor: Actor) -> Mandate:
    """Take the authority back from this instant; what was signed under it stays signed."""
    agency = lock(mandate.agency_id)
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("agency", "person")
    mandate = rows.get(pk=mandate.pk)
    MandatePolicy(actor, mandate).require("revoke")
    mandate.revoked_at = timezone.now()
    mandate.bump().save()
    facts = {"person": str(mandate.person.uid)}
    record("mandate.revoked", mandate, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    return mandate
