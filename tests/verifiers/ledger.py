"""The ledger of a bundle, from docs/ledger.md and docs/witnesses.md: keys, checkpoints, proofs by recursion, co-signatures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.verifiers.spelling import Wrong, require, sha, strict, unbase64, unhex


def ledger_key(verifier: str, kind: bytes = b"\1") -> tuple[str, bytes]:
    name, key_id, rest = verifier.split("+", 2)
    raw = unbase64(rest)
    require(raw[:1] == kind and len(raw) == 33, "a key of another kind")
    require(sha(name.encode() + b"\n" + raw).hex()[:8] == key_id, "a key id of another key")
    return key_id, raw[1:]


class Key(NamedTuple):
    """A key of the portal with the entries of its time, from `first` up to, not including, `end`."""

    raw: bytes
    first: int
    end: float

    def verify(self, signature: bytes, text: bytes) -> None:
        ed25519(self.raw, signature, text)


def chain(rows: list[dict[str, Any]], texts: list[str], trusted: dict[str, bytes] | None) -> dict[str, Key]:
    """The keys by their ids, the oldest first: neighbours are joined by a statement that both signed.

    One that the later key alone signed vouches for the former, and leads nobody who trusts the former to the later.
    """
    keys = [ledger_key(row["key"]) for row in rows]
    require(len(texts) == len(keys) - 1 and len(dict(keys)) == len(keys), "a statement for each key but the first")
    times, introduced = [0], [True]
    for (former, new), verifiers, text in zip(pairwise(keys), pairwise(rows), texts, strict=True):
        body, _empty, signed = text.partition("\n\n")
        form, first, second, size, root, at = body.split("\n")
        require(form == "concord/key-statement/1", "a statement of another form")
        require(first == f"former {verifiers[0]['key']}" and second == f"new {verifiers[1]['key']}", "of other keys")
        number = int(size.removeprefix("size "))
        require(size == f"size {number}" and number >= times[-1], "keys whose times are out of order")
        require(len(unbase64(root.removeprefix("root "))) == 32 and at.startswith("time "), "no statement")
        lines = signed.split("\n")
        require(lines[-1] == "" and len(lines) in (2, 3), "no signatures of a statement")
        for (key_id, raw), line in zip((new, former), reversed(lines[:-1]), strict=False):
            dash, name, encoded = line.split(" ")
            given = unbase64(encoded)
            require(
                (dash, name) == ("\u2014", rows[0]["key"].split("+")[0]) and given[:4].hex() == key_id, "another key"
            )
            ed25519(raw, given[4:], body.encode() + b"\n")
        times.append(number)
        introduced.append(len(lines) == 3)
    if trusted is not None:
        own = [place for place, (key_id, raw) in enumerate(keys) if trusted.get(key_id) == raw]
        require(bool(own) and all(introduced[own[-1] + 1 :]), "no key that is known leads to the last one")
        is_past = own[-1] < len(keys) - 1 and len(trusted) > len(own)
        require(not is_past, "the last key comes after one that is known, and another that is known is not there")
    ends = [*times[1:], float("inf")]
    return {key_id: Key(raw, first, end) for (key_id, raw), first, end in zip(keys, times, ends, strict=True)}


class State(NamedTuple):
    note: str
    body: bytes
    origin: str
    size: int
    root: bytes


def state_of(note: str, keys: dict[str, Key]) -> State:
    body, _empty, line = note.partition("\n\n")
    origin, size, root, number, at = body.split("\n")
    require(line.startswith(f"\u2014 {origin} ") and line.endswith("\n") and line.count("\n") == 1, "no checkpoint")
    raw = unbase64(line.rstrip("\n").rpartition(" ")[2])
    require(len(raw) == 68 and number.startswith("number ") and at.startswith("time "), "no checkpoint")
    require(str(int(size)) == size and len(unbase64(root)) == 32, "no checkpoint")
    key = keys[raw[:4].hex()]
    key.verify(raw[4:], body.encode() + b"\n")
    require(key.first < int(size) <= key.end, "a checkpoint by a key of another time")
    return State(note, body.encode() + b"\n", origin, int(size), unbase64(root))


def ed25519(public: bytes, signature: bytes, text: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except InvalidSignature as error:
        raise Wrong("a signature that is not right") from error


def checkpoints(members: dict[str, bytes], keys: dict[str, Key]) -> list[State]:
    if "checkpoint.txt" not in members:
        return []
    newest = state_of(members["checkpoint.txt"].decode(), keys)
    states = [newest]
    for row in strict(members["checkpoints.json"]) if "checkpoints.json" in members else []:
        older = state_of(row["note"], keys)
        proof = [unhex(one.encode(), 32) for one in row["proof"]]
        roots = _grown(older.size, newest.size, proof, older.root)
        require(older.origin == newest.origin and roots == (older.root, newest.root), "the ledger was rewritten")
        states.append(older)
    return states


def check_handing_over(texts: list[str], proofs: list[list[str] | None] | None, newest: State | None) -> list[str]:
    """Each statement is over a beginning of the ledger; returns what was not there to tell."""
    missing = []
    given = [None] * len(texts) if proofs is None else proofs
    for text, path in zip(texts, given, strict=True):
        size, root = (line.partition(" ")[2] for line in text.split("\n")[3:5])
        first, known = int(size), unbase64(root)
        if first == 0:
            require(not path and known == sha(b""), "a statement over nothing with a root of something")
        elif path is None or newest is None or newest.size < first:
            missing.append(f"whether the first {first} entries are those of the statement")
        else:
            roots = _grown(first, newest.size, [unhex(one.encode(), 32) for one in path], known)
            require(roots == (known, newest.root), "the ledger does not begin as a key handed it over")
    return missing


def _grown(first: int, second: int, proof: list[bytes], known: bytes) -> tuple[bytes, bytes]:
    """The roots of both sizes that a consistency proof gives, by recursion (RFC 6962 §2.1.2)."""
    rest = list(proof)

    def walk(m: int, n: int, whole: bool) -> tuple[bytes, bytes]:
        if m == n:
            one = known if whole else rest.pop()
            return one, one
        half = 1 << (n - 1).bit_length() - 1
        if m <= half:
            right = rest.pop()
            old, new = walk(m, half, whole)
            return old, node(new, right)
        left = rest.pop()
        old, new = walk(m - half, n - half, False)
        return node(left, old), node(left, new)

    found = walk(first, second, True)
    require(not rest, "a proof that is too long")
    return found


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\1" + left + right)


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """By recursion from the top (RFC 6962 §2.1.1)."""
    if size == 1:
        require(not path and index == 0, "a proof that is too long")
        return leaf
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return node(root_of(leaf, index, half, path[:-1]), path[-1])
    return node(path[-1], root_of(leaf, index - half, size - half, path[:-1]))


def events_of(members: dict[str, bytes], newest: State | None, missing: list[str]) -> list[dict[str, Any]]:
    found, seen = [], set()
    for row in strict(members["events.json"]):
        said = strict(row["event"].encode())
        said["place"] = row["index"]
        if row["index"] is None:
            missing.append("an event without its entry")
        else:
            assert newest is not None
            path = [unhex(one.encode(), 32) for one in row["proof"]]
            require(type(row["index"]) is int and 0 <= row["index"] < newest.size, "an entry outside the ledger")
            top = root_of(sha(b"\0" + row["event"].encode()), row["index"], newest.size, path)
            require(top == newest.root, f"{said['verb']} is not in the ledger")
        require(not {said["uid"], row["index"]} & seen, "an event stands twice")
        seen |= {said["uid"], row["index"]} - {None}
        found.append(said)
    return found


def check_witnesses(text: str, states: list[State], rows: list[dict[str, str]]) -> None:
    state = next((one for one in states if text.startswith(one.note)), None)
    require(state is not None, "witnesses of another checkpoint")
    assert state is not None
    lines = text[len(state.note) :].split("\n")
    require(lines[-1] == "" and len(lines) > 1 and len(set(lines)) == len(lines), "no co-signatures")
    keys = {
        (row["key"].split("+")[0], ledger_key(row["key"], b"\4")[0]): ledger_key(row["key"], b"\4")[1] for row in rows
    }
    for line in lines[:-1]:
        dash, name, encoded = line.split(" ")
        raw = unbase64(encoded)
        require(dash == "\u2014" and len(raw) == 76, "no co-signature")
        time = int.from_bytes(raw[4:12])
        ed25519(keys[name, raw[:4].hex()], raw[12:], f"cosignature/v1\ntime {time}\n".encode() + state.body)
