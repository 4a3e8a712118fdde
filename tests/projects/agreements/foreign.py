"""PDFs that somebody signed elsewhere: certificates of their own, and every way of signing, touching and forging a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import crl, keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

name = generic.NameObject
# QcCompliance and QcSSCD, as ETSI EN 319 412-5 has them.
QUALIFIED = bytes.fromhex("30143008060604008e4601013008060604008e460104")
# The same with QcType: for seals of an organisation, not for signatures of a person.
FOR_SEALS = bytes.fromhex("30293008060604008e4601013008060604008e4601043013060604008e4601063009060704008e46010602")


@cache
def authority() -> tuple[Any, Any]:
    """A certificate authority and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate("Ministry Root", key, None, None), key


@cache
def certified(common_name: str = "Ingrid Polarsen", **facts: Any) -> SimpleSigner:
    """A signer with a certificate of that authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    root, root_key = authority()
    made = _certificate(common_name, key, root, root_key, **facts)
    chain = SimpleCertificateStore()
    chain.register(_readable(root))
    return SimpleSigner(_readable(made), _key(key), cert_registry=chain)


@cache
def stamper() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    root, root_key = authority()
    made = _certificate("Ministry Clock", key, root, root_key, usage=ExtendedKeyUsageOID.TIME_STAMPING)
    return DummyTimeStamper(_readable(made), _key(key))


def root_pem() -> bytes:
    return authority()[0].public_bytes(Encoding.PEM)


def other_root_pem() -> bytes:
    """Of an authority that certified nobody."""
    made: bytes = _certificate("Another Root", ec.generate_private_key(ec.SECP256R1()), None, None).public_bytes(
        Encoding.PEM
    )
    return made


def signed(
    pdf: bytes, signer: SimpleSigner | None = None, *, field: str = "Signature1", stamped: bool = False,
    box: tuple[int, ...] | None = None, subfilter: Any = fields.SigSeedSubFilter.PADES, **facts: Any,
) -> bytes:  # fmt: skip
    """Signed in an update appended to the file, as most programs do."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    new = fields.SigFieldSpec(field, on_page=0, box=box) if box else None
    about = PdfSignatureMetadata(field_name=field, subfilter=subfilter, **({"md_algorithm": "sha256"} | facts))
    made = PdfSigner(
        about, signer=signer or certified(), timestamper=stamper() if stamped else None, new_field_spec=new
    )
    content: bytes = made.sign_pdf(writer).getvalue()
    return content


def archived(pdf: bytes) -> bytes:
    """Signed and stamped, with what is needed to check it in many years."""
    return signed(pdf, stamped=True, embed_validation_info=True, validation_context=_trusting())


def time_stamped(pdf: bytes) -> bytes:
    """A time stamp over the whole document, appended."""
    made = PdfTimeStamper(stamper())
    content: bytes = made.timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), "sha256", validation_context=_trusting()
    ).getvalue()
    return content


def rewritten(pdf: bytes) -> bytes:
    """The same pages in a file written anew, as some programs do before they sign."""
    output = BytesIO()
    copy_into_new_writer(PdfFileReader(BytesIO(pdf))).write(output)
    return output.getvalue()


def with_other_words(pdf: bytes) -> bytes:
    """An update that replaces what the first page shows."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"BT ET")
    page[name("/Contents")] = writer.add_object(stream)
    writer.update_container(page)
    return _written(writer)


def with_note(pdf: bytes, **entries: Any) -> bytes:
    """An update that puts an annotation on the first page."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.ArrayObject(generic.NumberObject(edge) for edge in (90, 90, 300, 300))
    note = {"/Type": name("/Annot"), "/Subtype": name("/FreeText"), "/Rect": box} | entries
    notes = page.get("/Annots") or generic.ArrayObject()
    notes.append(writer.add_object(generic.DictionaryObject({name(key): value for key, value in note.items()})))
    page[name("/Annots")] = notes
    writer.update_container(page)
    return _written(writer)


def with_action(pdf: bytes) -> bytes:
    """An update that runs a script when the file is opened."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    script = {"/S": name("/JavaScript"), "/JS": generic.pdf_string("app.alert(1)")}
    writer.root[name("/OpenAction")] = generic.DictionaryObject({name(key): value for key, value in script.items()})
    writer.update_root()
    return _written(writer)


def encrypted(pdf: bytes) -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer.encrypt("owner", "user")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _trusting() -> ValidationContext:
    root, key = authority()
    now = datetime.now(UTC)
    built = certificates.CertificateRevocationListBuilder().issuer_name(root.subject)
    built = built.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=9))
    revoked = crl.CertificateList.load(built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))
    return ValidationContext(trust_roots=[_readable(root)], crls=[revoked], allow_fetching=False)


def _certificate(
    common_name: str, key: Any, issuer: Any, issuer_key: Any, *, days: int = 365, ago: int = 1,
    qualified: bytes = b"", usage: Any = None,
) -> Any:  # fmt: skip
    now = datetime.now(UTC)
    subject = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, common_name)])
    is_root = issuer is None
    built = (
        certificates.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if is_root else issuer.subject)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now - timedelta(days=ago))
        .not_valid_after(now - timedelta(days=ago) + timedelta(days=days))
        .add_extension(certificates.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            certificates.KeyUsage(
                digital_signature=not is_root, content_commitment=not is_root, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=is_root, crl_sign=is_root,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if usage is not None:
        built = built.add_extension(certificates.ExtendedKeyUsage([usage]), critical=True)
    if qualified:
        oid = certificates.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
        built = built.add_extension(certificates.UnrecognizedExtension(oid, qualified), critical=False)
    return built.sign(issuer_key or key, hashes.SHA256())


def _readable(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _key(private: Any) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
