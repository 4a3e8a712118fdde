"""The sealed PDF: byte for byte the one in the ledger, carrying the same text; and the time stamp within its seal."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from projects.agreements.bundle.verifier.archive import LARGEST_MEMBER
from projects.agreements.bundle.verifier.bundle import Bundle
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, UNDECIDED, Finding, _, finding, sha256

PDF, TIME_STAMP = "agreement.pdf", "time-stamp.tsr"
EMBEDDED = re.compile(rb"<<(?:(?!endobj|stream).)*?/EmbeddedFile(?:(?!endobj|stream).)*?>>\s*stream\r?\n", re.DOTALL)
CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]+)>")
SHA256_IMPRINT = bytes.fromhex("3031300d060960864801650304020105000420")


def check_pdf(bundle: Bundle) -> Iterator[Finding]:
    sealed = [entry for entry in bundle.of_verb("sealed") if entry.facts.get("sha256") == bundle.text_sha256]
    if PDF not in bundle.members:
        if sealed:
            yield finding(
                FAILED, "pdf-missing", _("The ledger has a sealed PDF of this text; it is not in the bundle.")
            )
        else:
            yield finding(UNDECIDED, "not-sealed", _("There is no sealed PDF yet; the text is text.json."))
        return
    content = bundle.members[PDF]
    if not sealed:
        yield finding(FAILED, "pdf-not-sealed", _("The ledger knows of no sealed PDF of this text."))
        return
    if sealed[0].facts.get("pdf_sha256") != sha256(content).hex():
        yield finding(FAILED, "pdf-changed", _("agreement.pdf is not, byte for byte, the PDF that was sealed."))
        return
    yield finding(PASSED, "pdf", _("agreement.pdf is, byte for byte, the PDF that was sealed, as the ledger has it."))
    yield from _check_attached(bundle, content)
    words = _(
        "The PAdES seal in agreement.pdf was not checked here; the hash in the ledger covers more. pdfsig checks it."
    )
    yield finding(NOTED, "pades", words)


def _check_attached(bundle: Bundle, content: bytes) -> Iterator[Finding]:
    attached = list(attached_files(content))
    if bundle.members["text.json"] in attached:
        yield finding(PASSED, "attached", _("The text attached to agreement.pdf is text.json."))
    elif attached:
        yield finding(FAILED, "attached-differs", _("The text attached to agreement.pdf is not text.json."))
    else:
        words = _("The text attached to agreement.pdf could not be read here. Compare: pdfdetach -save 1 agreement.pdf")
        yield finding(UNDECIDED, "attached-unread", words)


def attached_files(content: bytes) -> Iterator[bytes]:
    """The files in a PDF, as far as they are plain or deflated and can be found without reading the whole structure."""
    for match in EMBEDDED.finditer(content):
        head, stream = match[0], content[match.end() :]
        if b"/FlateDecode" in head:
            try:
                yield zlib.decompressobj().decompress(stream, LARGEST_MEMBER)
            except zlib.error:
                continue
        elif b"/Filter" not in head:
            yield stream[: stream.find(b"endstream")].rstrip(b"\r\n")


def check_time_stamp(bundle: Bundle) -> Iterator[Finding]:
    """The token is over the signature of the seal; whose it is and whether it is right, openssl says."""
    sealed = [entry for entry in bundle.of_verb("sealed") if entry.facts.get("sha256") == bundle.text_sha256]
    authority = sealed[0].facts.get("time_stamp") if sealed else None
    if TIME_STAMP not in bundle.members:
        if authority:
            yield finding(FAILED, "time-stamp-missing", _("The time stamp that the ledger names is not in the bundle."))
        else:
            words = _("No independent authority has stamped the time; all times are the portal's own.")
            yield finding(NOTED, "no-time-stamp", words)
        return
    token, signature = bundle.members[TIME_STAMP], seal_signature(bundle.members.get(PDF, b""))
    if token not in _seal(bundle.members.get(PDF, b"")) or SHA256_IMPRINT + sha256(signature) not in token:
        yield finding(FAILED, "another-time-stamp", _("The time stamp is not that of the seal in agreement.pdf."))
        return
    words = _(
        "A time stamp (RFC 3161) of %(authority)s is over the seal of agreement.pdf. The authority's own signature was not "
        "checked here; README.txt says how to do so with openssl."
    )
    yield finding(NOTED, "time-stamp-not-checked", words, authority=authority or "?")


def _seal(content: bytes) -> bytes:
    """The CMS of the last signature in a PDF, with the zeros behind it."""
    found = CONTENTS.findall(content)
    return bytes.fromhex(found[-1].decode()) if found and len(found[-1]) % 2 == 0 else b""


def seal_signature(content: bytes) -> bytes:
    """The value of the signature in the CMS of a PDF (RFC 5652 §5.3), or nothing where it cannot be read."""
    try:
        content_info = _elements(_seal(content))
        signed = _elements(content_info[0][1])[1][1]
        signer_infos = _elements(_elements(signed)[0][1])[-1]
        signer = _elements(_elements(signer_infos[1])[0][1])
        return next(body for tag, body in reversed(signer) if tag == 0x04)
    except (IndexError, ValueError, StopIteration):
        return b""


def _elements(data: bytes) -> list[tuple[int, Any]]:
    """The elements of DER one after another: tag and content. Zeros behind the first are what is left of its place."""
    found = []
    while data and data[0]:
        size, start = data[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(data[2:start], "big")
        if start + size > len(data):
            raise ValueError("an element is longer than what holds it")
        found.append((data[0], data[start : start + size]))
        data = data[start + size :]
    return found
