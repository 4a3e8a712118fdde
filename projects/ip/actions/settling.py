"""Settling a dispute: words without prejudice, terms that are offered, and the agreement of every side to one hash."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from portal.history.canonical import instant
from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.refusals import NotNow
from projects.ip.actions.climbing import locked, write_down
from projects.ip.models import Dispute, DisputeStatus, SettlementConsent, SettlementText, WithoutPrejudiceMessage
from projects.ip.room import tell_the_room

BODY, TERMS = 10_000, 20_000


@transaction.atomic
def write_without_prejudice(dispute: Dispute, *, actor: Actor, body: str) -> WithoutPrejudiceMessage:
    """Say something in order to settle. It is kept apart: no event tells of it, and nothing exports or finds it."""
    dispute, _policy = locked(dispute, "write", actor)
    message = WithoutPrejudiceMessage.objects.create(
        dispute=dispute,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        author=actor.person,
        author_name=actor.person.name,
        body=required("body", body, _("Write something."), BODY),
    )
    tell_the_room(dispute, actor)
    return message


@transaction.atomic
def offer_settlement(dispute: Dispute, *, actor: Actor, terms: str) -> SettlementText:
    """Offer terms to the other side and agree to them oneself; an offer is said without prejudice, like all in the room."""
    dispute, _policy = locked(dispute, "offer", actor)
    number = SettlementText.objects.filter(dispute=dispute).count() + 1
    words = required("terms", terms, _("Write the terms."), TERMS)
    text = SettlementText.objects.create(
        dispute=dispute,
        number=number,
        terms=words,
        sha256=SettlementText.hash_of(dispute, number, words),
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        person=actor.person,
    )
    _consent(text, actor)
    tell_the_room(dispute, actor)
    return text


@transaction.atomic
def agree_to_settlement(dispute: Dispute, *, actor: Actor, sha256: str) -> Dispute:
    """Agree for one's agency to exactly the terms that were read; when every side has, the dispute is settled by them.

    `sha256` is the hash of the text that the person was shown; raises NotNow when it is not the newest offer.
    """
    dispute, _policy = locked(dispute, "agree", actor)
    text = SettlementText.objects.filter(dispute=dispute).order_by("-number").first()
    if text is None:
        raise NotNow(_("No terms have been offered."), code="no-offer", unblock=_("Offer terms."), state=dispute.status)
    if text.sha256 != sha256.strip().lower():
        raise NotNow(
            _("These are not the newest terms. Nothing was agreed."),
            code="other-text",
            unblock=_("Read the newest terms, then agree to them."),
            state=dispute.status,
        )
    agreed = {row.agency_id: row for row in text.consents.all()}
    assert actor.agency_id is not None
    if actor.agency_id in agreed:
        raise NotNow(_("Your agency has agreed to these terms."), code="already-agreed", state=dispute.status)
    agreed[actor.agency_id] = _consent(text, actor)
    if any(party.agency_id not in agreed for party in dispute.at_odds()):
        tell_the_room(dispute, actor)
        return dispute
    dispute.settlement = text
    dispute.move_to(DisputeStatus.SETTLED).save()
    consents = {party.agency.ref: instant(agreed[party.agency_id].at) for party in dispute.at_odds()}
    facts = {"sha256": text.sha256, "text": text.number, "agreed_at": consents}
    write_down("dispute.settled", dispute, actor=actor, facts=facts)
    return dispute


def _consent(text: SettlementText, actor: Actor) -> SettlementConsent:
    return SettlementConsent.objects.create(
        text=text,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        person=actor.person,
        person_name=actor.person.name,
        sha256=text.sha256,
    )
