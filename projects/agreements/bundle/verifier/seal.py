"""The PAdES seal in a PDF (RFC 5652), as far as a script goes: what it covers, its digest, its signature by P-256 or RSA."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.agreements.bundle.verifier.curves import is_p256, is_rsa
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, Finding, _, finding, sha256

CONTAINER = re.compile(rb"/Contents\s*\Z")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
HOLE = re.compile(rb"<(?:[0-9A-Fa-f]{2})*>")
SHA256_NAME, MESSAGE_DIGEST = bytes.fromhex("608648016503040201"), bytes.fromhex("2a864886f70d010904")
# RFC 8017: a key for RSA, a signature of PKCS #1 v1.5 with SHA-256, one of PSS, and the mask that PSS uses.
RSA_NAME, V1_5_SHA256_NAME = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01010b")
PSS_NAME, MGF1_NAME = bytes.fromhex("2a864886f70d01010a"), bytes.fromhex("2a864886f70d010108")
# RFC 5035: which certificate is the signer's, by its hash, among what is signed.
OWN_CERTIFICATE = bytes.fromhex("2a864886f70d010910022f")
# How a certificate begins to name a public key on P-256, up to its two coordinates.
P256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
# SECURITY: a file decides how much there is to try, and anybody may ask the portal about one. A chain has a few certificates.
MOST_CERTIFICATES, MOST_PLACES, MOST_BYTES = 16, 20, 2**21


class Signer(NamedTuple):
    """What the one signer of a CMS signed: the attributes as they are signed, by name, the digest's name, the signature.

    `algorithm` are the elements of the signature's own: its name, and its parameters if there are any.
    """

    signed: bytes
    attributes: dict
    digest: bytes
    signature: bytes
    certificates: list
    algorithm: list


def check_seal(content: bytes) -> Iterator[Finding]:
    """The seal is over every byte but its own place, and right by its certificate; who vouches for that is left to others."""
    if BYTE_RANGE.search(content) is None:
        words = _(
            "There is no PAdES seal in agreement.pdf that can be read here; the hash in the ledger covers the file."
        )
        yield finding(NOTED, "no-seal", words)
        return
    try:
        problem, certificate = _problem_of_seal(content)
    except (IndexError, ValueError, TypeError):
        problem, certificate = _("it cannot be read"), ""
    if problem:
        yield finding(FAILED, "seal-wrong", _("The PAdES seal in agreement.pdf is wrong: %(what)s."), what=problem)
        return
    if certificate:
        words = _(
            "The PAdES seal in agreement.pdf is over every byte but its own place, and right by the key of the certificate "
            "%(certificate)s."
        )
        yield finding(PASSED, "seal", words, certificate=certificate)
        words = _(
            "Who vouches for that certificate, and whether it was valid then, was not checked here; pdfsig checks it."
        )
    else:
        words = _("The PAdES seal in agreement.pdf is over every byte but its own place, and its digest is right.")
        yield finding(PASSED, "seal-digest", words)
        words = _("Its signature is by a kind of key that is not known here, and was not checked; pdfsig checks it.")
    yield finding(NOTED, "pades", words)


def _problem_of_seal(content: bytes) -> tuple[str, str]:
    """What is wrong, or the SHA-256 of the certificate by which it is right, nothing for a kind of key that is not known."""
    if not _holes(content):
        return _("it does not cover the whole file"), ""
    cms = seal_in(content)
    if not cms:
        return _("its digest is not that of the file"), ""
    signer = signer_of(cms)
    named = own_hash(signer)
    certificates = list(dict.fromkeys(one for one in signer.certificates if not named or sha256(one) == named))
    if named and not certificates:
        return _("the certificate that it names is not in it"), ""
    is_known = 0 < len(certificates) <= MOST_CERTIFICATES
    for certificate in certificates[:MOST_CERTIFICATES]:
        is_right = is_signed_by(certificate, signer)
        if is_right:
            return "", sha256(certificate).hex()
        is_known = is_known and is_right is not None
    return (_("its signature is not right") if is_known else ""), ""


def own_hash(signer: Signer) -> bytes:
    """The SHA-256 of the certificate that is the signer's own, as they signed it; nothing where it is not said so."""
    if OWN_CERTIFICATE not in signer.attributes:
        return b""
    named = elements(elements(elements(signer.attributes[OWN_CERTIFICATE])[0][1])[0][1])
    # SHA-256 where no other is said.
    is_sha256 = named[0][0] != 0x30 or elements(named[0][1])[0][1] == SHA256_NAME
    return next((body for tag, body in named if tag == 0x04 and is_sha256), b"")


def is_signed_by(certificate: bytes, signer: Signer) -> bool | None:
    """Whether the signature is right by the key in a certificate; None for a kind of key or signature not known here."""
    if P256_KEY in certificate:
        point = certificate.partition(P256_KEY)[2][:64]
        return is_p256(point[:32], point[32:], signer.signature, signer.signed)
    key, kind = rsa_key_in(certificate), signer.algorithm[0][1]
    if key is None:
        return None
    if kind in (RSA_NAME, V1_5_SHA256_NAME):
        return is_rsa(*key, signer.signature, signer.signed)
    salt = salt_length(signer.algorithm) if kind == PSS_NAME else None
    return None if salt is None else is_pss(*key, signer.signature, signer.signed, salt)


