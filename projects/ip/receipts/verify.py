"""Check a receipt of a deposit without a network: its commitment is in the ledger, and a file belongs to it.

    python3 verify.py [receipt.json] [FILE ...] [--opening FILE] [--key KEY] [--against CHECKPOINT] [--consistency FILE]

Python 3.9 or newer is enough; with the package `cryptography` the signature is checked too. The exit code is 0 when it
is proved, 1 when something is wrong, 2 when it could not be decided. docs/deposits.md says how each thing is computed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIPT, OPENING, MANIFEST = "concord/receipt/1", "concord/opening/1", "concord/deposit/1"
ALGORITHM = "SHA-256"
MANIFEST_KEYS = ("agency", "algorithm", "files", "format", "previous", "project", "title")
PASSED, FAILED, UNDECIDED, NOTED = "passed", "failed", "undecided", "noted"
SLACK = timedelta(hours=1)
LARGEST = 2**53 - 1
STATEMENT = "concord/key-statement/1"
HAND_OVER = re.compile(
    "former ([^\n]+)\nnew ([^\n]+)\nsize ([0-9]+)\nroot ([A-Za-z0-9+/=]{44})\ntime ([^\n]+)\n\n((?:\u2014 [^ \n]+ [A-Za-z0-9+/=]+\n){1,2})"
)
HEX, ENTRY = re.compile("[0-9a-f]{64}"), re.compile("0|[1-9][0-9]{0,18}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def _(text: str) -> str:
    """Mark words for translation; the script itself speaks English."""
    return text


class Unreadable(ValueError):
    """What was given is not what it should be; nothing can be said about it."""


class Finding(NamedTuple):
    """One thing that was looked at; `text` names its `values` as %(name)s."""

    outcome: str
    code: str
    text: str
    values: dict

    def __str__(self) -> str:
        return self.text % self.values


def finding(outcome: str, code: str, text: str, **values: Any) -> Finding:
    return Finding(outcome, code, text, values)


# --- hashes: RFC 8785 for what a manifest holds, RFC 6962 for the ledger ---


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of strings, whole numbers, booleans, null, lists and objects; ValueError for others."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return b"{" + b",".join(canonical(key) + b":" + canonical(value[key]) for key in keys) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(element) for element in value) + b"]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST):
        raise ValueError("a number that is not exact")
    return json.dumps(value, ensure_ascii=False).encode()


def commitment_of(salt: bytes, manifest: dict) -> str:
    return sha256(salt + canonical(manifest)).hex()


def leaf_hash(text: bytes) -> bytes:
    return sha256(b"\x00" + text)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def is_included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    position, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and value == root


def is_extended(first: int, second: int, first_root: bytes, second_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second:
        return False
    path = [first_root, *path] if first & (first - 1) == 0 else path
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def ed25519(public: bytes, signature: bytes, text: bytes) -> bool | None:
    """Whether the signature is right; None where this Python has no `cryptography`."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- reading ---


class Note(NamedTuple):
    """A signed checkpoint: the first `size` entries have this root."""

    origin: str
    size: int
    root: bytes
    number: int
    at: str
    key_id: str
    signature: bytes
    text: bytes


class Receipt(NamedTuple):
    deposit: dict
    text: str
    event: dict
    index: int  # type: ignore[assignment]  # the entry, not the method of tuples
    path: list
    note: Note
    older: list
    keys: dict
    time_stamp: Any
    opening: Any
    chain: Any


class Statement(NamedTuple):
    """A key hands over to the next after `size` entries with this root; `right` is whether what is signed there is signed rightly."""

    former: tuple
    new: tuple
    size: int
    root: bytes
    by_former: bool
    right: bool


class Link(NamedTuple):
    """A key, the entries of its time, and the statement that made it the next one, with the proof that belongs to it."""

    key_id: str
    public: bytes
    start: int
    end: Any
    statement: Any = None
    proof: Any = None

    @property
    def introduced(self) -> bool:
        """Whether the key before it introduced it."""
        return self.statement is not None and bool(self.statement.by_former)

    def covers(self, place: Any) -> bool:
        """Whether it signs records whose event has this place; one without a place yet is signed by the last key."""
        if place is None:
            return self.end is None
        return bool(self.start <= place and (self.end is None or place < self.end))

    def signs(self, size: int) -> bool:
        """Whether a checkpoint over so many entries is its own."""
        return self.start < size and (self.end is None or size <= self.end)


class Keychain(NamedTuple):
    """The links that are proved backwards from the last, the oldest first, and what is wrong with the rest."""

    links: list
    problems: list

    def link(self, key_id: Any) -> Any:
        return next((link for link in self.links if link.key_id == key_id), None)


