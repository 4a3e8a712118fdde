"""JSON, hexadecimal and base64 in the one spelling that each has, and what is said when something has another."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Any


class Wrong(Exception):
    """Raised for the first thing that is not as the documents say."""


def require(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def unhex(data: bytes, size: int) -> bytes:
    text = data.decode("ascii")
    require(len(text) == 2 * size and not set(text) - set("0123456789abcdef"), "not hexadecimal")
    return bytes.fromhex(text)


def unbase64(text: str) -> bytes:
    found = b64decode(text, validate=True)
    require(b64encode(found).decode() == text, "base64 in another spelling")
    return found


def strict(body: bytes) -> Any:
    """JSON that is canonical (RFC 8785): written again it is the same."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(pairs)) == len(pairs), "a name stands twice")
        return dict(pairs)

    def never(number: str) -> None:
        raise Wrong(f"the number {number}")

    said = json.loads(body.decode(), object_pairs_hook=once, parse_float=never, parse_constant=never)
    require(spelled(said).encode() == body, "JSON that is not canonical")
    return said


def spelled(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{spelled(name)}:{spelled(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        require(abs(value) < 2**53, "a number that is not exact")
    return json.dumps(value, ensure_ascii=False)


def websafe(text: str) -> bytes:
    found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(urlsafe_b64encode(found).decode().rstrip("=") == text, "base64url in another spelling")
    return found


def cbor(data: bytes) -> dict[int, Any]:
    """A map of integers to integers and byte strings, as COSE keys are."""
    from fido2 import cbor as reader

    found, rest = reader.decode_from(data)
    require(not rest and isinstance(found, dict), "no COSE key")
    return dict(found)
