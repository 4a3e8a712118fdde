"""What the page of evidence says about the signatures under a text."""

from typing import NotRequired, TypedDict


class SignatureEvidence(TypedDict):
    """One signature; times are ISO 8601 in UTC ("2026-11-03T14:05:09Z"), days ISO 8601 or words, hashes hexadecimal."""

    person: str
    person_native: str
    agency: str
    agency_native: str
    position: str
    mandate: str
    mandate_from: str
    mandate_until: str
    identified: str
    level: str
    consent_version: str
    consent_text: str
    signed_at: str
    zone: str
    ledger_index: int
    evidence_hash: str


class Evidence(TypedDict):
    """All signatures; `timestamp` says in words what a time-stamp authority confirmed, or that none did."""

    verify_url: str
    signatures: list[SignatureEvidence]
    timestamp: NotRequired[str]
    portal_key: NotRequired[str]