def load(text: str) -> Any:
    """JSON in which every name stands once and every number is whole."""

    def once(pairs: list) -> dict:
        if len(dict(pairs)) != len(pairs):
            raise Unreadable("a name stands twice")
        return dict(pairs)

    def refuse(number: str) -> None:
        raise Unreadable(f"{number} is not a whole number")

    try:
        return json.loads(text, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON as it is written here: {error}") from None


def read_note(text: Any) -> Note:
    lines = text.split("\n") if isinstance(text, str) and len(text) < 10_000 else []
    match = re.fullmatch("\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)", lines[6]) if len(lines) == 8 else None
    if match is None or lines[5] or lines[7] or match[1] != lines[0]:
        raise Unreadable("this is not a checkpoint: it has five lines, an empty one and one signature")
    origin, size, root, number, at = lines[:5]
    number, at = number.removeprefix("number "), at.removeprefix("time ")
    signed = base64_of(match[2])
    shapes = (ENTRY.fullmatch(size), ENTRY.fullmatch(number), MOMENT.fullmatch(at), len(signed) == 68)
    if not all(shapes) or len(base64_of(root)) != 32:
        raise Unreadable("this is not a checkpoint as the ledger writes it")
    body = "\n".join([*lines[:5], ""]).encode()
    return Note(origin, int(size), base64_of(root), int(number), at, signed[:4].hex(), signed[4:], body)


def read_key(text: Any) -> tuple[str, bytes]:
    """Key id and public key of a verifier key, `origin+key id+base64`."""
    parts = text.strip().split("+", 2) if isinstance(text, str) else []
    if len(parts) != 3:
        raise Unreadable("this is not a verifier key: it is written origin+key id+base64")
    name, key_id, public = parts[0], parts[1], base64_of(parts[2])
    if len(public) != 33 or public[:1] != b"\x01" or sha256(name.encode() + b"\n" + public).hex()[:8] != key_id:
        raise Unreadable("this is not a verifier key: it is written origin+key id+base64")
    return key_id, public[1:]


def chain_of(verifiers: list, texts: list, proofs: Any, verify_signature: Any) -> Keychain:
    """The chain of keys, the oldest first, and the statements between them: the last key is believed, the others as far as statements lead.

    `proofs` are those that the ledger still begins as each statement has it; there are none in what was made in earlier days.
    """
    keys = [read_key(verifier) for verifier in verifiers]
    told: list[Statement] = [read_statement(text, verify_signature) for text in texts]
    grown = [None] * len(told) if proofs is None else [None if one is None else hashes_of(one) for one in proofs]
    if len(grown) != len(told):
        raise Unreadable("there is another number of proofs than of statements")
    problems = []
    if len({key_id for key_id, _public in keys}) != len(keys) or not keys:
        raise Unreadable("there is no key, or one stands twice")
    links: list = []
    end = None
    for place in range(len(keys) - 1, -1, -1):
        key_id, public = keys[place]
        before = told[place - 1] if 0 < place <= len(told) else None
        is_right = before is not None and before.right and (before.former, before.new) == (keys[place - 1], keys[place])
        if before is not None and is_right and (end is None or before.size <= end):
            links.append(Link(key_id, public, before.size, end, before, grown[place - 1]))
            end = before.size
            continue
        links.append(Link(key_id, public, 0, end))
        problems += [lost for lost, _public in keys[:place]]
        break
    if len(told) != len(keys) - 1 and not problems:
        raise Unreadable("there are more statements than keys that they introduce")
    return Keychain(links[::-1], problems)


def read_statement(text: Any, verify_signature: Any) -> Statement:
    """A statement (docs/keys.md); Unreadable when it has another form. It is right unless a signature is known to be wrong."""
    match = HAND_OVER.fullmatch(text[len(STATEMENT) + 1 :]) if isinstance(text, str) and len(text) < 10_000 else None
    if match is None or not text.startswith(STATEMENT + "\n") or not ENTRY.fullmatch(match[3]):
        raise Unreadable("a statement of a key has another form than it must have")
    if not MOMENT.fullmatch(match[5]) or len(base64_of(match[4])) != 32:
        raise Unreadable("a statement of a key has another form than it must have")
    former, new = read_key(match[1]), read_key(match[2])
    signed = text[: text.index("\n\n") + 1].encode()
    lines = match[6].splitlines()
    by = [(match[1], former), (match[2], new)][-len(lines) :]
    right = True
    for line, (verifier, (key_id, public)) in zip(lines, by):  # noqa: B905  older Pythons have no strict
        _dash, name, encoded = line.split(" ")
        raw = base64_of(encoded)
        right = right and name == verifier.split("+")[0] and raw[:4].hex() == key_id and len(raw) == 68
        right = right and verify_signature(public, raw[4:], signed) is not False
    return Statement(former, new, int(match[3]), base64_of(match[4]), len(lines) == 2, right)


def read_receipt(data: Any) -> Receipt:
    try:
        if data["format"] != RECEIPT:
            raise Unreadable(f"it is not a receipt of the form {RECEIPT}")
        deposit, text, opening = data["deposit"], data["event"], data.get("opening")
        event, stamp = load(text), data.get("time_stamp")
        older = [(read_note(one["note"]), hashes_of(one["proof"])) for one in data["checkpoints"]]
        index, path = data["entry"]["index"], hashes_of(data["entry"]["proof"])
        keys, told = dict(read_key(key) for key in data["keys"]), data.get("statements") or []
        # Receipts of earlier days have nothing that leads from one key to the next, nor has what somebody cut it out of.
        is_led = bool(told) or len(keys) == 1
        chain = chain_of(data["keys"], told, data.get("proofs") if told else None, ed25519) if is_led else None
        keys = keys if chain is None else {link.key_id: link.public for link in chain.links}
        shapes: tuple = (isinstance(deposit, dict), isinstance(event, dict), type(index) is int)
        shapes += (
            HEX.fullmatch(deposit["commitment"]),
            MOMENT.fullmatch(event["at"]),
            isinstance(event["facts"], dict),
        )
        if not all(shapes):
            raise Unreadable("something in the receipt has another form than it must have")
        note = read_note(data["checkpoint"])
        return Receipt(deposit, text, event, index, path, note, older, keys, stamp, opening, chain)
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError) as error:
        raise Unreadable(f"it is not a receipt: {error!r}") from None


