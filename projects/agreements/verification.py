"""Checking a file by its hash: what it is, whether it is whole, what was checked and what was not.

SECURITY: whoever holds a file, or its hash, knows what is in it and learns what became of that text; nothing here is shown
for a reference or a number alone (docs/decisions/0017).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from portal.files.storage import FileDamaged
from portal.history.models import Event
from portal.kit.instants import in_words
from projects.agreements.bundle.collecting import Contents, collect
from projects.agreements.bundle.joining import script_sha256
from projects.agreements.bundle.packing import proofs_of
from projects.agreements.bundle.verifier.command import check_proofs
from projects.agreements.models import (
    Agreement,
    Confirmation,
    ExternalSignature,
    PdfToSign,
    SealedPdf,
    Signature,
    TextVersion,
)
from projects.agreements.signing.outside import kept_pdf_to_sign
from projects.agreements.signing.whole import doubts
from projects.agreements.typesetting import Marker
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, UNDECIDED, Finding

INTACT, CHANGED, UNKNOWN = "intact", "changed", "unknown"
NOT_CHECKED = "not_checked"
OUTCOMES = {PASSED: PASSED, FAILED: FAILED, UNDECIDED: NOT_CHECKED, NOTED: NOTED}
# What every empty file has: whoever sends it has sent nothing.
EMPTY = hashlib.sha256(b"").hexdigest()
PDF, TEXT, SCRIPT = "agreement.pdf", "text.json", "verify.py"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: passed, failed, not checked, or only to be known."""

    outcome: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer: intact, changed (the file, where it `claims` to be of ours; else something of ours), or unknown."""

    outcome: str
    sha256: str
    kind: str = ""
    agreement: Agreement | None = None
    text: TextVersion | None = None
    signatures: list[dict[str, Any]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    superseded_by: int | None = None
    claims: Marker | None = None
    record: dict[str, Any] | None = None
    external: int | None = None

    @property
    def is_current(self) -> bool:
        return self.agreement is not None and self.text is not None and self.agreement.text_id == self.text.pk

    @property
    def signed_for(self) -> int:
        """How many parties have a signature that counts."""
        return len({row["signature"].party_id for row in self.signatures if row["state"] == "counts"})


def verify(sha256: str, claims: Marker | None = None) -> Verdict:
    """Look a file up by its SHA-256 and recompute everything that proves it.

    The hash of the whole file is asked, so that a flipped bit anywhere makes it another file; `claims` is the text that
    such a file says it is of.
    """
    sealed = SealedPdf.objects.filter(sha256=sha256).select_related("text__agreement__project").first()
    text = sealed.text if sealed else _text(sha256)
    if text is not None:
        return _of_text(sha256, text, sealed)
    record = _record(sha256)
    if record is not None:
        return _of_record(sha256, record)
    if (external := _accepted(sha256)) is not None and external.signature is not None:
        return _of_outside(sha256, external, external.signature)
    if (of := _to_sign(sha256)) is not None:
        return Verdict(CHANGED, sha256, kind="to_sign", claims=Marker(of.agreement.ref, of.number, of.sha256))
    if claims is not None and (known := _text(claims.sha256)) is not None and _is_of(known, claims):
        return Verdict(CHANGED, sha256, claims=claims)
    return Verdict(UNKNOWN, sha256)


def verify_members(hashes: Mapping[str, str]) -> Verdict:
    """The same for a bundle, by the SHA-256 of its members: each must be what was signed and sealed, and of one text."""
    asked = hashes.get(PDF) or hashes.get(TEXT) or ""
    found = verify(asked)
    if found.outcome == UNKNOWN:
        found = verify(hashes.get(TEXT, ""))
    text = found.text
    if text is None:
        return Verdict(UNKNOWN, asked, kind="bundle")
    known = {TEXT: {text.sha256}, PDF: set(SealedPdf.objects.filter(text=text).values_list("sha256", flat=True))}
    evidence = set(text.signatures.values_list("evidence_sha256", flat=True))
    confirmed = set(Confirmation.objects.filter(signature__text=text).values_list("evidence_sha256", flat=True))
    kept = {name: known.get(name, _of_folder(name, evidence, confirmed)) for name in hashes}
    wrong = [name for name, may_be in kept.items() if may_be is not None and hashes[name] not in may_be]
    missing = (evidence | confirmed) - set(hashes.values())
    checks = [Check(FAILED, _("%(name)s is not as it was signed or sealed") % {"name": name[:100]}) for name in wrong]
    if missing:
        checks.append(Check(FAILED, _("The record of a signature is missing in the bundle")))
    if not checks:
        checks.append(Check(PASSED, _("Text, PDF and records in the bundle are those that were signed and sealed")))
    checks += found.checks
    checks.append(_not_read(hashes))
    outcome = CHANGED if any(check.outcome == FAILED for check in checks) else found.outcome
    return replace(found, outcome=outcome, kind="bundle", checks=checks)


def _of_folder(name: str, evidence: set[str], confirmed: set[str]) -> set[str] | None:
    """What a record may be; None for members whose hash is nowhere kept."""
    if not name.endswith(".json"):
        return None
    return {"evidence": evidence, "confirmations": confirmed}.get(name.partition("/")[0])


def _not_read(hashes: Mapping[str, str]) -> Check:
    """What a bundle has beside that: proofs, which are as good as the ledger that was asked here, and the script."""
    own = hashes.get(SCRIPT) in (None, script_sha256())
    detail = "" if own else _("verify.py in it is not the one that this portal gives out today.")
    return Check(
        NOT_CHECKED,
        _(
            "The proofs in the bundle were not read: the ledger itself was asked. verify.py checks them without this portal"
        ),
        detail,
    )


def _text(sha256: str) -> TextVersion | None:
    return TextVersion.objects.filter(sha256=sha256).select_related("agreement__project").first()


def _to_sign(sha256: str) -> TextVersion | None:
    """The text whose PDF to be signed this is. SECURITY: a row in the table alone, without its event, makes none."""
    row = PdfToSign.objects.filter(file__sha256=sha256).select_related("text__agreement").first()
    try:
        return row.text if row is not None and kept_pdf_to_sign(row.text) is not None else None
    except FileDamaged:
        return None


def _is_of(text: TextVersion, claims: Marker) -> bool:
    return (text.agreement.ref, text.number) == (claims.agreement, claims.number)


def _of_text(sha256: str, text: TextVersion, sealed: SealedPdf | None) -> Verdict:
    contents = collect(text.agreement, text)
    checks = told(check_proofs(proofs_of(contents)))
    checks.append(
        _pdf_check(sealed) if sealed else Check(PASSED, _("The file is, byte for byte, the text that was frozen"))
    )
    if sealed is None or sealed.time_stamped_at is None:
        checks.append(
            Check(
                NOT_CHECKED,
                _("No independent time stamp is in the file"),
                _("The times are the portal’s own, fixed in order by the ledger."),
            )
        )
    standing = [row for row in contents.signatures if not row.is_void]
    found = doubts(text.agreement, standing, text)
    if found.altered:
        checks.append(Check(FAILED, _("What the portal keeps of a signature contradicts the record of it")))
    if found.unvouched:
        words = _(
            "A signature is signed with a key that this portal cannot vouch for; nothing else of it was found changed"
        )
        checks.append(Check(FAILED, words))
    later = text.agreement.texts.filter(number__gt=text.number).order_by("-number").values_list("number", flat=True)
    return Verdict(
        CHANGED if any(check.outcome == FAILED for check in checks) else INTACT,
        sha256,
        kind="pdf" if sealed else "text",
        agreement=text.agreement,
        text=text,
        signatures=_rows(contents),
        checks=checks,
        superseded_by=later.first(),
    )


def _rows(contents: Contents) -> list[dict[str, Any]]:
    entries = {row.event.uid: row.index for row in contents.events}
    return [
        {"signature": row, "record": (record := row.record), "entry": entries.get(row.event), "state": state_of(row),
         "signed_on": _signed_on(record)}
        for row in contents.signatures
    ]  # fmt: skip


def _signed_on(record: Mapping[str, Any]) -> date | None:
    """The day that a party gave of what was signed outside; the portal itself knows when it was accepted."""
    try:
        return date.fromisoformat(record["outside"]["signed_on"])
    except (KeyError, TypeError, ValueError):
        return None


def state_of(signature: Signature) -> str:
    """Whether a signature counts, was taken back, or waits for its confirmation."""
    if signature.is_void:
        return "void"
    return "counts" if signature.counts_from is not None else "unconfirmed"


def _pdf_check(sealed: SealedPdf) -> Check:
    named = Event.objects.filter(uid=sealed.event, facts__pdf_sha256=sealed.sha256).exists()
    return Check(PASSED if named else FAILED, _("The PDF is, byte for byte, the one that was sealed"), sealed.sha256)


def _record(sha256: str) -> Signature | Confirmation | None:
    signatures = Signature.objects.with_fate().select_related("text__agreement", "party__agency")
    confirmations = Confirmation.objects.select_related("signature__text__agreement", "signature__party__agency")
    return signatures.filter(evidence_sha256=sha256).first() or confirmations.filter(evidence_sha256=sha256).first()


def _accepted(sha256: str) -> ExternalSignature | None:
    """What was signed outside with this file, and accepted; one that still counts before one that was taken back."""
    found = ExternalSignature.objects.filter(file__sha256=sha256, signature__isnull=False)
    return (
        found.select_related("signature")
        .order_by(F("signature__voiding").asc(nulls_first=True), "agreement", "number")
        .first()
    )


def _of_outside(sha256: str, external: ExternalSignature, signature: Signature) -> Verdict:
    """SECURITY: no more than its record says; who has the file has what was signed."""
    found = _of_record(sha256, signature)
    named = (signature.record["outside"] or {}).get("file_sha256") == sha256
    check = Check(PASSED if named else FAILED, _("The file is, byte for byte, the one that the record names"), sha256)
    return replace(
        found, outcome=found.outcome if named else CHANGED, kind="outside", external=external.number,
        checks=[check, *found.checks],
    )  # fmt: skip


def _of_record(sha256: str, found: Signature | Confirmation) -> Verdict:
    """SECURITY: a record says nothing of the title, the other parties or the status, and so neither does the answer."""
    signature = found if isinstance(found, Signature) else found.signature
    contents = collect(signature.text.agreement, signature.text)
    failed = [one for one in check_proofs(proofs_of(contents)) if one.outcome == FAILED]
    row = next(row for row in _rows(contents) if row["signature"].pk == signature.pk)
    words = {
        "void": Check(FAILED, _("This signature was taken back; it does not count")),
        "unconfirmed": Check(NOT_CHECKED, _("It was made ad referendum and is not confirmed: it does not count yet")),
    }
    checks = [
        Check(
            FAILED if failed else PASSED,
            _("The record is as it was signed by the portal, and the ledger has it"),
            _("Entry %(entry)s") % {"entry": row["entry"]} if row["entry"] is not None else "",
        ),
        *([words[row["state"]]] if row["state"] in words else []),
        Check(NOT_CHECKED, _("Whether the text still stands: give the text or its sealed PDF")),
    ]
    return Verdict(CHANGED if failed else INTACT, sha256, kind="record", checks=checks, record=row)


def told(findings: Iterable[Finding]) -> list[Check]:
    """What the script looked at, in the reader's language and in its words."""
    return [Check(OUTCOMES[one.outcome], _(one.text) % in_words(one.values)) for one in findings]
