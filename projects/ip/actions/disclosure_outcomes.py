"""What becomes of a disclosure: the decision, applications, offers and their answers, the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.kit.actors import Actor
from projects.ip.actions.disclosing import locked, note
from projects.ip.models import (
    Decision,
    Disclosure,
    DisclosureOffer,
    DisclosureStatus,
    Filing,
    FilingStatus,
)
from projects.ip.models.disclosure_choices import Answer
from projects.ip.policies.disclosures import DisclosurePolicy


@transaction.atomic
def decide_disclosure(disclosure: Disclosure, *, actor: Actor, decision: str, reason: str) -> Disclosure:
    """Say what becomes of it, with the reason; who filed it is told."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("decide")
    wrong = {}
    if decision not in Decision.values:
        wrong["decision"] = [_("Choose what becomes of it.")]
    if not reason.strip():
        wrong["reason"] = [_("Say why: the inventors and whoever comes after you will ask.")]
    if wrong:
        raise ValidationError(wrong)
    disclosure.decision, disclosure.decision_reason = decision, reason
    disclosure.decided_at, disclosure.decided_by = timezone.now(), actor.person
    disclosure.move_to(DisclosureStatus.DECIDED).save()
    note("disclosure.decided", disclosure, actor=actor, facts={"decision": decision})
    return disclosure


@transaction.atomic
def record_filing(disclosure: Disclosure, *, actor: Actor, office: str, number: str, filed_on: date) -> Disclosure:
    """Enter an application; its day begins the twelve months of priority."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("record_filing")
    filing = Filing(
        disclosure=disclosure, office=office.strip(), number=number.strip(), filed_on=filed_on, recorded_by=actor.person
    )
    filing.full_clean(exclude={"disclosure", "recorded_by"})
    filing.save()
    if disclosure.status == DisclosureStatus.DECIDED:
        disclosure.move_to(DisclosureStatus.FILED).save()
    note("disclosure.filed", disclosure, actor=actor, facts={"filed_on": filed_on.isoformat()})
    return disclosure


@transaction.atomic
def follow_up(disclosure: Disclosure, *, actor: Actor, filing: int, status: str, words: str = "") -> Disclosure:
    """Say where an application stands at its office now."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("follow_up")
    row = disclosure.filings.filter(pk=filing).first()
    if row is None:
        raise ValidationError({"filing": [_("Choose an application of this disclosure.")]})
    if status not in FilingStatus.values:
        raise ValidationError({"status": [_("Choose where it stands.")]})
    row.move_to(status, note=words)
    row.full_clean(exclude={"disclosure", "recorded_by"})
    row.save()
    if disclosure.status == DisclosureStatus.FILED:
        disclosure.move_to(DisclosureStatus.TRACKED).save()
    note("disclosure.followed_up", disclosure, actor=actor, facts={"status": status})
    return disclosure


@transaction.atomic
def offer_disclosure(disclosure: Disclosure, *, actor: Actor, to: str, terms: str) -> Disclosure:
    """Offer the rights as was decided: to a party that reads it (its reference), or to an inventor (their uid)."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("offer")
    if not terms.strip():
        raise ValidationError({"terms": [_("Say on which terms.")]})
    agency, person = _offered_to(disclosure, to)
    if any(
        (row.agency_id, row.person_id) == (agency and agency.pk, person and person.pk)
        for row in disclosure.offers.all()
    ):
        raise ValidationError({"to": [_("The offer has been made already.")]})
    DisclosureOffer.objects.create(
        disclosure=disclosure,
        agency=agency,
        person=person,
        terms=terms,
        offered_at=timezone.now(),
        offered_by=actor.person,
    )
    disclosure = locked(disclosure)
    facts = {"to": agency.ref if agency is not None else str(person.uid)}
    note("disclosure.offered", disclosure, actor=actor, facts=facts, agencies=[agency] if agency is not None else [])
    return disclosure


@transaction.atomic
def answer_offer(disclosure: Disclosure, *, actor: Actor, answer: str, words: str = "") -> Disclosure:
    """Accept or decline what was offered to one's agency, or to oneself."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("answer_offer")
    if answer not in Answer.values:
        raise ValidationError({"answer": [_("Choose an answer.")]})
    offer = next(row for row in policy.offers_to_me() if not row.answer)
    offer.answer, offer.answer_note = answer, words
    offer.answered_at, offer.answered_by = timezone.now(), actor.person
    offer.save()
    told = [offer.agency] if offer.agency is not None else []
    note("disclosure.offer_answered", disclosure, actor=actor, facts={"answer": answer}, agencies=told)
    return disclosure


@transaction.atomic
def close_disclosure(disclosure: Disclosure, *, actor: Actor, words: str = "") -> Disclosure:
    """End it; everything stays readable to those who read it."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("close")
    disclosure.closing_note = words
    disclosure.move_to(DisclosureStatus.CLOSED).save()
    note("disclosure.closed", disclosure, actor=actor)
    return disclosure


def _offered_to(disclosure: Disclosure, to: str) -> tuple[Agency | None, Any]:
    if disclosure.decision == Decision.RELEASE:
        for row in disclosure.contributors.all():
            if row.person is not None and str(row.person.uid) == to:
                return None, row.person
        raise ValidationError({"to": [_("Choose a contributor with an account.")]})
    for share in disclosure.shared.select_related("agency"):
        if share.agency.ref == to and share.agency_id != disclosure.agency_id:
            return share.agency, None
    raise ValidationError(
        {"to": [_("Choose a party with which it is shared: nobody answers an offer they cannot read.")]}
    )