def read_opening(data: Any) -> tuple[bytes, dict]:
    """Salt and manifest of an opening; Unreadable says what is not as docs/deposits.md has it."""
    if not isinstance(data, dict) or data.get("format") != OPENING or not isinstance(data.get("manifest"), dict):
        raise Unreadable(f"it is not an opening of the form {OPENING}")
    if not isinstance(data.get("salt"), str) or not HEX.fullmatch(data["salt"]):
        raise Unreadable("the salt is 32 bytes, written as 64 hexadecimal digits")
    problem = problem_of(data["manifest"])
    if problem:
        raise Unreadable(problem)
    return bytes.fromhex(data["salt"]), data["manifest"]


def problem_of(manifest: dict) -> str:
    """What is wrong with the form of a manifest, or nothing."""
    previous, project, files = (manifest.get(name) for name in ("previous", "project", "files"))
    if tuple(sorted(manifest)) != MANIFEST_KEYS:
        return f"a manifest has exactly these names: {', '.join(MANIFEST_KEYS)}"
    if manifest["format"] != MANIFEST or manifest["algorithm"] != ALGORITHM:
        return f"a manifest has the format {MANIFEST} and the algorithm {ALGORITHM}"
    if not all(isinstance(manifest[name], str) for name in ("title", "agency")):
        return "title and agency are text"
    if (previous is not None and not _is_hash(previous)) or not isinstance(project, (str, type(None))):
        return "previous is a commitment or null, project is a reference or null"
    if not isinstance(files, list) or not 1 <= len(files) <= 1000 or not all(_is_file(entry) for entry in files):
        return "files is a list of objects with name, size and sha256, at least one and at most 1000"
    try:
        canonical(manifest)
    except ValueError:
        return "the manifest holds a character that is none"
    return ""


def _is_file(entry: Any) -> bool:
    if not isinstance(entry, dict) or sorted(entry) != ["name", "sha256", "size"] or not _is_hash(entry["sha256"]):
        return False
    size = entry["size"]
    return isinstance(entry["name"], str) and (size is None or (type(size) is int and 0 <= size <= LARGEST))


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def hashes_of(values: Any) -> list[bytes]:
    if not isinstance(values, list) or len(values) > 64 or not all(_is_hash(value) for value in values):
        raise Unreadable("a proof is a list of SHA-256 hashes in hexadecimal")
    return [bytes.fromhex(value) for value in values]


def base64_of(text: str) -> bytes:
    """Bytes that were written in base64, in the one spelling that they have."""
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        raise Unreadable("this is not base64") from None
    if b64encode(found).decode() != text:
        raise Unreadable("this is not base64 as it is written")
    return found


# --- checking ---


