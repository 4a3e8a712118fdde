"""Checking receipts here: the script that travels with them, held against our own ledger and keys."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from portal.history import proofs
from portal.history.chain import Link, known_chain
from portal.history.models import Checkpoint
from portal.kit.instants import in_words
from projects.ip.models import Commitment
from projects.ip.receipts import verify
from projects.ip.receipts.building import build_receipt

LARGEST = 2_000_000
BOUNDED = (ZIP_STORED, ZIP_DEFLATED)
OUTCOMES = {0: "proved", 1: "failed", 2: "undecided"}


@dataclass(frozen=True)
class Checked:
    """What came out: proved, failed or undecided, with everything that was looked at."""

    outcome: str
    findings: list[verify.Finding]
    reason: str = ""
    receipt: verify.Receipt | None = None

    @property
    def rows(self) -> list[dict[str, str]]:
        """The findings in the reader's language, in the words of the script."""
        return [
            {"outcome": one.outcome, "code": one.code, "text": _(one.text) % in_words(one.values)}
            for one in self.findings
        ]

    @property
    def sealed_at(self) -> object:
        """The moment of that checkpoint in words, with its zone."""
        return in_words({"at": self.sealed_by.at})["at"] if self.sealed_by is not None else ""

    @property
    def sealed_by(self) -> verify.Note | None:
        """The first checkpoint that covers the entry."""
        return verify.bounds(self.receipt)[1] if self.receipt is not None else None


def recognise(content: bytes) -> tuple[str, Any]:
    """What a file is: ("receipt", …), ("opening", …), ("checkpoint", text), or ("", None) for any other file."""
    if len(content) > LARGEST:
        return "", None
    if content[:2] == b"PK":
        content = _receipt_in(content)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "", None
    if _is_checkpoint(text):
        return "checkpoint", text
    try:
        read = verify.load(text)
    except verify.Unreadable:
        return "", None
    kinds = {verify.RECEIPT: "receipt", verify.OPENING: "opening"}
    kind = kinds.get(str(read.get("format")), "") if isinstance(read, dict) else ""
    return (kind, read) if kind else ("", None)


def check_receipt(
    receipt: Any = None,
    *,
    opening: Any = None,
    files: Mapping[str, str] | None = None,
    against: str | None = None,
    consistency: Any = None,
) -> Checked:
    """Check a receipt, or an opening alone, whose deposit is then looked up; `files` are SHA-256 by name.

    Besides what the script does, the checkpoint must be one of our ledger's own, signed by one of our keys. How our keys
    followed one another we know ourselves, so that a receipt without the statements is decided here and nowhere else.
    """
    try:
        if receipt is None:
            receipt = _looked_up(opening)
        if receipt is None:
            return Checked("failed", [], _("No deposit of this ledger has the commitment that this opening gives."))
        read = verify.read_receipt(receipt)
        lent = _statements_for(receipt, read)
        read = verify.read_receipt(receipt | lent) if lent else read
        last = read.chain.links[-1].key_id if read.chain is not None else read.note.key_id
        given: dict[str, Any] = {"opening": opening, "files": dict(files or {}), "keys": keys_up_to(last)}
        found = verify.check(
            read, **given, against=verify.read_note(against) if against else None, consistency=consistency
        )
        found += [*_check_own_ledger(read), *([_LENT] if lent else [])]
    except verify.Unreadable as error:
        return Checked("undecided", [], _(str(error)))
    return Checked(OUTCOMES[verify.outcome_of(found)], found, receipt=read)


def _looked_up(opening: Any) -> Any:
    """The receipt of the deposit that an opening opens, made now; None when there is no such deposit."""
    salt, manifest = verify.read_opening(opening)
    value = verify.commitment_of(salt, manifest)
    row = Commitment.objects.with_state().filter(value=value).first()
    return build_receipt(row) if row is not None else None


def _statements_for(receipt: Any, read: verify.Receipt) -> dict[str, Any]:
    """Our own keys and statements, up to the key of its checkpoint, for a receipt that has none though it needs some.

    SECURITY: the proofs are of our ledger as it is stored, and fail where that is not the one our former keys handed over.
    """
    links, newest = _links_up_to(read.note.key_id), Checkpoint.objects.newest()
    if receipt.get("statements") or len(links) < 2 or links[-1].key.key_id != read.note.key_id:
        return {}
    if newest is None or read.note.size > newest.size:
        return {}
    told = [link.statement for link in links if link.statement is not None]
    grown = [proofs.consistency(one.size, read.note.size).path if one.size <= read.note.size else None for one in told]
    return {
        "keys": [link.key.verifier for link in links],
        "statements": [str(one) for one in told],
        "proofs": [[step.hex() for step in path] if path is not None else None for path in grown],
    }


_LENT = verify.finding(
    verify.NOTED,
    "statements-of-ours",
    verify._(
        "The receipt does not say how the portal's keys followed one another; that was taken from this ledger. "
        "Checked anywhere else it is not decided: take it anew."
    ),
)


def _check_own_ledger(read: verify.Receipt) -> list[verify.Finding]:
    """The checkpoint of the receipt is a state of the ledger as it stands here now."""
    note, newest = read.note, Checkpoint.objects.newest()
    same = False
    if newest is not None and 0 < note.size <= newest.size:
        grown = proofs.consistency(note.size, newest.size)
        same = grown.first_root == note.root and grown.second_root == bytes(newest.root)
    if same:
        return [verify.finding(verify.PASSED, "our-ledger", verify._("It is a state of the ledger of this portal."))]
    words = verify._("Checkpoint %(number)s is no state of the ledger of this portal.")
    return [verify.finding(verify.FAILED, "not-our-ledger", words, number=note.number)]


def keys_up_to(key_id: Any) -> dict[str, bytes]:
    """The keys that are proved to be ours, up to this one: what was made in its time cannot have those that came later.

    All of them where it is none of ours, but none that was lost: the keys after it speak for those before. What stands in
    the database proves nothing.
    """
    links = _links_up_to(key_id)
    lost = [place for place, link in enumerate(links) if link.statement is not None and not link.statement.by_former]
    return {link.key.key_id: link.key.raw for link in links[max(lost, default=0) :]}


def _links_up_to(key_id: Any) -> Sequence[Link]:
    links = known_chain().links
    last = next((place for place, link in enumerate(links) if link.key.key_id == key_id), len(links) - 1)
    return links[: last + 1]


def _is_checkpoint(text: str) -> bool:
    try:
        verify.read_note(text)
    except verify.Unreadable:
        return False
    return True


def _receipt_in(content: bytes) -> bytes:
    """The receipt of a bundle, or nothing.

    SECURITY: the size that an archive states proves nothing, and of other methods than these two a read returns whatever
    a few bytes unpack to, so that a small file would fill the memory.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.filename.rsplit("/", 1)[-1] == "receipt.json" and entry.compress_type in BOUNDED:
                    return _read(archive, entry)
    except (zlib.error, BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return b""
    return b""


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(LARGEST + 1)
    return content if len(content) <= LARGEST else b""
