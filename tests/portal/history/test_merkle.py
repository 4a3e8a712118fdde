"""The tree against RFC 6962: published vectors, an independent implementation, and every element corrupted."""

from functools import partial
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.history import merkle

# The reference leaves, roots and proofs of the certificate-transparency test suite (merkle_tree_test).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (index, size): path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (first, second): proof
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def test_empty_tree_hashes_to_sha256_of_nothing():
    assert merkle.root_of([]).hex() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size):
    assert merkle.root_of(hashed(LEAVES[:size])).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index, size):
    leaves = hashed(LEAVES)

    proof = merkle.inclusion_proof(index, size, merkle.in_memory(leaves))

    assert [hash_.hex() for hash_ in proof] == INCLUSION[index, size]
    assert merkle.verify_inclusion(leaves[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_published_consistency_proofs(first, second):
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (first, second)]

    proof = merkle.consistency_proof(first, second, merkle.in_memory(hashed(LEAVES)))

    assert [hash_.hex() for hash_ in proof] == CONSISTENCY[first, second]
    assert merkle.verify_consistency(first, second, *roots, proof)


def test_every_leaf_of_trees_up_to_257_agrees_with_the_independent_implementation():
    entries = [f"entry {number}".encode() for number in range(257)]
    leaves = hashed(entries)
    node = merkle.in_memory(leaves)
    plain = Plain(entries)

    for size in [*range(1, 65), 127, 128, 129, 200, 255, 256, 257]:
        root = plain.root(0, size)
        assert merkle.root(size, node) == root
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node)
            assert proof == plain.path(index, 0, size)
            assert merkle.verify_inclusion(leaves[index], index, size, proof, root)


def test_every_pair_up_to_129_agrees_with_the_independent_implementation():
    entries = [f"entry {number}".encode() for number in range(129)]
    node = merkle.in_memory(hashed(entries))
    plain = Plain(entries)

    for second in range(1, 130):
        for first in range(1, second + 1):
            proof = merkle.consistency_proof(first, second, node)
            assert proof == plain.proof(first, second)
            assert merkle.verify_consistency(first, second, plain.root(0, first), plain.root(0, second), proof)


def test_every_corrupted_element_of_every_inclusion_proof_is_refused():
    leaves = hashed(str(number).encode() for number in range(64))
    node = merkle.in_memory(leaves)

    for size in range(1, 65):
        root = merkle.root(size, node)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node)
            for wrong in corruptions(proof):
                assert not merkle.verify_inclusion(leaves[index], index, size, wrong, root)
            assert not merkle.verify_inclusion(flipped(leaves[index]), index, size, proof, root)
            assert not merkle.verify_inclusion(leaves[index], index, size, proof, flipped(root))
            for other in {index - 1, index + 1, size} - {index}:
                assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)


def test_every_corrupted_element_of_every_consistency_proof_is_refused():
    node = merkle.in_memory(hashed(str(number).encode() for number in range(40)))
    roots = [merkle.root(size, node) for size in range(41)]

    for second in range(1, 41):
        for first in range(1, second + 1):
            proof = merkle.consistency_proof(first, second, node)
            assert merkle.verify_consistency(first, second, roots[first], roots[second], proof)
            for wrong in corruptions(proof):
                assert not merkle.verify_consistency(first, second, roots[first], roots[second], wrong)
            assert not merkle.verify_consistency(first, second, flipped(roots[first]), roots[second], proof)
            assert not merkle.verify_consistency(first, second, roots[first], flipped(roots[second]), proof)


def test_consistency_from_the_empty_tree_needs_no_proof_but_the_empty_root():
    root = merkle.root_of(hashed(LEAVES))

    assert merkle.consistency_proof(0, 8, merkle.in_memory(hashed(LEAVES))) == []
    assert merkle.verify_consistency(0, 8, merkle.EMPTY_ROOT, root, [])
    assert not merkle.verify_consistency(0, 8, root, root, [])
    assert not merkle.verify_consistency(0, 8, merkle.EMPTY_ROOT, root, [root])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, merkle.in_memory(hashed(LEAVES)))


