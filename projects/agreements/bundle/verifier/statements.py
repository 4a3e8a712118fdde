"""The statements with which the portal's keys hand over: read, and held against the ledger as it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.agreements.bundle.verifier.curves import is_ed25519
from projects.ip.receipts.verify import (
    ENTRY,
    FAILED,
    MOMENT,
    PASSED,
    UNDECIDED,
    Finding,
    Unreadable,
    _,
    base64_of,
    finding,
    is_extended,
    read_key,
    sha256,
)

STATEMENT = "concord/key-statement/1"
HAND_OVER = re.compile(
    "former ([^\n]+)\nnew ([^\n]+)\nsize ([0-9]+)\nroot ([A-Za-z0-9+/=]{44})\ntime ([^\n]+)\n\n((?:\u2014 [^ \n]+ [A-Za-z0-9+/=]+\n){1,2})"
)


class Statement(NamedTuple):
    """A key hands over to the next after `size` entries with this root; `right` is whether what is signed there is signed rightly."""

    former: tuple
    new: tuple
    size: int
    root: bytes
    by_former: bool
    right: bool


def read_statement(text: Any) -> Statement:
    """A statement (docs/keys.md); Unreadable when it has another form."""
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
        right = right and is_ed25519(public, raw[4:], signed)
    return Statement(former, new, int(match[3]), base64_of(match[4]), len(lines) == 2, right)


def check_statements(bundle: Any) -> Iterator[Finding]:
    """The ledger still begins with what each key vouched for when it handed over: a later key cannot rewrite it."""
    for former, link in zip(bundle.chain.links, bundle.chain.links[1:]):  # noqa: B905  older Pythons have no strict
        named = {"former": former.key_id, "key": link.key_id, "size": link.start}
        is_so = is_beginning(link.statement, link.proof, bundle.note)
        if is_so is None:
            words = _(
                "NOT checked: whether the first %(size)s entries of the ledger are those that were there when %(key)s "
                "followed the key %(former)s. The proof of that is not in this bundle; take the bundle anew. Without it, "
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
