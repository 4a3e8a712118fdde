"""The page of evidence as its template reads it: facts in lines of words, with every text made visible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.utils import dateformat

from portal.typesetting import visible

from .evidence import Evidence, SignatureEvidence, VoidedSignature

# Never better than it is: what is known of the link between a person and the signature, and who vouches for it.
LEVELS = {
    "simple": "Simple electronic signature. The portal identified the signatory as stated and vouches for it with its key.",
    "advanced": "Signed with the signatory's own passkey, over a challenge made from the digest of this text. "
    "That signature is in the evidence record and can be verified without the portal.",
    "wet_ink_certified": "Signed by hand on paper. The depositary certified it and a second person witnessed it; "
    "a scan is kept under its digest.",
    "external_pades": "Signed with a certificate of the signatory's own, in a PDF that the portal checked and keeps "
    "under its digest.",
}
LANG = re.compile(r"[a-z]{2,3}")
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
Fact = dict[str, Any]


def evidence_sheet(evidence: Evidence, digest: str) -> dict[str, Any]:
    """Return what the template needs, as plain JSON; `digest` is that of the text."""
    url = evidence["verify_url"]
    return {
        "url": visible(url),
        "qr": segno.make(f"{url}?sha256={digest}", error="m").svg_inline(border=0, dark="#14202e", omitsize=True),
        "timestamp": visible(evidence.get("timestamp", "")),
        "portal_key": visible(evidence.get("portal_key", "")),
        "seal_certificate": evidence.get("seal_certificate", ""),
        "signatures": [_signature(row) for row in evidence["signatures"]],
        "voided": [_voided(row) for row in evidence.get("voided", [])],
    }


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """A moment with the name of its zone, UTC unless another is given."""
    local = at.astimezone(zone or UTC)
    name = local.tzname() or ""
    # Zones without an abbreviation of their own are named by their offset only: "+04".
    return f"{dateformat.format(local, 'j F Y, H:i:s')} {name if name.isalpha() else f'UTC{name}'}"


def primary(language: str) -> str:
    """A language as Typst takes it: two or three letters; English rules for what it could not read."""
    code = re.split("[-_]", language)[0].lower()
    return code if LANG.fullmatch(code) else "en"


def is_rtl(language: str) -> bool:
    return primary(language) in RIGHT_TO_LEFT


def day(written: str) -> str:
    """A day in words; what is no day stays as it is."""
    try:
        return dateformat.format(date.fromisoformat(written), "j F Y")
    except ValueError:
        return written


def _signature(row: SignatureEvidence) -> dict[str, Any]:
    named = ("person", "person_native", "position", "agency", "agency_native")
    return {key: visible(row[key]) for key in named} | {  # type: ignore[literal-required]
        "facts": list(_facts(row)),
        # Ours and hexadecimal; the template groups it, so no places to break may be added.
        "evidence_hash": row["evidence_hash"],
    }


def _facts(row: SignatureEvidence) -> Iterator[Fact]:
    zone = ZoneInfo(row["zone"])
    # What was signed elsewhere was signed when its party says; the portal knows when it was accepted.
    yield _fact("Accepted" if row.get("outside") else "Signed", *_times(row["signed_at"], zone), strong=True)
    if row.get("ad_referendum"):
        confirmed = row.get("confirmed_at", "")
        if confirmed:
            yield _fact("Ad referendum", *_confirmation(row), *_times(confirmed, zone))
        else:
            yield _fact("Ad referendum", "Not confirmed: it does not count until its party confirms it.")
    for name, at in (("Asked to sign", row.get("asked_at", "")), ("Text shown", row.get("viewed_at", ""))):
        if at:
            yield _fact(name, *_times(at, zone))
    yield from _authority(row)
    yield _fact("Identified by", row["identified"])
    yield _fact("Level", LEVELS.get(row["level"], row["level"]))
    if row.get("outside"):
        yield _fact("Outside the portal", row["outside"])
    if row.get("declaration"):
        yield _fact("Declaration", f"“{row['declaration']}”")
    if row.get("consent_text"):
        language = row.get("consent_language", "")
        # The sentence as it stood before this signatory, in the language that they saw.
        yield _fact("Consent", f"“{row['consent_text']}”") | {"lang": primary(language), "is_rtl": is_rtl(language)}
        yield _fact("Its wording", f"version {row.get('consent_version', '')}, language {language}")
    entries = [row["ledger_index"], *([row["confirmation_index"]] if "confirmation_index" in row else [])]
    yield _fact("Ledger entry", " and ".join(_entry(index) for index in entries))


def _authority(row: SignatureEvidence) -> Iterator[Fact]:
    if row.get("bound_as"):
        yield _fact("Bound as", row["bound_as"])
    if row.get("capacity"):
        yield _fact("Capacity", row["capacity"])
    if row.get("mandate"):
        valid = _valid(row["mandate"], row.get("mandate_from", ""), row.get("mandate_until", ""))
        yield _fact("Mandate", valid, *([row["mandate_scope"]] if row.get("mandate_scope") else []))
        if row.get("mandate_source"):
            yield _fact("Its source", row["mandate_source"])
    if row.get("authority"):
        yield _fact("Authority", row["authority"])


def _confirmation(row: SignatureEvidence) -> Iterator[str]:
    """Who confirmed it, for whom, by what authority, and how they were identified."""
    by = [row.get("confirmed_by", ""), row.get("confirmed_position", "")]
    agency = row.get("confirmed_for")
    yield f"Confirmed by {', '.join(filter(None, by))}{f', for {agency}' if agency else ''}"
    mandate, approval = row.get("confirmed_mandate"), row.get("confirmed_approval")
    if mandate:
        days = (row.get("confirmed_mandate_from", ""), row.get("confirmed_mandate_until", ""))
        yield f"Under the mandate {_valid(mandate, *days)}"
    if approval:
        yield f"By the approval: {approval}"
    if row.get("confirmed_identified"):
        yield f"Identified by {row.get('confirmed_identified')}"


def _valid(mandate: str, first: str, last: str) -> str:
    return f"{mandate}, valid from {day(first)} {f'until {day(last)}' if last else 'without end'}"


def _voided(row: VoidedSignature) -> dict[str, Any]:
    return {
        "person": visible(row["person"]),
        "agency": visible(row["agency"]),
        "signed": moment(datetime.fromisoformat(row["signed_at"])),
        "voided": moment(datetime.fromisoformat(row["voided_at"])),
        "evidence_hash": row["evidence_hash"],
    }


def _fact(name: str, *lines: str, strong: bool = False) -> Fact:
    return {"name": name, "lines": [visible(line) for line in lines], "strong": strong, "lang": "", "is_rtl": False}


def _times(written: str, zone: ZoneInfo) -> list[str]:
    """The moment in UTC and, where it differs, as the signatory's clock showed it."""
    at = datetime.fromisoformat(written)
    utc, local = moment(at), moment(at, zone)
    return [utc] if local == utc else [utc, f"{local} ({zone.key})"]


def _entry(index: int) -> str:
    return f"{index:,}".replace(",", "\u202f")
