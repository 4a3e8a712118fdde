"""Signing a frozen text for an agency, and declining to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.reauthentication import Proof
from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.actions import activate_when_covered
from projects.agreements import challenge, entry, evidence
from projects.agreements.actions.force import join_late
from projects.agreements.actions.locking import audience, digest, keep_reason, lock, stated
from projects.agreements.entry.current import with_deed
from projects.agreements.entry.facts import SIGNATURE, Deed
from projects.agreements.jobs import seal_pdf
from projects.agreements.models import Agreement, Signature, Status
from projects.agreements.policies import AgreementPolicy


@dataclass(frozen=True)
class Consent:
    """What the signatory confirmed: the hash of the text shown, and the challenge of the page that showed the sentence ticked."""

    sha256: str
    challenge: str
    given: bool


@transaction.atomic
def sign(agreement: Agreement, *, actor: Actor, consent: Consent, proof: Proof | None) -> Signature:
    """Sign for the actor's agency; the signature that completes the parties makes the agreement signed and has its PDF sealed.

    A party that signs what is in force between others is bound from the day that the rule gives it, and the event says so.

    Raises Forbidden (role, mandate), NotNow (state, a changed text, signed before) or ValidationError (consent, proof).
    """
    agreement, policy = lock(agreement, "sign", actor)
    assert agreement.text is not None
    assert policy.party is not None
    assert policy.mandate is not None
    proof = _require_whole(consent, proof, policy)
    at = timezone.now()
    written = evidence.write(
        agreement, party=policy.party, mandate=policy.mandate, actor=actor, consent=consent, proof=proof, at=at
    )
    deed = Deed(at, written.sha256)
    bound = join_late(agreement, with_deed(entry.facts_of(agreement), policy.party.agency.ref, SIGNATURE, deed))
    event = record(
        "agreement.signed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"text": agreement.text.number, "sha256": agreement.text.sha256, "evidence": written.sha256, **bound},
    )  # fmt: skip
    signature = Signature.objects.create(
        agreement=agreement, text=agreement.text, party=policy.party, person=actor.person, mandate=policy.mandate, signed_at=at,
        evidence=written.canonical, evidence_sha256=written.sha256, key_id=written.key_id, signature=written.signature,
        event=event.uid,
    )  # fmt: skip
    if agreement.is_effective:
        activate_when_covered(agreement.project, actor=actor)
    elif len(agreement.valid_signatures) + 1 == len(agreement.party_list):
        agreement.move_to(Status.SIGNED)
        record(
            "agreement.fully_signed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
            facts={"sha256": agreement.text.sha256},
        )  # fmt: skip
        defer(seal_pdf, ref=agreement.ref)
    agreement.bump().save()
    return signature


@transaction.atomic
def decline(agreement: Agreement, *, actor: Actor, reason: str) -> Agreement:
    """Decline to sign for the actor's agency; the reason stays on record and the text can be negotiated again."""
    agreement, _policy = lock(agreement, "decline", actor)
    reason = stated(reason)
    agreement.text = None
    agreement.decline_reason, agreement.declined_by = reason, actor.agency
    agreement.move_to(Status.DECLINED)
    agreement.bump().save()
    event = record(
        "agreement.declined", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"reason_sha256": digest(reason)},
    )  # fmt: skip
    keep_reason(agreement, reason, event=event, actor=actor, is_refusal=True)
    return agreement


def _require_whole(consent: Consent, proof: Proof | None, policy: AgreementPolicy) -> Proof:
    agreement = policy.agreement
    assert agreement.text is not None
    errors: dict[str, list[Any]] = {}
    if not consent.given:
        errors["consent"] = [_("Tick the sentence to sign.")]
    if proof is None:
        errors["password"] = [_("Prove again that it is you.")]
    if errors or proof is None:
        raise ValidationError(errors)
    challenge.check(consent.challenge, text_sha256=consent.sha256, actor=policy.actor, mandate=policy.mandate)
    if consent.sha256 != agreement.text.sha256:
        raise NotNow(
            _("The text has changed since you opened it."),
            code="text-changed",
            unblock=_("Read the new text, then sign."),
        )
    return proof
