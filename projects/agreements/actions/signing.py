"""Signing a frozen text for an agency, and declining to."""

from __future__ import annotations

from django.db import transaction

from agencies.reauthentication import Proof
from portal.history import record
from portal.kit.actors import Actor
from projects.agreements.actions.completing import keep_signature
from projects.agreements.actions.locking import audience, digest, keep_reason, lock_with_rights, proved, stated
from projects.agreements.actions.negotiating import require_shown
from projects.agreements.actions.places import slot_for
from projects.agreements.models import Agreement, Signature, Status
from projects.agreements.signing.statement import Consent, checked

__all__ = ["Consent", "decline", "sign"]


@transaction.atomic
def sign(agreement: Agreement, *, actor: Actor, consent: Consent, proof: Proof | None = None) -> Signature:
    """Sign for the actor's agency; the signature that completes the parties makes the agreement signed and has its PDF sealed.

    A party that signs what is in force between others is bound from the day that the rule gives it, and the event says so.
    One signed ad referendum counts only once it is confirmed. The answer of a passkey in `consent` is a proof of its own.

    Raises Forbidden (role, mandate, not named), NotNow (turn, state, a changed text, a page used before) or ValidationError
    keyed by what is missing.
    """
    agreement, policy = lock_with_rights(agreement, "sign", actor)
    assert policy.party is not None
    statement, opening = checked(consent, proof, policy)
    return keep_signature(
        agreement, party=policy.party, actor=policy.actor, statement=statement, slot=slot_for(policy), person=actor.person,
        mandate=policy.mandate, challenge_sha256=opening.sha256,
    )  # fmt: skip


@transaction.atomic
def decline(agreement: Agreement, *, actor: Actor, sha256: str, reason: str, proof: Proof | None) -> Agreement:
    """Decline, by the hash that was shown, to sign for the actor's agency; the text can be negotiated again.

    It ends the signing for all parties, and the reason stays on record. Raises Forbidden, NotNow, or ValidationError keyed
    by field for a missing reason or proof.
    """
    agreement, _policy = lock_with_rights(agreement, "decline", actor)
    text = agreement.text
    assert text is not None
    require_shown(sha256, text.sha256)
    reason = stated(reason)
    given = proved(proof)
    agreement.text = None
    agreement.decline_reason, agreement.declined_by = reason, actor.agency
    agreement.move_to(Status.DECLINED)
    agreement.bump().save()
    event = record(
        "agreement.declined", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "text": text.number, "sha256": text.sha256, "reason_sha256": digest(reason), "identified": list(given.methods),
        },
    )  # fmt: skip
    keep_reason(agreement, reason, event=event, actor=actor, is_refusal=True)
    return agreement