@pytest.mark.parametrize(("first", "second"), [(-1, 3), (4, 3)])
def test_there_is_no_proof_that_a_tree_has_shrunk(first, second):
    node = merkle.in_memory(hashed(LEAVES))

    with pytest.raises(ValueError, match="cannot have grown"):
        merkle.consistency_proof(first, second, node)
    assert not merkle.verify_consistency(first, second, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])


def test_a_proof_among_a_million_leaves_reads_only_a_few_nodes():
    reads = []

    merkle.inclusion_proof(700_001, 1_000_003, lambda level, index: reads.append((level, index)) or bytes(32))

    assert len(reads) <= 40


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=8), max_size=80), st.data())
def test_growing_in_any_batches_completes_the_same_subtrees_once(entries, draw):
    leaves = hashed(entries)
    stored, size = {}, 0

    while size < len(leaves):
        batch = draw.draw(st.integers(1, len(leaves) - size))
        peaks = {at: stored[at] for at in merkle.peaks(size)}
        for level, index, hash_ in merkle.grow(size, leaves[size : size + batch], partial(lookup, peaks)):
            assert (level, index) not in stored
            stored[level, index] = hash_
        size += batch

    assert all(stored[at] == merkle.in_memory(leaves)(*at) for at in stored)
    assert merkle.root(size, lambda *at: stored[at]) == Plain(entries).root(0, size)


@settings(deadline=None, max_examples=300)
@given(st.integers(1, 300), st.data())
def test_a_proof_never_serves_another_leaf_size_or_root(size, draw):
    leaves = hashed(number.to_bytes(2) for number in range(size))
    node = merkle.in_memory(leaves)
    index, other = (draw.draw(st.integers(0, size - 1)) for _ in range(2))
    proof = merkle.inclusion_proof(index, size, node)

    assert merkle.verify_inclusion(leaves[index], index, size, proof, merkle.root(size, node))
    assert merkle.verify_inclusion(leaves[other], index, size, proof, merkle.root(size, node)) == (other == index)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, leaves[0]], merkle.root(size, node))


class Plain:
    """RFC 6962 §2.1 transcribed word by word over the entries, with no sharing of code or of nodes."""

    def __init__(self, entries):
        self.entries, self.known = entries, {}

    def root(self, start, end):
        if (start, end) not in self.known:
            self.known[start, end] = self._root(start, end)
        return self.known[start, end]

    def _root(self, start, end):
        if end == start:
            return sha256(b"").digest()
        if end - start == 1:
            return sha256(b"\0" + self.entries[start]).digest()
        k = self.k(end - start)
        return sha256(b"\1" + self.root(start, start + k) + self.root(start + k, end)).digest()

    def path(self, m, start, end):
        n = end - start
        if n == 1:
            return []
        k = self.k(n)
        if m < k:
            return [*self.path(m, start, start + k), self.root(start + k, end)]
        return [*self.path(m - k, start + k, end), self.root(start, start + k)]

    def proof(self, m, n):
        return self.subproof(m, 0, n, True)

    def subproof(self, m, start, end, b):
        n = end - start
        if m == n:
            return [] if b else [self.root(start, end)]
        k = self.k(n)
        if m <= k:
            return [*self.subproof(m, start, start + k, b), self.root(start + k, end)]
        return [*self.subproof(m - k, start + k, end, False), self.root(start, start + k)]

    @staticmethod
    def k(n):
        k = 1
        while k * 2 < n:
            k *= 2
        return k


def hashed(entries):
    return [merkle.leaf_hash(entry) for entry in entries]


def flipped(hash_):
    return bytes([hash_[0] ^ 1]) + hash_[1:]


def corruptions(proof):
    for position, element in enumerate(proof):
        for wrong in (flipped(element), element[:-1], b"", bytes(32)):
            yield [*proof[:position], wrong, *proof[position + 1 :]]
        yield [*proof[:position], *proof[position + 1 :]]
        yield [*proof[: position + 1], element, *proof[position + 1 :]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]


def lookup(nodes, level, index):
    return nodes[level, index]
