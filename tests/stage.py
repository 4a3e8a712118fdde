"""Later states, reached by calling actions, so that no test stands on an impossible object."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agencies.middleware import actor_of_person
from agencies.reauthentication import Proof
from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.models import Agreement, Party, Signature
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing import challenge
from projects.agreements.signing.sections import sections
from projects.ip import actions as ip_actions
from projects.models import Project
from tests.cast import Cast
from tests.kept import kept


@kept
def drafted_project(cast: Cast, **terms: Any) -> Project:
    """JAXA's draft."""
    terms = {
        "title": "Lunar Polar Volatiles Surveyor",
        "summary": "Find water ice.",
        "objective": "Measure **ice** near the pole.",
    } | terms
    return project_actions.draft_project(actor=cast.actor(cast.mika), **terms)


@kept
def proposed_project(cast: Cast, **terms: Any) -> Project:
    """Proposed by JAXA to ESA, which has not answered."""
    project = drafted_project(cast, **terms)
    mika = cast.actor(cast.mika)
    project_actions.invite_partner(project, cast.esa, actor=mika)
    return project_actions.propose(project, actor=mika)


@kept
def accepted_project(cast: Cast, **terms: Any) -> Project:
    """Led by JAXA, accepted by ESA."""
    project = proposed_project(cast, **terms)
    project_actions.answer_invitation(project, actor=cast.actor(cast.lucien), answer="accept")
    return Project.objects.get(pk=project.pk)


@kept
def with_register(cast: Cast, project: Project) -> Project:
    """With background of both parties and one result that they share."""
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    ip_actions.list_background(
        project, actor=mika, title="Landing radar", nature="hardware", limits_exploitation="Not outside lunar missions"
    )
    ip_actions.list_background(project, actor=lucien, title="Drill control software", nature="software")
    shares = {"JAXA": Decimal("60"), "ESA": Decimal("40")}
    ip_actions.claim_result(project, actor=mika, title="Ice map", nature="data", shares=shares)
    return project


@kept
def drafted_agreement(cast: Cast, project: Project | None = None, **facts: Any) -> Agreement:
    """JAXA's draft of an IP-sharing agreement on an accepted project."""
    project = project or accepted_project(cast)
    return actions.draft_agreement(project, actor=cast.actor(cast.mika), title="IP agreement for the surveyor", **facts)


@kept
def shared_agreement(cast: Cast, **facts: Any) -> Agreement:
    """Under negotiation with ESA."""
    return actions.share(drafted_agreement(cast, **facts), actor=cast.actor(cast.mika))


@kept
def agree(cast: Cast, agreement: Agreement) -> Agreement:
    """Both parties agree to the text as it stands."""
    for person in (cast.mika, cast.lucien):
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, Agreement.objects.get(pk=agreement.pk)).current_hash
        agreement = actions.agree_to_text(agreement, actor=actor, sha256=shown)
    return agreement


@kept
def frozen_agreement(cast: Cast, **facts: Any) -> Agreement:
    """Open for signature."""
    return actions.freeze(agree(cast, shared_agreement(cast, **facts)), actor=cast.actor(cast.mika))


def given_consent(agreement: Agreement, person: Any, **facts: Any) -> actions.Consent:
    """What the signing page would send for this person now."""
    agreement = Agreement.objects.select_related("text").get(pk=agreement.pk)
    sha256 = agreement.text.sha256 if agreement.text else "0" * 64
    facts = {
        "sha256": sha256, "given": True, "typed_name": person.name,
        "challenge": issued_challenge(
            agreement, person, sha256, facts.get("language", "en"), ad_referendum=facts.get("ad_referendum", False)
        ),
        "read": [part.key for part in sections(agreement.text.document)] if agreement.text else [],
    } | facts  # fmt: skip
    return actions.Consent(**facts)


def issued_challenge(
    agreement: Agreement, person: Any, sha256: str, language: str = "en", *, ad_referendum: bool = False
) -> str:
    """What a page would hold that showed this text to the person, for the agency they act for first."""
    actor = actor_of_person(person)
    mandate = AgreementPolicy(actor, agreement).mandate
    return challenge.issue(
        text_sha256=sha256, actor=actor, mandate=mandate, language=language, ad_referendum=ad_referendum
    )


def proof() -> Proof:
    return Proof(("password",), timezone.now())


def sign(cast: Cast, agreement: Agreement, person: Any) -> Signature:
    """The person signs with everything in order."""
    return actions.sign(agreement, actor=cast.actor(person), consent=given_consent(agreement, person), proof=proof())


def decline(cast: Cast, agreement: Agreement, person: Any, reason: str = "No budget.") -> Agreement:
    """The person declines, by proof, the text as it is frozen."""
    text = Agreement.objects.select_related("text").get(pk=agreement.pk).text
    return actions.decline(
        agreement, actor=cast.actor(person), sha256=text.sha256 if text else "0" * 64, reason=reason, proof=proof()
    )


@kept
def signed_agreement(cast: Cast, **facts: Any) -> Agreement:
    """Signed by both parties."""
    agreement = frozen_agreement(cast, **facts)
    sign(cast, agreement, cast.kenji)
    sign(cast, agreement, cast.ingrid)
    return Agreement.objects.get(pk=agreement.pk)


@kept
def agreement_in_force(cast: Cast, **facts: Any) -> Agreement:
    """In force; its project is active."""
    return actions.enter_into_force(signed_agreement(cast, **facts), actor=cast.actor(cast.mika))


def began_on(agreement: Agreement, day: date) -> Agreement:
    """As if it had entered into force on that day, for every party."""
    Party.objects.filter(agreement=agreement, in_force_on=agreement.in_force_on).update(in_force_on=day)
    Agreement.objects.filter(pk=agreement.pk).update(in_force_on=day)
    return Agreement.objects.get(pk=agreement.pk)
