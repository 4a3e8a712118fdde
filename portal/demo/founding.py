"""The beginning of the world: people sign up, agencies apply and are vetted, colleagues are invited, mandates granted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from agencies import actions
from agencies.models import Agency, InstrumentKind, Membership, Person
from agencies.reauthentication import Proof
from portal.demo import facts
from portal.demo.people import (
    CAST,
    OPERATOR_EMAIL,
    OPERATOR_NAME,
    SECOND,
    SIGNATORY,
    SPONSORS,
    SUSPENDED,
    SUSPENDED_BECAUSE,
    WAITING,
    Part,
    domain_of,
)
from portal.demo.world import this_year
from portal.kit.actors import Actor

PASSWORD = "orbit-together-2026"
ABOUT = (
    "Demonstration entry. Name, place, languages and capabilities are public facts; the people, projects and texts are "
    "invented. Nothing here is endorsed by the organisation or an account of it."
)


def found() -> None:
    """Make every agency with its people; some still wait for their check, and one is suspended."""
    # Hashing is slow on purpose, and everybody has the same password: it is hashed once.
    password = make_password(PASSWORD)
    operator = _person(OPERATOR_EMAIL, OPERATOR_NAME, password, is_staff=True, is_superuser=True)
    founders = {part.agency: part for part in reversed(CAST)}
    agencies: dict[str, Agency] = {}
    for organisation in facts.organisations():
        part = founders[organisation.acronym]
        head = _person(part.email, part.name, password, native_name=part.native_name, zone=organisation.zone)
        sponsor = agencies.get(SPONSORS.get(organisation.acronym, ""))
        agency = actions.apply(actor=Actor(person=head), **_profile(organisation), sponsor=sponsor)
        if organisation.acronym not in WAITING:
            agency = actions.verify(agency, actor=Actor(person=operator))
        agencies[organisation.acronym] = agency
        for colleague in (one for one in CAST if one.agency == organisation.acronym and one is not part):
            _join(agency, head, colleague, password)
    _join(agencies[SECOND.agency], _head_of(agencies[SECOND.agency]), SECOND, password)
    _grant_mandates(agencies)
    _invitations_and_tokens(agencies)
    actions.suspend(agencies[SUSPENDED], actor=Actor(person=operator), reason=SUSPENDED_BECAUSE)


def email_of(key: str) -> str:
    """The address of somebody in the cast."""
    return next(part.email for part in CAST if part.key == key)


def _profile(organisation: facts.Organisation) -> dict[str, Any]:
    return {
        "kind": organisation.kind,
        "legal_name": organisation.name,
        "native_name": organisation.native_name,
        "native_language": organisation.native_language,
        "acronym": organisation.acronym,
        "country": organisation.country,
        "is_international": organisation.is_international,
        "city": organisation.city,
        "zone": organisation.zone,
        "working_days": organisation.working_days,
        "languages": organisation.languages,
        "domain": domain_of(organisation.acronym),
        "website": organisation.website,
        "capabilities": organisation.codes,
        "about": ABOUT,
    }


def _person(email: str, name: str, password: str, **more: Any) -> Person:
    """Somebody who has signed up and confirmed their address."""
    person = Person(email=email, name=name, password=password, **more)
    person.full_clean(validate_unique=False)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _join(agency: Agency, head: Person, part: Part, password: str) -> None:
    """The head of the agency invites a colleague, who accepts."""
    person = Person.objects.filter(email=email_of(part.key)).first() or _person(
        part.email, part.name, password, native_name=part.native_name, zone=agency.zone
    )
    invitation = actions.invite(
        agency,
        actor=_acting(head, agency),
        proof=_proof(),
        email=person.email,
        roles=part.roles,
        position=part.position,
        ends_on=this_year(3, 31, years=1) if part is SECOND else None,
    )
    actions.accept_invitation(invitation, actor=Actor(person=person), consent=True)


def _grant_mandates(agencies: dict[str, Agency]) -> None:
    """Most are valid; one has expired, one is revoked, one has not begun, one has limits."""
    for part in (one for one in CAST if SIGNATORY in one.roles):
        agency = agencies[part.agency]
        head = _acting(_head_of(agency), agency)
        first, last, limits = _terms_of(part.key)
        mandate = actions.grant_mandate(
            agency,
            actor=head,
            proof=_proof(),
            person=Person.objects.get(email=part.email),
            kinds=InstrumentKind.values,
            source_note="Decision of the board (demonstration)",
            starts_on=first,
            ends_on=last,
            **limits,
        )
        if part.key == "ren":
            actions.revoke_mandate(mandate, actor=head)


def _terms_of(key: str) -> tuple[date, date, dict[str, Any]]:
    if key == "dhruv":
        return this_year(1, 1, years=-3), this_year(12, 31, years=-1), {}
    if key == "suhail":
        return this_year(1, 1, years=1), this_year(12, 31, years=3), {}
    if key == "silke":
        return this_year(1, 1), this_year(12, 31, years=1), {"value_limit": Decimal(500_000), "currency": "EUR"}
    return this_year(1, 1, years=-1), this_year(12, 31, years=2), {}


def _invitations_and_tokens(agencies: dict[str, Agency]) -> None:
    jaxa, esa = agencies["JAXA"], agencies["ESA"]
    mika, lucien = _acting(_head_of(jaxa), jaxa), _acting(_head_of(esa), esa)
    actions.invite(
        jaxa, actor=mika, proof=_proof(), email="hotaru@jaxa.example", roles=["contributor"], position="Optics"
    )
    mistaken = actions.invite(esa, actor=lucien, proof=_proof(), email="wrong@esa.example", roles=["observer"])
    actions.withdraw_invitation(mistaken, actor=lucien)
    actions.issue_token(actor=mika, proof=_proof(), name="Nightly copy of the ledger", scopes=["read"])
    token, _secret = actions.issue_token(actor=lucien, proof=_proof(), name="Old calendar", scopes=["read"])
    actions.revoke_token(token, actor=lucien)
    former = Membership.objects.select_related("agency").get(person__email=email_of("emil"))
    actions.end_membership(former, actor=lucien)


def _acting(person: Person, agency: Agency) -> Actor:
    membership = Membership.objects.select_related("agency").get(person=person, agency=agency)
    return Actor(person=person, membership=membership, memberships=(membership,))


def _head_of(agency: Agency) -> Person:
    return Membership.objects.filter(agency=agency).select_related("person").order_by("pk")[0].person


def _proof() -> Proof:
    return Proof(("password",), timezone.now())
