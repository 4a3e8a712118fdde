"""The C2SP tlog-cosignature: the key of a witness, the bytes it signs, and the line it adds to a checkpoint."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

COSIGNATURE_V1 = b"\x04"
NAME = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9._~-]+)*")
LONGEST_NAME = 120
LONGEST_LINE = 400
DASH = "\u2014"
# SECURITY: with a point of small order for a key, one signature verifies under every text: these hold for no witness.
# They are the y of the points whose order divides 8, little end first, also as p + y; the sign of x is not looked at.
_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = frozenset({0, 1, _P - 1, _P, _P + 1, _ORDER_8, _P - _ORDER_8})


class BadCosignature(ValueError):
    """Raised when a text is no verifier key of a witness, or no line of a co-signature."""


@dataclass(frozen=True)
class WitnessKey:
    """A verifier key: `name+key id+base64(0x04 ‖ 32 bytes)`."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> str:
        """The first four bytes of SHA-256(name ‖ newline ‖ 0x04 ‖ public key), in hex."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE_V1 + self.raw).hexdigest()[:8]

    @property
    def verifier(self) -> str:
        return f"{self.name}+{self.key_id}+{b64encode(COSIGNATURE_V1 + self.raw).decode()}"


@dataclass(frozen=True)
class Cosigned:
    """One co-signature: by which key, at which second since 1970."""

    key: WitnessKey
    time: int
    signature: bytes

    def __str__(self) -> str:
        raw = bytes.fromhex(self.key.key_id) + self.time.to_bytes(8, "big") + self.signature
        return f"{DASH} {self.key.name} {b64encode(raw).decode()}\n"

    def is_over(self, body: str) -> bool:
        """Whether it signs this text of a checkpoint (`notes.Note.text`)."""
        try:
            key = Ed25519PublicKey.from_public_bytes(self.key.raw)
            key.verify(self.signature, message(self.time, body))
        except (InvalidSignature, ValueError):
            return False
        return True


def message(time: int, body: str) -> bytes:
    """The bytes that a witness signs: a header of two lines, then the checkpoint up to its empty line."""
    return f"cosignature/v1\ntime {time}\n{body}".encode()


def parse_key(text: str) -> WitnessKey:
    """Read a verifier key; BadCosignature unless it is spelled exactly as `WitnessKey.verifier` spells it."""
    name, _, rest = text.partition("+")
    _key_id, _, encoded = rest.partition("+")
    try:
        raw = b64decode(encoded.encode("ascii"), validate=True)
    except ValueError as error:
        raise BadCosignature("this is not a verifier key") from error
    key = WitnessKey(name, raw[1:])
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name) or len(raw) != 33 or raw[:1] != COSIGNATURE_V1:
        raise BadCosignature("this is not a verifier key of a witness")
    if key.verifier != text:
        raise BadCosignature("the key id does not belong to this name and key")
    if int.from_bytes(key.raw, "little") & (2**255 - 1) in SMALL_ORDER:
        raise BadCosignature("this key proves nothing")
    return key


def parse_line(text: str, keys: list[WitnessKey]) -> Cosigned:
    """Read the line of a co-signature by one of these keys; BadCosignature unless writing it again gives the same."""
    line = text if text.endswith("\n") else f"{text}\n"
    dash, _, rest = line.rstrip("\n").partition(" ")
    name, _, encoded = rest.partition(" ")
    if len(text) > LONGEST_LINE or dash != DASH:
        raise BadCosignature("this is not a line of a co-signature")
    try:
        raw = b64decode(encoded.encode("ascii"), validate=True)
    except ValueError as error:
        raise BadCosignature("this is not a line of a co-signature") from error
    if len(raw) != 4 + 8 + 64:
        raise BadCosignature("a co-signature has a key id, a time and a signature")
    key = next((key for key in keys if (key.name, key.key_id) == (name, raw[:4].hex())), None)
    if key is None:
        raise BadCosignature("no key in use has this name and key id")
    cosigned = Cosigned(key, int.from_bytes(raw[4:12], "big"), raw[12:])
    if str(cosigned) != line:
        raise BadCosignature("this is not a co-signature as it is written")
    return cosigned
