"""The seal: whole files that poppler verifies, with the time of an authority or none, and nothing when that fails."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pypdf import PdfReader

from portal.seals import SealingFailed, keys, read_seal, seal_pdf, time_stamps
from tests.portal.seals.pages import pages
from tests.projects.ip import stamping

LIES = {
    "refusal": "refused",
    "nonsense": "cannot be read",
    "another imprint": "does not verify",
    "another nonce": "does not verify",
    "wrong signature": "does not verify",
    "another time": "one of the clocks is wrong",
    "cut off": "IncompleteRead",
    "no status": "220 mail.example",
    "trickle": "timed out",
}


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "keys" / "seal.pem"
    settings.TSA_URL = ""
    return settings.SEAL_KEY_FILE


@pytest.fixture(scope="module")
def authority():
    return stamping.Authority()


@pytest.fixture
def configured(authority, settings, tmp_path):
    authority.lies, authority.asked = "", []
    with stamping.served(authority) as url:
        settings.TSA_URL, settings.TSA_CERTIFICATES = url, str(authority.write_roots(tmp_path))
        yield authority


def pdfsig(content, folder):
    assert which("pdfsig"), "install poppler-utils: readers of a sealed PDF are told to use pdfsig"
    path = folder / "sealed.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, timeout=60).stdout


def test_poppler_finds_one_valid_signature_over_the_whole_file(tmp_path):
    sealed, seal = seal_pdf(pages(), reason="A test")

    told = pdfsig(sealed, tmp_path)

    assert told.count("Signature #") == 1
    assert "Signature Validation: Signature is Valid." in told
    assert "- Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "Certificate issuer is unknown" in told
    assert (seal.level, seal.time_stamped_at, seal.authority) == ("B-B", None, "")


def test_poppler_refuses_a_changed_page(tmp_path):
    sealed = bytearray(seal_pdf(pages(), reason="A test")[0])
    sealed[sealed.index(b"/MediaBox")] ^= 1

    assert "Signature is Valid" not in pdfsig(bytes(sealed), tmp_path)


def test_sealed_pages_stay_pdf_a_to_the_last_byte():
    content = pages()

    sealed, _seal = seal_pdf(content, reason="A test")

    assert sealed.startswith(content)
    added = sealed[len(content) :]
    for unwanted in (b"/ModDate", b"/Producer", b"/Version", b"/Extensions", b"/Type /Metadata"):
        assert unwanted not in added
    # PDF/A: a widget is printed, neither hidden nor without flags.
    assert b"/F 132" in added
    before, after = PdfReader(BytesIO(content)), PdfReader(BytesIO(sealed))
    assert after.xmp_metadata.stream.get_data() == before.xmp_metadata.stream.get_data()
    assert after.attachments == before.attachments
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]


def test_an_authority_stamps_the_seal_and_is_asked_once(configured, tmp_path):
    sealed, seal = seal_pdf(pages(), reason="A test")

    assert seal.level == "B-T"
    assert seal.authority == "Test time stamps"
    assert abs(seal.time_stamped_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert len(configured.asked) == 1
    assert "Signature is Valid" in pdfsig(sealed, tmp_path)


@pytest.mark.parametrize("lie", LIES)
def test_without_a_time_stamp_that_verifies_nothing_is_sealed(configured, monkeypatch, lie):
    configured.lies = lie
    monkeypatch.setattr(time_stamps, "TIMEOUT", 0.5)

    with pytest.raises(SealingFailed, match=LIES[lie]):
        seal_pdf(pages(), reason="A test")


def test_the_time_stamp_of_another_authority_is_not_believed(configured, settings, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    settings.TSA_CERTIFICATES = str(stamping.Authority().write_roots(other))

    with pytest.raises(SealingFailed, match="does not verify"):
        seal_pdf(pages(), reason="A test")


def test_an_expired_certificate_seals_nothing():
    keys.seal_key()

    with pytest.raises(SealingFailed, match="not valid today"):
        seal_pdf(pages(), reason="A test", now=datetime.now(UTC) + keys.VALID_FOR + timedelta(days=1))


def test_rsa_with_a_chain_of_an_authority_seals_too(settings, tmp_path):
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    other = keys.self_signed(rsa.generate_private_key(65537, 2048))
    settings.SEAL_KEY_FILE, settings.SEAL_CERTIFICATE_FILE = tmp_path / "rsa.pem", tmp_path / "chain.pem"
    settings.SEAL_KEY_FILE.write_bytes(pem)
    own = keys.self_signed(private)
    settings.SEAL_CERTIFICATE_FILE.write_bytes(own.public_bytes(Encoding.PEM) + other.public_bytes(Encoding.PEM))

    sealed, seal = seal_pdf(pages(), reason="A test")

    assert seal.certificate_sha256 == keys.fingerprint(own)
    assert "Signature is Valid" in pdfsig(sealed, tmp_path)


def test_what_an_old_key_sealed_is_read_after_it_is_gone():
    sealed, before = seal_pdf(pages(), reason="A test")
    keys.rotate()
    _sealed, after = seal_pdf(pages(), reason="A test")

    seal = read_seal(sealed, certificate_sha256=before.certificate_sha256)

    assert seal == before
    assert after.certificate_sha256 != before.certificate_sha256
    kept = x509.load_pem_x509_certificates(keys.retired(before.certificate_sha256).read_bytes())
    assert [keys.fingerprint(one) for one in kept] == [before.certificate_sha256]
