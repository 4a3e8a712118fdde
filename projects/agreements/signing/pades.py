"""Reading a PDF that was signed elsewhere: whether it is our text under an intact signature, and what that signature says."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .certificates import certificates_in, name_of, says_qualified
from .same_pages import Differs, TooMuch, does_something, entry, is_signature, notes_on, pages, require_same_pages

ATTACHED = "concord-text.json"
MODERN, OLDER = "/ETSI.CAdES.detached", "/adbe.pkcs7.detached"
DIGESTS = {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"}
SMALLEST_RSA = 2048
MOST_SIGNATURES = 20
NOT_CHECKED, TRUSTED, UNTRUSTED = "not_checked", "trusted", "untrusted"


class Unacceptable(Exception):
    """Raised with a code, and values for its words, for a file that cannot count as our text under a signature."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def examine(content: bytes, frozen: bytes, *, field: str = "", roots: bytes = b"", text: bytes = b"") -> dict[str, Any]:
    """What is found in the file, as plain JSON (docs/signing-outside.md); Unacceptable when it cannot count.

    `frozen` is the PDF to be signed: the text that must be under the signature, as the portal sets it. `field` names
    the signature that counts where there are several. `text` is what both must carry, unless it is empty. `roots` are
    certificates in PEM; without them nobody's trust is judged. Revocation is never judged.
    """
    try:
        return _examine(content, frozen, field, certificates_in(roots), text)
    except Unacceptable:
        raise
    except (TooMuch, MemoryError, RecursionError) as error:
        raise Unacceptable("too-much") from error
    except Exception as error:
        # A forged file makes a reader of PDF stumble in more ways than can be listed; none of them is a signature.
        raise Unacceptable("unreadable") from error


def require_still(content: bytes) -> None:
    """Raise Unacceptable for a PDF that is encrypted, cannot be read, or does something when it is opened."""
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if reader.encrypted:
            raise Unacceptable("encrypted")
        if does_something(reader):
            raise Unacceptable("active")
    except Unacceptable:
        raise
    except Exception as error:
        raise Unacceptable("unreadable") from error


def _examine(content: bytes, frozen: bytes, field: str, roots: list[x509.Certificate], text: bytes) -> dict[str, Any]:
    reader = PdfFileReader(BytesIO(content))
    if reader.encrypted:
        raise Unacceptable("encrypted")
    ours = PdfFileReader(BytesIO(frozen))
    if attached_text(reader) != attached_text(ours) or (text and attached_text(ours) not in (b"", text)):
        raise Unacceptable("another-text")
    if does_something(reader):
        raise Unacceptable("active")
    found = list(reader.embedded_regular_signatures)
    if not found:
        raise Unacceptable("unsigned")
    if len(found) > MOST_SIGNATURES:
        raise Unacceptable("too-much")
    _require_our_pages(reader, ours)
    chosen = _chosen(found, field)
    _require_nothing_after(content, reader)
    places = _places(reader)
    for row in found:
        _require_plain_gap(content, row)
    told = [_told(row, reader, roots, places, counts=row is chosen) for row in found]
    return {
        "pages": "appended" if content.startswith(frozen) else "rewritten",
        "field": chosen.field_name,
        "signatures": told,
        "revocation": NOT_CHECKED,
        "trust": "checked" if roots else NOT_CHECKED,
    }


def attached_text(reader: PdfFileReader) -> bytes:
    """The canonical text that travels in a PDF of the portal; empty when there is none."""
    names = entry(entry(entry(reader.root, "/Names", {}), "/EmbeddedFiles", {}), "/Names", ())
    for index in range(1, len(names), 2):
        if str(names[index - 1]) == ATTACHED:
            return bytes(names[index]["/EF"]["/F"].data)
    return b""


def _require_our_pages(reader: PdfFileReader, ours: PdfFileReader) -> None:
    """SECURITY: a signature over all bytes proves nothing about what is shown if pages were replaced before it was made.

    That the file begins with our bytes does not help: an update between them and the signature may show something else.
    """
    try:
        require_same_pages(reader, ours)
    except Differs as difference:
        raise Unacceptable("pages-differ", part=str(difference)) from difference


def _chosen(found: list[EmbeddedPdfSignature], field: str) -> EmbeddedPdfSignature:
    names = [str(row.field_name) for row in found]
    if not field and len(found) > 1:
        raise Unacceptable("which", fields=names)
    chosen = next((row for row in found if not field or row.field_name == field), None)
    if chosen is None:
        raise Unacceptable("no-such-field", fields=names)
    return chosen


def _require_nothing_after(content: bytes, reader: PdfFileReader) -> None:
    """The file ends with its last revision, and that is one that a signature, a time stamp or its archive material made."""
    start = content.rfind(b"startxref")
    tail = content[start:].split()
    if start < 0 or len(tail) != 3 or tail[2] != b"%%EOF" or int(tail[1]) != reader.last_startxref:
        raise Unacceptable("appended")
    *_earlier, last = reader.embedded_signatures
    last.compute_integrity_info()
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE and "/DSS" not in reader.root:
        raise Unacceptable("appended")


