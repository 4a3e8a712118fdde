"""Signing by several: more signatories of JAXA and ESA, three parties under one frozen text, and who is asked."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency, Membership, Person, Role
from portal.inbox.models import Item
from portal.kit.refusals import Refusal
from projects.agreements import actions
from projects.agreements.models import Agreement, Confirmation, Signature, Voiding
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.call import Terms
from tests import cast as casting
from tests import stage
from tests.cast import LONG_AGO, Cast
from tests.kept import kept
from tests.projects.agreements.negotiating import fresh, three_parties

SIGNERS = {"jaxa": "kenji", "esa": "ingrid", "isro": "tara"}


def signatory(cast: Cast, agency: Agency, name: str, *, mandate: bool = True, **facts: Any) -> Person:
    """One more signatory of an agency; `facts` are those of the mandate."""
    person = Person.objects.create_user(
        f"{name.split()[0].lower()}@{agency.domain}", casting.PASSWORD, name=name, zone=agency.zone
    )
    Membership.objects.create(person=person, agency=agency, roles=[Role.SIGNATORY], starts_on=LONG_AGO)
    if mandate:
        casting.mandate(person, agency, granted_by=cast.mika, **facts)
    return person


@kept
def planned(cast: Cast, *lines: tuple[Any, ...], agreement: Agreement | None = None) -> Agreement:
    """Shared between JAXA, ESA and ISRO with this plan: agency, role, order, and how many persons."""
    agreement = agreement or three_parties(cast)
    actions.plan_signing(agreement, actor=cast.actor(cast.mika), lines=list(map(line, lines)))
    return fresh(agreement)


def line(columns: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("agency", "role", "order", "needed"), columns, strict=False))


@kept
def opened(cast: Cast, agreement: Agreement, terms: Terms | None = None) -> Agreement:
    """Agreed by all three and frozen."""
    for person in (cast.mika, cast.lucien, cast.tara):
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, fresh(agreement)).current_hash
        actions.agree_to_text(agreement, actor=actor, sha256=shown)
    return fresh(actions.freeze(agreement, actor=cast.actor(cast.mika), terms=terms))


@kept
def three_frozen(cast: Cast, *lines: tuple[Any, ...], terms: Terms | None = None) -> Agreement:
    """Open for signature by JAXA, ESA and ISRO under this plan."""
    agreement = planned(cast, *lines) if lines else three_parties(cast)
    return opened(cast, agreement, terms)


def why_not(cast: Cast, agreement: Agreement, person: Person, verb: str = "sign") -> str:
    """The code of the refusal; empty where the person may."""
    refusal: Refusal | None = AgreementPolicy(cast.actor(person), fresh(agreement)).refusal(verb)
    return refusal.code if refusal is not None else ""


def member(person: Person) -> str:
    return Membership.objects.get(person=person).ref


def name(cast: Cast, agreement: Agreement, by: Person, *people: Person, **place: Any) -> None:
    """Name people for a place of the agency of whoever names; for signing in order 1 unless told."""
    place = {"role": "signer", "order": 1} | place
    refs = [member(person) for person in people]
    actions.name_signatories(agreement, actor=cast.actor(by), persons=refs, **place)


def asked(agreement: Agreement) -> list[str]:
    """Who is asked now: agency and what is asked, and the person where one is."""
    items = Item.objects.filter(key__startswith=f"sign:{agreement.ref}:", settled_at=None)
    rows = items.select_related("agency", "person").order_by("agency__acronym", "verb", "person__name")
    return [" ".join(filter(None, (row.agency.acronym, row.verb, row.person and row.person.name))) for row in rows]


def asked_ever(agreement: Agreement) -> list[str]:
    """Everybody who was ever asked, as often as they were."""
    items = Item.objects.filter(key__startswith=f"sign:{agreement.ref}:").select_related("agency")
    return sorted(f"{row.agency.acronym} {row.verb}" for row in items)


@kept
def sign(cast: Cast, agreement: Agreement, *people: Person) -> None:
    for person in people:
        stage.sign(cast, fresh(agreement), person)


def confirm(cast: Cast, agreement: Agreement, signature: Signature, person: Person, **facts: Any) -> Confirmation:
    """Confirm what was signed ad referendum, by the approval of a body of their own unless told otherwise."""
    facts = {"approval": "Council decision of 4 May 2026, No 12", "proof": stage.proof()} | facts
    actor, sha256 = cast.actor(person), signature.evidence_sha256
    return actions.confirm_signature(agreement, actor=actor, evidence_sha256=sha256, **facts)


def void(cast: Cast, agreement: Agreement, signature: Signature, person: Person, **facts: Any) -> Voiding:
    """Take a signature back with everything in order."""
    facts = {"reason": "Typo", "proof": stage.proof()} | facts
    actor, sha256 = cast.actor(person), signature.evidence_sha256
    return actions.void_signature(agreement, actor=actor, evidence_sha256=sha256, **facts)
