"""Proofs against the stored tree, ready to be shown or sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.history import merkle
from portal.history.models import Checkpoint, Leaf
from portal.history.nodes import with_nodes
from portal.history.statements import Statement


class NoProof(LookupError):
    """Raised when the ledger has no such entry or has not had such a size."""


@dataclass(frozen=True)
class Inclusion:
    """That an entry is in the ledger a checkpoint signs."""

    index: int
    leaf_hash: bytes
    path: list[bytes]
    checkpoint: Checkpoint

    @property
    def path_hex(self) -> list[str]:
        return [hash_.hex() for hash_ in self.path]

    @property
    def leaf_hex(self) -> str:
        return self.leaf_hash.hex()


@dataclass(frozen=True)
class Consistency:
    """That the ledger of `second` entries only appended to the one of `first` entries."""

    first: int
    second: int
    first_root: bytes
    second_root: bytes
    path: list[bytes]


def inclusion(leaf: Leaf) -> Inclusion:
    """The proof of an entry in the newest checkpoint: three queries, whatever the size."""
    checkpoint = Checkpoint.objects.newest()
    if checkpoint is None or leaf.index >= checkpoint.size:
        raise NoProof(f"entry {leaf.index} is under no checkpoint")
    path = with_nodes(lambda node: merkle.inclusion_proof(leaf.index, checkpoint.size, node))
    return Inclusion(leaf.index, bytes(leaf.hash), path, checkpoint)


def newest_size() -> int:
    """The number of entries under the newest checkpoint; 0 for an empty ledger."""
    checkpoint = Checkpoint.objects.newest()
    return checkpoint.size if checkpoint else 0


def consistency(first: int, second: int) -> Consistency:
    """The proof between two sizes, 0 <= first <= second; NoProof when the ledger is not that large yet."""
    if second > newest_size():
        raise NoProof(f"the ledger has fewer than {second} entries")

    first_root, second_root, path = with_nodes(
        lambda node: (
            merkle.root(first, node),
            merkle.root(second, node),
            merkle.consistency_proof(first, second, node),
        )
    )
    return Consistency(first, second, first_root, second_root, path)


def contradicted(statements: Iterable[Statement]) -> list[Statement]:
    """Those under which the ledger has other entries, or fewer, than when both keys signed them: one query."""
    told, size = list(statements), newest_size()
    reached = [one for one in told if one.size <= size]
    roots = with_nodes(lambda node: [merkle.root(one.size, node) for one in reached])
    wrong = {one for one, root in zip(reached, roots, strict=True) if root != one.root}
    return [one for one in told if one in wrong or one.size > size]
