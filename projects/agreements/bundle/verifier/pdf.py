"""The sealed PDF: byte for byte the one in the ledger, carrying the same text; and the time stamp within its seal."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from projects.agreements.bundle.verifier.archive import LARGEST_MEMBER
from projects.agreements.bundle.verifier.bundle import Bundle
from projects.agreements.bundle.verifier.seal import check_seal, seal_in, seal_signature
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, UNDECIDED, Finding, _, finding, sha256

PDF, TIME_STAMP = "agreement.pdf", "time-stamp.tsr"
EMBEDDED = re.compile(rb"<<(?:(?!endobj|stream).)*?/EmbeddedFile(?:(?!endobj|stream).)*?>>\s*stream\r?\n", re.DOTALL)
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
    yield from check_seal(content)


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
    if token not in seal_in(bundle.members.get(PDF, b"")) or SHA256_IMPRINT + sha256(signature) not in token:
        yield finding(FAILED, "another-time-stamp", _("The time stamp is not that of the seal in agreement.pdf."))
        return
    words = _(
        "A time stamp (RFC 3161) of %(authority)s is over the seal of agreement.pdf. The authority's own signature was not "
        "checked here; README.txt says how to do so with openssl."
    )
    yield finding(NOTED, "time-stamp-not-checked", words, authority=authority or "?")
