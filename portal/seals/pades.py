"""Sealing: one PAdES signature over the whole of a PDF, stamped by the time-stamp authority when one is configured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import cms, keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.seals import time_stamps
from portal.seals.keys import SealKey, seal_key
from portal.seals.reading import FIELD, NotSealed, Seal, read_seal

# Bytes for a signature with a time stamp and the chains of two authorities; what is not used stays zero. How much an
# authority will send is known only once it was asked, and it is asked once.
ROOM = 16_000
# Further apart than this, one of two clocks is wrong, and nobody could say which.
CLOCKS_MAY_DIFFER = timedelta(minutes=10)


class SealingFailed(Exception):
    """Raised with the reason, in words, when a document cannot be sealed."""


def seal_pdf(pages: bytes, *, reason: str, now: datetime | None = None) -> tuple[bytes, Seal]:
    """The pages with the seal appended to them, and what the seal says, read from the result.

    Nothing of the pages changes, and the signature allows no later change. With an authority the signature carries its
    time stamp (PAdES B-T); without one it carries none (B-B). SealingFailed when the key cannot be used, or the
    authority does not confirm the time: no other clock ever takes its place.
    """
    moment = now or datetime.now(UTC)
    try:
        key = seal_key()
    except ImproperlyConfigured as error:
        raise SealingFailed(_("The key of the seal cannot be used: %(why)s") % {"why": error}) from error
    if not key.is_valid_at(moment):
        raise SealingFailed(_("The certificate of the seal is not valid today."))
    stamper = Authority() if time_stamps.is_configured() else None
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=_common_name(key),
        reason=reason, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip
    signer = PdfSigner(about, signer=_signer(key), timestamper=stamper)
    try:
        sealed = signer.sign_pdf(Appending(BytesIO(pages)), bytes_reserved=2 * ROOM if stamper else None).getvalue()
    except time_stamps.StampFailed as failure:
        raise SealingFailed(str(failure)) from failure
    except (SigningError, PdfError, ValueError) as error:
        raise SealingFailed(_("The PDF cannot be signed: %(why)s") % {"why": error}) from error
    return sealed, _read_back(sealed, pages, key, stamper, moment)


class Authority(TimeStamper):
    """The authority of CONCORD_TSA_URL, whose every answer is verified before it is used."""

    def __init__(self) -> None:
        super().__init__()
        self.given: time_stamps.Stamped | None = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if md_algorithm != "sha256":
            raise time_stamps.StampFailed(_("Only SHA-256 is stamped."))
        self.given = time_stamps.stamp_digest(message_digest)
        return cms.ContentInfo.load(self.given.token)


class Appending(IncrementalPdfFileWriter):
    """Appends the signature and leaves everything else as PDF/A asks: version 1.7, and metadata in which both forms agree."""

    def _update_meta(self) -> None:
        # Another date or producer in the information dictionary alone would contradict the XMP metadata.
        return

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        return

    def register_extension(self, ext: Any) -> None:
        return


def _read_back(sealed: bytes, pages: bytes, key: SealKey, stamper: Authority | None, moment: datetime) -> Seal:
    """What any reader will find; a seal that we ourselves cannot verify is never given out."""
    try:
        seal = read_seal(sealed, certificate_sha256=key.fingerprint)
    except NotSealed as error:
        raise SealingFailed(_("What was sealed does not verify: %(why)s") % {"why": error}) from error
    if not sealed.startswith(pages):
        raise SealingFailed(_("Sealing changed the pages."))
    if stamper is None:
        return seal
    if seal.time_stamped_at is None:
        raise SealingFailed(_("The time stamp is not in the seal."))
    if abs(seal.time_stamped_at - moment) > CLOCKS_MAY_DIFFER:
        raise SealingFailed(
            _("The authority says %(theirs)s when the portal says %(ours)s (UTC): one of the clocks is wrong.")
            % {"theirs": f"{seal.time_stamped_at:%Y-%m-%d %H:%M:%S}", "ours": f"{moment:%Y-%m-%d %H:%M:%S}"}
        )
    return seal


def _signer(key: SealKey) -> SimpleSigner:
    private = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    chain = SimpleCertificateStore()
    chain.register_multiple(_readable(certificate) for certificate in key.chain)
    return SimpleSigner(_readable(key.certificate), keys.PrivateKeyInfo.load(private), cert_registry=chain)


def _readable(certificate: certificates.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _common_name(key: SealKey) -> str:
    names = key.certificate.subject.get_attributes_for_oid(certificates.NameOID.COMMON_NAME)
    return str(names[0].value) if names else key.certificate.subject.rfc4514_string()
