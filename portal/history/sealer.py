"""Sealing: committed events get their place in the tree, and a signed checkpoint says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from portal.history import keys, merkle, notes
from portal.history.canonical import instant
from portal.history.models import Checkpoint, Leaf, SigningKey, Unsealed
from portal.history.nodes import read_nodes
from portal.history.rows import EVENT_COLUMNS, leaf_hash_of

BATCH = 10_000
SEALER_LOCK = 0x636F6E63  # one sealer at a time, whatever process it runs in


def seal() -> Checkpoint | None:
    """Seal everything that is committed and waiting; the last checkpoint signed, or None when nothing waited."""
    latest = None
    while (checkpoint := seal_batch()) is not None:
        latest = checkpoint
    return latest


@transaction.atomic
def seal_batch(limit: int = BATCH) -> Checkpoint | None:
    """Give up to `limit` waiting events, oldest first, the next places and sign the checkpoint after them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
        cursor.execute(
            f"""
            SELECT event.id, {EVENT_COLUMNS}
            FROM history_unsealed queue JOIN history_event event ON event.id = queue.event_id
            ORDER BY event.id LIMIT %s
            """,
            [limit],
        )
        waiting = cursor.fetchall()
    if not waiting:
        return None
    start = _size()
    size = start + len(waiting)
    known = read_nodes(set(merkle.peaks(start)))
    grown = list(merkle.grow(start, [leaf_hash_of(row[1:]) for row in waiting], lambda *at: known[at]))
    known |= {(level, index): hash_ for level, index, hash_ in grown}
    _copy(
        "history_leaf (index, event_id, hash)",
        ((start + n, row[0], known[0, start + n]) for n, row in enumerate(waiting)),
    )
    _copy("history_node (level, index, hash)", (entry for entry in grown if entry[0]))
    Unsealed.objects.filter(pk__in=[row[0] for row in waiting]).delete()
    return _sign(size, merkle.root(size, lambda *at: known[at]))


def _size() -> int:
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def _copy(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _sign(size: int, root: bytes) -> Checkpoint:
    signer = keys.signer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    key = SigningKey.objects.filter(pk=signer.public.key_id).first()
    if key is None:
        key = SigningKey.objects.create(
            key_id=signer.public.key_id, name=signer.public.name, public_key=signer.public.raw, since=at
        )
    newest = Checkpoint.objects.newest()
    number = newest.number + 1 if newest else 1
    note = notes.sign(signer, size=size, root=root, number=number, at=instant(at))
    return Checkpoint.objects.create(
        number=number, size=size, root=root, at=at, key=key, signature=note.signature, note=str(note)
    )
