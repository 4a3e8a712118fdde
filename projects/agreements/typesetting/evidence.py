"""What the page of evidence says about the signatures under a text."""

from typing import NotRequired, TypedDict


class ConfirmedBy(TypedDict):
    """Who confirmed a signature made ad referendum; what is empty is not printed."""

    confirmed_by: NotRequired[str]
    confirmed_position: NotRequired[str]
    confirmed_for: NotRequired[str]
    confirmed_identified: NotRequired[str]
    confirmed_mandate: NotRequired[str]
    confirmed_mandate_from: NotRequired[str]
    confirmed_mandate_until: NotRequired[str]
    confirmed_approval: NotRequired[str]


class SignatureEvidence(ConfirmedBy):
    """One signature; times are ISO 8601 in UTC ("2026-11-03T14:05:09Z"), days ISO 8601 or words, hashes hexadecimal.

    Who signed under a mandate has `mandate` with its days; who signed outside the portal has `authority` in words
    instead, and `outside`. What is not there, or empty, is not printed.
    """

    person: str
    person_native: str
    agency: str
    agency_native: str
    position: str
    identified: str
    level: str
    signed_at: str
    zone: str
    ledger_index: int
    evidence_hash: str
    mandate: NotRequired[str]
    mandate_from: NotRequired[str]
    mandate_until: NotRequired[str]
    mandate_scope: NotRequired[str]
    mandate_source: NotRequired[str]
    authority: NotRequired[str]
    bound_as: NotRequired[str]
    capacity: NotRequired[str]
    consent_version: NotRequired[str]
    consent_text: NotRequired[str]
    consent_language: NotRequired[str]
    asked_at: NotRequired[str]
    viewed_at: NotRequired[str]
    outside: NotRequired[str]
    declaration: NotRequired[str]
    ad_referendum: NotRequired[bool]
    confirmed_at: NotRequired[str]
    confirmation_index: NotRequired[int]


class VoidedSignature(TypedDict):
    """A signature that its party took back before the text was fully signed."""

    person: str
    agency: str
    signed_at: str
    voided_at: str
    evidence_hash: str


class Evidence(TypedDict):
    """All signatures; `timestamp` says in words what a time-stamp authority confirms, or that none does."""

    verify_url: str
    signatures: list[SignatureEvidence]
    voided: NotRequired[list[VoidedSignature]]
    timestamp: NotRequired[str]
    portal_key: NotRequired[str]
    seal_certificate: NotRequired[str]
