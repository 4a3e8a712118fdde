"""The members of a bundle, in their order, and the ZIP around them: equal contents give equal bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import rfc8785

from portal.files.storage import read
from portal.history.keys import Signer
from portal.seals.reading import time_stamp_token
from projects.agreements.bundle.collecting import Contents
from projects.agreements.bundle.joining import script
from projects.agreements.bundle.readme import readme
from projects.agreements.bundle.verifier.bundle import BUNDLE, INDEX, INDEX_SIGNATURE
from projects.agreements.models import Signature

ENDING = re.compile("[a-z0-9]{1,5}")
DATED = (1980, 1, 1, 0, 0, 0)


def members_of(contents: Contents, *, with_outside: bool) -> dict[str, bytes]:
    """Name and bytes of every member except the list that names them all; files of signatures made outside only if told."""
    parts: dict[str, bytes] = {"README.txt": readme(contents).encode()}
    parts |= _files(contents) | proofs_of(contents) | (_outside(contents) if with_outside else {})
    return parts | {"verify.py": script()}


def proofs_of(contents: Contents) -> dict[str, bytes]:
    """Text, records and what the ledger says of them: all but the files."""
    parts = {"text.json": bytes(contents.text.canonical)}
    for name, row in _numbered(contents):
        parts |= _records(name, row)
    return parts | _ledger(contents)


def listed(parts: dict[str, bytes], contents: Contents, *, made_at: str, key: Signer) -> dict[str, bytes]:
    """The members with their list, signed by the portal, in front."""
    text = contents.text
    index = rfc8785.dumps(
        {
            "format": BUNDLE,
            "agreement": contents.agreement.ref,
            "text": {"number": text.number, "sha256": text.sha256},
            "made_at": made_at,
            "members": {name: sha256(content).hexdigest() for name, content in parts.items()},
            "key": {"id": key.public.key_id, "algorithm": "Ed25519"},
        }
    )
    signature = key.sign(f"{BUNDLE}\n".encode() + index).hex()
    return {INDEX: index, INDEX_SIGNATURE: signature.encode()} | parts


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP whose members are stored as they are, so that a browser, or a person, finds them in it unpacked."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            entry = ZipInfo(name, DATED)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _files(contents: Contents) -> dict[str, bytes]:
    if contents.sealed is None:
        return {}
    content = read(contents.sealed.file)
    token = time_stamp_token(content)
    return {"agreement.pdf": content} | ({"time-stamp.tsr": token} if token else {})


def _numbered(contents: Contents) -> Iterator[tuple[str, Signature]]:
    """Signatures with the names of their members, in the order in which they were made."""
    for position, row in enumerate(contents.signatures, start=1):
        yield f"{position:02d}-{row.party.agency.ref}", row


def _outside(contents: Contents) -> dict[str, bytes]:
    """What was signed on paper, or in a PDF with a certificate of the signatory's own."""
    parts = {}
    for name, row in _numbered(contents):
        external = contents.externals.get(row.pk)
        if external is not None:
            ending = external.file.name.rpartition(".")[2].lower()
            parts[f"outside/{name}{f'.{ending}' if ENDING.fullmatch(ending) else ''}"] = read(external.file)
    return parts


def _records(name: str, row: Signature) -> dict[str, bytes]:
    parts = {f"evidence/{name}.json": bytes(row.evidence), f"evidence/{name}.sig": row.signature.encode()}
    if hasattr(row, "confirmation"):
        confirmed = row.confirmation
        parts[f"confirmations/{name}.json"] = bytes(confirmed.evidence)
        parts[f"confirmations/{name}.sig"] = confirmed.portal_signature.encode()
    return parts


def _ledger(contents: Contents) -> dict[str, bytes]:
    events = [
        {"event": row.event.canonical.decode(), "index": row.index, "proof": row.proof} for row in contents.events
    ]
    witnesses = {row.witness.verifier: row.witness.agency_ref for row in contents.cosignatures}
    parts = {"events.json": rfc8785.dumps(events)}
    if contents.checkpoint is not None:
        parts["checkpoint.txt"] = contents.checkpoint.note.encode()
    if contents.older:
        older = [{"note": row.note, "proof": path} for row, path in contents.older]
        parts["checkpoints.json"] = rfc8785.dumps(older)
    if contents.cosignatures:
        lines = "".join(row.line for row in contents.cosignatures)
        parts["witnesses.txt"] = (contents.cosignatures[0].note + lines).encode()
    parts["keys.json"] = rfc8785.dumps(_keys(contents, witnesses))
    return parts


def _keys(contents: Contents, witnesses: dict[str, str]) -> dict[str, Any]:
    links = contents.chain.links
    return {
        "ledger": [
            {"key": link.key.verifier, "since": link.statement.at if link.statement is not None else None}
            for link in links
        ],
        "statements": [str(statement) for statement in contents.chain.statements],
        "proofs": contents.grown,
        "witnesses": [{"agency": agency, "key": key} for key, agency in witnesses.items()],
    }
