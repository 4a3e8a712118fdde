"""The audit: everything the ledger claims, recomputed from the events themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from portal.history import cosignatures, merkle, notes
from portal.history.chain import Chain, known_chain
from portal.history.cosignatures import Cosigned
from portal.history.rows import CheckpointRow, CosignedRow, EntryRow, KeyRow, leaf_hash_of

CHUNK = 4096


@dataclass(frozen=True)
class Held:
    """A checkpoint that somebody keeps: the ledger must have grown from it."""

    note: notes.Note
    place: str = "the checkpoint given"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be, and where.

    `note` is the checkpoint of this ledger that it does not fit any more, where it is that; `is_ours` is False for what
    is wrong with a checkpoint that was given and tells nothing about the ledger.
    """

    place: str
    problem: str
    note: notes.Note | None = None
    is_ours: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class Mark(NamedTuple):
    """The root that the tree must have at a size, and what to say when it has another."""

    size: int
    root: bytes
    place: str
    problem: str
    note: notes.Note | None


class Ledger(Protocol):
    """What an audit reads; `rows.StoredLedger` reads it from the database."""

    def keys(self) -> list[KeyRow]: ...

    def checkpoints(self) -> list[CheckpointRow]: ...

    def entries(self, start: int, limit: int) -> list[EntryRow]: ...

    def nodes(self, ranges: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], bytes]: ...

    def strays(self, size: int) -> Iterator[tuple[str, str]]: ...

    def cosigned(self) -> list[CosignedRow]: ...


