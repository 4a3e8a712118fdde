"""Checking a file by its hash: what it is, whether it is whole, what was checked and what was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.history import merkle, proofs
from portal.history.keys import PublicKey, signer
from portal.history.models import Checkpoint, Event, Leaf, SigningKey
from projects.agreements.canonical import text_hash
from projects.agreements.evidence import is_whole
from projects.agreements.models import Agreement, SealedPdf, Signature, TextVersion

PASSED, FAILED, NOT_CHECKED = "passed", "failed", "not_checked"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    outcome: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer: intact, changed (something of ours no longer fits), or unknown."""

    outcome: str
    sha256: str
    agreement: Agreement | None = None
    text: TextVersion | None = None
    signatures: list[dict[str, Any]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def is_current(self) -> bool:
        return self.agreement is not None and self.text is not None and self.agreement.text_id == self.text.pk


def verify(sha256: str) -> Verdict:
    """Look a file up by its SHA-256 and recompute everything that proves it.

    The hash of the whole file is asked, so that a flipped bit anywhere makes it another file.
    """
    sealed = SealedPdf.objects.filter(sha256=sha256).select_related("text__agreement__project").first()
    text = (
        sealed.text
        if sealed
        else TextVersion.objects.filter(sha256=sha256).select_related("agreement__project").first()
    )
    if text is None:
        return Verdict("unknown", sha256)
    signatures = list(
        Signature.objects.filter(text=text)
        .select_related("party__agency", "person", "mandate", "text")
        .order_by("signed_at", "pk")
    )
    leaves = _leaves([row.event for row in signatures] + ([sealed.event] if sealed else []))
    checks = [
        *_text_checks(text),
        *_signature_checks(signatures, len(text.document["parties"])),
        *_ledger_checks(leaves),
    ]
    if sealed is not None:
        checks.append(_pdf_check(sealed, leaves))
    checks.append(
        Check(
            NOT_CHECKED,
            _("No independent time stamp is in the file"),
            _("The times are the portal’s own, fixed in order by the ledger."),
        )
    )
    outcome = "changed" if any(check.outcome == FAILED for check in checks) else "intact"
    rows = [{"signature": row, "record": row.record, "leaf": leaves.get(row.event)} for row in signatures]
    return Verdict(outcome, sha256, text.agreement, text, rows, checks)


def _text_checks(text: TextVersion) -> list[Check]:
    whole = text_hash(text.document) == text.sha256
    return [Check(PASSED if whole else FAILED, _("The text has the hash that was signed"), text.sha256)]


def _signature_checks(signatures: list[Signature], parties: int) -> list[Check]:
    keys = _known_keys()
    whole = all(is_whole(row, keys) for row in signatures)
    return [
        Check(
            PASSED if whole else FAILED,
            _("Every signature is by the key named in its evidence record"),
            _("Ed25519, key %(keys)s") % {"keys": ", ".join(sorted({row.key_id for row in signatures})) or "–"},
        ),
        Check(
            PASSED if len(signatures) == parties else NOT_CHECKED,
            _("%(signed)s of %(parties)s parties have signed this text")
            % {"signed": len(signatures), "parties": parties},
        ),
    ]


def _ledger_checks(leaves: dict[Any, Leaf | None]) -> list[Check]:
    missing = [uid for uid, leaf in leaves.items() if leaf is None]
    if missing:
        return [Check(NOT_CHECKED, _("Some entries wait to be sealed in the ledger"), _("This takes a few seconds."))]
    sealed = [leaf for leaf in leaves.values() if leaf is not None]
    checkpoint = Checkpoint.objects.newest()
    proved = checkpoint is not None and all(_is_proved(leaf) for leaf in sealed)
    numbers = ", ".join(str(leaf.index) for leaf in sealed)
    detail = _("Entries %(numbers)s, proved into checkpoint %(size)s") % {
        "numbers": numbers,
        "size": checkpoint.size if checkpoint else "–",
    }
    return [Check(PASSED if proved else FAILED, _("Signatures and seal are in the ledger"), detail)]


def _is_proved(leaf: Leaf) -> bool:
    """Whether the event, hashed again from its columns, is under the newest checkpoint."""
    try:
        proof = proofs.inclusion(leaf)
    except proofs.NoProof:
        return False
    again = merkle.leaf_hash(leaf.event.canonical)
    checkpoint = proof.checkpoint
    return merkle.verify_inclusion(again, leaf.index, checkpoint.size, proof.path, bytes(checkpoint.root))


def _known_keys() -> dict[str, PublicKey]:
    """Every key this portal has signed with, the present one included."""
    keys = {row.key_id: PublicKey(row.name, bytes(row.public_key)) for row in SigningKey.objects.all()}
    present = signer().public
    return {**keys, present.key_id: present}


def _pdf_check(sealed: SealedPdf, leaves: dict[Any, Leaf | None]) -> Check:
    leaf = leaves.get(sealed.event)
    named = Event.objects.filter(uid=sealed.event, facts__pdf_sha256=sealed.sha256).exists()
    outcome = PASSED if named else FAILED
    return Check(
        outcome, _("The PDF is, byte for byte, the one that was sealed"), sealed.sha256 if leaf or named else ""
    )


def _leaves(uids: list[Any]) -> dict[Any, Leaf | None]:
    found = {leaf.event.uid: leaf for leaf in Leaf.objects.filter(event__uid__in=uids).select_related("event")}
    return {uid: found.get(uid) for uid in uids}
