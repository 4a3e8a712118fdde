"""Time stamps (RFC 3161): an independent authority confirms when something existed. It never sees more than a hash."""

from __future__ import annotations

import http.client
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

TIMEOUT = 20.0
LARGEST = 200_000
SHA256 = "2.16.840.1.101.3.4.2.1"


class StampFailed(Exception):
    """Raised with the reason, in words, when there is no valid time stamp."""


@dataclass(frozen=True)
class Stamped:
    """What the authority confirmed; `token` is DER (RFC 3161 TimeStampToken)."""

    token: bytes
    at: datetime
    authority: str
    serial: str


def is_configured() -> bool:
    return bool(settings.TSA_URL)


def stamp(commitment: str) -> Stamped:
    """Ask the authority about SHA-256 of the 32 bytes of a commitment, and verify its answer; StampFailed if it fails."""
    return stamp_digest(sha256(bytes.fromhex(commitment)).digest())


def stamp_digest(digest: bytes) -> Stamped:
    """Ask the authority about this SHA-256, and verify its answer; StampFailed if it fails."""
    # RFC 3161 asks for a nonce with a high probability of being new; 63 bits keep it positive in DER.
    nonce = secrets.randbits(63)
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})
    asked = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    answer = _read(_ask(asked.dump()))
    roots, intermediates = certificates()
    try:
        VerifierBuilder(roots=roots, intermediates=intermediates, nonce=nonce).build().verify(answer, digest)
    except (VerificationError, ValueError) as error:
        raise StampFailed(_("Its answer does not verify: %(why)s") % {"why": error}) from error
    if answer.tst_info.message_imprint.hash_algorithm.dotted_string != SHA256:
        raise StampFailed(_("Its answer is about another kind of hash."))
    return Stamped(
        token=answer.time_stamp_token(),
        at=answer.tst_info.gen_time,
        authority=_authority(answer),
        serial=str(answer.tst_info.serial_number),
    )


def _ask(query: bytes) -> bytes:
    url = settings.TSA_URL
    if not url.startswith(("https://", "http://")):
        raise StampFailed(_("CONCORD_TSA_URL is no web address."))
    request = urllib.request.Request(url, data=query, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310  the scheme was checked
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return _body(answer)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise StampFailed(_("The authority cannot be reached: %(why)s") % {"why": error}) from error


def _body(answer: http.client.HTTPResponse) -> bytes:
    """The whole answer, within the time: the limit of a socket is one of silence, and a trickle is never silent."""
    until, body = time.monotonic() + TIMEOUT, b""
    while len(body) < LARGEST and (more := answer.read1(LARGEST - len(body))):
        body += more
        if time.monotonic() > until:
            raise TimeoutError("timed out")
    if answer.length:
        raise http.client.IncompleteRead(body, answer.length)
    return body


def _read(answer: bytes) -> TimeStampResponse:
    try:
        read = decode_timestamp_response(answer)
        granted = int(read.status) == 0
    except (ValueError, OverflowError) as error:
        raise StampFailed(_("Its answer cannot be read: %(why)s") % {"why": error}) from error
    if not granted:
        why = ", ".join(str(words) for words in read.status_string) or str(read.status)
        raise StampFailed(_("The authority refused: %(why)s") % {"why": why})
    return read


def certificates() -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """The roots that are trusted, and what stands between them and the authority."""
    try:
        found = x509.load_pem_x509_certificates(Path(settings.TSA_CERTIFICATES).read_bytes())
    except (OSError, ValueError) as error:
        raise StampFailed(_("CONCORD_TSA_CERTIFICATES cannot be read: %(why)s") % {"why": error}) from error
    roots = [one for one in found if one.issuer == one.subject]
    if not roots:
        raise StampFailed(_("CONCORD_TSA_CERTIFICATES holds no root certificate."))
    return roots, [one for one in found if one not in roots]


def _authority(answer: TimeStampResponse) -> str:
    """The name in the certificate that signed."""
    for der in answer.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        try:
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        if ExtendedKeyUsageOID.TIME_STAMPING in usage:
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return str(names[0].value if names else certificate.subject.rfc4514_string())[:300]
    return ""