def check(
    receipt: Receipt,
    *,
    opening: Any = None,
    files: dict[str, str] | None = None,
    keys: dict[str, bytes] | None = None,
    against: Note | None = None,
    consistency: Any = None,
    verify_signature: Any = ed25519,
) -> list[Finding]:
    """Look at everything a receipt claims; nothing is left out after the first thing that is wrong.

    `files` gives SHA-256 by name, `keys` the public keys one trusts by key id, `against` a checkpoint kept elsewhere,
    `consistency` the ledger's proof between that one and the receipt's.
    """
    try:
        found = [*_check_event(receipt), *_check_place(receipt)]
        led = keys if keys is None else trusted(receipt, keys)
        signed = [*check_signatures(receipt, led, against, verify_signature)]
        found += [*signed, *_check_chain(receipt, keys, against, signed)]
        found += [*check_history(receipt), *_check_times(receipt)]
        found += check_against(receipt, against, consistency) if against else []
        found += _check_opening(receipt, opening if opening is not None else receipt.opening, files or {})
        return [*found, *_check_time_stamp(receipt)]
    except Unreadable:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Unreadable(f"it is not a receipt: {error!r}") from None


def _check_chain(receipt: Receipt, keys: Any, against: Any, signed: list) -> Iterator[Finding]:
    """How its keys followed one another, where this Python can tell a signature."""
    if receipt.chain is None:
        words = _(
            "NOT checked: how the keys %(keys)s followed one another. The statements that say so are not in this receipt; "
            "take it anew. Without them, who holds the last of these keys alone could have made all of this."
        )
        yield finding(UNDECIDED, "no-statements", words, keys=", ".join(receipt.keys))
    elif not any(one.code == "signature-not-checked" for one in signed):
        yield from check_pinned(receipt, keys)
        yield from check_keys(receipt)
        yield from check_statements(receipt)
        yield from check_turn(receipt, against)


def _check_event(receipt: Receipt) -> Iterator[Finding]:
    event, deposit = receipt.event, receipt.deposit
    if canonical(event) != receipt.text.encode():
        yield finding(FAILED, "event-not-canonical", _("The text of the event is not in canonical form."))
    names = ("commitment", "algorithm", "number", "previous")
    same = event["facts"] == {name: deposit.get(name) for name in names} and deposit.get("algorithm") == ALGORITHM
    same = same and all(
        event.get(name) == deposit.get(shown)
        for name, shown in (("at", "deposited_at"), ("agency", "agency"), ("agency_name", "agency_name"))
    )
    same = same and (event.get("target_ref"), event.get("verb")) == (deposit.get("ref"), "deposit.made")
    if not same:
        yield finding(FAILED, "event-differs", _("The event does not say what the receipt says of the deposit."))
        return
    words = _("The event says: %(agency)s deposited this commitment at %(at)s.")
    yield finding(PASSED, "event", words, agency=event.get("agency_name"), at=event["at"])


def _check_place(receipt: Receipt) -> Iterator[Finding]:
    note, place = receipt.note, {"entry": receipt.index, "size": receipt.note.size, "number": receipt.note.number}
    if is_included(leaf_hash(receipt.text.encode()), receipt.index, note.size, receipt.path, note.root):
        words = _("The event is entry %(entry)s of the %(size)s that checkpoint %(number)s covers.")
        yield finding(PASSED, "included", words, **place)
        return
    words = _(
        "The proof does not lead from the event to checkpoint %(number)s: it is the proof of another tree, "
        "or the event was changed."
    )
    yield finding(FAILED, "not-in-this-tree", words, **place)


def check_signatures(receipt: Any, keys: Any, against: Note | None, verify_signature: Any) -> Iterator[Finding]:
    if keys is None:
        words = _("The key came along with the rest. Compare it with one you know: %(keys)s.")
        yield finding(NOTED, "key-from-receipt", words, keys=", ".join(receipt.keys))
    notes = [receipt.note, *(note for note, _path in receipt.older), *([against] if against else [])]
    for note in notes:
        named = {"number": note.number, "key": note.key_id}
        public = (receipt.keys if keys is None else keys).get(note.key_id)
        if public is None:
            words = _("Checkpoint %(number)s is signed by the key %(key)s, which is unknown here.")
            yield finding(FAILED, "unknown-key", words, **named)
            continue
        answer = verify_signature(public, note.signature, note.text)
        if answer is None:
            words = _("The signature was NOT checked: this Python has no package `cryptography`.")
            yield finding(UNDECIDED, "signature-not-checked", words)
            return
        if answer is False or sha256(note.origin.encode() + b"\n\x01" + public).hex()[:8] != note.key_id:
            yield finding(FAILED, "wrong-signature", _("The signature of checkpoint %(number)s is not right."), **named)
        elif note is receipt.note:
            yield finding(PASSED, "signed", _("Checkpoint %(number)s is signed by the key %(key)s."), **named)


# --- keys: each introduced by the one before it ---


