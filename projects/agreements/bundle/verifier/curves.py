"""Verifying Ed25519 (RFC 8032), ECDSA over P-256 (FIPS 186-5) and RSA (RFC 8017): by `cryptography` where it is, in Python elsewhere."""

from __future__ import annotations

import hashlib
from typing import Any

# --- Ed25519: points are (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z, on -x² + y² = 1 + d·x²·y² ---

ED_P = 2**255 - 19
ED_L = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, ED_P - 2, ED_P) % ED_P
ED_ROOT = pow(2, (ED_P - 1) // 4, ED_P)
ED_ZERO = (0, 1, 1, 0)


def _ed_add(one: tuple, two: tuple) -> tuple:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % ED_P, (one[1] + one[0]) * (two[1] + two[0]) % ED_P
    c, d = 2 * one[3] * two[3] * ED_D % ED_P, 2 * one[2] * two[2] % ED_P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % ED_P, g * h % ED_P, f * g % ED_P, e * h % ED_P


def _ed_times(factor: int, point: tuple) -> tuple:
    total = ED_ZERO
    while factor:
        if factor & 1:
            total = _ed_add(total, point)
        point, factor = _ed_add(point, point), factor >> 1
    return total


def _ed_equal(one: tuple, two: tuple) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % ED_P == 0 == (one[1] * two[2] - two[1] * one[2]) % ED_P


def _ed_point(encoded: bytes) -> tuple | None:
    """RFC 8032 §5.1.3; None for bytes that are no point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(encoded) != 32 or y >= ED_P:
        return None
    square = (y * y - 1) * pow(ED_D * y * y + 1, ED_P - 2, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    if (x * x - square) % ED_P:
        x = x * ED_ROOT % ED_P
    if (x * x - square) % ED_P or (x == 0 and sign):
        return None
    x = ED_P - x if x & 1 != sign else x
    return x, y, 1, x * y % ED_P


ED_BASE: Any = _ed_point((4 * pow(5, ED_P - 2, ED_P) % ED_P).to_bytes(32, "little"))


def _has_small_order(point: tuple) -> bool:
    """Under such a key one signature would hold for every text."""
    return _ed_equal(_ed_times(8, point), ED_ZERO)


def ed25519_in_python(public: bytes, signature: bytes, text: bytes) -> bool:
    """RFC 8032 §5.1.7, without the cofactor."""
    key, point = _ed_point(public), _ed_point(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if key is None or point is None or len(signature) != 64 or factor >= ED_L or _has_small_order(key):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ED_L
    return _ed_equal(_ed_times(factor, ED_BASE), _ed_add(point, _ed_times(challenge, key)))


def is_ed25519(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the signature is right."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return ed25519_in_python(public, signature, text)
    point = _ed_point(public)
    if point is None or _has_small_order(point):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- ECDSA over P-256: y² = x³ - 3x + b; None is the point at infinity ---

EC_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
EC_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
EC_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
EC_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def _ec_add(one: tuple | None, two: tuple | None) -> tuple | None:
    if one is None or two is None:
        return two if one is None else one
    if one[0] == two[0]:
        if (one[1] + two[1]) % EC_P == 0:
            return None
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, EC_P)
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, EC_P)
    x = (slope * slope - one[0] - two[0]) % EC_P
    return x, (slope * (one[0] - x) - one[1]) % EC_P


def _ec_times(factor: int, point: tuple | None) -> tuple | None:
    total = None
    while factor:
        if factor & 1:
            total = _ec_add(total, point)
        point, factor = _ec_add(point, point), factor >> 1
    return total


def der_integers(signature: bytes) -> tuple | None:
    """The two integers of a signature in DER, in their one spelling; None for anything else."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2 or signature[1] > 0x7F:
        return None
    found, rest = [], signature[2:]
    while rest:
        if len(rest) < 3 or rest[0] != 2 or not 1 <= rest[1] <= len(rest) - 2:
            return None
        number, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        if number[0] & 0x80 or (len(number) > 1 and number[0] == 0 and not number[1] & 0x80):
            return None
        found.append(int.from_bytes(number, "big"))
    return (found[0], found[1]) if len(found) == 2 else None


def p256_in_python(x: bytes, y: bytes, signature: bytes, text: bytes) -> bool:
    """FIPS 186-5 §6.4.2, with SHA-256 and a signature in DER."""
    point, numbers = (int.from_bytes(x, "big"), int.from_bytes(y, "big")), der_integers(signature)
    on_curve = (point[1] ** 2 - point[0] ** 3 + 3 * point[0] - EC_B) % EC_P == 0
    if numbers is None or not on_curve or max(point) >= EC_P or (len(x), len(y)) != (32, 32):
        return False
    r, s = numbers
    if not (0 < r < EC_N and 0 < s < EC_N):
        return False
    inverse, digest = pow(s, -1, EC_N), int.from_bytes(hashlib.sha256(text).digest(), "big")
    found = _ec_add(_ec_times(digest * inverse % EC_N, EC_BASE), _ec_times(r * inverse % EC_N, point))
    return found is not None and found[0] % EC_N == r


def is_p256(x: bytes, y: bytes, signature: bytes, text: bytes) -> bool:
    """Whether an ECDSA signature in DER over SHA-256 of the text is right."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        return p256_in_python(x, y, signature, text)
    if der_integers(signature) is None or (len(x), len(y)) != (32, 32):
        return False
    try:
        point = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
        point.public_key().verify(signature, text, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


# --- RSA, as some passkeys have it ---

RSA_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def is_rsa(modulus: bytes, exponent: bytes, signature: bytes, text: bytes) -> bool:
    """Whether an RSASSA-PKCS1-v1_5 signature over SHA-256 of the text is right (RFC 8017 §8.2.2)."""
    n, e, size = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big"), len(modulus)
    if not 256 <= size <= 1024 or modulus[0] == 0 or not 3 <= e < 2**32 or len(signature) != size:
        return False
    told = RSA_SHA256 + hashlib.sha256(text).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(told) - 3) + b"\x00" + told
    number = int.from_bytes(signature, "big")
    return number < n and pow(number, e, n).to_bytes(size, "big") == expected
