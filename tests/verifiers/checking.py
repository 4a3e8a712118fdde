"""A verifier of bundles written from docs/verifying.md, docs/text.md and docs/ledger.md alone.

Its shape is another than verify.py's on purpose: it stops at the first thing that is wrong and says what. It needs the
package `cryptography`, and pyHanko for the seal of a PDF.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, NamedTuple

from tests.verifiers.ledger import chain, check_handing_over, check_witnesses, checkpoints, events_of
from tests.verifiers.records import check_confirmations, check_evidence, check_passkey, of, records_of
from tests.verifiers.spelling import Wrong, require, sha, strict, unhex


class Found(NamedTuple):
    """What a bundle proves; `missing` says in words what was not there to be checked."""

    agreement: str
    text_sha256: str
    signed_by: list[str]
    missing: list[str]


def verify_zip(bundle: bytes, **asked: Any) -> Found:
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            require(len(names) == len(set(names)), "a name stands twice")
            members = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Wrong(f"no ZIP: {error}") from error
    return verify(members, **asked)


def verify(members: dict[str, bytes], *, seal: bool = True, trusted: dict[str, bytes] | None = None) -> Found:
    """Go through docs/verifying.md step by step; Wrong at the first thing that does not hold.

    `trusted` are public keys by key id, one of which must lead to the key that signed the list; `seal` also looks at PAdES.
    """
    try:
        return _verify(members, seal, trusted)
    except Wrong:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise Wrong(f"something has another form: {error!r}") from error


def _verify(members: dict[str, bytes], seal: bool, trusted: dict[str, bytes] | None) -> Found:
    index, keys = strict(members["bundle.json"]), strict(members["keys.json"])
    public = chain(keys["ledger"], keys.get("statements", []), trusted)
    # 1
    require(index["format"] == "concord/bundle/1", "format of the bundle")
    for name, wanted in index["members"].items():
        require(sha(members[name]).hex() == wanted, f"{name} was changed")
    last = list(public)[-1]
    require(index["key"]["id"] == last, "not signed by the last key")
    public[last].verify(unhex(members["bundle.sig"], 64), b"concord/bundle/1\n" + members["bundle.json"])
    members = {name: members[name] for name in (*index["members"], "bundle.json")}
    # 2
    missing: list[str] = []
    if trusted is not None and last not in trusted:
        missing.append("only a former key vouches for the present one")
    elif trusted is not None and not set(list(trusted)[: list(trusted).index(last)]) <= set(public):
        missing.append("a key that was given before the present one is not there")
    if trusted is not None and last in trusted:
        told = zip(public, keys.get("statements", []), strict=False)
        lost = [key_id for key_id, text in told if key_id in trusted and text.count("\n\u2014 ") == 1]
        missing += [f"whether {key_id} was lost" for key_id in lost]
    states = checkpoints(members, public)
    missing += check_handing_over(keys.get("statements", []), keys.get("proofs"), states[0] if states else None)
    # 3
    events = events_of(members, states[0] if states else None, missing)
    about = [
        event
        for event in events
        if (event["target_kind"], event["target_ref"]) == ("agreements.agreement", index["agreement"])
    ]
    # 4
    text, digest = strict(members["text.json"]), sha(members["text.json"]).hex()
    require((text["agreement"], text["version"]) == (index["agreement"], index["text"]["number"]), "another text")
    require(digest == index["text"]["sha256"], "another hash of the text")
    require(bool(of(about, "frozen", sha256=digest)), "the text was never frozen")
    # 5, 7
    records = records_of(members, "evidence")
    check_evidence(records, text, digest, about, public)
    for record in records:
        check_passkey(record.said)
    # 6
    confirmations = records_of(members, "confirmations")
    check_confirmations(confirmations, records, about, public, text, digest)
    # 8
    void = {event["facts"]["evidence"] for event in of(about, "signature_voided")}
    confirmed = {record.said["confirms"] for record in confirmations}
    counting = {
        record.said["party"]["ref"]
        for record in records
        if record.sha not in void
        and (not record.said.get("remarks", {}).get("ad_referendum") or record.sha in confirmed)
    }
    lacking = {party["ref"] for party in text["parties"]} - counting
    if of(about, "fully_signed", sha256=digest):
        require(not lacking, "fully signed without everybody")
    elif not of(about, "entered_into_force", sha256=digest):
        missing.append("not fully signed")
    # 9, 10
    _pdf(members, of(about, "sealed", sha256=digest), seal, missing)
    # 11
    if "witnesses.txt" in members:
        check_witnesses(members["witnesses.txt"].decode(), states, keys["witnesses"])
    for name, content in members.items():
        if name.startswith("outside/"):
            named = {(record.said.get("outside") or {}).get("file_sha256") for record in records}
            require(sha(content).hex() in named, f"{name} belongs to nobody")
    return Found(index["agreement"], digest, sorted(counting), missing)


def _pdf(members: dict[str, bytes], sealed: list[dict[str, Any]], seal: bool, missing: list[str]) -> None:
    content = members.get("agreement.pdf")
    require((content is None) == (not sealed), "PDF and ledger differ")
    if content is None:
        missing.append("no sealed PDF")
        return
    facts = sealed[0]["facts"]
    require(facts["pdf_sha256"] == sha(content).hex(), "the PDF was changed")
    require(members["text.json"] in content if not seal else _attached(content) == members["text.json"], "attached")
    require(("time-stamp.tsr" in members) == bool(facts.get("time_stamp")), "time stamp and ledger differ")
    if seal:
        token = _sealed(content)
        require(token == members.get("time-stamp.tsr", b""), "another time stamp")


def _attached(content: bytes) -> bytes:
    from pypdf import PdfReader

    (body,) = PdfReader(io.BytesIO(content)).attachments["concord-text.json"]
    return bytes(body)


def _sealed(content: bytes) -> bytes:
    """Have pyHanko check the PAdES seal and what a time stamp in it is over; returns the token, if there is one."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    known = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, known, ts_validation_context=nobody)
    require(status.intact and status.valid, "the seal")
    require(status.coverage == SignatureCoverageLevel.ENTIRE_FILE, "the seal does not cover the file")
    token = b""
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0].dump()
            require(bool(status.timestamp_validity and status.timestamp_validity.intact), "the time stamp")
    return token
