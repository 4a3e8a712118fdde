"""What a bundle holds, read part by part; whatever has another form than it must have is Unreadable."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, NamedTuple

from projects.agreements.bundle.verifier.curves import is_ed25519
from projects.ip.receipts.verify import (
    Keychain,
    Note,
    Unreadable,
    base64_of,
    canonical,
    chain_of,
    hashes_of,
    load,
    read_note,
    sha256,
)

BUNDLE = "concord/bundle/1"
TEXTS = ("concord/text-version/1", "concord/text-version/2")
EVIDENCE_1, EVIDENCE_2, CONFIRMATION = "concord/evidence/1", "concord/evidence/2", "concord/confirmation/1"
INDEX, INDEX_SIGNATURE = "bundle.json", "bundle.sig"
SIGNATURE = re.compile("[0-9a-f]{128}")
RECORD = re.compile(r"(evidence|confirmations)/([0-9]{2,4})-[A-Z0-9-]+\.json")


class Record(NamedTuple):
    """A signed record: its bytes, what they say, and the portal's signature over them."""

    name: str
    place: str
    content: bytes
    said: dict
    sha256: str
    signature: bytes


class Entry(NamedTuple):
    """An event with its place in the ledger, None while it waits for one."""

    text: str
    said: dict
    place: Any
    proof: list

    @property
    def facts(self) -> dict:
        found: dict = self.said["facts"]
        return found


class Bundle:
    """The members of a bundle, and what they say."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members

    def read(self, name: str) -> Any:
        """A JSON member; it must be canonical (RFC 8785), so that one content has one spelling."""
        content = self.member(name)
        try:
            said = load(content.decode())
            is_canonical = canonical(said) == content
        except (UnicodeError, ValueError, RecursionError) as error:
            raise Unreadable(f"{name}: {error}") from None
        if not is_canonical:
            raise Unreadable(f"{name} is not in canonical form")
        return said

    def member(self, name: str) -> bytes:
        if name not in self.members:
            raise Unreadable(f"{name} is missing")
        return self.members[name]

    @cached_property
    def index(self) -> dict:
        said: dict = self.read(INDEX)
        if (
            said["format"] != BUNDLE
            or not isinstance(said["agreement"], str)
            or type(said["text"]["number"]) is not int
        ):
            raise Unreadable(f"{INDEX} is not of the form {BUNDLE}")
        return said

    @property
    def is_listed(self) -> bool:
        return INDEX in self.members

    @property
    def named(self) -> tuple:
        """The text that the list names: agreement, version, SHA-256."""
        return self.index["agreement"], self.index["text"]["number"], self.index["text"]["sha256"]

    @cached_property
    def text(self) -> dict:
        said: dict = self.read("text.json")
        if said["format"] not in TEXTS:
            raise Unreadable("text.json is not a text of a form that is known here")
        return said

    @cached_property
    def text_sha256(self) -> str:
        return sha256(self.member("text.json")).hex()

    @cached_property
    def chain(self) -> Keychain:
        """The portal's keys in their order, as far as statements prove them."""
        said = self.read("keys.json")
        return chain_of(
            [row["key"] for row in said["ledger"]], said.get("statements", []), said.get("proofs"), is_ed25519
        )

    @cached_property
    def keys(self) -> dict[str, bytes]:
        """The public keys that are proved, by their ids."""
        return {link.key_id: link.public for link in self.chain.links}

    @cached_property
    def records(self) -> list[Record]:
        return self._records("evidence")

    @cached_property
    def confirmations(self) -> list[Record]:
        return self._records("confirmations")

    @cached_property
    def entries(self) -> list[Entry]:
        """The events, in the order of the ledger, with those that wait for their entry last."""
        found = []
        for row in self.read("events.json"):
            said = load(row["event"])
            if canonical(said) != row["event"].encode():
                raise Unreadable("an event is not in canonical form")
            if not (row["index"] is None or type(row["index"]) is int) or not isinstance(said["facts"], dict):
                raise Unreadable("an event has no place, or no facts")
            found.append(Entry(row["event"], said, row["index"], hashes_of(row["proof"])))
        last = float("inf")
        return sorted(found, key=lambda entry: last if entry.place is None else entry.place)

    def of_verb(self, verb: str) -> list[Entry]:
        """The events of this agreement with this verb."""
        ref, kind = self.text["agreement"], "agreements.agreement"
        return [
            entry
            for entry in self.entries
            if (entry.said["verb"], entry.said["target_ref"], entry.said["target_kind"])
            == (f"agreement.{verb}", ref, kind)
        ]

    @cached_property
    def note(self) -> Any:
        """The checkpoint, None where nothing was sealed in the ledger yet."""
        return self._note("checkpoint.txt")

    @cached_property
    def older(self) -> list[tuple[Note, list]]:
        """Older checkpoints, each with the proof that the ledger has only grown since."""
        if "checkpoints.json" not in self.members:
            return []
        return [(read_note(row["note"]), hashes_of(row["proof"])) for row in self.read("checkpoints.json")]

    def voiding_of(self, evidence_sha256: str) -> Any:
        """The event that a signature was taken back; None when it was not."""
        for entry in self.of_verb("signature_voided"):
            if entry.facts.get("evidence") == evidence_sha256:
                return entry
        return None

    def _note(self, name: str) -> Any:
        return read_note(self.members[name].decode()) if name in self.members else None

    def _records(self, folder: str) -> list[Record]:
        found = []
        for name in sorted(self.members):
            match = RECORD.fullmatch(name)
            if match is None or match[1] != folder:
                continue
            said, content = self.read(name), self.members[name]
            signed = self.member(name[:-5] + ".sig").decode("ascii", "replace")
            if not SIGNATURE.fullmatch(signed):
                raise Unreadable(f"{name[:-5]}.sig is not a signature of 64 bytes in hexadecimal")
            digest = sha256(content).hex()
            found.append(Record(name, match[2], content, said, digest, bytes.fromhex(signed)))
        return found


def witness_key(verifier: str) -> tuple[str, str, bytes]:
    """Name, key id and public key of a witness, from its verifier key `name+key id+base64(0x04 ‖ key)`."""
    name, key_id, encoded = verifier.split("+", 2)
    public = base64_of(encoded)
    if len(public) != 33 or public[:1] != b"\x04" or sha256(name.encode() + b"\n" + public).hex()[:8] != key_id:
        raise Unreadable("this is not the verifier key of a witness")
    return name, key_id, public[1:]
