"""The key that seals documents, and its certificate: files of their own, outside the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.secrets import write_once, write_over

SealingKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# A seal is read for decades; an authority's certificate, which ends sooner, may take the place of this one.
VALID_FOR = timedelta(days=25 * 365)
SMALLEST_RSA = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True)
class SealKey:
    """The private key with its certificate, and the certificates between that and a root, if any."""

    private: SealingKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def is_self_signed(self) -> bool:
        return self.certificate.issuer == self.certificate.subject

    def is_valid_at(self, moment: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= moment <= self.certificate.not_valid_after_utc


def seal_key() -> SealKey:
    """The key of CONCORD_SEAL_KEY_FILE with its certificate; both are made when there is neither.

    The certificates, first that of the key, follow the key in its file or stand in CONCORD_SEAL_CERTIFICATE_FILE.
    ImproperlyConfigured when they are unusable or do not belong together.
    """
    key_path, certificate_path = Path(settings.SEAL_KEY_FILE), Path(settings.SEAL_CERTIFICATE_FILE)
    if not key_path.exists() and key_path == certificate_path:
        # Of processes that do so at the same moment the first wins, and all use its key.
        write_once(key_path, generate())
    private = _private(_read(key_path, "CONCORD_SEAL_KEY_FILE"))
    try:
        certificate, *chain = x509.load_pem_x509_certificates(_read(certificate_path, "CONCORD_SEAL_CERTIFICATE_FILE"))
    except ValueError as error:
        raise ImproperlyConfigured(f"CONCORD_SEAL_CERTIFICATE_FILE cannot be read: {error}") from error
    if _public(certificate.public_key()) != _public(private.public_key()):
        raise ImproperlyConfigured("The first certificate of CONCORD_SEAL_CERTIFICATE_FILE is not that of the key")
    return SealKey(private, certificate, tuple(chain))


def rotate() -> SealKey:
    """Seal with a new key from now on; the old certificate is kept beside it, its private key is gone.

    Returns the former key. ImproperlyConfigured where the certificate stands in a file of its own: an authority gave
    it, and has to give the next one.
    """
    path = Path(settings.SEAL_KEY_FILE)
    if path != Path(settings.SEAL_CERTIFICATE_FILE):
        raise ImproperlyConfigured(
            "CONCORD_SEAL_CERTIFICATE_FILE is set: put the new key and the certificate that an authority gave for it there"
        )
    former = seal_key()
    certificates = [former.certificate, *former.chain]
    write_once(retired(former.fingerprint), b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
    write_over(path, generate())
    return former


def retired(fingerprint: str) -> Path:
    """Where the certificate of a former key is kept."""
    return Path(settings.SEAL_KEY_FILE).parent / "retired" / f"seal-{fingerprint[:16]}.pem"


def generate() -> bytes:
    """A new private key followed by the certificate that it gives itself, in PEM."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + self_signed(private).public_bytes(Encoding.PEM)


def self_signed(private: SealingKey) -> x509.Certificate:
    """A certificate that the portal gives itself: it says which key sealed, and vouches for nobody."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Concord"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Seal of {urlsplit(settings.SITE_URL).netloc}"[:64]),
        ]
    )
    now = datetime.now(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        # The clocks of two machines that share the key may differ.
        .not_valid_before(now - timedelta(minutes=10))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in DER, in hex."""
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{setting} cannot be read: {error}") from error


def _private(pem: bytes) -> SealingKey:
    try:
        private = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"CONCORD_SEAL_KEY_FILE cannot be read: {error}") from error
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, CURVES):
        return private
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= SMALLEST_RSA:
        return private
    raise ImproperlyConfigured(
        "CONCORD_SEAL_KEY_FILE holds neither an ECDSA key over a NIST curve nor RSA of 2048 bits"
    )


def _public(key: object) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))  # type: ignore[attr-defined]