def rsa_key_in(certificate: bytes) -> tuple[bytes, bytes] | None:
    """Modulus and exponent of the key in a certificate (RFC 5280 §4.1); None for a key of another kind."""
    fields = [body for tag, body in elements(elements(elements(certificate)[0][1])[0][1]) if tag == 0x30]
    # Algorithm, issuer, validity, subject, key.
    (_tag, kind), (_bits, key) = elements(fields[4])
    if elements(kind)[0][1] not in (RSA_NAME, PSS_NAME):
        return None
    (_integer, modulus), (_another, exponent) = elements(elements(key[1:])[0][1])
    return modulus.lstrip(b"\0"), exponent


def salt_length(algorithm: list) -> int | None:
    """The length of the salt of a PSS with SHA-256 throughout (RFC 8017 A.2.3); None for any other."""
    told = {tag: elements(body)[0] for tag, body in elements(algorithm[1][1])} if len(algorithm) > 1 else {}
    if not {0xA0, 0xA1, 0xA2} <= told.keys() or told.get(0xA3, (0x02, b"\1"))[1] != b"\1":
        return None
    digest, mask = elements(told[0xA0][1]), elements(told[0xA1][1])
    if digest[0][1] != SHA256_NAME or mask[0][1] != MGF1_NAME or elements(mask[1][1])[0][1] != SHA256_NAME:
        return None
    return int.from_bytes(told[0xA2][1], "big")


def is_pss(modulus: bytes, exponent: bytes, signature: bytes, text: bytes, salt: int) -> bool:
    """Whether an RSASSA-PSS signature with SHA-256 and a salt of that length is right (RFC 8017 §8.1.2 and §9.1.2)."""
    n, e, number = (int.from_bytes(one, "big") for one in (modulus, exponent, signature))
    if not 256 <= len(modulus) <= 1024 or not 3 <= e < 2**32 or len(signature) != len(modulus) or number >= n:
        return False
    bits = n.bit_length() - 1
    size, opened = (bits + 7) // 8, pow(number, e, n)
    if opened.bit_length() > bits or size < salt + 34:
        return False
    block = opened.to_bytes(size, "big")
    masked, found = block[:-33], block[-33:-1]
    blocks = (hashlib.sha256(found + count.to_bytes(4, "big")).digest() for count in range(len(masked) // 32 + 1))
    mask = int.from_bytes(b"".join(blocks)[: len(masked)], "big")
    plain = (int.from_bytes(masked, "big") ^ mask) & ((1 << (bits - 264)) - 1)
    opened_block = plain.to_bytes(len(masked), "big")
    head, salted = opened_block[: len(masked) - salt], opened_block[len(masked) - salt :]
    told = hashlib.sha256(bytes(8) + hashlib.sha256(text).digest() + salted).digest()
    return block[-1] == 0xBC and head == b"\1".rjust(len(head), b"\0") and told == found


def signer_of(cms: bytes) -> Signer:
    """The signer of a CMS, with zeros behind it or not; IndexError or ValueError when it has another form."""
    parts = elements(elements(elements(elements(cms)[0][1])[1][1])[0][1])
    certificates = [der(tag, body) for kind, bodies in parts if kind == 0xA0 for tag, body in elements(bodies)]
    signer = elements(elements(parts[-1][1])[0][1])
    (attributes,) = [body for tag, body in signer if tag == 0xA0]
    named = {}
    for _tag, attribute in elements(attributes):
        (_kind, name), (_set, values) = elements(attribute)
        named[name] = elements(values)[0][1]
    place = max(index for index, (tag, _body) in enumerate(signer) if tag == 0x04)
    algorithm, signature = elements(signer[place - 1][1]), signer[place][1]
    # RFC 5652 §5.4: the attributes are signed as a set, whatever tag they travel under.
    return Signer(der(0x31, attributes), named, elements(signer[2][1])[0][1], signature, certificates, algorithm)


def seal_in(content: bytes) -> bytes:
    """The CMS of the signature over all of a PDF, with the zeros behind it; of several places that which is its own."""
    for first, second in _holes(content):
        cms = bytes.fromhex(content[first + 1 : second - 1].decode())
        try:
            signer = signer_of(cms)
        except (IndexError, ValueError, TypeError):
            continue
        found = sha256(content[:first] + content[second:])
        if signer.digest == SHA256_NAME and signer.attributes.get(MESSAGE_DIGEST) == found:
            return cms
    return b""


def _holes(content: bytes) -> list:
    """The places that a range leaves out of all the file: a title may say /ByteRange too, and is words."""
    told = {tuple(map(int, one)) for one in BYTE_RANGE.findall(content)}
    found = {
        (first, second)
        for start, first, second, rest in told
        if not start and 0 < second - first <= MOST_BYTES and second + rest == len(content)
    }
    if len(found) > MOST_PLACES:
        return []
    found = {
        (first, second)
        for first, second in found
        if HOLE.fullmatch(content, first, second) and CONTAINER.search(content[max(0, first - 20) : first])
    }
    return sorted(found)


def seal_signature(content: bytes) -> bytes:
    """The value of the signature in the CMS of a PDF (RFC 5652 §5.3), or nothing where it cannot be read."""
    try:
        return signer_of(seal_in(content)).signature
    except (IndexError, ValueError):
        return b""


def elements(data: bytes) -> list[tuple[int, Any]]:
    """The elements of DER one after another: tag and content. Zeros behind the first are what is left of its place."""
    found, place = [], 0
    while place < len(data) and data[place]:
        size, start = data[place + 1], place + 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[place + 2 : start], "big")
        if start + size > len(data):
            raise ValueError("an element is longer than what holds it")
        found.append((data[place], data[start : start + size]))
        place = start + size
    return found


def der(tag: int, body: bytes) -> bytes:
    """An element of DER."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body