def trusted(proved: Any, keys: Any) -> dict:
    """The public keys to rely on, by key id, for who knows `keys`: these, and those that lead to and from one of them.

    A key introduces the next one, and vouches for those before it. Without keys of one's own it is all in the proved.
    """
    if keys is None:
        return dict(proved.keys)
    if proved.chain is None:
        # Which of them lead to which is not told, and is said not to have been checked.
        named: dict = proved.keys
        return named | keys if any(keys.get(key_id) == public for key_id, public in named.items()) else keys
    links = proved.chain.links
    known = [place for place, link in enumerate(links) if keys.get(link.key_id) == link.public]
    reached = max(known) + 1 if known else 0
    while known and reached < len(links) and links[reached].introduced:
        reached += 1
    # A key that is pinned is never replaced by another with its id.
    return {link.key_id: link.public for link in links[:reached]} | keys


def check_pinned(proved: Any, keys: Any) -> Iterator[Finding]:
    """Where the chain and the keys that somebody knows part: who found one of these may have made what follows it."""
    links = proved.chain.links
    known = [place for place, link in enumerate(links) if keys and keys.get(link.key_id) == link.public]
    if not known:
        return
    former, last = links[known[-1]].key_id, links[-1].key_id
    aside = ", ".join(sorted(set(keys) - {links[place].key_id for place in known}))
    if known[-1] == len(links) - 1:
        yield from _check_aside(list(keys), former, {link.key_id for link in links})
        yield from _check_lost([(links[place], links[place + 1]) for place in known[:-1]])
        return
    if aside:
        words = _(
            "The chain leads past a key that you know: from %(former)s on to %(key)s, and %(aside)s is not in it."
        )
        yield finding(FAILED, "past-a-known-key", words, former=former, key=last, aside=aside)
        return
    later = links[known[-1] + 1 :]
    if not all(link.introduced for link in later):
        return
    if all(is_beginning(link.statement, link.proof, proved.note) for link in later):
        words = _(
            "Of the keys that you know only %(former)s vouches for the present key %(key)s. The first %(size)s entries of the "
            "ledger are those that it handed over: who holds later keys alone cannot have written others there. What came "
            "after them rests on the later keys, and whoever found that former key could have made all of this. Compare the "
            "present key, and give it with --key."
        )
    else:
        words = _(
            "Of the keys that you know only %(former)s vouches for the present key %(key)s, and whoever found that former "
            "key could have made this. Compare the present key, and give it with --key."
        )
    yield finding(UNDECIDED, "by-a-former-key", words, former=former, key=last, size=later[0].start)


def _check_lost(pairs: list) -> Iterator[Finding]:
    """Of these keys that somebody knows, each with the one after it, which alone says that the former was lost."""
    for former, link in pairs:
        if not link.introduced:
            words = _(
                "NOT checked: that the key %(former)s, which you know, was lost. Only %(key)s says so, and whoever holds that "
                "key alone could say so of a key that was not lost, and write other entries in the place of the first %(size)s. "
                "Where you know otherwise that it was lost, leave that key out."
            )
            yield finding(
                UNDECIDED, "known-key-said-lost", words, former=former.key_id, key=link.key_id, size=link.start
            )


def _check_aside(order: list, last: str, there: set) -> Iterator[Finding]:
    """Keys that somebody knows and that are not here: later than the last they need not be, earlier they are hidden."""
    place = order.index(last)
    earlier, later = (", ".join(key for key in part if key not in there) for part in (order[:place], order[place:]))
    if earlier:
        words = _(
            "You gave the key %(aside)s before %(key)s, and it is not here. If it is the older one, what it signed is hidden: "
            "do not rely on this. If it is the later one, give the keys in their order, the oldest first."
        )
        yield finding(UNDECIDED, "known-key-hidden", words, aside=earlier, key=last)
    if later:
        words = _("The key %(aside)s, which you gave after %(key)s, is not here; one that came later need not be.")
        yield finding(NOTED, "known-key-not-here", words, aside=later, key=last)


def on_one_key(proved: Any, keys: Any, places: list, findings: list[Finding]) -> str:
    """In words, what whoever holds the last key alone could have made, of entries with these places; nothing without keys.

    What a key that one knows handed over is in a root that it signed, as what one kept is in the root of that checkpoint.
    """
    links = proved.chain.links
    fixed = [one.values["size"] for one in findings if one.code == "same-ledger"]
    fixed += [
        link.end
        for link, after in zip(links, links[1:])  # noqa: B905, RUF007  older Pythons have neither
        if after.introduced and keys and keys.get(link.key_id) == link.public
    ]
    start = max(fixed, default=0)
    if not keys or all(place is not None and place < start for place in places):
        return ""
    return (ON_ONE_KEY_SINCE if start else ON_ONE_KEY) % {"key": links[-1].key_id, "start": start}