def _require_plain_gap(content: bytes, row: EmbeddedPdfSignature) -> None:
    """SECURITY: no signed range covers the place of the signature, and readers ignore what follows it there."""
    parts = [int(number) for number in row.byte_range]
    if len(parts) != 4 or parts[0] != 0:
        raise Unacceptable("part", field=str(row.field_name))
    gap = content[parts[1] : parts[2]]
    written = bytes(row.pkcs7_content)
    der = cms.ContentInfo.load(written, strict=False).dump()
    plain = b"<" + der.hex().encode() + b"0" * (2 * (len(written) - len(der))) + b">"
    if gap.lower() != plain:
        raise Unacceptable("part", field=str(row.field_name))


def _told(
    row: EmbeddedPdfSignature,
    reader: PdfFileReader,
    roots: list[x509.Certificate],
    places: dict[str, int],
    *,
    counts: bool,
) -> dict[str, Any]:
    """One signature; Unacceptable when it is broken, whether it counts or not: a file with a broken one is no evidence."""
    certificate = row.signer_cert
    form = str(entry(row.sig_object, "/SubFilter"))
    name = str(row.field_name)
    if form not in (MODERN, OLDER):
        raise Unacceptable("old-form", field=name, form=form)
    _require_strong(row, certificate, name)
    known = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(row, known, ts_validation_context=nobody)
    if not (status.intact and status.valid and status.docmdp_ok):
        raise Unacceptable("broken", field=name)
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise Unacceptable("part", field=name)
    if status.modification_level is None or status.modification_level > ModificationLevel.FORM_FILLING:
        raise Unacceptable("appended")
    stamped = status.timestamp_validity
    if stamped is not None and not (stamped.intact and stamped.valid):
        raise Unacceptable("stamp", field=name)
    claimed = row.self_reported_timestamp
    at = stamped.timestamp if stamped is not None else claimed or datetime.now(UTC)
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        raise Unacceptable("expired", field=name)
    trust = _trust(row, roots, at)
    if counts and trust == UNTRUSTED:
        raise Unacceptable("untrusted", issuer=certificate.issuer.human_friendly[:300])
    return {
        "field": name[:200],
        "counts": counts,
        "level": _level(row, reader, has_stamp=stamped is not None),
        "form": form.lstrip("/"),
        "digest": str(row.md_algorithm),
        "covers": "file" if status.coverage == SignatureCoverageLevel.ENTIRE_FILE else "revision",
        "signed_at": _instant(claimed),
        "time_stamp": None
        if stamped is None
        else {"at": _instant(stamped.timestamp), "authority": name_of(stamped.signing_cert)},
        "subject": certificate.subject.human_friendly[:500],
        "name": name_of(certificate),
        "issuer": certificate.issuer.human_friendly[:500],
        "serial": f"{certificate.serial_number:x}",
        "valid_from": _instant(certificate.not_valid_before),
        "valid_until": _instant(certificate.not_valid_after),
        "certificate_sha256": certificate.sha256.hex(),
        "says_qualified": says_qualified(certificate),
        "trust": trust,
        "visible_on_page": places.get(name),
    }


def _require_strong(row: EmbeddedPdfSignature, certificate: x509.Certificate, name: str) -> None:
    key = certificate.public_key
    is_small = key.algorithm in ("rsa", "rsassa_pss") and key.bit_size < SMALLEST_RSA
    if row.md_algorithm not in DIGESTS or is_small or key.algorithm == "dsa":
        raise Unacceptable("weak", field=name)


def _level(row: EmbeddedPdfSignature, reader: PdfFileReader, *, has_stamp: bool) -> str:
    """The PAdES level that the file shows (ETSI EN 319 142-1), which says nothing about trust; empty for older forms."""
    signed = {attribute["type"].native for attribute in row.signer_info["signed_attrs"]}
    if str(entry(row.sig_object, "/SubFilter")) != MODERN or "signing_certificate_v2" not in signed:
        return ""
    archived = [stamp for stamp in reader.embedded_timestamp_signatures if stamp.signed_revision > row.signed_revision]
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    for stamp in archived:
        given = validate_pdf_timestamp(stamp, nobody)
        if not (given.intact and given.valid):
            raise Unacceptable("stamp", field=str(stamp.field_name))
    if not has_stamp and not archived:
        return "B-B"
    store = entry(reader.root, "/DSS", {})
    if not (entry(store, "/Certs") and (entry(store, "/CRLs") or entry(store, "/OCSPs"))):
        return "B-T"
    return "B-LTA" if archived else "B-LT"


def _trust(row: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime) -> str:
    if not roots:
        return NOT_CHECKED
    context = ValidationContext(
        trust_roots=roots, other_certs=row.other_embedded_certs, allow_fetching=False, moment=at
    )
    return TRUSTED if validate_pdf_signature(row, context, skip_diff=True).trusted else UNTRUSTED


def _places(reader: PdfFileReader) -> dict[str, int]:
    """On which page a signature shows a picture of its own."""
    shown: dict[str, int] = {}
    for number, page in enumerate(pages(reader), start=1):
        for note in (note for note in notes_on(page) if is_signature(note)):
            left, bottom, right, top = (float(edge) for edge in entry(note, "/Rect", (0, 0, 0, 0)))
            if left != right and bottom != top and "/AP" in note:
                name = entry(note, "/T") or entry(entry(note, "/Parent", {}), "/T", "")
                shown[str(name)] = number
    return shown


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None
