"""A ledger that a test writes, signs and falsifies as it likes, and an outsider's way to check it; no code of ours is used."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "concord.example/ledger"
SALT = bytes(range(32))
CONTENT = b"Heat the flute first."


def digest(data: bytes) -> bytes:
    return sha256(data).digest()


def written(value: Any) -> bytes:
    """Canonical JSON, for names in ASCII and whole numbers."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def leaf(text: bytes) -> bytes:
    return digest(b"\0" + text)


def node(left: bytes, right: bytes) -> bytes:
    return digest(b"\1" + left + right)


def half(size: int) -> int:
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = half(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def growth(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    k = half(len(leaves))
    if first <= k:
        return [*growth(first, leaves[:k], whole), root(leaves[k:])]
    return [*growth(first - k, leaves[k:], False), root(leaves[:k])]


def manifest(**facts: Any) -> dict[str, Any]:
    entry = {"name": "sketch.txt", "size": len(CONTENT), "sha256": digest(CONTENT).hex()}
    known = {"format": "concord/deposit/1", "algorithm": "SHA-256", "title": "Drill head", "agency": "JAXA"}
    return {**known, "project": None, "files": [entry], "previous": None} | facts


def opening(said: dict[str, Any] | None = None, salt: bytes = SALT) -> dict[str, Any]:
    return {"format": "concord/opening/1", "salt": salt.hex(), "manifest": said or manifest()}


def commitment(said: dict[str, Any] | None = None, salt: bytes = SALT) -> str:
    return digest(salt + written(said or manifest())).hex()


def deposit_event(at: str, value: str = "", **facts: Any) -> dict[str, Any]:
    said = {"commitment": value or commitment(), "algorithm": "SHA-256", "number": 1, "previous": None} | facts
    return event(at, "deposit.made", said)


def event(at: str, verb: str = "project.edited", facts: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "v": 1, "uid": "00000000-0000-4000-8000-000000000001", "verb": verb, "target_kind": "ip.deposit",
        "target_ref": "D-2026-0001", "scope": "D-2026-0001", "at": at, "person": None, "agency": "JAXA",
        "agency_name": "Japan Aerospace Exploration Agency", "agencies": ["JAXA"], "facts": facts or {},
    }  # fmt: skip


def moment(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"2026-11-23T{4 + hours:02}:{rest // 60:02}:{rest % 60:02}.000000Z"


@dataclass
class Ledger:
    """Events, and checkpoints over so many of them, signed by a key of its own."""

    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(SALT))
    events: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def leaves(self) -> list[bytes]:
        return [leaf(written(one)) for one in self.events]

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return digest(ORIGIN.encode() + b"\n\1" + self.public)[:4]

    @property
    def verifier(self) -> str:
        return f"{ORIGIN}+{self.key_id.hex()}+{b64encode(bytes([1]) + self.public).decode()}"

    def record(self, *events: dict[str, Any]) -> Ledger:
        self.events += events
        return self

    def seal(self, at: str) -> Ledger:
        size, top = len(self.events), b64encode(root(self.leaves)).decode()
        text = f"{ORIGIN}\n{size}\n{top}\nnumber {len(self.notes) + 1}\ntime {at}\n"
        signed = b64encode(self.key_id + self.key.sign(text.encode())).decode()
        self.notes.append((size, f"{text}\n\u2014 {ORIGIN} {signed}\n"))
        return self

    def receipt(self, index: int, **facts: Any) -> dict[str, Any]:
        """With every older checkpoint, in the newest one."""
        size, note = self.notes[-1]
        leaves, one = self.leaves[:size], self.events[index]
        shown = {name: one["facts"].get(name) for name in ("commitment", "algorithm", "number", "previous")}
        deposit = {"ref": one["target_ref"], **shown, "agency": one["agency"], "agency_name": one["agency_name"]}
        return {
            "format": "concord/receipt/1",
            "deposit": {**deposit, "deposited_at": one["at"]},
            "event": written(one).decode(),
            "entry": {"index": index, "proof": [step.hex() for step in path(index, leaves)]},
            "checkpoint": note,
            "checkpoints": [
                {"note": text, "proof": [step.hex() for step in growth(n, leaves)]} for n, text in self.notes[:-1]
            ],
            "keys": [self.verifier],
            "time_stamp": None,
            "opening": opening(),
        } | facts


def honest() -> Ledger:
    """Three events before the deposit, which is entry 3, and three after it; three checkpoints."""
    ledger = Ledger().record(*(event(moment(n)) for n in range(3))).seal(moment(3))
    ledger.record(deposit_event(moment(4)), event(moment(5))).seal(moment(6))
    return ledger.record(event(moment(7)), event(moment(8))).seal(moment(9))


def changed(receipt: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A copy; `a__b` reaches inside."""
    copy = deepcopy(receipt)
    for name, value in facts.items():
        *steps, last = name.split("__")
        place = copy
        for step in steps:
            place = place[step]
        place[last] = value
    return copy


def proves(receipt: dict[str, Any], content: bytes, verifier: str) -> tuple[int, int, str]:
    """An outsider's own check, straight from docs/deposits.md: entry, size and time; AssertionError when it fails."""
    said = receipt["opening"]["manifest"]
    value = digest(bytes.fromhex(receipt["opening"]["salt"]) + written(said)).hex()
    assert digest(content).hex() in {one["sha256"] for one in said["files"]}
    happened = json.loads(receipt["event"])
    assert happened["verb"] == "deposit.made"
    assert happened["facts"]["commitment"] == value == receipt["deposit"]["commitment"]

    body, _, signature = receipt["checkpoint"].partition("\n\n")
    origin, size, top, _number, time = body.split("\n")
    name, key_id, raw = verifier.split("+", 2)
    signed = b64decode(signature.split(" ")[2])
    assert (name, key_id) == (origin, signed[:4].hex())
    Ed25519PublicKey.from_public_bytes(b64decode(raw)[1:]).verify(signed[4:], f"{body}\n".encode())

    steps = [bytes.fromhex(step) for step in receipt["entry"]["proof"]]
    index = receipt["entry"]["index"]
    assert climbed(leaf(receipt["event"].encode()), index, int(size), steps) == b64decode(top)
    return index, int(size), time.removeprefix("time ")


def climbed(start: bytes, index: int, size: int, steps: list[bytes]) -> bytes:
    """The root that a leaf and its siblings lead to, by the recursion of RFC 6962 §2.1."""
    if size == 1:
        assert not steps
        return start
    k, (*below, last) = half(size), steps
    if index < k:
        return node(climbed(start, index, k, below), last)
    return node(last, climbed(start, index - k, size - k, below))