ON_ONE_KEY = """\
Of the keys that you gave it rests on %(key)s alone: whoever holds that key could have made all of this, with every key before it.
"""
ON_ONE_KEY_SINCE = """\
From entry %(start)s of the ledger on it rests on the key %(key)s alone: whoever holds that key could have made what is there.
"""


def check_keys(proved: Any) -> Iterator[Finding]:
    """Each key but the last is proved by the one after it."""
    links = proved.chain.links
    for key_id in proved.chain.problems:
        words = _("Nothing proves that the key %(key)s was ever the portal's.")
        yield finding(FAILED, "key-not-proved", words, key=key_id)
    for former, link in zip(links, links[1:]):  # noqa: B905, RUF007  older Pythons have neither
        named = {"former": former.key_id, "key": link.key_id, "size": link.start}
        if link.introduced:
            words = _("The key %(former)s handed over to %(key)s after %(size)s entries; both signed that.")
            yield finding(PASSED, "key-handed-over", words, **named)
        else:
            words = _("The key %(former)s, up to entry %(size)s, was lost; that it was the portal's only %(key)s says.")
            yield finding(NOTED, "key-vouched-for", words, **named)


def check_statements(proved: Any) -> Iterator[Finding]:
    """The ledger still begins with what each key vouched for when it handed over: a later key cannot rewrite it."""
    for former, link in zip(proved.chain.links, proved.chain.links[1:]):  # noqa: B905  older Pythons have no strict
        named = {"former": former.key_id, "key": link.key_id, "size": link.start}
        is_so = is_beginning(link.statement, link.proof, proved.note)
        if is_so is None:
            words = _(
                "NOT checked: whether the first %(size)s entries of the ledger are those that were there when %(key)s "
                "followed the key %(former)s. The proof of that is not here; take it anew. Without it, "
                "who holds %(key)s alone could have written other entries in their place."
            )
            yield finding(UNDECIDED, "beginning-not-proved", words, **named)
        elif not is_so:
            words = _(
                "The ledger was rewritten: its first %(size)s entries are not those that were there when %(key)s followed "
                "the key %(former)s."
            )
            yield finding(FAILED, "another-beginning", words, **named)
        elif link.introduced:
            words = _("The first %(size)s entries of the ledger are still those that the key %(former)s handed over.")
            yield finding(PASSED, "same-beginning", words, **named)
        else:
            words = _("The first %(size)s entries of the ledger are still those that %(key)s says %(former)s signed.")
            yield finding(PASSED, "same-beginning", words, **named)


def is_beginning(told: Statement, proof: Any, note: Any) -> bool | None:
    """Whether the ledger of a checkpoint begins as a statement has it (RFC 9162 section 2.1.4.2); None where nothing tells."""
    if not told.size:
        return not proof and told.root == sha256(b"")
    if note is None or proof is None or note.size < told.size:
        return None
    return is_extended(told.size, note.size, told.root, note.root, proof)


def check_turn(proved: Any, against: Any) -> Iterator[Finding]:
    """Every checkpoint is signed by the key of its time."""
    notes = [proved.note, *(older for older, _proof in proved.older), *([against] if against else [])]
    for note in notes:
        link = proved.chain.link(note.key_id)
        if link is not None and not link.signs(note.size):
            words = _("The key %(key)s signed checkpoint %(number)s outside its time.")
            yield finding(FAILED, "key-out-of-turn", words, key=note.key_id, number=note.number)


# --- history and times ---


def check_history(receipt: Any) -> Iterator[Finding]:
    """The checkpoints around the entry belong to the same ledger, which only grew."""
    wrong = [
        note.number
        for note, path in receipt.older
        if note.origin != receipt.note.origin
        or not is_extended(note.size, receipt.note.size, note.root, receipt.note.root, path)
    ]
    for number in wrong:
        words = _("The ledger was rewritten: what checkpoint %(number)s was signed over is not its beginning.")
        yield finding(FAILED, "rewritten", words, number=number)
    if receipt.older and not wrong:
        words = _("The ledger has only grown since each older checkpoint that is here (%(count)s).")
        yield finding(PASSED, "only-grown", words, count=len(receipt.older))


def bounds(receipt: Receipt) -> tuple[Note | None, Note]:
    """The last checkpoint before the entry, and the first one that covers it."""
    notes = sorted([receipt.note, *(note for note, _path in receipt.older)], key=lambda note: note.size)
    before = [note for note in notes if note.size <= receipt.index]
    after = [note for note in notes if note.size > receipt.index]
    return (before[-1] if before else None), (after[0] if after else receipt.note)


