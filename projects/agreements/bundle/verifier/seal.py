"""The PAdES seal in a PDF (RFC 5652), as far as a script goes: what it covers, its digest, and its signature by P-256."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.agreements.bundle.verifier.curves import is_p256
from projects.ip.receipts.verify import FAILED, NOTED, PASSED, Finding, _, finding, sha256

CONTAINER = re.compile(rb"/Contents\s*\Z")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
HOLE = re.compile(rb"<(?:[0-9A-Fa-f]{2})*>")
SHA256_NAME, MESSAGE_DIGEST = bytes.fromhex("608648016503040201"), bytes.fromhex("2a864886f70d010904")
# How a certificate begins to name a public key on P-256, up to its two coordinates.
P256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


class Signer(NamedTuple):
    """What the one signer of a CMS signed: the attributes as they are signed, by name, the digest's name, the signature."""

    signed: bytes
    attributes: dict
    digest: bytes
    signature: bytes
    certificates: list


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
    points = [(one, one.partition(P256_KEY)[2][:64]) for one in signer.certificates if P256_KEY in one]
    for certificate, point in points:
        if is_p256(point[:32], point[32:], signer.signature, signer.signed):
            return "", sha256(certificate).hex()
    return (_("its signature is not right") if points else ""), ""


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
    signature = next(body for tag, body in reversed(signer) if tag == 0x04)
    # RFC 5652 §5.4: the attributes are signed as a set, whatever tag they travel under.
    return Signer(der(0x31, attributes), named, elements(signer[2][1])[0][1], signature, certificates)


def seal_in(content: bytes) -> bytes:
    """The CMS of the signature over all of a PDF, with the zeros behind it; of several places that which is its own."""
    for first, second in _holes(content):
        cms = bytes.fromhex(content[first + 1 : second - 1].decode())
        try:
            signer = signer_of(cms)
        except (IndexError, ValueError, TypeError, StopIteration):
            continue
        found = sha256(content[:first] + content[second:])
        if signer.digest == SHA256_NAME and signer.attributes.get(MESSAGE_DIGEST) == found:
            return cms
    return b""


def _holes(content: bytes) -> list:
    """The places that a range leaves out of all the file: a title may say /ByteRange too, and is words."""
    found = set()
    for one in BYTE_RANGE.findall(content):
        start, first, second, rest = (int(part) for part in one)
        is_whole = not start and first < second and second + rest == len(content)
        if (
            is_whole
            and HOLE.fullmatch(content, first, second)
            and CONTAINER.search(content[max(0, first - 20) : first])
        ):
            found.add((first, second))
    return sorted(found)


def seal_signature(content: bytes) -> bytes:
    """The value of the signature in the CMS of a PDF (RFC 5652 §5.3), or nothing where it cannot be read."""
    try:
        return signer_of(seal_in(content)).signature
    except (IndexError, ValueError, StopIteration):
        return b""


def elements(data: bytes) -> list[tuple[int, Any]]:
    """The elements of DER one after another: tag and content. Zeros behind the first are what is left of its place."""
    found = []
    while data and data[0]:
        size, start = data[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(data[2:start], "big")
        if start + size > len(data):
            raise ValueError("an element is longer than what holds it")
        found.append((data[0], data[start : start + size]))
        data = data[start + size :]
    return found


def der(tag: int, body: bytes) -> bytes:
    """An element of DER."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body
