"""A Merkle tree over an append-only list, by RFC 9162 (Certificate Transparency 2.0), section 2.1.

The tree of `size` leaves commits to them in their order. An *inclusion proof* shows that one leaf is in it, a
*consistency proof* that a later tree only appended to an earlier one. Both are a handful of hashes and can be
checked by anyone with `verify_inclusion` and `verify_consistency`, without trusting whoever keeps the tree.

What is stored are the hashes of *complete* subtrees only. Node (level, index) covers the leaves from `index
<< level` up to, not including, `(index + 1) << level`; level 0 is the leaf hashes. Once written, such a node
never changes however much is appended, so the store is append-only too, and every earlier size of the tree
can still be proved. The ragged right edge is folded together from complete nodes when it is asked for.
Appending k leaves to n touches O(k + log n) nodes; a root or a proof reads O(log n), in one call.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Protocol

Node = tuple[int, int]
"""A complete subtree: (level, index)."""

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of the tree without leaves (RFC 9162, 2.1.1)."""


class NodeStore(Protocol):
    """Where the hashes of complete subtrees are kept."""

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """Fetch the hashes of these nodes, all of which were written before."""

    def write(self, hashes: Mapping[Node, bytes]) -> None:
        """Keep the hashes of new nodes; none of them was written before."""


class MemoryStore:
    """Nodes in a dictionary: for tests, and for whoever recomputes a tree to check one."""

    def __init__(self) -> None:
        self.hashes: dict[Node, bytes] = {}

    def read(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """Fetch the hashes of these nodes."""
        return {node: self.hashes[node] for node in nodes}

    def write(self, hashes: Mapping[Node, bytes]) -> None:
        """Keep the hashes of new nodes."""
        self.hashes.update(hashes)


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf; its prefix keeps it from ever being taken for a node (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def append(store: NodeStore, size: int, leaf_hashes: Iterable[bytes]) -> int:
    """Append leaves, given by their hashes, to a tree of `size` and return its new size.

    Reads at most one old node for each level, in one call, and writes only new ones, in one call. Two who
    append to one tree at the same time must be kept apart by the caller.
    """
    new = list(leaf_hashes)
    if not new:
        return size
    if any(len(one) != HASH_BYTES for one in new):
        raise ValueError(f"a leaf hash has {HASH_BYTES} bytes")
    new_size = size + len(new)
    hashes = dict(store.read(_left_partners(size, new_size)))
    old = set(hashes)
    hashes.update(((0, size + position), one) for position, one in enumerate(new))
    for level in range(1, new_size.bit_length()):
        for index in range(size >> level, new_size >> level):
            hashes[level, index] = node_hash(hashes[level - 1, 2 * index], hashes[level - 1, 2 * index + 1])
    store.write({node: one for node, one in hashes.items() if node not in old})
    return new_size


def root(store: NodeStore, size: int) -> bytes:
    """Compute the root of the tree's first `size` leaves (RFC 9162, 2.1.1)."""
    if size < 0:
        raise ValueError("a tree's size is not below zero")
    return _hash_ranges(store, [(0, size)])[0] if size else EMPTY_ROOT


def inclusion_proof(store: NodeStore, index: int, size: int) -> list[bytes]:
    """Prove that the leaf at `index` is in the tree of the first `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    start, stop = 0, size
    siblings: list[tuple[int, int]] = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            siblings.append((middle, stop))
            stop = middle
        else:
            siblings.append((start, middle))
            start = middle
    return _hash_ranges(store, siblings[::-1])


def consistency_proof(store: NodeStore, first: int, second: int) -> list[bytes]:
    """Prove that the tree of `second` leaves begins with the tree of `first` (RFC 9162, 2.1.4.1).

    The RFC asks for 0 < first < second. Two equal trees, and any tree after the empty one, need no hashes.
    """
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} leaves is not the beginning of one of {second}")
    if first in {0, second}:
        return []
    start, stop = 0, second
    siblings: list[tuple[int, int]] = []
    # `first` moves towards the subtree that ends exactly there: SUBPROOF(m, D_n, b) of the RFC, unrolled.
    while first != stop:
        middle = start + _split(stop - start)
        if first <= middle:
            siblings.append((middle, stop))
            stop = middle
        else:
            siblings.append((start, middle))
            start = middle
    if start:
        siblings.append((start, stop))
    return _hash_ranges(store, siblings[::-1])


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Tell whether the proof shows the leaf *hash* at `index` under that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf, expected_root, *proof]):
        return False
    position, last = index, size - 1
    result = leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(result, expected_root)


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof shows that the second tree begins with the first (RFC 9162, 2.1.4.2).

    The two cases that the RFC leaves out have an empty proof: equal trees, and a first tree without leaves.
    """
    if not 0 <= first <= second or not _are_hashes([first_root, second_root, *proof]):
        return False
    if first == second:
        same = compare_digest(first_root, second_root) and (first > 0 or first_root == EMPTY_ROOT)
        return same and not proof
    if first == 0:
        return first_root == EMPTY_ROOT and not proof
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not proof:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and compare_digest(before, first_root) and compare_digest(after, second_root)


def _split(size: int) -> int:
    """Give the largest power of two below `size`: where the RFC splits a tree of at least two leaves."""
    return 1 << (size - 1).bit_length() - 1


def _left_partners(size: int, new_size: int) -> list[Node]:
    """List the old nodes that become left halves of new ones when the tree grows to the new size."""
    return [
        (level, (size >> level) - 1)
        for level in range(size.bit_length())
        if (size >> level) & 1 and new_size >> (level + 1) > size >> (level + 1)
    ]


def _complete_nodes(start: int, stop: int) -> list[Node]:
    """Cut the leaves from `start` up to `stop` into complete subtrees, the largest first.

    `start` is a multiple of a power of two not below the count of leaves, as it is for every subtree of the
    RFC.
    """
    nodes: list[Node] = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _hash_ranges(store: NodeStore, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    """Compute the hash of each subtree, given as leaves from–to, with one read of the store."""
    cut = [_complete_nodes(start, stop) for start, stop in ranges]
    hashes = store.read([node for nodes in cut for node in nodes])
    return [_fold([hashes[node] for node in nodes]) for nodes in cut]


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Join complete subtrees, the largest first, into the one above them all: from the right edge inwards."""
    *rest, result = hashes
    for left in reversed(rest):
        result = node_hash(left, result)
    return result


def _are_hashes(values: Sequence[bytes]) -> bool:
    """Tell whether each has the length of a hash; a proof from outside may hold anything."""
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)
