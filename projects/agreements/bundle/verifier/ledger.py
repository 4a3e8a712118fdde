"""The bundle's list, the ledger that its events are entries of, and who else has seen that ledger."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from projects.agreements.bundle.verifier.bundle import INDEX, INDEX_SIGNATURE, SIGNATURE, Bundle, witness_key
from projects.agreements.bundle.verifier.curves import is_ed25519
from projects.ip.receipts.verify import (
    FAILED,
    NOTED,
    PASSED,
    UNDECIDED,
    Finding,
    Note,
    Unreadable,
    _,
    base64_of,
    check_against,
    check_history,
    check_signatures,
    check_turn,
    finding,
    is_included,
    leaf_hash,
    sha256,
    trusted,
)

DASH = "\u2014"
COSIGNED = re.compile(DASH + r" ([^ ]+) ([A-Za-z0-9+/=]+)")


def check_list(bundle: Bundle, keys: Any) -> Iterator[Finding]:
    """Every member is, byte for byte, what the portal put into the bundle."""
    listed, there = bundle.index["members"], set(bundle.members) - {INDEX, INDEX_SIGNATURE}
    changed = [name for name in sorted(listed) if name in there and sha256(bundle.members[name]).hex() != listed[name]]
    for name in changed:
        yield finding(FAILED, "member-changed", _("%(name)s was changed."), name=name)
    for name in sorted(set(listed) - there):
        yield finding(FAILED, "member-missing", _("%(name)s is missing."), name=name)
    for name in sorted(there - set(listed)):
        yield finding(
            NOTED, "member-added", _("%(name)s is no part of the bundle and was not looked at."), name=name[:100]
        )
    key_id = bundle.index["key"]["id"]
    public = trusted(bundle, keys).get(key_id)
    signed = bundle.member(INDEX_SIGNATURE).decode("ascii", "replace")
    if public is None:
        yield finding(
            FAILED, "unknown-key", _("The bundle is signed by the key %(key)s, which is unknown here."), key=key_id
        )
    elif not SIGNATURE.fullmatch(signed) or not is_signed(public, signed, "concord/bundle/1", bundle.members[INDEX]):
        yield finding(FAILED, "bundle-signature", _("The signature over the list of the bundle is not right."))
    elif bundle.chain.links[-1].key_id != key_id:
        yield finding(FAILED, "not-the-last-key", _("The bundle is not signed by the last of its keys."))
    elif not changed and set(listed) <= there:
        words = _("All %(count)s parts are as the portal put them together, signed by its key %(key)s.")
        yield finding(PASSED, "members", words, count=len(listed), key=key_id)


def is_signed(public: bytes, signature: str, form: str, content: bytes) -> bool:
    """The form comes first, so that a signature over one kind of thing is never taken for one over another."""
    return is_ed25519(public, bytes.fromhex(signature), form.encode() + b"\n" + content)


def check_checkpoint(bundle: Bundle, keys: Any, against: Any, consistency: Any) -> Iterator[Finding]:
    """The checkpoints are signed by the portal, each is a beginning of the next, and of the one that somebody kept."""
    if bundle.note is None:
        yield finding(UNDECIDED, "no-checkpoint", _("There is no checkpoint: the ledger had not sealed anything yet."))
        return
    yield from check_signatures(bundle, None if keys is None else trusted(bundle, keys), against, is_ed25519)
    yield from check_turn(bundle, against)
    yield from check_history(bundle)
    if against is not None:
        yield from check_against(bundle, against, consistency)


def check_entries(bundle: Bundle) -> Iterator[Finding]:
    """Every event is an entry of the ledger that the checkpoint signs."""
    note, placed = bundle.note, [entry for entry in bundle.entries if entry.place is not None]
    waiting = len(bundle.entries) - len(placed)
    for entry in placed:
        told = {"verb": entry.said["verb"], "entry": entry.place}
        if note is None or not is_included(
            leaf_hash(entry.text.encode()), entry.place, note.size, entry.proof, note.root
        ):
            words = _("The event %(verb)s is not entry %(entry)s of the ledger: it was changed, or the proof was.")
            yield finding(FAILED, "not-in-the-ledger", words, **told)
    places = [entry.place for entry in placed]
    if len(set(places)) != len(places) or len({entry.said["uid"] for entry in bundle.entries}) != len(bundle.entries):
        yield finding(FAILED, "event-twice", _("An event stands in the bundle twice."))
    if waiting:
        words = _("%(count)s of the events had no entry in the ledger yet. Take the bundle again a little later.")
        yield finding(UNDECIDED, "waiting", words, count=waiting)
    if placed and note is not None:
        words = _("%(count)s events are entries of the ledger of %(origin)s, which had %(size)s entries on %(at)s.")
        yield finding(PASSED, "entries", words, count=len(placed), origin=note.origin, size=note.size, at=note.at)


def check_witnesses(bundle: Bundle) -> Iterator[Finding]:
    """Others who signed a checkpoint of the same ledger (C2SP tlog-cosignature)."""
    if "witnesses.txt" not in bundle.members:
        words = _("No witness co-signed the ledger: nobody but the portal vouches that there is only one.")
        yield finding(NOTED, "no-witness", words)
        return
    states = {_spelled(one): one for one in (bundle.note, *(older for older, _proof in bundle.older)) if one}
    text, lines = _cosigned(bundle)
    if text not in states:
        yield finding(FAILED, "another-checkpoint", _("The witnesses signed a checkpoint that is not in the bundle."))
        return
    note = states[text]
    covers = all(entry.place is not None and entry.place < note.size for entry in bundle.entries)
    agencies = {
        witness_key(row["key"])[:2]: (row["agency"], witness_key(row["key"])[2]) for row in _witness_rows(bundle)
    }
    for name, raw in lines:
        agency, public = agencies.get((name, raw[:4].hex()), ("", b""))
        seconds = int.from_bytes(raw[4:12], "big")
        if (
            len(raw) != 76
            or not public
            or not is_ed25519(public, raw[12:], b"cosignature/v1\ntime %d\n" % seconds + note.text)
        ):
            yield finding(FAILED, "wrong-cosignature", _("The co-signature of %(name)s is not right."), name=name[:120])
            continue
        words = _("%(agency)s co-signed checkpoint %(number)s on %(at)s; all events of the bundle are in it.")
        if not covers:
            words = _(
                "%(agency)s co-signed checkpoint %(number)s on %(at)s; not all events of the bundle are in it yet."
            )
        yield finding(PASSED, "cosigned", words, agency=agency, number=note.number, at=_moment_of(seconds))


def _spelled(note: Note) -> str:
    """The note of a checkpoint as it was signed, with the portal's own line."""
    signed = b64encode(bytes.fromhex(note.key_id) + note.signature).decode()
    return f"{note.text.decode()}\n{DASH} {note.origin} {signed}\n"


def _cosigned(bundle: Bundle) -> tuple[str, list]:
    """The note that witnesses signed, and their lines: name and bytes."""
    body, _empty, rest = bundle.members["witnesses.txt"].decode().partition("\n\n")
    own, *lines = rest.split("\n")
    matches = [COSIGNED.fullmatch(line) for line in lines[:-1]]
    if not matches or lines[-1] or None in matches or len(set(lines)) != len(lines):
        raise Unreadable("witnesses.txt is not a checkpoint with co-signatures")
    return f"{body}\n\n{own}\n", [(match[1], base64_of(match[2])) for match in matches if match]


def _witness_rows(bundle: Bundle) -> list:
    rows: list = bundle.read("keys.json")["witnesses"]
    return rows


def _moment_of(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017 older Pythons
    except (OverflowError, OSError, ValueError):
        return str(seconds)
