"""Reading a seal: whether one signature covers every byte of a PDF, whose it is, and what time an authority gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

FIELD = "Seal"
BASELINE, WITH_TIME = "B-B", "B-T"
SIGNED_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2"}
SHA256 = {"algorithm": "sha256", "parameters": None}
FRAME = ("v1", [SHA256], "v1", SHA256, 1)
UNSIGNED_ATTRIBUTES = {"signature_time_stamp_token"}


class NotSealed(Exception):
    """Raised with the reason, in words, for bytes that are not a whole document under one valid seal."""


@dataclass(frozen=True)
class Seal:
    """What a seal says: its PAdES level, the certificate it was made with, and the time of an authority or None.

    Whether the certificate and the authority are to be trusted is not judged here.
    """

    level: str
    certificate: bytes
    certificate_sha256: str
    time_stamped_at: datetime | None = None
    authority: str = ""


def read_seal(content: bytes, *, certificate_sha256: str = "") -> Seal:
    """The seal of a PDF of ours, or NotSealed; `certificate_sha256` is of the certificate that it must be made with.

    Stricter than the standard: one signature, over all bytes, that allows no later change; in its place nothing but its
    own bytes and zeros. A document that is signed once more, or was touched by a well-meaning program, is refused.
    """
    try:
        return _read(content, certificate_sha256)
    except NotSealed:
        raise
    except Exception as error:
        # A forged file makes a reader of PDF stumble in more ways than can be listed; none of them is a seal.
        raise NotSealed(_("It cannot be read as a signed PDF: %(why)s") % {"why": error}) from error


def _read(content: bytes, certificate_sha256: str) -> Seal:
    reader = PdfFileReader(BytesIO(content))
    if reader.encrypted:
        raise NotSealed(_("It is encrypted."))
    found = reader.embedded_signatures
    if len(found) != 1:
        raise NotSealed(_("It has %(count)s signatures instead of one.") % {"count": len(found)})
    (signature,) = found
    _require_shape(signature)
    _require_cover(content, signature)
    # The certificate is compared, not trusted: naming it as root asks nothing of the machine's own list.
    known = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, known, ts_validation_context=nobody)
    if not (status.intact and status.valid and status.docmdp_ok):
        raise NotSealed(_("The signature does not verify."))
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise NotSealed(_("The signature does not cover the whole file."))
    made_with = signature.signer_cert.sha256.hex()
    if certificate_sha256 and made_with != certificate_sha256:
        raise NotSealed(_("It was sealed with another certificate."))
    at, authority = _time(status)
    return Seal(WITH_TIME if at else BASELINE, signature.signer_cert.dump(), made_with, at, authority)


def _require_shape(signature: EmbeddedPdfSignature) -> None:
    """What PAdES asks of a baseline signature, and what ours adds: it certifies, and allows no change."""
    info = signature.signer_info
    signed = {attribute["type"].native for attribute in info["signed_attrs"]}
    unsigned = {attribute["type"].native for attribute in _present(info["unsigned_attrs"])}
    if (
        signature.field_name != FIELD
        or signature.sig_object.get("/SubFilter") != SigSeedSubFilter.PADES.value
        or signature.docmdp_level != MDPPerm.NO_CHANGES
        or signed != SIGNED_ATTRIBUTES
        or _unsigned_frame(signature) != FRAME
        or info["sid"].chosen.dump() != _identifier(signature.signer_cert)
        or unsigned - UNSIGNED_ATTRIBUTES
    ):
        raise NotSealed(_("Its signature is not a seal of the portal."))


def _require_cover(content: bytes, signature: EmbeddedPdfSignature) -> None:
    """The signed ranges leave out the place of the signature alone, and that place holds nothing else."""
    parts = [int(number) for number in signature.byte_range]
    if len(parts) != 4:
        raise NotSealed(_("The signature does not cover the whole file."))
    start, before, resumed, after = parts
    gap = content[before:resumed]
    written = bytes(signature.pkcs7_content)
    # SECURITY: readers ignore what follows the signature in its place, so a change there would go unseen.
    der = cms.ContentInfo.load(written, strict=False).dump()
    expected = b"<" + der.hex().upper().encode() + b"0" * (2 * (len(written) - len(der))) + b">"
    if (start, before + len(gap) + after) != (0, len(content)) or resumed + after != len(content):
        raise NotSealed(_("The signature does not cover the whole file."))
    if gap != expected:
        raise NotSealed(_("Something else stands in the place of the signature."))


def _time(status: PdfSignatureStatus) -> tuple[datetime | None, str]:
    given = status.timestamp_validity
    if given is None:
        return None, ""
    if not (given.intact and given.valid):
        raise NotSealed(_("The time stamp does not belong to the signature."))
    return given.timestamp, _name(given.signing_cert)


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))[:300]


def _unsigned_frame(signature: EmbeddedPdfSignature) -> tuple[Any, ...]:
    """What of the container is under no signature and has one right value."""
    data, info = signature.signed_data, signature.signer_info
    digests = [one.native for one in data["digest_algorithms"]]
    return (
        data["version"].native,
        digests,
        info["version"].native,
        info["digest_algorithm"].native,
        len(data["signer_infos"]),
    )


def _identifier(certificate: x509.Certificate) -> bytes:
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    return bytes(cms.IssuerAndSerialNumber(named).dump())


def _present(attributes: Any) -> Any:
    return attributes if isinstance(attributes, cms.CMSAttributes) else ()


def time_stamp_token(content: bytes) -> bytes:
    """The time-stamp token within the seal of a PDF of ours (RFC 3161, DER), or nothing where it has none."""
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    for attribute in _present(signature.signer_info["unsigned_attrs"]):
        if attribute["type"].native == "signature_time_stamp_token":
            token: bytes = attribute["values"][0].dump()
            return token
    return b""
