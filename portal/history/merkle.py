"""The Merkle tree of RFC 6962 §2.1 as pure functions: hashes, roots, proofs, and their verification.

Whatever needs the tree takes a `Lookup`: `node(level, index)` gives the hash of the perfect subtree over the leaves
`index * 2**level` up to `(index + 1) * 2**level`; level 0 is the leaves themselves. Perfect subtrees never change once
complete, so a ledger stores each of them once, and a proof over n leaves reads about 2 * log2(n) of them.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Lookup = Callable[[int, int], bytes]

HASH_SIZE = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry), RFC 6962 §2.1. The prefix keeps a leaf from posing as a node."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1."""
    return sha256(b"\x01" + left + right).digest()


def root(size: int, node: Lookup) -> bytes:
    """The Merkle Tree Hash of the first `size` leaves, RFC 6962 §2.1; the empty tree hashes to SHA-256 of nothing."""
    _require(size >= 0, "a tree cannot have %d leaves", size)
    return _subtree(0, size, node) if size else EMPTY_ROOT


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over a sequence of leaf hashes held in memory."""
    return root(len(leaves), in_memory(leaves))


def in_memory(leaves: Sequence[bytes]) -> Lookup:
    """A lookup over leaf hashes held in memory, computing each perfect subtree when it is asked for."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def grow(size: int, leaves: Sequence[bytes], node: Lookup) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of every perfect subtree that is completed by appending `leaves` to `size` leaves.

    Level 0 comes first: the leaves themselves. `node` is asked only for the peaks of the old tree.
    """
    start, hashes = size, list(leaves)
    level = 0
    while hashes:
        yield from ((level, start + offset, hash_) for offset, hash_ in enumerate(hashes))
        if start % 2:
            start, hashes = start - 1, [node(level, start - 1), *hashes]
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        start, level = start // 2, level + 1


def inclusion_proof(index: int, size: int, node: Lookup) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 §2.1.1, from the leaf's sibling up; ValueError when there is no such leaf."""
    _require(0 <= index < size, "a tree of %d leaves has no leaf %d", size, index)
    return _path(index, 0, size, node)


def consistency_proof(first: int, second: int, node: Lookup) -> list[bytes]:
    """PROOF(first, D[second]) of RFC 6962 §2.1.2; ValueError unless 0 <= first <= second.

    Nothing needs proving from the empty tree or for equal sizes: both proofs are empty.
    """
    _require(0 <= first <= second, "a tree of %d leaves cannot have grown into one of %d", first, second)
    if first in (0, second):
        return []
    return _subproof(first, 0, second, True, node)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` in the tree of `size` leaves with `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    position, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            hash_ = node_hash(sibling, hash_)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `second` leaves extends that of `first` (RFC 9162 §2.1.4.2)."""
    if not 0 <= first <= second or not _are_hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def peaks(size: int) -> list[tuple[int, int]]:
    """(level, index) of the perfect subtrees that together make a tree of `size` leaves, the largest first."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def _subtree(start: int, end: int, node: Lookup) -> bytes:
    """MTH(D[start:end]), where start is a multiple of the largest power of two in the range."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))


def _path(index: int, start: int, end: int, node: Lookup) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _subtree(middle, end, node)]
    return [*_path(index, middle, end, node), _subtree(start, middle, node)]


def _subproof(first: int, start: int, end: int, is_whole: bool, node: Lookup) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2, with `first` counted from the beginning of the whole tree."""
    if first == end:
        return [] if is_whole else [_subtree(start, end, node)]
    middle = start + _split(end - start)
    if first <= middle:
        return [*_subproof(first, start, middle, is_whole, node), _subtree(middle, end, node)]
    return [*_subproof(first, middle, end, False, node), _subtree(start, middle, node)]


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1


def _are_hashes(*values: bytes) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_SIZE for value in values)


def _require(condition: bool, message: str, *values: int) -> None:
    if not condition:
        raise ValueError(message % values)
