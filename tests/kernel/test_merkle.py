"""The Merkle tree against known roots, against the RFC's recursive definition, and against forgery."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.kernel import merkle
from cohong.kernel.merkle import (
    EMPTY_ROOT,
    MemoryStore,
    Node,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots with which Certificate Transparency's implementations test RFC 6962 and RFC 9162.
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class CountingStore(MemoryStore):
    """Remembers how it was used, and that nothing is ever written twice."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[int] = []
        self.writes: list[int] = []

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        self.reads.append(len(nodes))
        return super().read(nodes)

    def write(self, hashes: Mapping[Node, bytes]) -> None:
        assert not self.hashes.keys() & hashes.keys()
        self.writes.append(len(hashes))
        super().write(hashes)


def leaves_of(count: int) -> list[bytes]:
    return [b"leaf %d" % position for position in range(count)]


def built(leaves: list[bytes]) -> CountingStore:
    store = CountingStore()
    merkle.append(store, 0, [leaf_hash(leaf) for leaf in leaves])
    return store


# The definitions of RFC 9162, word for word, on the leaves themselves.


def naive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


def split(size: int) -> int:
    k = 1
    while k * 2 < size:
        k *= 2
    return k


@st.composite
def trees_with_a_leaf(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 130))
    return size, draw(st.integers(0, size - 1))


@st.composite
def two_sizes(draw: st.DrawFn) -> tuple[int, int]:
    second = draw(st.integers(2, 130))
    return draw(st.integers(1, second - 1)), second


class TestKnownAnswers:
    def test_roots(self):
        store = built(KNOWN_LEAVES)
        assert [merkle.root(store, size).hex() for size in range(9)] == KNOWN_ROOTS
        assert EMPTY_ROOT.hex() == KNOWN_ROOTS[0]

    def test_inclusion_proof_of_the_third_leaf_of_five(self):
        store = built(KNOWN_LEAVES)
        assert [one.hex() for one in merkle.inclusion_proof(store, 1, 5)] == [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ]

    def test_consistency_proof_of_six_with_eight(self):
        store = built(KNOWN_LEAVES)
        assert [one.hex() for one in merkle.consistency_proof(store, 6, 8)] == [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]


class TestGrowing:
    @given(st.lists(st.integers(0, 40), max_size=12))
    def test_any_batches_give_the_tree_of_the_definition(self, batches: list[int]):
        leaves, store, size = leaves_of(sum(batches)), CountingStore(), 0
        for batch in batches:
            size = merkle.append(store, size, [leaf_hash(leaf) for leaf in leaves[size : size + batch]])
        assert size == len(leaves)
        for smaller in range(size + 1):
            assert merkle.root(store, smaller) == naive_root(leaves[:smaller])

    @pytest.mark.parametrize(("size", "batch"), [(0, 1), (1000, 1), (1023, 1), (1023, 2), (1000, 100)])
    def test_a_batch_touches_few_nodes_in_one_call_each(self, size: int, batch: int):
        store = built(leaves_of(size)) if size else CountingStore()
        store.reads.clear()
        store.writes.clear()
        merkle.append(store, size, [leaf_hash(b"new %d" % position) for position in range(batch)])
        depth = (size + batch).bit_length()
        assert len(store.reads) == len(store.writes) == 1
        assert store.reads[0] <= depth
        assert store.writes[0] <= 2 * batch + depth

    def test_roots_and_proofs_read_few_nodes_in_one_call_each(self):
        store = built(leaves_of(1000))
        for read in (
            lambda: merkle.root(store, 999),
            lambda: merkle.inclusion_proof(store, 0, 999),
            lambda: merkle.inclusion_proof(store, 998, 999),
            lambda: merkle.consistency_proof(store, 511, 999),
            lambda: merkle.consistency_proof(store, 512, 999),
        ):
            store.reads.clear()
            read()
            assert len(store.reads) == 1
            assert store.reads[0] <= 20

    def test_nothing_to_append_touches_nothing(self):
        store = CountingStore()
        assert merkle.append(store, 7, []) == 7
        assert store.reads == store.writes == []

    def test_what_is_no_hash_is_not_appended(self):
        store = CountingStore()
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.append(store, 0, [leaf_hash(b"a"), b"short"])
        assert store.hashes == {}


