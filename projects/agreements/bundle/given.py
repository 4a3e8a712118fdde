"""A bundle that somebody hands in: read within narrow limits, checked as its script does, and held against our own ledger."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.history import proofs
from portal.history.chain import known_chain
from projects.agreements.bundle.verifier.archive import read_bundle
from projects.agreements.bundle.verifier.bundle import INDEX, Bundle
from projects.agreements.bundle.verifier.command import check_bundle
from projects.agreements.typesetting import Marker, read_marker
from projects.agreements.verification import CHANGED, FAILED, UNKNOWN, Check, Verdict, told, verify
from projects.ip.receipts.checking import keys_up_to
from projects.ip.receipts.verify import Unreadable

LARGEST, LARGEST_JSON, LARGEST_RECORD = 64 * 2**20, 8 * 2**20, 200_000
SPOILED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def bundle_in(content: bytes) -> dict[str, bytes] | None:
    """The members of a bundle; None for any other file.

    SECURITY: parsing is what costs, so JSON has a limit of its own.
    """
    if content[:2] != b"PK":
        return None
    try:
        members = read_bundle(io.BytesIO(content), LARGEST)
    except Unreadable:
        return None
    size = sum(len(body) for name, body in members.items() if name.endswith(".json"))
    return members if INDEX in members and size <= LARGEST_JSON else None


def check_given(members: dict[str, bytes]) -> Verdict:
    """What the bundle's own check finds with our keys, and whether it is of our ledger and of a text of ours."""
    bundle = Bundle(members)
    try:
        found = told(check_bundle(members, keys=keys_up_to(bundle.index["key"]["id"])))
        found += [_own_ledger(bundle), *_own_beginnings()]
        base = verify(bundle.text_sha256)
    except (Unreadable, *SPOILED) as error:
        return Verdict(CHANGED, "", kind="bundle", checks=[Check(FAILED, str(error)[:300])])
    wrong = any(check.outcome == FAILED for check in found)
    outcome = UNKNOWN if base.text is None else CHANGED if wrong else base.outcome
    return Verdict(
        outcome, bundle.text_sha256, kind="bundle", agreement=base.agreement, text=base.text, signatures=base.signatures,
        checks=found, superseded_by=base.superseded_by,
    )  # fmt: skip


def claimed(content: bytes) -> Marker | None:
    """Which text a file says it is of: by the marker of a PDF, or what an evidence record names."""
    if content[:5] == b"%PDF-":
        return read_marker(content)
    if len(content) > LARGEST_RECORD or not content.lstrip().startswith(b"{"):
        return None
    try:
        said: Any = json.loads(content)
        text = said["text"]
        line = f"concord {said['agreement']} v{text['number']} {text['sha256']}"
    except SPOILED:
        return None
    return read_marker(line.encode("utf-8", "replace"))


def _own_beginnings() -> Iterator[Check]:
    """Our ledger must itself be the one that our former keys handed over, whatever a bundle has of that."""
    for statement in proofs.contradicted(known_chain().statements):
        words = _("The ledger of this portal does not begin with the %(size)s entries that the key %(key)s handed over")
        yield Check(FAILED, words % {"size": statement.size, "key": statement.former.key_id})


def _own_ledger(bundle: Bundle) -> Check:
    note = bundle.note
    try:
        grown = proofs.consistency(note.size, note.size) if note is not None else None
    except proofs.NoProof:
        grown = None
    if grown is not None and grown.first_root == note.root:
        return Check("passed", _("Its checkpoint is a state of the ledger of this portal, which has only grown since"))
    return Check(FAILED, _("Its checkpoint is no state of the ledger of this portal"))
