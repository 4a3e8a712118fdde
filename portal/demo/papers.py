"""What somebody of the demonstration signs outside the portal: a scan of a sheet, and a PDF under a certificate of their own."""

from __future__ import annotations

import math
import struct
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as readable
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

WIDTH, HEIGHT = 420, 594
WHITE, INK = b"\xff", b"\x40"


def scan() -> bytes:
    """A grey PNG of a sheet with lines where words would be, and a stroke of a pen at its foot."""
    sheet = [bytearray(WHITE * WIDTH) for _row in range(HEIGHT)]
    for line in range(60, 420, 18):
        sheet[line][50 : 250 + 37 * line % 120] = INK * (200 + 37 * line % 120)
    for x in range(60, 220):
        y = 500 + round(18 * math.sin(x / 7) * math.cos(x / 31))
        for row in (y, y + 1):
            sheet[row][x : x + 2] = INK * 2
    pixels = zlib.compress(b"".join(b"\x00" + row for row in sheet))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def signed(pdf: bytes, name: str, organisation: str) -> bytes:
    """The PDF signed by somebody whose key is made for it and forgotten; nobody vouches for the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = readable.Certificate.load(_certificate(key, name, organisation).public_bytes(Encoding.DER))
    private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    signer = SimpleSigner(certificate, private, cert_registry=SimpleCertificateStore())
    about = PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    written: bytes = PdfSigner(about, signer=signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
    return written


def _certificate(key: ec.EllipticCurvePrivateKey, name: str, organisation: str) -> x509.Certificate:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    now = datetime.now(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3 * 365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
