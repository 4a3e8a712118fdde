"""Agreeing to a text, freezing it, going back, giving up."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.actions.calling import call_for_signatures
from projects.agreements.actions.locking import audience, digest, keep_reason, lock, stated
from projects.agreements.actions.readers import close_to_readers
from projects.agreements.canonical import canonical_bytes
from projects.agreements.document import draft_document
from projects.agreements.jobs import keep_pdf_to_sign
from projects.agreements.models import Agreement, Status, TextVersion
from projects.agreements.signing.call import Terms


@transaction.atomic
def agree_to_text(agreement: Agreement, *, actor: Actor, sha256: str) -> Agreement:
    """Say “we agree to this text” for the actor's agency; the last party to say so makes the text agreed.

    `sha256` is the hash of the text the person was shown; raises NotNow when the text has changed since.
    """
    agreement, policy = lock(agreement, "agree_to_text", actor)
    require_shown(sha256, policy.current_hash)
    party = policy.party
    assert party is not None
    party.agree(policy.current_hash, person=actor.person, at=timezone.now())
    party.save()
    if not policy.not_agreed and agreement.status == Status.NEGOTIATING:
        agreement.move_to(Status.TEXT_AGREED)
    agreement.bump().save()
    record(
        "agreement.text_agreed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"sha256": policy.current_hash, "revision": agreement.revision, "by_all": not policy.not_agreed},
    )  # fmt: skip
    return agreement


@transaction.atomic
def freeze(agreement: Agreement, *, actor: Actor, terms: Terms | None = None) -> Agreement:
    """Fix the canonical bytes of the text that every party agreed to, and call for signatures: for four weeks, unless told."""
    agreement, policy = lock(agreement, "freeze", actor)
    if agreement.status == Status.NEGOTIATING:
        agreement.move_to(Status.TEXT_AGREED)
    # The register of IP is not locked: the bytes that are kept are checked once more against what the parties agreed to.
    document = draft_document(agreement)
    canonical = canonical_bytes(document)
    sha256 = hashlib.sha256(canonical).hexdigest()
    require_shown(sha256, policy.current_hash)
    text = TextVersion.objects.create(
        agreement=agreement,
        number=document["version"],
        canonical=canonical,
        sha256=sha256,
        frozen_at=timezone.now(),
        frozen_by=actor.person,
        frozen_for=actor.agency,
    )
    agreement.text = text
    agreement.move_to(Status.SIGNING)
    agreement.bump().save()
    call = call_for_signatures(agreement, terms, actor=actor)
    # Drawing takes longer than freezing; a download that is quicker draws it itself.
    defer(keep_pdf_to_sign, number=text.pk)
    record(
        "agreement.frozen", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "sha256": text.sha256, "text": text.number, "sign_by": call.sign_by.isoformat() if call.sign_by else None,
        },
    )  # fmt: skip
    return agreement


@transaction.atomic
def reopen(agreement: Agreement, *, actor: Actor, reason: str) -> Agreement:
    """Return to negotiation, with the reason; signatures under the frozen text are kept as evidence and stop counting."""
    agreement, _policy = lock(agreement, "reopen", actor)
    reason = stated(reason)
    voided = [row.evidence_sha256 for row in agreement.valid_signatures.values()]
    agreement.text = None
    agreement.decline_reason, agreement.declined_by = "", None
    agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()
    for party in agreement.party_list:
        party.forget_agreement()
        party.save()
    event = record(
        "agreement.reopened", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"voided": voided, "reason_sha256": digest(reason)},
    )  # fmt: skip
    keep_reason(agreement, reason, event=event, actor=actor, is_refusal=False)
    return agreement


@transaction.atomic
def abandon(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Give the agreement up; it stays readable."""
    agreement, _policy = lock(agreement, "abandon", actor)
    seen_by = list(audience(agreement))
    agreement.move_to(Status.ABANDONED)
    agreement.bump().save()
    close_to_readers(agreement)
    record("agreement.abandoned", agreement, actor=actor, agencies=seen_by, scope=agreement.project.ref)
    return agreement


def require_shown(shown: str, current: str) -> None:
    """What you see is what you agree to."""
    if shown != current:
        raise NotNow(
            _("The text has changed since you opened it."),
            code="text-changed",
            unblock=_("Read the new text, then answer again."),
        )
