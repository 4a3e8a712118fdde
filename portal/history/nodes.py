"""Reading the stored tree: the few nodes that a root or a proof needs, fetched in one query."""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from portal.history.merkle import HASH_SIZE, Lookup

Result = TypeVar("Result")


def with_nodes(compute: Callable[[Lookup], Result]) -> Result:
    """Run `compute(node)` against the stored tree, reading all the nodes it asks for at once.

    It runs twice: first against zeros, to learn what it asks for (sizes alone decide that), then for real.
    LookupError when the ledger does not hold a node.
    """
    wanted: set[tuple[int, int]] = set()

    def note_down(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(HASH_SIZE)

    compute(note_down)
    stored = read_nodes(wanted)
    return compute(lambda level, index: stored[level, index])


def read_nodes(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The stored hashes by (level, index); level 0 is the leaves."""
    if not wanted:
        return {}
    levels, indices = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT wanted.level, wanted.index, coalesce(node.hash, leaf.hash)
            FROM unnest(%s::int[], %s::bigint[]) AS wanted (level, index)
            LEFT JOIN history_node node ON node.level = wanted.level AND node.index = wanted.index
            LEFT JOIN history_leaf leaf ON wanted.level = 0 AND leaf.index = wanted.index
            """,
            [list(levels), list(indices)],
        )
        return {(level, index): bytes(hash_) for level, index, hash_ in cursor if hash_ is not None}
