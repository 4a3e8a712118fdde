"""The page of evidence of a sealed PDF: what the records of the signatures say, line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from portal.history.canonical import instant
from portal.history.models import Leaf
from portal.seals.time_stamps import is_configured
from projects.agreements.models import Signature, TextVersion
from projects.agreements.signing.found import that_counts
from projects.agreements.typesetting import ConfirmedBy, Evidence, SignatureEvidence, VoidedSignature, day, moment

METHODS = {
    "password": "password",
    "totp": "code of an authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}
# Records call a party that is bound in its own name so; said only where it is otherwise.
ITSELF = {"", "agency"}
WITH_TIME = (
    "An independent authority (RFC 3161) confirms within the seal of this file when it was sealed. The times below are "
    "the portal's own, fixed in order by the ledger."
)
WITHOUT_TIME = "No time-stamp authority was configured; the times are the portal's own, fixed in order by the ledger."


class EvidenceMoved(Exception):
    """Raised when a signature came, or was confirmed, while the page was being made."""


def signatures_of(text: TextVersion) -> list[Signature]:
    """Every signature under the text, oldest first, with what happened to it."""
    return list(Signature.objects.filter(text=text).with_fate().select_related("confirmation__person"))


def evidence_page(signatures: Sequence[Signature], *, certificate_sha256: str) -> Evidence:
    """What the page says of these signatures; raises EvidenceMoved when an event of theirs has no place in the ledger yet."""
    standing = [row for row in signatures if not row.is_void]
    events = [row.event for row in standing]
    events += [row.confirmation.event for row in standing if hasattr(row, "confirmation")]
    entries = dict(Leaf.objects.filter(event__uid__in=events).values_list("event__uid", "index"))
    if len(entries) != len(events):
        raise EvidenceMoved
    return {
        "verify_url": settings.SITE_URL + reverse("verify"),
        "signatures": [_line(row, entries) for row in standing],
        "voided": [_voided(row) for row in signatures if row.is_void],
        "portal_key": ", ".join(dict.fromkeys(row.key_id for row in standing)),
        "seal_certificate": certificate_sha256,
        "timestamp": WITH_TIME if is_configured() else WITHOUT_TIME,
    }


def _line(signature: Signature, entries: Mapping[UUID, int]) -> SignatureEvidence:
    record = signature.record
    party, signatory, mandate = record["party"], record["signatory"], record["mandate"] or {}
    consent, remarks = record["consent"] or {}, record.get("remarks") or {}
    line: SignatureEvidence = {
        "person": signatory["name"],
        "person_native": signatory["native_name"],
        "position": signatory["position"],
        "agency": party["legal_name"],
        "agency_native": party["native_name"],
        "bound_as": "" if party["bound_as"] in ITSELF else party["bound_as"],
        "capacity": record.get("capacity") or "",
        "mandate": mandate.get("ref", ""),
        "mandate_from": mandate.get("starts_on", ""),
        "mandate_until": mandate.get("ends_on") or "",
        "mandate_scope": _scope(mandate) if mandate else "",
        "mandate_source": _source(mandate),
        "authority": record.get("authority") or "",
        "identified": _identified(record),
        "level": record["level"],
        "consent_version": consent.get("version", ""),
        "consent_language": consent.get("language", ""),
        "consent_text": consent.get("wording", ""),
        "asked_at": (record.get("asked") or {}).get("at") or "",
        "viewed_at": record.get("viewed_at") or "",
        "signed_at": record["signed_at"],
        "zone": signatory["zone"],
        "declaration": remarks.get("declaration") or "",
        "ad_referendum": signature.is_ad_referendum,
        "outside": _outside(record.get("outside")),
        "ledger_index": entries[signature.event],
        "evidence_hash": signature.evidence_sha256,
    }
    if hasattr(signature, "confirmation"):
        confirmation = signature.confirmation
        line["confirmed_at"] = instant(confirmation.confirmed_at)
        line |= _confirmed(json.loads(bytes(confirmation.evidence)))
        line["confirmation_index"] = entries[confirmation.event]
    return line


def _confirmed(record: Mapping[str, Any]) -> ConfirmedBy:
    """Who confirmed it, for whom, by what authority and how they were identified, as the record of it says."""
    mandate = record["mandate"] or {}
    return {
        "confirmed_by": record["signatory"]["name"],
        "confirmed_position": record["signatory"]["position"],
        "confirmed_for": record["party"]["legal_name"],
        "confirmed_identified": _identified(record),
        "confirmed_mandate": mandate.get("ref", ""),
        "confirmed_mandate_from": mandate.get("starts_on", ""),
        "confirmed_mandate_until": mandate.get("ends_on") or "",
        "confirmed_approval": record.get("approval") or "",
    }


def _identified(record: Mapping[str, Any]) -> str:
    identified = record.get("identified") or {}
    methods = [METHODS.get(method, method) for method in identified.get("methods", [])]
    return " + ".join(dict.fromkeys(methods)) or "not by the portal"


def _scope(mandate: Mapping[str, Any]) -> str:
    """What a mandate covers: its project, its limit, and whether it asks for a second signature."""
    limit = mandate.get("value_limit")
    told = [
        f"for the project {mandate['project']} alone" if mandate.get("project") else "for every project",
        f"up to {limit} {mandate.get('currency') or ''}".strip() if limit else "without a limit of value",
    ]
    return ", ".join([*told, *(["with a second signature"] if mandate.get("cosignature") else [])])


def _source(mandate: Mapping[str, Any]) -> str:
    """Where a mandate is written, and the digest of that document where the portal keeps it."""
    told = [mandate.get("source") or "", mandate.get("source_sha256") and f"document {mandate['source_sha256']}"]
    return "; ".join(part for part in told if part)


def _outside(outside: Mapping[str, Any] | None) -> str:
    """How a signature came about that was not made in the portal."""
    if not outside:
        return ""
    where = f"in {outside['place']}" if outside.get("place") else "where it was signed"
    told = [f"Signed on {day(outside['signed_on'])}, as days are counted {where}"]
    certificate = that_counts(outside.get("findings") or {})
    if certificate is not None:
        told.append(f"certificate in the name of {certificate['name']}")
    for word in ("certified", "witnessed"):
        by = outside.get(word)
        if by:
            at = moment(datetime.fromisoformat(by["at"]))
            told.append(f"{word} by {_named(by['person'])} ({_named(by['agency'])}) on {at}{_stated(by, outside)}")
    return "; ".join([*told, f"file {outside['file_sha256']}"])


def _stated(by: Mapping[str, Any], outside: Mapping[str, Any]) -> str:
    """What whoever vouched for it says: of paper what they saw, of two names why they are one person."""
    told = [f"saw the {by['saw']}"] if outside["kind"] == "wet_ink" and by.get("saw") else []
    told += [f"remarks: “{by['remark']}”"] if by.get("remark") else []
    return f", who {' and '.join(told)}" if told else ""


def _named(value: Any) -> str:
    """A name, which records give as text or as an object that has one."""
    return (
        str(value.get("name") or value.get("legal_name") or value.get("ref")) if isinstance(value, dict) else str(value)
    )


def _voided(signature: Signature) -> VoidedSignature:
    record = signature.record
    return {
        "person": record["signatory"]["name"],
        "agency": record["party"]["legal_name"],
        "signed_at": record["signed_at"],
        "voided_at": instant(signature.voiding.at),
        "evidence_hash": signature.evidence_sha256,
    }
