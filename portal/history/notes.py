"""The text of a checkpoint: C2SP tlog-checkpoint in a C2SP signed note, written and read exactly."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from portal.history.keys import PublicKey, Signer
from portal.history.merkle import HASH_SIZE

ORIGIN = re.compile(r"[^\s+\x00-\x20\x7f]+(/[^\s+\x00-\x20\x7f]+)*")
INTEGER = re.compile(r"0|[1-9][0-9]{0,18}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DASH = "\u2014"
LONGEST = 10_000


class BadNote(ValueError):
    """Raised when a text is not a checkpoint note of this ledger's form."""


@dataclass(frozen=True)
class Note:
    """A checkpoint as it is read: what was signed, and by which key."""

    origin: str
    size: int
    root: bytes
    number: int
    at: str
    key_id: str
    signature: bytes

    @property
    def text(self) -> str:
        """The signed part; its last newline is signed too."""
        root = b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nnumber {self.number}\ntime {self.at}\n"

    def __str__(self) -> str:
        signature = b64encode(bytes.fromhex(self.key_id) + self.signature).decode()
        return f"{self.text}\n{DASH} {self.origin} {signature}\n"

    def is_signed_by(self, key: PublicKey) -> bool:
        return (
            key.name == self.origin and key.key_id == self.key_id and key.verifies(self.signature, self.text.encode())
        )


def sign(signer: Signer, *, size: int, root: bytes, number: int, at: str) -> Note:
    """A signed note over this state of the ledger; `at` is in the form of `canonical.instant`."""
    unsigned = Note(signer.public.name, size, root, number, at, signer.public.key_id, b"")
    return Note(unsigned.origin, size, root, number, at, unsigned.key_id, signer.sign(unsigned.text.encode()))


def parse(text: str) -> Note:
    """Read a note; BadNote unless writing it again gives the same text, so that one checkpoint has one spelling."""
    lines = text.split("\n") if len(text) <= LONGEST else []
    if len(lines) != 8 or lines[5] or lines[7]:
        raise BadNote("a checkpoint has five lines, an empty one and one signature")
    origin, size, root, number, at, _, signature, _ = lines
    dash, _, rest = signature.partition(" ")
    name, _, signed = rest.partition(" ")
    try:
        raw = b64decode(signed, validate=True)
        note = Note(
            origin=_match(ORIGIN, origin),
            size=int(_match(INTEGER, size)),
            root=b64decode(root, validate=True),
            number=int(_match(INTEGER, number.removeprefix("number "))),
            at=_match(INSTANT, at.removeprefix("time ")),
            key_id=raw[:4].hex(),
            signature=raw[4:],
        )
    except ValueError as error:
        raise BadNote(f"this is not a checkpoint: {error}") from error
    if len(note.root) != HASH_SIZE or len(note.signature) != 64 or dash != DASH or name != origin or str(note) != text:
        raise BadNote("this is not a checkpoint as the ledger writes it")
    return note


def unwitnessed(text: str) -> str:
    """The note without the co-signatures that follow its signature; the text itself when that is not its form."""
    lines = text.split("\n")
    if len(lines) > 8 and not lines[-1] and all(line.startswith(f"{DASH} ") for line in lines[7:-1]):
        return "\n".join([*lines[:7], ""])
    return text


def _match(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is out of form")
    return text
