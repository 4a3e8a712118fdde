"""Agencies, invitations, mandates and tokens, made by the actions that people use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Membership, Person, Role, Token
from agencies.reauthentication import Proof
from tests.cast import Cast

PROFILE: dict[str, Any] = {
    "kind": "institute",
    "legal_name": "Instituto Andino de Estudios Espaciales",
    "acronym": "IAEE",
    "country": "PE",
    "city": "Arequipa",
    "zone": "America/Lima",
    "working_days": [1, 2, 3, 4, 5],
    "languages": ["es"],
    "domain": "iaee.example",
}


def proof() -> Proof:
    """As if the person had just given their password again."""
    return Proof(("password",), timezone.now())


def applied_agency(cast: Cast, **changes: Any) -> Agency:
    """Noor, who belongs to nobody yet, applies for an institute."""
    return actions.apply(actor=cast.actor(cast.noor), **{**PROFILE, **changes})


def verified_agency(cast: Cast, **changes: Any) -> Agency:
    """The same, checked by Olga."""
    return actions.verify(applied_agency(cast, **changes), actor=cast.actor(cast.olga))


def refused_agency(cast: Cast, **changes: Any) -> Agency:
    """The same, sent back by Olga."""
    reason = "The statute is missing."
    return actions.refuse(applied_agency(cast, **changes), actor=cast.actor(cast.olga), reason=reason)


def invitation(cast: Cast, email: str = "noor@elsewhere.example", **changes: Any) -> Invitation:
    """Mika asks somebody to join JAXA as a contributor."""
    facts: dict[str, Any] = {"roles": [Role.CONTRIBUTOR], **changes}
    return actions.invite(cast.jaxa, actor=cast.actor(cast.mika), proof=proof(), email=email, **facts)


def mandate(cast: Cast, **changes: Any) -> Mandate:
    """Mika lets Kenji sign memoranda for JAXA."""
    facts: dict[str, Any] = {
        "person": cast.kenji,
        "kinds": ["memorandum"],
        "source_note": "Board decision 12",
        "starts_on": date(2024, 1, 1),
        **changes,
    }
    return actions.grant_mandate(cast.jaxa, actor=cast.actor(cast.mika), proof=proof(), **facts)


def token(cast: Cast, person: Person | None = None, **changes: Any) -> tuple[Token, str]:
    """Mika, or somebody else, makes a token that reads and writes."""
    facts: dict[str, Any] = {"name": "Register of projects", "scopes": ["read", "write"], **changes}
    return actions.issue_token(actor=cast.actor(person or cast.mika), proof=proof(), **facts)


def membership_of(person: Person, agency: Agency) -> Membership:
    return Membership.objects.get(person=person, agency=agency)


def end_in(row: Membership | Mandate, delta: timedelta) -> None:
    """Move its end to a moment from now (or before), exactly."""
    type(row).objects.filter(pk=row.pk).update(over_at=timezone.now() + delta)
