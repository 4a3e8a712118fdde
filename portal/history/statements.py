"""The statement with which a key of the ledger hands over to the next one: a C2SP signed note, written and read exactly."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from portal.history.keys import ED25519, PublicKey
from portal.history.merkle import HASH_SIZE
from portal.history.notes import DASH, INSTANT, INTEGER, LONGEST

FORMAT = "concord/key-statement/1"
VERIFIER = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})")


class BadStatement(ValueError):
    """Raised when a text is not a statement of this form."""


@dataclass(frozen=True)
class Statement:
    """`new` signs what comes after the first `size` entries, whose root this is; `former` signed what came before.

    The signature of the new key lets whoever knows the new key believe the former one; that of the former key, empty where
    that was lost, lets whoever knows the former believe the new one.
    """

    former: PublicKey
    new: PublicKey
    size: int
    root: bytes
    at: str
    by_former: bytes
    by_new: bytes

    @property
    def text(self) -> str:
        """The signed part; its last newline is signed too."""
        root = b64encode(self.root).decode()
        lines = (
            FORMAT, f"former {self.former.verifier}", f"new {self.new.verifier}", f"size {self.size}", f"root {root}",
            f"time {self.at}",
        )  # fmt: skip
        return "".join(f"{line}\n" for line in lines)

    def __str__(self) -> str:
        signed = [(self.former, self.by_former)] if self.by_former else []
        lines = [
            f"{DASH} {key.name} {b64encode(bytes.fromhex(key.key_id) + signature).decode()}\n"
            for key, signature in [*signed, (self.new, self.by_new)]
        ]
        return f"{self.text}\n{''.join(lines)}"

    @property
    def is_right(self) -> bool:
        """Whether the new key signed it, and the former one too unless it is said to be lost."""
        text = self.text.encode()
        return self.new.verifies(self.by_new, text) and (
            not self.by_former or self.former.verifies(self.by_former, text)
        )


def parse(text: str) -> Statement:
    """Read a statement; BadStatement unless writing it again gives the same text. Its signatures are not checked."""
    lines = text.split("\n") if len(text) <= LONGEST else []
    if len(lines) not in (9, 10) or lines[0] != FORMAT or lines[6] or lines[-1]:
        raise BadStatement("a statement has six lines, an empty one and one or two signatures")
    try:
        signatures = [b64decode(line.rpartition(" ")[2], validate=True)[4:] for line in lines[7:-1]]
        found = Statement(
            former=_key(_after("former ", lines[1])),
            new=_key(_after("new ", lines[2])),
            size=int(_match(INTEGER, _after("size ", lines[3]))[0]),
            root=b64decode(_after("root ", lines[4]), validate=True),
            at=_match(INSTANT, _after("time ", lines[5]))[0],
            by_former=signatures[0] if len(signatures) == 2 else b"",
            by_new=signatures[-1],
        )
    except ValueError as error:
        raise BadStatement(f"this is not a statement: {error}") from error
    if len(found.root) != HASH_SIZE or {len(one) for one in signatures} != {64} or str(found) != text:
        raise BadStatement("this is not a statement as it is written")
    return found


def parse_key(text: str) -> PublicKey:
    """Read a verifier key of a ledger; BadStatement unless it is spelled exactly as `PublicKey.verifier` spells it."""
    try:
        return _key(text)
    except ValueError as error:
        raise BadStatement(f"this is not a verifier key: {error}") from error


def _key(text: str) -> PublicKey:
    name, _key_id, encoded = _match(VERIFIER, text).groups()
    raw = b64decode(encoded, validate=True)
    key = PublicKey(name, raw[1:])
    if raw[:1] != ED25519 or len(raw) != 33 or key.verifier != text:
        raise ValueError("its key id does not belong to its name and key")
    return key


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError(f"a line begins with {line[:20]!r} instead of {word!r}")
    return line.removeprefix(word)


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is out of form")
    return match
