"""The evidence of a dispute to take along: its timeline as JSON, and a ZIP with every proof and file. Nothing of the room."""

from __future__ import annotations

import json
from importlib.resources import files
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from portal.files.storage import clean_name, read
from portal.history import merkle
from portal.history.canonical import instant
from portal.history.chain import known_chain
from portal.history.models import Checkpoint
from portal.history.nodes import with_nodes
from projects.ip.evidence import Entry
from projects.ip.models import Dispute

FORMAT = "concord/dispute-timeline/1"
EPOCH = (1980, 1, 1, 0, 0, 0)


def timeline_document(dispute: Dispute, entries: list[Entry]) -> dict[str, Any]:
    """Every entry with the canonical bytes of its event, and its proof under one checkpoint as far as it is sealed.

    Hashes are in hex, a proof goes from the leaf up (RFC 6962). A handful of queries, whatever the number of entries.
    """
    newest, keys = Checkpoint.objects.newest(), known_chain().keys
    proofs = _proofs(entries, newest.size if newest else 0)
    return {
        "format": FORMAT,
        "dispute": dispute.ref,
        "project": dispute.project.ref,
        "about": {"kind": dispute.subject_kind, "ref": dispute.subject_ref, "clause": dispute.clause},
        "parties": [
            {"agency": party.agency.ref, "name": party.agency_name, "side": party.side} for party in dispute.at_odds()
        ],
        "written_at": instant(timezone.now()),
        "checkpoint": newest.note if newest else None,
        "keys": [keys[newest.key_id].verifier] if newest and newest.key_id in keys else [],
        "entries": [_entry(entry, proofs) for entry in entries],
    }


def bundle(dispute: Dispute, entries: list[Entry]) -> bytes:
    """The timeline, the signed checkpoint, the files that were exhibited, and the scripts that check it all offline."""
    document = timeline_document(dispute, entries)
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        _put(archive, "timeline.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
        if document["checkpoint"]:
            _put(archive, "checkpoint.txt", document["checkpoint"].encode())
        for entry in entries:
            file = entry.exhibit.file
            if file is not None:
                _put(archive, f"files/{entry.exhibit.label}-{clean_name(file.name)}", read(file))
        _put(archive, "check.py", (files("projects.ip.dossier") / "check.py").read_bytes())
        _put(archive, "verify.py", (files("projects.ip.receipts") / "verify.py").read_bytes())
    return into.getvalue()


def _entry(entry: Entry, proofs: dict[int, list[str]]) -> dict[str, Any]:
    exhibit, withdrawn = entry.exhibit, entry.exhibit.withdrawn
    index = entry.event.ledger_index
    return {
        "exhibit": exhibit.label,
        "side": exhibit.side,
        "agency": exhibit.agency.ref,
        "kind": exhibit.kind,
        "source": exhibit.source,
        "file": exhibit.file.name if exhibit.file else None,
        "sha256": entry.sha256,
        "at": instant(entry.at),
        "proves": entry.proves,
        "shows": exhibit.shows,
        "withdrawn": {"at": instant(withdrawn.at), "reason": withdrawn.reason} if withdrawn else None,
        "event": entry.event.canonical.decode(),
        "proof": {"index": index, "path": proofs[index]} if index in proofs else None,
    }


def _proofs(entries: list[Entry], size: int) -> dict[int, list[str]]:
    """The paths of those that a checkpoint of this size covers, by index: one query for all."""
    sealed = sorted({index for entry in entries if (index := entry.event.ledger_index) is not None and index < size})
    paths = with_nodes(lambda node: [merkle.inclusion_proof(index, size, node) for index in sealed])
    return {index: [step.hex() for step in path] for index, path in zip(sealed, paths, strict=True)}


def _put(archive: ZipFile, name: str, content: bytes) -> None:
    archive.writestr(ZipInfo(name, EPOCH), content, compress_type=ZIP_DEFLATED)
