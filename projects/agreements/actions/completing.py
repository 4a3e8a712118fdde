"""What every signature sets in motion: its record and event, the party that is complete, the text that is fully signed."""

from __future__ import annotations

from typing import Any

from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from projects.actions import activate_when_covered
from projects.agreements import entry
from projects.agreements.actions.force import join_late
from projects.agreements.actions.locking import audience
from projects.agreements.jobs import seal_pdf
from projects.agreements.models import Agreement, Party, Signature, Status
from projects.agreements.signing import evidence
from projects.agreements.signing.evidence import Statement
from projects.agreements.signing.places import completes_party, is_complete_with
from projects.agreements.signing.whole import require_whole


def keep_signature(
    agreement: Agreement, *, party: Party, actor: Actor, statement: Statement, **facts: Any
) -> Signature:
    """Write a signature with its evidence under the locked agreement's text, and complete what it completes.

    `facts` are further columns: slot, person and mandate, the hash of the challenge.
    """
    assert agreement.text is not None
    written = evidence.write(agreement, party, statement)
    signature = Signature(
        agreement=agreement, text=agreement.text, party=party, level=statement.level, signed_at=statement.signed_at,
        is_ad_referendum=statement.remarks["ad_referendum"], evidence=written.canonical, evidence_sha256=written.sha256,
        key_id=written.key_id, signature=written.signature, **facts,
    )  # fmt: skip
    signature.nth = 1 + sum(
        (row.text_id, row.party_id, row.person_id) == (signature.text_id, party.pk, signature.person_id)
        for row in agreement.signatures.all()
    )
    completes = completes_party(agreement, signature)
    event = record(
        "agreement.signed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "text": agreement.text.number, "sha256": agreement.text.sha256, "evidence": written.sha256,
            "level": str(statement.level), "party": party.agency.ref,
            "ad_referendum": signature.is_ad_referendum, **bound_by_it(agreement, completes),
        },
    )  # fmt: skip
    signature.event = event.uid
    signature.save()
    complete(agreement, signature, actor=actor, completes=completes)
    return signature


def bound_by_it(agreement: Agreement, completes: bool) -> dict[str, Any]:
    """Bind a party that is complete under a text in force already; what its event says of that."""
    return join_late(agreement, entry.facts_of(agreement)) if completes else {}


def complete(agreement: Agreement, signature: Signature, *, actor: Actor, completes: bool) -> None:
    """Go on with an agreement whose party is complete, or not yet: fully signed it is sealed, and nothing holds it back."""
    assert agreement.text is not None
    if agreement.is_effective:
        if completes:
            require_whole(agreement)
            activate_when_covered(agreement.project, actor=actor)
    elif agreement.status == Status.SIGNING and is_complete_with(agreement, signature):
        require_whole(agreement)
        agreement.move_to(Status.SIGNED)
        record(
            "agreement.fully_signed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
            facts={"sha256": agreement.text.sha256},
        )  # fmt: skip
        defer(seal_pdf, ref=agreement.ref)
    agreement.bump().save()
