"""The sealed log: positions, leaves, the Merkle tree and its heads, computed anew from the documents' digests."""

import itertools
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from cohong.kernel import journal, merkle, sets
from cohong.kernel.audit import Check
from cohong.verify.findings import Findings
from cohong.verify.progress import Report

_BATCH: Final = 5_000
_MOST_PROOFS: Final = 2_000


class Frontier:
    """The right edge of a growing Merkle tree: the complete subtrees, largest first. Memory is O(log n)."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []

    def append(self, leaf: bytes) -> list[tuple[merkle.Node, bytes]]:
        """Add a leaf hash and return the nodes that it completes, itself first."""
        level, one = 0, leaf
        completed = [((0, self.size), one)]
        while self._edge and self._edge[-1][0] == level:
            _, left = self._edge.pop()
            level, one = level + 1, merkle.node_hash(left, one)
            completed.append(((level, self.size >> level), one))
        self._edge.append((level, one))
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._edge:
            return merkle.EMPTY_ROOT
        *rest, (_, root) = self._edge
        for _, left in reversed(rest):
            root = merkle.node_hash(left, root)
        return root


def checks(report: Report) -> list[Check]:
    """Walk the log once, in bounded memory, then prove that its heads follow from each other."""
    leaves, nodes, heads = (
        Findings("journal.leaves"),
        Findings("journal.tree_nodes"),
        Findings("journal.tree_heads"),
    )
    walk = _Walk(leaves, nodes, heads)
    walk.run(report)
    return [leaves.check(), nodes.check(), heads.check(), _consistency(report)]


class _Walk:
    """One pass over the leaves in the order of their positions."""

    def __init__(self, leaves: Findings, nodes: Findings, heads: Findings) -> None:
        self.leaves, self.nodes, self.heads = leaves, nodes, heads
        self._frontier = Frontier()
        self._recorded = _heads()
        self._next_head = next(self._recorded, None)
        # After a gap, positions mean nothing any more: what is computed cannot be compared.
        self._is_comparable = True

    def run(self, report: Report) -> None:
        total = journal.size()
        for batch in _leaves():
            completed: list[tuple[merkle.Node, bytes]] = []
            for leaf in batch:
                completed += self._leaf(*leaf)
                self._compare_heads()
            if self._is_comparable:
                self._compare_nodes(dict(completed))
            report("sealed log", self._frontier.size, total)
        while self._next_head is not None:
            size, _root = self._next_head
            self.heads.add(f"tree head over {size} documents: the log holds only {self._frontier.size}")
            self._step_head()
        if self._frontier.size and (newest := journal.head()[0]) < self._frontier.size:
            self.heads.add(
                f"the log holds {self._frontier.size} documents, the newest tree head covers {newest}"
            )
        self._compare_count()

    def _leaf(self, position: int, id_: UUID, document_id: UUID | None, digest: bytes | None) -> Any:
        self.leaves.figure += 1
        expected = self._frontier.size
        if position != expected and self._is_comparable:
            self.leaves.add(f"position {expected} is missing: the next one is {position}")
            self.heads.add(f"tree heads over more than {expected} documents cannot be computed")
            self._is_comparable = False
        if document_id is None:
            self.leaves.add(f"position {position}: its document {id_} does not exist")
        elif document_id != id_:
            self.leaves.add(f"position {position}: names document {id_} and points to {document_id}")
        return self._frontier.append(merkle.leaf_hash(bytes(digest or b"")))

    def _compare_heads(self) -> None:
        while self._next_head is not None and self._next_head[0] == self._frontier.size:
            size, root = self._next_head
            if self._is_comparable and self._frontier.root() != root:
                self.heads.add(f"tree head over {size} documents: is not the root of these documents")
            self._step_head()

    def _step_head(self) -> None:
        self.heads.figure += 1
        self._next_head = next(self._recorded, None)

    def _compare_nodes(self, computed: dict[merkle.Node, bytes]) -> None:
        kept = {
            (level, index): bytes(digest)
            for level, index, digest in sets.fetch(
                "select n.level, n.index, n.hash from kernel_tree_node n"
                " join unnest(%s::smallint[], %s::bigint[]) as k(level, index) using (level, index)",
                ([level for level, _ in computed], [index for _, index in computed]),
            )
        }
        for node, one in computed.items():
            self.nodes.figure += 1
            if kept.get(node) != one:
                what = "is not the hash of its documents" if node in kept else "is missing"
                self.nodes.add(f"tree node {node[0]}/{node[1]}: {what}")

    def _compare_count(self) -> None:
        [(kept,)] = sets.fetch("select count(*) from kernel_tree_node")
        if self._is_comparable and kept != self.nodes.figure:
            self.nodes.add(f"there are {kept} tree nodes, {self.nodes.figure} belong to the log")


def _leaves() -> Iterator[list[tuple[int, UUID, UUID | None, bytes | None]]]:
    after = -(1 << 62)
    while batch := sets.fetch(
        "select l.position, l.document_id, d.id, d.digest from kernel_leaf l"
        " left join kernel_document d on d.seq = l.document_seq"
        " where l.position > %s order by l.position limit %s",
        (after, _BATCH),
    ):
        yield [(position, id_, document, digest) for position, id_, document, digest in batch]
        after = batch[-1][0]


def _heads() -> Iterator[tuple[int, bytes]]:
    after = -1
    while batch := sets.fetch(
        "select size, root from kernel_tree_head where size > %s order by size limit %s", (after, _BATCH)
    ):
        yield from ((size, bytes(root)) for size, root in batch)
        after = batch[-1][0]


def _consistency(report: Report) -> Check:
    """Prove between recorded heads, as anyone outside would, that the later one only adds to the earlier one.

    Each head was already compared with the documents; here the proofs that are handed out are tried, over at
    most some thousands of heads spread evenly, the first and the newest among them.
    """
    found = Findings("journal.head_consistency")
    [(count,)] = sets.fetch("select count(*) from kernel_tree_head")
    chosen = sets.fetch(
        "select size, root from (select size, root, row_number() over (order by size) as n from kernel_tree_head) h"
        " where n %% %s = 0 or n = 1 or n = %s order by size",
        (max(1, count // _MOST_PROOFS), count),
    )
    for done, ((old, old_root), (new, new_root)) in enumerate(itertools.pairwise(chosen), start=1):
        found.figure += 1
        try:
            proof = journal.prove_consistency(old, new)
        except (KeyError, ValueError):
            found.add(f"tree heads over {old} and {new} documents: nodes for the proof are missing")
            continue
        if not merkle.verify_consistency(old, new, bytes(old_root), bytes(new_root), proof):
            found.add(f"tree heads over {old} and {new} documents: the later is no addition to the earlier")
        if done % 100 == 0 or done == len(chosen) - 1:
            report("tree heads", done, len(chosen) - 1)
    return found.check()
