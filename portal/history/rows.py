"""The ledger's rows as the database has them, in the exact form that is hashed: for the sealer and for the auditor."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction

from portal.history.canonical import canonical_event
from portal.history.cosignatures import WitnessKey
from portal.history.keys import PublicKey
from portal.history.merkle import leaf_hash


def _spelled(column: str) -> str:
    """A moment spelled by the database as `canonical.instant` does, so that no absurd one can stop an audit."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


EVENT_COLUMNS = f"""
    event.uid::text, event.verb, event.target_kind, event.target_ref, event.scope, {_spelled("event.at")},
    event.person_uid::text, event.agency_ref, event.agency_name, event.agencies, event.facts::text
"""


class KeyRow(NamedTuple):
    key_id: str
    key: PublicKey
    since: str


class CheckpointRow(NamedTuple):
    number: int
    size: int
    root: bytes
    at: str
    key_id: str
    signature: bytes
    note: str


class CosignedRow(NamedTuple):
    number: int
    key: WitnessKey
    key_id: str
    time: int
    signature: bytes
    note: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A leaf with its event in the form of EVENT_COLUMNS, or None when that event does not exist."""

    index: int
    hash: bytes
    event: Sequence[Any] | None


def leaf_hash_of(row: Sequence[Any]) -> bytes:
    """The leaf hash of a row of EVENT_COLUMNS; ValueError when it has no canonical form."""
    return leaf_hash(canonical_of(row))


def canonical_of(row: Sequence[Any]) -> bytes:
    uid, verb, target_kind, target_ref, scope, at, person, agency, agency_name, agencies, facts = row
    return canonical_event(
        uid=uid,
        verb=verb,
        target_kind=target_kind,
        target_ref=target_ref,
        scope=scope,
        at=at,
        person=person,
        agency=agency,
        agency_name=agency_name,
        agencies=agencies,
        facts=json.loads(facts),
    )


class StoredLedger:
    """The ledger as the database has it now; read it inside `snapshot`."""

    def keys(self) -> list[KeyRow]:
        rows = self._read(
            f"SELECT key_id, name, public_key, {_spelled('since')} FROM history_signingkey ORDER BY key_id"
        )
        return [KeyRow(key_id, PublicKey(name, bytes(public_key)), since) for key_id, name, public_key, since in rows]

    def checkpoints(self) -> list[CheckpointRow]:
        rows = self._read(
            f"""
            SELECT number, size, root, {_spelled("at")}, key_id, signature, note FROM history_checkpoint ORDER BY number
            """
        )
        return [
            CheckpointRow(n, size, bytes(root), at, key, bytes(sig), note) for n, size, root, at, key, sig, note in rows
        ]

    def entries(self, start: int, limit: int) -> list[EntryRow]:
        rows = self._read(
            f"""
            SELECT leaf.index, leaf.hash, event.id IS NOT NULL, {EVENT_COLUMNS}
            FROM history_leaf leaf LEFT JOIN history_event event ON event.id = leaf.event_id
            WHERE leaf.index >= %s ORDER BY leaf.index LIMIT %s
            """,
            [start, limit],
        )
        return [EntryRow(row[0], row[1], row[3:] if row[2] else None) for row in rows]

    def nodes(self, ranges: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], bytes]:
        levels, starts, ends = zip(*ranges, strict=True) if ranges else ((), (), ())
        rows = self._read(
            """
            SELECT node.level, node.index, node.hash
            FROM unnest(%s::int[], %s::bigint[], %s::bigint[]) AS span (level, first, last)
            JOIN history_node node ON node.level = span.level AND node.index >= span.first AND node.index < span.last
            """,
            [list(levels), list(starts), list(ends)],
        )
        return {(level, index): hash_ for level, index, hash_ in rows}

    def cosigned(self) -> list[CosignedRow]:
        rows = self._read(
            """
            SELECT signed.checkpoint_id, key.name, key.public_key, key.key_id, signed.time, signed.signature, signed.note
            FROM history_cosignature signed JOIN history_witness key ON key.id = signed.witness_id ORDER BY 1, signed.id
            """
        )
        return [
            CosignedRow(number, WitnessKey(name, bytes(raw)), key_id, time, bytes(signature), note)
            for number, name, raw, key_id, time, signature, note in rows
        ]

    def strays(self, size: int) -> Iterator[tuple[str, str]]:
        """What stands outside the ledger of `size` entries though it should not, as (place, problem)."""
        for problem, query in _STRAYS.items():
            for (place,) in self._read(query, {"size": size}):
                yield place, problem

    def waiting(self) -> int:
        return self._read("SELECT count(*) FROM history_unsealed")[0][0]

    def _read(self, query: str, values: Any = None) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()


_STRAYS = {
    "is neither in the ledger nor in the queue": """
        SELECT 'event ' || event.uid FROM history_event event
        WHERE NOT EXISTS (SELECT FROM history_leaf leaf WHERE leaf.event_id = event.id)
        AND NOT EXISTS (SELECT FROM history_unsealed queue WHERE queue.event_id = event.id)
        ORDER BY event.id LIMIT 5""",
    "is queued but does not exist": """
        SELECT 'event row ' || queue.event_id FROM history_unsealed queue
        WHERE NOT EXISTS (SELECT FROM history_event event WHERE event.id = queue.event_id) ORDER BY 1 LIMIT 5""",
    "is queued though it is in the ledger": """
        SELECT 'entry ' || leaf.index
        FROM history_unsealed queue JOIN history_leaf leaf ON leaf.event_id = queue.event_id
        ORDER BY leaf.index LIMIT 5""",
    "belongs to no entry": """
        SELECT 'node ' || level || '/' || index FROM history_node
        WHERE level NOT BETWEEN 1 AND 62 OR index < 0 OR index >= %(size)s::bigint >> level
        ORDER BY level, index LIMIT 5""",
}


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one instant, while others go on recording and sealing."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
