"""Signatures as verify.py computes them: what its own arithmetic and the package `cryptography` say is the same."""

from __future__ import annotations

import random

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from projects.agreements.bundle.verifier import curves

SEED = 20261123


def test_arithmetic_in_python_says_what_cryptography_says():
    chance = random.Random(SEED)
    edwards, curve = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    number = curve.public_key().public_numbers()
    x, y = number.x.to_bytes(32, "big"), number.y.to_bytes(32, "big")
    raw = edwards.public_key().public_bytes_raw()
    for _round in range(8):
        text = chance.randbytes(100)
        one, two = edwards.sign(text), curve.sign(text, ec.ECDSA(SHA256()))
        assert curves.ed25519_in_python(raw, one, text)
        assert curves.is_ed25519(raw, one, text)
        assert curves.p256_in_python(x, y, two, text)
        assert curves.is_p256(x, y, two, text)
        place = chance.randrange(64)
        wrong = bytearray(one)
        wrong[place] ^= 1 << chance.randrange(8)
        assert not curves.ed25519_in_python(raw, bytes(wrong), text)
        assert not curves.is_ed25519(raw, bytes(wrong), text)
        assert not curves.p256_in_python(x, y, two, text + b"!")
        assert not curves.p256_in_python(y, x, two, text)


def test_signatures_with_a_second_spelling_are_refused():
    key = Ed25519PrivateKey.generate()
    raw, signature = key.public_key().public_bytes_raw(), key.sign(b"text")
    larger = int.from_bytes(signature[32:], "little") + curves.ED_L
    again = signature[:32] + larger.to_bytes(32, "little")
    # A key of small order, under which one signature holds for many texts.
    neutral = (1).to_bytes(32, "little")

    for verifies in (curves.ed25519_in_python, curves.is_ed25519):
        assert verifies(raw, signature, b"text")
        assert not verifies(raw, again, b"text")
        assert not verifies(neutral, neutral + bytes(32), b"text")
    assert curves.der_integers(bytes.fromhex("3006020101020101")) == (1, 1)
    assert curves.der_integers(bytes.fromhex("300702020001020101")) is None


def test_passkeys_with_rsa_are_verified():
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.public_key().public_numbers()
    modulus, exponent = numbers.n.to_bytes(256, "big"), numbers.e.to_bytes(3, "big")
    signature = key.sign(b"text", padding.PKCS1v15(), SHA256())

    assert curves.is_rsa(modulus, exponent, signature, b"text")
    assert not curves.is_rsa(modulus, exponent, signature, b"texT")
    assert not curves.is_rsa(modulus, b"\1", signature, b"text")
