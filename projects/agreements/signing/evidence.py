"""The evidence of a signature (one record each) and of its confirmation: built, canonicalised by RFC 8785, signed with Ed25519."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rfc8785

from portal.history.canonical import instant
from portal.history.keys import signer
from portal.history.rotation import hold_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import Mandate, Person
    from agencies.reauthentication import Proof
    from portal.kit.actors import Actor
    from projects.agreements.models import Agreement, Confirmation, Party, Signature

FORMAT = "concord/evidence/2"
FIRST = "concord/evidence/1"
CONFIRMATION = "concord/confirmation/1"
SIGNATURE = re.compile("[0-9a-f]{128}")


@dataclass(frozen=True)
class Written:
    """An evidence record in canonical form with the portal's signature over it."""

    canonical: bytes
    sha256: str
    key_id: str
    signature: str


@dataclass(frozen=True)
class Statement:
    """What one signature says beside the text and the party; the members are those of the record (docs/signing.md)."""

    signatory: dict[str, Any]
    level: str
    signed_at: datetime
    identified: dict[str, Any]
    mandate: dict[str, Any] | None = None
    authority: str = ""
    consent: dict[str, str] | None = None
    read: Sequence[dict[str, str]] = ()
    challenge: dict[str, str] | None = None
    passkey: dict[str, Any] | None = None
    remarks: dict[str, Any] = field(default_factory=lambda: {"ad_referendum": False, "declaration": ""})
    outside: dict[str, Any] | None = None
    viewed_at: str | None = None


def write(agreement: Agreement, party: Party, statement: Statement) -> Written:
    """Build the record of a signature under the current text; call it while the agreement is locked, so that the chain holds."""
    text = agreement.text
    assert text is not None
    document = text.document
    earlier = list(agreement.signatures.order_by("pk").values_list("text_id", "voiding", "evidence_sha256"))
    return _signed(
        {
            "format": FORMAT,
            "agreement": agreement.ref,
            "kind": agreement.kind,
            "text": {
                "number": text.number,
                "sha256": text.sha256,
                "algorithm": "SHA-256",
                "languages": document.get("languages", [document["language"]]),
                "frozen_at": instant(text.frozen_at),
            },
            "party": _party(agreement, party),
            "signatory": statement.signatory,
            "mandate": statement.mandate,
            "capacity": f"for and on behalf of {party.agency_name}",
            "authority": statement.authority,
            "consent": statement.consent,
            "read": list(statement.read),
            "identified": statement.identified,
            "challenge": statement.challenge,
            "passkey": statement.passkey,
            "level": statement.level,
            "remarks": statement.remarks,
            "outside": statement.outside,
            "asked": {
                "at": instant(text.frozen_at),
                "by": {
                    "uid": str(text.frozen_by.uid),
                    "name": text.frozen_by.name,
                    "agency": text.frozen_for.ref,
                },
            },
            "viewed_at": statement.viewed_at,
            "previous": [sha256 for of, voided, sha256 in earlier if of == text.pk and voided is None],
            "previous_head": earlier[-1][2] if earlier else None,
            "signed_at": instant(statement.signed_at),
        }
    )


def write_confirmation(
    signature: Signature,
    *,
    party: Party,
    actor: Actor,
    mandate: Mandate | None,
    approval: str,
    proof: Proof,
    at: datetime,
) -> Written:
    """Build the record that a signature made ad referendum is confirmed, under a mandate or by the approval that it names."""
    agreement, text = signature.agreement, signature.text
    return _signed(
        {
            "format": CONFIRMATION,
            "agreement": agreement.ref,
            "text": {"number": text.number, "sha256": text.sha256, "algorithm": "SHA-256"},
            "party": _party(agreement, party),
            "signatory": signatory_of(actor),
            "mandate": mandate.snapshot() if mandate is not None else None,
            "approval": approval,
            "confirms": signature.evidence_sha256,
            "identified": identified_by(proof),
            "signed_at": instant(at),
        }
    )


