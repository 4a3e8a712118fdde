"""Seals by RSA as verify.py reads them: PKCS #1 v1.5 and PSS, right to the last byte of what is padded, or wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from asn1crypto import algos, cms
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.seals import keys, seal_pdf
from tests.portal.seals import attacks
from tests.portal.seals.pages import pages
from tests.verifiers import changing

# The digest in DER as PKCS #1 v1.5 has it, and without the NULL that it asks for.
TOLD, WITHOUT_NULL = (
    bytes.fromhex(head) for head in ("3031300d060960864801650304020105000420", "302f300b06096086480165030402010420")
)
SIZE = 256


@pytest.fixture(scope="module")
def script():
    return changing.as_module()


@cache
def key(size: int = 8 * SIZE) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


@pytest.fixture
def sealed(settings, tmp_path) -> Callable[..., bytes]:
    """A PDF sealed by the portal with a key and the certificates of an authority behind its own."""
    settings.TSA_URL = ""
    settings.SEAL_KEY_FILE, settings.SEAL_CERTIFICATE_FILE = tmp_path / "key.pem", tmp_path / "chain.pem"

    def seal(private: Any, *chain: Any) -> bytes:
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        settings.SEAL_KEY_FILE.write_bytes(pem)
        certificates = [keys.self_signed(one).public_bytes(Encoding.PEM) for one in (private, *chain)]
        settings.SEAL_CERTIFICATE_FILE.write_bytes(b"".join(certificates))
        return seal_pdf(pages(), reason="A test")[0]

    return seal


def codes(script, content: bytes) -> set[str]:
    return {one.code for one in script.check_seal(content)}


def signed_words(script, content: bytes) -> bytes:
    return script.signer_of(script.seal_in(content)).signed


def resigned(content: bytes, signature: bytes, algorithm: dict[str, Any] | None = None) -> bytes:
    """The same file under another signature of the same attributes; nothing that the digest covers is another."""
    parts = attacks.Sealed(content)
    found = cms.ContentInfo.load(bytes.fromhex(parts.gap[1:-1].decode()).rstrip(b"\0") + bytes(8))
    signer = found["content"]["signer_infos"][0]
    signer["signature"] = signature
    if algorithm is not None:
        signer["signature_algorithm"] = algos.SignedDigestAlgorithm(algorithm)
    written = found.dump(force=True).hex().encode()
    return parts.with_gap(b"<" + written.ljust(len(parts.gap) - 2, b"0") + b">")


def raw(private: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """The block as the holder of the key can have any block signed."""
    numbers = private.private_numbers()
    modulus = numbers.public_numbers.n
    return pow(int.from_bytes(block, "big"), numbers.d, modulus).to_bytes((modulus.bit_length() + 7) // 8, "big")


def padded(told: bytes, *, kind: bytes = b"\0\1", filling: bytes = b"\xff") -> bytes:
    return kind + filling * (SIZE - len(told) - 3) + b"\0" + told


def pss_algorithm(*, salt: int = 32, digest: str = "sha256", mask: str = "sha256", trailer: int = 1) -> dict[str, Any]:
    return {
        "algorithm": "rsassa_pss",
        "parameters": {
            "hash_algorithm": {"algorithm": digest},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": mask}},
            "salt_length": salt,
            "trailer_field": trailer,
        },
    }


def pss_block(text: bytes, *, salt: bytes = b"s" * 32, gap: bytes = b"", last: int = 0xBC, mask: bytes = b"") -> bytes:
    """EMSA-PSS for a key of 2048 bits (RFC 8017 §9.1.1), or what somebody makes of it."""
    found = hashlib.sha256(bytes(8) + hashlib.sha256(text).digest() + salt).digest()
    plain = (gap + b"\1").rjust(SIZE - 33 - len(salt), b"\0") + salt
    blocks = b"".join(hashlib.sha256(found + count.to_bytes(4, "big")).digest() for count in range(8))
    hidden = bytearray(one ^ other for one, other in zip(plain, blocks, strict=False))
    hidden[0] &= 0x7F
    return bytes(hidden) + found + bytes([last])


def test_a_seal_by_rsa_is_right_to_the_script_by_its_own_certificate_alone(script, sealed):
    content = sealed(key(), ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048))

    found = {one.code: one.values for one in script.check_seal(content)}

    assert found.keys() == {"seal", "pades"}
    assert found["seal"]["certificate"] == keys.seal_key().fingerprint


def test_a_key_that_is_not_known_is_left_unchecked_whatever_keys_stand_behind_it(script, sealed):
    content = sealed(ec.generate_private_key(ec.SECP384R1()), key(), ec.generate_private_key(ec.SECP256R1()))

    assert codes(script, content) == {"seal-digest", "pades"}


def test_another_certificate_in_the_place_of_its_own_is_refused(script, sealed):
    """Somebody signs the same attributes with their own key and sends their certificate along instead."""
    content, other = sealed(key()), key(2049)
    words = signed_words(script, content)
    own = keys.seal_key().certificate.public_bytes(Encoding.DER)
    parts = attacks.Sealed(content)
    found = cms.ContentInfo.load(bytes.fromhex(parts.gap[1:-1].decode()))
    theirs = keys.self_signed(other).public_bytes(Encoding.DER)
    found["content"]["certificates"] = [
        cms.CertificateChoices.load(theirs if one.dump() == own else one.dump())
        for one in found["content"]["certificates"]
    ]
    found["content"]["signer_infos"][0]["signature"] = other.sign(words, padding.PKCS1v15(), SHA256())
    written = found.dump(force=True).hex().encode()
    changed = parts.with_gap(b"<" + written.ljust(len(parts.gap) - 2, b"0") + b">")

    (failed,) = script.check_seal(changed)

    assert failed.code == "seal-wrong"
    assert "the certificate that it names is not in it" in str(failed)


def test_every_bit_of_a_signature_by_rsa_counts(script, sealed):
    content = sealed(key())
    signature = script.seal_signature(content)
    assert codes(script, resigned(content, signature)) == {"seal", "pades"}

    for place in (0, 1, 100, SIZE - 1):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert codes(script, resigned(content, bytes(changed))) == {"seal-wrong"}, place
    assert codes(script, resigned(content, signature[:-1])) == {"seal-wrong"}
    assert codes(script, resigned(content, b"\0" + signature)) == {"seal-wrong"}
    modulus = key().public_key().public_numbers().n
    larger = int.from_bytes(signature, "big") + modulus
    if larger.bit_length() <= 8 * SIZE:
        assert codes(script, resigned(content, larger.to_bytes(SIZE, "big"))) == {"seal-wrong"}


def test_only_the_one_padding_of_pkcs_1_is_right(script, sealed):
    content = sealed(key())
    digest = hashlib.sha256(signed_words(script, content)).digest()
    told = TOLD + digest
    blocks = {
        "right": padded(told),
        "the block type of encryption": padded(told, kind=b"\0\2", filling=b"\x55"),
        "another filling": padded(told, filling=b"\xfe"),
        # Bleichenbacher 2006: little padding, and what is behind the digest is free.
        "garbage behind the digest": (b"\0\1" + b"\xff" * 8 + b"\0" + told).ljust(SIZE, b"\x5a"),
        "garbage in the parameters": padded(bytes.fromhex("3033300f06096086480165030402010502abcd0420") + digest),
        "no NULL": padded(WITHOUT_NULL + digest),
        "no name of the digest": padded(digest),
        "another digest": padded(TOLD + hashlib.sha256(b"other").digest()),
    }

    found = {label for label, block in blocks.items() if "seal" in codes(script, resigned(content, raw(key(), block)))}

    assert found == {"right"}


@pytest.mark.parametrize("size", [2048, 2049, 2055])
@pytest.mark.parametrize("salt", [0, 32])
def test_a_seal_by_pss_is_right_to_the_script(script, sealed, size, salt):
    content = sealed(key(size))
    words = signed_words(script, content)
    signature = key(size).sign(words, padding.PSS(padding.MGF1(SHA256()), salt), SHA256())
    other = key(size).sign(words + b"!", padding.PSS(padding.MGF1(SHA256()), salt), SHA256())

    assert codes(script, resigned(content, signature, pss_algorithm(salt=salt))) == {"seal", "pades"}
    assert codes(script, resigned(content, signature, pss_algorithm(salt=salt + 1))) == {"seal-wrong"}
    assert codes(script, resigned(content, signature)) == {"seal-wrong"}
    assert codes(script, resigned(content, other, pss_algorithm(salt=salt))) == {"seal-wrong"}
    for place in (0, 128, len(signature) - 1):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert codes(script, resigned(content, bytes(changed), pss_algorithm(salt=salt))) == {"seal-wrong"}


def test_only_the_one_padding_of_pss_is_right(script, sealed):
    content = sealed(key())
    words = signed_words(script, content)
    blocks = {
        "right": pss_block(words),
        "another end": pss_block(words, last=0xCC),
        "something before the salt": pss_block(words, gap=b"\5"),
        "a longer salt": pss_block(words, salt=b"s" * 33),
        "a shorter salt": pss_block(words, salt=b"s" * 31),
        "other words": pss_block(b"other"),
    }

    found = {
        label
        for label, block in blocks.items()
        if "seal" in codes(script, resigned(content, raw(key(), block), pss_algorithm()))
    }

    assert found == {"right"}


@pytest.mark.parametrize("told", [{"digest": "sha384"}, {"mask": "sha512"}, {"trailer": 2}])
def test_pss_with_other_parameters_is_left_unchecked(script, sealed, told):
    content = sealed(key())
    scheme = padding.PSS(padding.MGF1(SHA512() if "mask" in told else SHA256()), 32)
    signature = key().sign(signed_words(script, content), scheme, SHA384() if "digest" in told else SHA256())

    assert codes(script, resigned(content, signature, pss_algorithm(**told))) == {"seal-digest", "pades"}


def test_what_a_file_asks_to_be_tried_is_limited(script, sealed, monkeypatch):
    content, tried = sealed(key()), []
    signer = script.signer_of(script.seal_in(content))
    monkeypatch.setattr(script, "is_rsa", lambda *given: bool(tried.append(given)))
    monkeypatch.setattr(script, "seal_in", lambda content: b"cms")

    def problem(*certificates: bytes) -> str:
        tried.clear()
        monkeypatch.setattr(
            script, "signer_of", lambda cms: signer._replace(certificates=list(certificates), attributes={})
        )
        return script._problem_of_seal(content)[0]

    (own,) = signer.certificates

    assert problem(*[own] * 300) == "its signature is not right"
    assert len(tried) == 1
    assert problem(*(own + bytes(place) for place in range(200))) == ""
    assert len(tried) == script.MOST_CERTIFICATES


def test_a_file_with_more_places_for_a_seal_than_it_can_have_has_none(script):
    def places(count: int) -> list[tuple[int, int]]:
        said, whole = "/ByteRange [0 {:08d} {:08d} {:08d}]", 14 + 41 * count
        ranges = (said.format(10 + place, 14 + place, whole - 14 - place) for place in range(count))
        return script._holes(b"/Contents <00>" + "".join(ranges).encode())

    assert places(script.MOST_PLACES) == [(10, 14)]
    assert places(script.MOST_PLACES + 1) == []


def test_elements_are_read_to_the_last_however_many(script):
    assert len(script.elements(b"\x05\x00" * 200_000 + b"\0\0")) == 200_000
