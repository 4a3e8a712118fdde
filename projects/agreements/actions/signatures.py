"""What may still happen around a signature: a question before it, its confirmation, or its party taking it back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.reauthentication import NotProved, Proof
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import required_line
from projects.agreements.actions.comments import checked_words
from projects.agreements.actions.completing import bound_by_it, complete
from projects.agreements.actions.locking import audience, digest, lock, lock_with_rights, proved, stated
from projects.agreements.models import Agreement, Audience, Comment, Confirmation, Signature, Voiding
from projects.agreements.signing import evidence
from projects.agreements.signing.levels import asks_for_a_key

APPROVAL_LENGTH = 500


@transaction.atomic
def confirm_signature(
    agreement: Agreement, *, actor: Actor, evidence_sha256: str, proof: Proof | None, approval: str = ""
) -> Confirmation:
    """Confirm a signature that the actor's agency made ad referendum; from now on it counts.

    `approval` says which body approved it and where that is written; it is needed where no mandate of another signatory
    carries the confirmation. Raises Forbidden, NotNow, or ValidationError keyed by field.
    """
    agreement, policy = lock_with_rights(agreement, "confirm_signature", actor)
    actor = policy.actor
    assert agreement.text is not None
    assert policy.party is not None
    signature = _picked(policy.unconfirmed_signatures, evidence_sha256)
    if (refusal := policy.of_confirmation(signature)) is not None:
        raise refusal
    approval = _approval(approval, is_needed=policy.needs_approval(signature))
    proof = _proved_for(agreement, proof)
    was_complete = policy.party.pk in agreement.valid_signatures
    at = timezone.now()
    signature.agreement, signature.text = agreement, agreement.text
    written = evidence.write_confirmation(
        signature, party=policy.party, actor=actor, mandate=policy.confirming_mandate, approval=approval, proof=proof, at=at
    )  # fmt: skip
    confirmation = Confirmation(
        signature=signature, person=actor.person, mandate=policy.confirming_mandate, approval=approval, confirmed_at=at,
        evidence=written.canonical, evidence_sha256=written.sha256, key_id=written.key_id,
        portal_signature=written.signature,
    )  # fmt: skip
    signature.confirmation = confirmation
    completes = not was_complete and policy.party.pk in agreement.valid_signatures
    event = record(
        "agreement.signature_confirmed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "evidence": signature.evidence_sha256, "confirmation": written.sha256, **bound_by_it(agreement, completes),
        },
    )  # fmt: skip
    confirmation.event = event.uid
    confirmation.save()
    complete(agreement, signature, actor=actor, completes=completes)
    return confirmation


@transaction.atomic
def void_signature(
    agreement: Agreement, *, actor: Actor, evidence_sha256: str, reason: str, proof: Proof | None
) -> Voiding:
    """Take a signature of the actor's agency back before the text is fully signed; it stays readable, only this party signs again."""
    agreement, policy = lock_with_rights(agreement, "void_signature", actor)
    reason = stated(reason)
    signature = _picked(policy.own_signatures, evidence_sha256)
    given = proved(proof)
    event = record(
        "agreement.signature_voided", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "evidence": signature.evidence_sha256, "reason_sha256": digest(reason), "identified": list(given.methods),
        },
    )  # fmt: skip
    voiding = Voiding.objects.create(
        signature=signature, agency=actor.agency, person=actor.person, reason=reason, at=timezone.now(), event=event.uid
    )
    agreement.bump().save()
    return voiding


@transaction.atomic
def ask_question(agreement: Agreement, *, actor: Actor, words: str) -> Comment:
    """Ask the others about a frozen text before signing it: a comment that every party reads; who opened the signing is told."""
    agreement, _policy = lock(agreement, "ask_question", actor)
    words = checked_words(words)
    question = Comment.objects.create(
        agreement=agreement, audience=Audience.SHARED, words=words, agency=actor.agency, person=actor.person
    )
    record(
        "agreement.question_asked", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"comment": question.pk, "sha256": digest(words)},
    )  # fmt: skip
    return question


def _proved_for(agreement: Agreement, proof: Proof | None) -> Proof:
    """What binds is the confirmation: where the parties agreed on more than a simple signature, a password does not do."""
    assert agreement.text is not None
    if asks_for_a_key(agreement.text.document) and (proof is None or not proof.is_by_passkey):
        raise NotProved(
            {"password": [_("This text asks for an advanced signature: confirm it with a passkey of yours.")]},
            unblock=_("Confirm it on the portal’s own page, which asks for the passkey."),
        )
    return proved(proof)


def _approval(typed: str, *, is_needed: bool) -> str:
    """One line of words; ValidationError where they are needed and missing, or cannot stand in a record."""
    if not typed.strip() and not is_needed:
        return ""
    missing = _("Say which body approved it, and where that is written.")
    return required_line("approval", typed, missing, APPROVAL_LENGTH)


def _picked(signatures: list[Any], evidence_sha256: str) -> Signature:
    for row in signatures:
        if row.evidence_sha256 == evidence_sha256:
            found: Signature = row
            return found
    raise ValidationError({"evidence": [_("Your agency has no such signature under this text.")]})