def signatory_of(actor: Actor, typed_name: str = "") -> dict[str, Any]:
    """Who signs with an account here, as they are now."""
    person: Person = actor.person
    return {
        "uid": str(person.uid),
        "name": person.name,
        "native_name": person.native_name,
        "typed_name": typed_name,
        "position": actor.membership.position,
        "membership": actor.membership.ref,
        "zone": person.zone,
    }


def identified_by(proof: Proof) -> dict[str, Any]:
    """How and when they proved who they are, every act of it with its time."""
    events = proof.events or tuple((method, proof.at) for method in proof.methods)
    return {
        "methods": list(proof.methods),
        "at": instant(proof.at),
        "events": [{"method": method, "at": instant(at)} for method, at in events],
    }


def is_whole(signature: Signature, keys: dict[str, Any]) -> bool:
    """Whether a stored signature still is what was written: its hash, its text, and the portal's signature over it.

    `keys` maps key ids to portal.history.keys.PublicKey, old keys included. bundle/verifier/records.py answers the same of
    the same record, from a bundle.
    """
    stored = Written(bytes(signature.evidence), signature.evidence_sha256, signature.key_id, signature.signature)
    said, text = _read(stored, keys, (FORMAT, FIRST)), signature.text
    return said is not None and (said["text"]["number"], said["text"]["sha256"]) == (text.number, text.sha256)


def is_whole_confirmation(confirmation: Confirmation, keys: dict[str, Any]) -> bool:
    """The same of the confirmation of a signature."""
    row = confirmation
    stored = Written(bytes(row.evidence), row.evidence_sha256, row.key_id, row.portal_signature)
    said = _read(stored, keys, (CONFIRMATION,))
    return (
        said is not None
        and said["confirms"] == row.signature.evidence_sha256
        and _about(said) == _about(row.signature.record)
    )


def _signed(record: dict[str, Any]) -> Written:
    # What is signed here is committed before a new key takes over, so that its event is an entry of this key's time.
    hold_key()
    key = signer()
    record["key"] = {"id": key.public.key_id, "algorithm": "Ed25519"}
    canonical = rfc8785.dumps(record)
    return Written(
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        key_id=key.public.key_id,
        signature=key.sign(_domain(record["format"]) + canonical).hex(),
    )


def _read(stored: Written, keys: dict[str, Any], formats: tuple[str, ...]) -> dict[str, Any] | None:
    """What a record says that is spelled and signed as it must be; None for any other."""
    key = keys.get(stored.key_id)
    if key is None or hashlib.sha256(stored.canonical).hexdigest() != stored.sha256:
        return None
    try:
        said: dict[str, Any] = json.loads(stored.canonical)
        form, is_canonical = said["format"], rfc8785.dumps(said) == stored.canonical
        is_its_key = said["key"]["id"] == stored.key_id
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if form not in formats or not (is_canonical and is_its_key and SIGNATURE.fullmatch(stored.signature)):
        return None
    return said if key.verifies(bytes.fromhex(stored.signature), _domain(form) + stored.canonical) else None


def _about(said: dict[str, Any]) -> tuple[Any, ...]:
    return said["agreement"], said["text"]["number"], said["text"]["sha256"], said["party"]["ref"]


def _domain(form: str) -> bytes:
    """SECURITY: the key also signs checkpoints; the prefix keeps a signature over one thing from being taken for another."""
    return f"{form}\n".encode()


def _party(agreement: Agreement, party: Party) -> dict[str, str]:
    return {
        "ref": party.agency.ref,
        "legal_name": party.agency_name,
        "native_name": party.native_name,
        "bound_as": _bound_as(agreement, party),
    }


def _bound_as(agreement: Agreement, party: Party) -> str:
    """What the first page of the text says of this party; where it says nothing, what the text answers for all of them."""
    return party.bound_as or str(agreement.profile.get("bound_as", "agency"))