def _check_times(receipt: Receipt) -> Iterator[Finding]:
    """Order is fixed by the ledger; a time that contradicts the order means that a clock was changed."""
    (before, after), at = bounds(receipt), receipt.event["at"]
    notes = sorted({receipt.note, *(note for note, _path in receipt.older)}, key=lambda note: note.size)
    found = []
    for first, second in zip(notes, notes[1:]):  # noqa: B905, RUF007  older Pythons have neither
        if first.at > second.at or first.number >= second.number:
            words = _("checkpoint %(number)s says %(second)s, the one before it %(first)s")
            found.append((words, {"number": second.number, "second": second.at, "first": first.at}))
    if at > after.at:
        words = _("the deposit says %(second)s, the checkpoint that covers it %(first)s")
        found.append((words, {"second": at, "first": after.at}))
    if before and _moment(at) < _moment(before.at) - SLACK:
        words = _("the deposit says %(second)s, yet it comes after a checkpoint of %(first)s")
        found.append((words, {"second": at, "first": before.at}))
    for words, named in found:
        back = _("The server's clock was set back: %(what)s. The order in the ledger stands, the time does not.")
        yield finding(FAILED, "clock-set-back", back, what=words % named)
    if not found and before:
        words = _("By the portal's clock it was entered after %(before)s and sealed by %(after)s.")
        yield finding(PASSED, "times", words, before=before.at, after=after.at)
    elif not found:
        yield finding(PASSED, "times", _("By the portal's clock it was sealed by %(after)s."), after=after.at)


def check_against(receipt: Any, saved: Note, consistency: Any) -> Iterator[Finding]:
    """A checkpoint that was kept elsewhere must be a state of the same ledger."""
    note, named = receipt.note, {"number": saved.number, "size": saved.size}
    known = next((one for one in (note, *(older for older, _path in receipt.older)) if one.size == saved.size), None)
    if saved.origin != note.origin:
        words = _("The checkpoint you kept is of another ledger, %(origin)s.")
        yield finding(FAILED, "another-ledger", words, origin=saved.origin)
        return
    if known is None and not isinstance(consistency, dict):
        words = _(
            "Nothing here connects this with the checkpoint you kept, over %(size)s entries. Take it anew with "
            "?since=%(size)s, or give the ledger's proof with --consistency."
        )
        yield finding(UNDECIDED, "not-compared", words, **named)
        return
    if known is not None:
        same = known.root == saved.root
    else:
        first, second = sorted((saved, note), key=lambda one: one.size)
        same = is_extended(first.size, second.size, first.root, second.root, hashes_of(consistency.get("proof")))
    if same:
        yield finding(PASSED, "same-ledger", _("It is the ledger of the checkpoint you kept (%(number)s)."), **named)
        return
    words = _(
        "Forked: this is not the ledger whose checkpoint you kept, over %(size)s entries. "
        "Whoever holds the key has signed two histories."
    )
    yield finding(FAILED, "forked", words, **named)


def _check_opening(receipt: Receipt, opening: Any, files: dict[str, str]) -> Iterator[Finding]:
    if opening is None:
        words = _("No opening was given: what was deposited stays hidden, and nothing was compared with it.")
        yield finding(UNDECIDED if files else NOTED, "no-opening", words)
        return
    salt, manifest = read_opening(opening)
    if commitment_of(salt, manifest) != receipt.deposit["commitment"]:
        words = _("The opening does not give the commitment: a name, a hash or the salt in it was changed.")
        yield finding(FAILED, "opening-differs", words)
        return
    named = {"agency": manifest["agency"], "count": len(manifest["files"]), "title": manifest["title"] or "…"}
    facts = receipt.event["facts"]
    if (manifest["agency"], manifest["previous"]) != (receipt.event["agency"], facts.get("previous")):
        words = _("The manifest names another agency or another version before it than the event does.")
        yield finding(FAILED, "manifest-differs", words)
        return
    yield finding(PASSED, "opened", _("The opening gives the commitment: “%(title)s”, %(count)s file(s)."), **named)
    by_hash = {entry["sha256"]: entry["name"] for entry in manifest["files"]}
    by_name = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    for name, digest in files.items():
        if digest in by_hash:
            words = _("%(name)s is, bit for bit, a deposited file (“%(as)s” in the manifest).")
            yield finding(PASSED, "file", words, name=name, **{"as": by_hash[digest]})
        elif name in by_name:
            words = _("%(name)s was altered: its SHA-256 is %(digest)s, deposited was %(was)s. One bit is enough.")
            yield finding(FAILED, "file-altered", words, name=name, digest=digest, was=by_name[name])
        else:
            words = _("%(name)s is none of the deposited files, or was altered: its SHA-256 is %(digest)s.")
            yield finding(FAILED, "file-unknown", words, name=name, digest=digest)
    if not files:
        yield finding(NOTED, "no-file", _("No file was compared. Give the files themselves to compare them."))


