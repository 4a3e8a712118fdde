"""The portal's keys, each introduced by the one before it, and the entries of the ledger that are of its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.agreements.bundle.verifier.statements import Statement, is_beginning, read_statement
from projects.ip.receipts.verify import (
    FAILED,
    NOTED,
    PASSED,
    UNDECIDED,
    Finding,
    Unreadable,
    _,
    finding,
    hashes_of,
    read_key,
)


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


def chain_of(rows: list, texts: list, proofs: Any = None) -> Keychain:
    """The chain of the keys and statements in keys.json: the last key is believed, the others as far as statements lead.

    `proofs` are those that the ledger still begins as each statement has it; bundles of earlier days have none.
    """
    keys = [read_key(row["key"]) for row in rows]
    told: list[Statement] = [read_statement(text) for text in texts]
    grown = [None] * len(told) if proofs is None else [None if one is None else hashes_of(one) for one in proofs]
    if len(grown) != len(told):
        raise Unreadable("keys.json has another number of proofs than of statements")
    problems = []
    if len({key_id for key_id, _public in keys}) != len(keys) or not keys:
        raise Unreadable("keys.json names no key, or one twice")
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
        raise Unreadable("keys.json has more statements than keys that they introduce")
    return Keychain(links[::-1], problems)


def trusted(bundle: Any, keys: Any) -> dict:
    """The public keys to rely on, by key id, for who knows `keys`: these, and those that lead to and from one of them.

    A key introduces the next one, and vouches for those before it. Without keys of one's own it is all in the bundle.
    """
    if keys is None:
        return dict(bundle.keys)
    links = bundle.chain.links
    known = [place for place, link in enumerate(links) if keys.get(link.key_id) == link.public]
    reached = min(known) + 1 if known else 0
    while known and reached < len(links) and (links[reached].introduced or reached in known):
        reached += 1
    # A key that is pinned is never replaced by another with its id.
    return {link.key_id: link.public for link in links[:reached]} | keys


def check_pinned(bundle: Any, keys: Any) -> Iterator[Finding]:
    """Where the chain and the keys that somebody knows part: who found one of these may have made what follows it."""
    links = bundle.chain.links
    known = [place for place, link in enumerate(links) if keys and keys.get(link.key_id) == link.public]
    if not known:
        return
    former, last = links[known[-1]].key_id, links[-1].key_id
    aside = ", ".join(sorted(set(keys) - {links[place].key_id for place in known}))
    if known[-1] == len(links) - 1:
        if aside:
            words = _(
                "Of the keys that you know these are not in the bundle: %(aside)s. Later than %(key)s they need not be; an "
                "earlier one is hidden, and then do not rely on this."
            )
            yield finding(NOTED, "known-key-not-here", words, aside=aside, key=last)
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
    if all(is_beginning(link.statement, link.proof, bundle.note) for link in later):
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


def check_keys(bundle: Any) -> Iterator[Finding]:
    """Each key but the last is proved by the one after it."""
    links = bundle.chain.links
    for key_id in bundle.chain.problems:
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


def check_turn(bundle: Any, against: Any) -> Iterator[Finding]:
    """Every checkpoint is signed by the key of its time."""
    notes = [bundle.note, *(older for older, _proof in bundle.older), *([against] if against else [])]
    for note in notes:
        link = bundle.chain.link(note.key_id)
        if link is not None and not link.signs(note.size):
            words = _("The key %(key)s signed checkpoint %(number)s outside its time.")
            yield finding(FAILED, "key-out-of-turn", words, key=note.key_id, number=note.number)
