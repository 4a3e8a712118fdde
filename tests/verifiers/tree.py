"""A ledger in memory, as RFC 6962 §2.1 has it: its roots, and the proofs that a writer of bundles needs."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Tree:
    """The ledger in memory (RFC 6962 §2.1)."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []

    def add(self, entry: bytes) -> int:
        self.leaves.append(digest(b"\0" + entry))
        return len(self.leaves) - 1

    def root(self, start: int = 0, end: int | None = None) -> bytes:
        end = len(self.leaves) if end is None else end
        if end - start == 1:
            return self.leaves[start]
        middle = start + _half(end - start)
        return digest(b"\1" + self.root(start, middle) + self.root(middle, end))

    def path(self, index: int, start: int = 0, end: int | None = None) -> list[bytes]:
        end = len(self.leaves) if end is None else end
        if end - start == 1:
            return []
        middle = start + _half(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.root(middle, end)]
        return [*self.path(index, middle, end), self.root(start, middle)]

    def growth(self, first: int, start: int = 0, end: int | None = None, whole: bool = True) -> list[bytes]:
        """PROOF(first, D[end]) of RFC 6962 §2.1.2; `first` counts from the beginning."""
        end = len(self.leaves) if end is None else end
        if first == end:
            return [] if whole else [self.root(start, end)]
        middle = start + _half(end - start)
        if first <= middle:
            return [*self.growth(first, start, middle, whole), self.root(middle, end)]
        return [*self.growth(first, middle, end, False), self.root(start, middle)]


def _half(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1