@dataclass
class Tree:
    """The tree as recomputed so far; it remembers its peaks and what the last chunk completed, never more."""

    size: int = 0
    known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def extend(self, leaves: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
        """Append leaf hashes; the nodes above them that this completed."""
        peaks = {at: self.known[at] for at in merkle.peaks(self.size)}
        grown = {(level, index): hash_ for level, index, hash_ in merkle.grow(self.size, leaves, lambda *at: peaks[at])}
        self.size, self.known = self.size + len(leaves), peaks | grown
        return {at: hash_ for at, hash_ in grown.items() if at[0]}

    def root(self, size: int) -> bytes:
        """The root at a size within the last chunk."""
        return merkle.root(size, lambda *at: self.known[at])


def audit(ledger: Ledger, *, against: Iterable[Held] = (), chain: Chain | None = None) -> Iterator[Finding]:
    """Yield what is wrong, the first bad entry first; nothing when all is well.

    Events are hashed from their columns, the tree is built from those hashes, and every stored leaf, node, root and
    signature must equal what comes out. A chunk with a finding is the last one read: nothing after it can be relied on.
    Whoever can rewrite every row can also recompute every hash. What witnesses co-signed cannot be signed again without
    them, and `against`, checkpoints kept elsewhere, exposes even one who removed all that. `chain` holds the keys that are
    believed, those that are proved from the key file unless told; what the database says of keys is compared with it.
    """
    chain = chain or known_chain()
    checkpoints = ledger.checkpoints()
    cosigned, unsigned = check_cosignatures(ledger.cosigned())
    held, foreign = _sort_out([*cosigned, *against], chain)
    broken = [*_check_notes(checkpoints, chain), *_check_keys(ledger.keys(), checkpoints, chain), *unsigned, *foreign]
    marks = _marks(checkpoints, held, chain)
    tree = Tree()
    while rows := ledger.entries(tree.size, CHUNK):
        start = tree.size
        leaves, findings = check_entries(start, rows)
        grown = tree.extend(leaves)
        findings += check_nodes(ledger, grown)
        findings += _check_roots(tree, start, marks)
        yield from findings
        if findings:
            yield from broken
            return
    yield from broken
    yield from _check_extent(tree, checkpoints, held, chain)
    yield from (Finding(place, problem) for place, problem in ledger.strays(tree.size))


def check_cosignatures(rows: Sequence[CosignedRow]) -> tuple[list[Held], list[Finding]]:
    """What witnesses co-signed, and the co-signatures that do not verify."""
    held: list[Held] = []
    findings: list[Finding] = []
    for row in rows:
        place = f"checkpoint {row.number} as {row.key.name} co-signed it"
        try:
            note = notes.parse(row.note)
            key = cosignatures.parse_key(row.key.verifier)
        except ValueError as error:
            findings.append(Finding(place, str(error)))
            continue
        if (note.number, key.key_id) != (row.number, row.key_id):
            findings.append(Finding(place, "its columns differ from what was signed"))
        elif not Cosigned(key, row.time, row.signature).is_over(note.text):
            findings.append(Finding(place, "its co-signature does not verify"))
        else:
            held.append(Held(note, place))
    return held, findings


def check_entries(start: int, rows: Sequence[EntryRow]) -> tuple[list[bytes], list[Finding]]:
    """Recompute the leaf hashes of consecutive entries from their events; stops before the first gap."""
    leaves: list[bytes] = []
    findings: list[Finding] = []
    for expected, row in enumerate(rows, start):
        place = f"entry {expected}"
        if row.index != expected:
            findings.append(Finding(place, "it is missing"))
            break
        if row.event is None:
            findings.append(Finding(place, "its event does not exist"))
            leaves.append(row.hash)
            continue
        try:
            leaf = leaf_hash_of(row.event)
        except (ValueError, TypeError, RecursionError) as error:
            findings.append(Finding(place, f"its event has no canonical form ({error})"))
            leaves.append(row.hash)
            continue
        if leaf != row.hash:
            findings.append(Finding(place, "its event is not the one that was sealed"))
        leaves.append(leaf)
    return leaves, findings


def check_nodes(ledger: Ledger, grown: dict[tuple[int, int], bytes]) -> list[Finding]:
    """Compare the stored nodes with those that came out of the leaves."""
    spans: dict[int, list[int]] = {}
    for level, index in grown:
        spans.setdefault(level, []).append(index)
    stored = ledger.nodes([(level, indices[0], indices[-1] + 1) for level, indices in spans.items()])
    if stored == grown:
        return []
    wrong = [at for at, hash_ in grown.items() if stored.get(at) != hash_]
    return [
        Finding(
            f"node {level}/{index}",
            "it is not the hash of its children" if (level, index) in stored else "it is missing",
        )
        for level, index in sorted(wrong, key=lambda at: (at[1] << at[0], at[0]))
    ]


def _sort_out(held: Sequence[Held], chain: Chain) -> tuple[list[Held], list[Finding]]:
    """The checkpoints that a key of this ledger signed, and a finding for each of the others."""
    ours = [(one, _is_ours(one.note, chain)) for one in held]
    foreign = [
        Finding(one.place, "it is not signed by a key of this ledger", is_ours=False)
        for one, is_ours in ours
        if not is_ours
    ]
    return [one for one, is_ours in ours if is_ours], foreign


def _is_ours(note: notes.Note, chain: Chain) -> bool:
    """Whether a key of this ledger signed it in its time."""
    link = chain.link_of(note.key_id)
    return link is not None and link.signs(note.size) and note.is_signed_by(link.key)


def _marks(checkpoints: Sequence[CheckpointRow], held: Sequence[Held], chain: Chain) -> list[Mark]:
    """What the roots must be, by size."""
    own = [
        Mark(
            row.size, row.root, f"checkpoint {row.number}", f"the {row.size} entries before it have another root", None
        )
        for row in checkpoints
    ]
    rewritten = "history was rewritten: the first {} entries are not those it was signed over"
    kept = [Mark(one.note.size, one.note.root, one.place, rewritten.format(one.note.size), one.note) for one in held]
    changed = [
        Mark(told.size, told.root, f"the statement of key {told.new.key_id}", rewritten.format(told.size), None)
        for told in chain.statements
    ]
    return sorted([*own, *kept, *changed], key=_size)


def _size(mark: Mark) -> int:
    return mark.size


def _check_roots(tree: Tree, start: int, marks: Sequence[Mark]) -> list[Finding]:
    """The roots that fall into the chunk from `start` on."""
    first, end = bisect_right(marks, start, key=_size), bisect_right(marks, tree.size, key=_size)
    return [
        Finding(mark.place, mark.problem, mark.note) for mark in marks[first:end] if tree.root(mark.size) != mark.root
    ]


def _check_notes(checkpoints: Sequence[CheckpointRow], chain: Chain) -> Iterator[Finding]:
    """Every checkpoint counted, growing, and signed as its columns say by the key of its time."""
    size = 0
    for expected, row in enumerate(checkpoints, 1):
        place = f"checkpoint {row.number}"
        if row.number != expected:
            yield Finding(f"checkpoint {expected}", "it is missing")
            return
        if row.size <= size:
            yield Finding(place, "it is not larger than the one before it")
        size = row.size
        try:
            note = notes.parse(row.note)
        except notes.BadNote as error:
            yield Finding(place, str(error))
            continue
        if (note.number, note.size, note.root, note.at, note.key_id, note.signature) != row[:6]:
            yield Finding(place, "its columns differ from its note")
        link = chain.link_of(note.key_id)
        if link is None:
            yield Finding(
                place, f"nothing proves that the key {note.key_id} that signed it was ever a key of this ledger"
            )
        elif not note.is_signed_by(link.key):
            yield Finding(place, "its signature does not verify")
        elif not link.signs(note.size):
            yield Finding(place, f"the key {note.key_id} signed it outside its time")


def _check_keys(rows: Sequence[KeyRow], checkpoints: Sequence[CheckpointRow], chain: Chain) -> Iterator[Finding]:
    """What the database says of keys is what the chain of keys says."""
    first_used: dict[str, str] = {}
    for checkpoint in checkpoints:
        first_used.setdefault(checkpoint.key_id, checkpoint.at)
    for key_id in sorted(first_used.keys() - {row.key_id for row in rows}):
        yield Finding(f"key {key_id}", "it is missing")
    for row in rows:
        if row.key_id != row.key.key_id:
            yield Finding(f"key {row.key_id}", "its name and its bytes belong to another key id")
        elif chain.keys.get(row.key_id) != row.key:
            yield Finding(f"key {row.key_id}", "nothing proves that it was ever a key of this ledger")
        if first_used.get(row.key_id) != row.since:
            yield Finding(f"key {row.key_id}", "it did not sign its first checkpoint when it says")


def _check_extent(
    tree: Tree, checkpoints: Sequence[CheckpointRow], held: Sequence[Held], chain: Chain
) -> Iterator[Finding]:
    """Nothing may end before its checkpoint does, and nothing may stand after the last one."""
    signed = checkpoints[-1].size if checkpoints else 0
    if signed > tree.size:
        yield Finding(f"entry {tree.size}", f"it is missing: {signed} entries were signed")
    elif signed < tree.size:
        yield Finding(f"entry {signed}", "no checkpoint covers it")
    for one in held:
        if one.note.size > tree.size:
            problem = f"history was cut: it was signed over {one.note.size} entries, the ledger has {tree.size}"
            yield Finding(one.place, problem, one.note)
    for told in chain.statements:
        if told.size > tree.size:
            problem = f"history was cut: it was signed over {told.size} entries, the ledger has {tree.size}"
            yield Finding(f"the statement of key {told.new.key_id}", problem)