def _check_time_stamp(receipt: Receipt) -> Iterator[Finding]:
    stamp = receipt.time_stamp
    if not stamp:
        yield finding(NOTED, "no-time-stamp", _("No independent authority has stamped the time."))
        return
    try:
        token, said = base64_of(stamp["token"]), {"authority": stamp["authority"], "at": stamp["at"]}
    except (KeyError, TypeError):
        raise Unreadable("the time stamp has no token") from None
    if sha256(bytes.fromhex(receipt.deposit["commitment"])) not in token:
        yield finding(FAILED, "another-time-stamp", _("The time stamp is of something else, not of this commitment."))
        return
    words = _(
        "A time stamp (RFC 3161) of %(authority)s says %(at)s. This script does not check the authority's signature; "
        "README.txt says how to do so with openssl."
    )
    yield finding(NOTED, "time-stamp-not-checked", words, **said)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007  both sides are UTC


# --- the command ---

MARKS = {PASSED: "ok ", FAILED: "NO ", UNDECIDED: "?? ", NOTED: " - "}
PROVED = """\
This proves, by the ledger %(origin)s: the commitment %(commitment)s
existed when checkpoint %(number)s was signed, at %(at)s by the portal's clock%(content)s.
It does not prove who invented anything, that it is new, that an office received a filing, or that the clock was right:
only the order in the ledger is certain, and the time as far as you trust the clock or a time stamp.
"""
OWN_KEY = """\
It rests on the key %(keys)s, which came with the receipt: whoever writes a receipt can bring a key of their own.
Compare it with the key that the ledger publishes, or give that one with --key.
"""


def outcome_of(findings: list[Finding]) -> int:
    """The exit code: 0 proved, 1 something is wrong, 2 not decided."""
    outcomes = {one.outcome for one in findings}
    return 1 if FAILED in outcomes else 2 if UNDECIDED in outcomes else 0


def conclusion(receipt: Receipt, findings: list[Finding], keys: Any = None) -> str:
    """What it comes to, in words, for who knows `keys`."""
    code, open_points = outcome_of(findings), {one.code for one in findings if one.outcome == UNDECIDED}
    if open_points == {"signature-not-checked"} and code == 2:
        return "NOT DECIDED: everything fits, but the signature of the checkpoint was not checked.\n"
    if code:
        return "NOT PROVED.\n" if code == 1 else "NOT DECIDED: see the lines with ?? above.\n"
    codes, after = {one.code for one in findings}, bounds(receipt)[1]
    content = ", and with it the files compared above" if "file" in codes else ""
    named = {"origin": after.origin, "number": after.number, "at": after.at, "content": content}
    words = "PROVED.\n" + PROVED % {**named, "commitment": receipt.deposit["commitment"]}
    if "key-from-receipt" in codes:
        return words + OWN_KEY % {"keys": ", ".join(receipt.keys)}
    return words + on_one_key(receipt, keys, [receipt.index], findings)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("receipt", nargs="?", default=str(Path(__file__).parent / "receipt.json"))
    parser.add_argument("files", nargs="*", metavar="FILE", help="deposited files, to compare them with the manifest")
    parser.add_argument("--opening", metavar="FILE", help="manifest and salt, if they are not in the receipt")
    parser.add_argument("--key", action="append", help="the verifier key you know, or a file with it")
    parser.add_argument("--against", metavar="FILE", help="a checkpoint that you kept")
    parser.add_argument("--consistency", metavar="FILE", help="the ledger's proof between that checkpoint and this one")
    given = parser.parse_args(arguments)
    try:
        keys = dict(read_key(_given_key(key)) for key in given.key) if given.key else None
        receipt = read_receipt(load(_read(given.receipt).decode()))
        findings = check(
            receipt,
            opening=load(_read(given.opening).decode()) if given.opening else None,
            files={Path(name).name: hashlib.sha256(_read(name)).hexdigest() for name in given.files},
            keys=keys,
            against=read_note(_read(given.against).decode()) if given.against else None,
            consistency=load(_read(given.consistency).decode()) if given.consistency else None,
        )
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        print(f"NOT DECIDED: {error}")
        return 2
    for one in findings:
        print(MARKS[one.outcome], one)
    print()
    print(conclusion(receipt, findings, keys), end="")
    return outcome_of(findings)


def _given_key(key: str) -> str:
    return key if key.count("+") >= 2 else _read(key).decode()


def _read(name: str) -> bytes:
    return Path(name).read_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