class TestInclusion:
    @given(trees_with_a_leaf())
    def test_a_proof_is_the_rfcs_and_verifies(self, tree: tuple[int, int]):
        size, index = tree
        leaves = leaves_of(size)
        proof = merkle.inclusion_proof(built(leaves_of(130)), index, size)
        assert proof == naive_path(index, leaves)
        assert verify_inclusion(leaf_hash(leaves[index]), index, size, proof, naive_root(leaves))

    @given(trees_with_a_leaf(), st.data())
    def test_nothing_else_verifies(self, tree: tuple[int, int], data: st.DataObject):
        size, index = tree
        leaves = leaves_of(size)
        leaf, expected = leaf_hash(leaves[index]), naive_root(leaves)
        proof = naive_path(index, leaves)
        assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, expected)
        assert not verify_inclusion(leaf, index, size, proof, leaf_hash(b"another"))
        assert not verify_inclusion(leaf, index, size, [*proof, expected], expected)
        assert not verify_inclusion(leaf, size, size, proof, expected)
        assert not verify_inclusion(leaf, -1, size, proof, expected)
        other_index = data.draw(st.integers(0, size + 3).filter(lambda other: other != index))
        assert not verify_inclusion(leaf, other_index, size, proof, expected)
        if proof:
            position = data.draw(st.integers(0, len(proof) - 1))
            assert not verify_inclusion(leaf, index, size, flipped(proof, position), expected)
            assert not verify_inclusion(leaf, index, size, proof[:position] + proof[position + 1 :], expected)
            assert not verify_inclusion(leaf, index, size, flipped(proof, position, cut=True), expected)

    def test_a_leaf_is_never_taken_for_a_node(self):
        store = built([b"a", b"b"])
        inner = leaf_hash(b"a") + leaf_hash(b"b")
        assert leaf_hash(inner) != merkle.root(store, 2)
        assert not verify_inclusion(leaf_hash(inner), 0, 1, [], merkle.root(store, 2))

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
    def test_there_is_no_proof_of_what_is_not_there(self, index: int, size: int):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(built(leaves_of(3)), index, size)


class TestConsistency:
    @given(two_sizes())
    def test_a_proof_is_the_rfcs_and_verifies(self, sizes: tuple[int, int]):
        first, second = sizes
        leaves = leaves_of(second)
        proof = merkle.consistency_proof(built(leaves_of(130)), first, second)
        assert proof == naive_subproof(first, leaves, whole=True)
        assert verify_consistency(first, second, naive_root(leaves[:first]), naive_root(leaves), proof)

    @given(two_sizes(), st.data())
    def test_nothing_else_verifies(self, sizes: tuple[int, int], data: st.DataObject):
        first, second = sizes
        leaves = leaves_of(second)
        before, after = naive_root(leaves[:first]), naive_root(leaves)
        proof = naive_subproof(first, leaves, whole=True)
        another = leaf_hash(b"another")
        assert not verify_consistency(first, second, another, after, proof)
        assert not verify_consistency(first, second, before, another, proof)
        assert not verify_consistency(second, first, after, before, proof)
        assert not verify_consistency(first, second, before, after, [*proof, another])
        position = data.draw(st.integers(0, len(proof) - 1))
        assert not verify_consistency(first, second, before, after, flipped(proof, position))
        assert not verify_consistency(first, second, before, after, flipped(proof, position, cut=True))
        assert not verify_consistency(first, second, before, after, proof[:position] + proof[position + 1 :])

    @given(two_sizes(), st.data())
    def test_a_rewritten_past_is_found(self, sizes: tuple[int, int], data: st.DataObject):
        first, second = sizes
        leaves = leaves_of(second)
        rewritten = list(leaves)
        rewritten[data.draw(st.integers(0, first - 1))] = b"rewritten"
        proof = merkle.consistency_proof(built(rewritten), first, second)
        assert not verify_consistency(first, second, naive_root(leaves[:first]), naive_root(rewritten), proof)

    def test_equal_trees_and_the_empty_one_need_no_hashes(self):
        store = built(leaves_of(5))
        five = merkle.root(store, 5)
        assert merkle.consistency_proof(store, 5, 5) == merkle.consistency_proof(store, 0, 5) == []
        assert verify_consistency(5, 5, five, five, [])
        assert verify_consistency(0, 5, EMPTY_ROOT, five, [])
        assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
        assert not verify_consistency(5, 5, five, EMPTY_ROOT, [])
        assert not verify_consistency(5, 5, five, five, [five])
        assert not verify_consistency(0, 5, five, five, [])
        assert not verify_consistency(0, 5, EMPTY_ROOT, five, [five])
        assert not verify_consistency(0, 0, five, five, [])
        assert not verify_consistency(-1, 5, five, five, [five])

    @pytest.mark.parametrize(("first", "second"), [(4, 3), (-1, 3)])
    def test_a_tree_does_not_begin_with_a_longer_one(self, first: int, second: int):
        with pytest.raises(ValueError, match="not the beginning"):
            merkle.consistency_proof(built(leaves_of(3)), first, second)


def test_a_size_below_zero_is_a_mistake():
    with pytest.raises(ValueError, match="below zero"):
        merkle.root(MemoryStore(), -1)


def flipped(proof: list[bytes], position: int, *, cut: bool = False) -> list[bytes]:
    """Change one bit of a proof's hash, or cut its last byte off."""
    one = proof[position]
    changed = one[:-1] if cut else one[:-1] + bytes([one[-1] ^ 1])
    return [*proof[:position], changed, *proof[position + 1 :]]
