"""The evidence record of a signature (one per signature): what was signed, by whom, under which authority, proved how."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rfc8785

from portal.history.canonical import instant
from portal.history.keys import signer
from projects.agreements import consent as consents

if TYPE_CHECKING:
    from agencies.models import Mandate
    from agencies.reauthentication import Proof
    from portal.kit.actors import Actor
    from projects.agreements.actions.signing import Consent
    from projects.agreements.models import Agreement, Party, Signature

FORMAT = "concord/evidence/1"
# SECURITY: the key also signs checkpoints; the prefix keeps a signature over one from being taken for the other.
DOMAIN = b"concord/evidence/1\n"


@dataclass(frozen=True)
class Written:
    """An evidence record in canonical form with the portal's signature over it."""

    canonical: bytes
    sha256: str
    key_id: str
    signature: str


def write(
    agreement: Agreement, *, party: Party, mandate: Mandate, actor: Actor, consent: Consent, proof: Proof, at: datetime
) -> Written:
    """Build the record (domain: evidence record), canonicalise it by RFC 8785 and sign it with Ed25519."""
    text = agreement.text
    assert text is not None
    key = signer()
    record: dict[str, Any] = {
        "format": FORMAT,
        "agreement": agreement.ref,
        "kind": agreement.kind,
        "text": {"number": text.number, "language": agreement.language, "sha256": text.sha256, "algorithm": "SHA-256"},
        "party": {
            "ref": party.agency.ref,
            "legal_name": party.agency_name,
            "native_name": party.native_name,
            "bound_as": "agency",
        },
        "signatory": {
            "uid": str(actor.person.uid),
            "name": actor.person.name,
            "native_name": actor.person.native_name,
            "position": actor.membership.position,
            "membership": actor.membership.ref,
            "zone": actor.person.zone,
        },
        "mandate": mandate.snapshot(),
        "consent": {
            "version": consents.VERSION,
            "language": consents.LANGUAGE,
            "wording": consents.wording(text=text.number, agency=party.agency, mandate=mandate),
        },
        "identified": {"methods": list(proof.methods), "at": instant(proof.at)},
        "challenge_sha256": hashlib.sha256(consent.challenge.encode()).hexdigest(),
        "level": consents.LEVEL,
        "previous": sorted(signature.evidence_sha256 for signature in agreement.valid_signatures.values()),
        "signed_at": instant(at),
        "key": {"id": key.public.key_id, "algorithm": "Ed25519"},
    }
    canonical = rfc8785.dumps(record)
    return Written(
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        key_id=key.public.key_id,
        signature=key.sign(DOMAIN + canonical).hex(),
    )


def is_whole(signature: Signature, keys: dict[str, Any]) -> bool:
    """Whether a stored signature still is what was written: its hash, its text, and the portal's signature over it.

    `keys` maps key ids to portal.history.keys.PublicKey, old keys included.
    """
    canonical = bytes(signature.evidence)
    key = keys.get(signature.key_id)
    return (
        key is not None
        and hashlib.sha256(canonical).hexdigest() == signature.evidence_sha256
        and signature.record["text"]["sha256"] == signature.text.sha256
        and key.verifies(bytes.fromhex(signature.signature), DOMAIN + canonical)
    )
