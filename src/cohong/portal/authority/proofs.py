"""A proof as a picture: the way from a document's leaf up to the tree's root, and the hashes that are laid beside it."""

from dataclasses import dataclass
from typing import Final

from cohong.kernel import merkle
from cohong.kernel.journal import InclusionProof

_STEP: Final = 64
_TOP: Final = 26
_BOX: Final = (132, 30)
_MIDDLE: Final = 220
_ASIDE: Final = 150
WIDTH: Final = 440


@dataclass(frozen=True, slots=True)
class Box:
    """A hash in the picture: where its box stands (left top), and what kind it is (root, node, leaf, given)."""

    x: int
    y: int
    kind: str
    label: str

    @property
    def middle(self) -> int:
        """Where its text stands."""
        return self.x + _BOX[0] // 2

    @property
    def line(self) -> int:
        """The baseline of its text."""
        return self.y + 20

    @property
    def foot(self) -> int:
        """Its lower edge."""
        return self.y + _BOX[1]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a hash down to one of the two it was made of."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture of a proof."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


def steps(proof: InclusionProof) -> list[tuple[bool, bytes, bytes]]:
    """Walk a proof (RFC 9162, 2.1.3.2): for each hash on its path whether it is the left one, itself, and what the two make."""
    position, last = proof.position, proof.tree_size - 1
    result = merkle.leaf_hash(proof.digest)
    found = []
    for sibling in proof.path:
        is_left = bool(position & 1) or position == last
        if is_left:
            result = merkle.node_hash(sibling, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = merkle.node_hash(result, sibling)
        found.append((is_left, sibling, result))
        position, last = position >> 1, last >> 1
    return found


def drawn(proof: InclusionProof) -> Drawing:
    """Draw a proof: the root on top, the leaf at the bottom, the hashes that the proof gives beside the way."""
    walked = steps(proof)
    height = _TOP + len(walked) * _STEP + _BOX[1] + 12
    boxes, edges = [], []
    centre = _MIDDLE - _BOX[0] // 2
    leaf = merkle.leaf_hash(proof.digest)
    for level in range(len(walked) + 1):
        y = _TOP + (len(walked) - level) * _STEP
        own = leaf if level == 0 else walked[level - 1][2]
        kind = "leaf" if level == 0 else "root" if level == len(walked) else "node"
        if not walked:
            kind = "root"
        boxes.append(Box(centre, y, kind, own.hex()[:12]))
        if level < len(walked):
            is_left, sibling, _result = walked[level]
            x = centre - _ASIDE if is_left else centre + _ASIDE
            boxes.append(Box(x, y, "given", sibling.hex()[:12]))
            above = y - _STEP + _BOX[1]
            edges += [
                Edge(_MIDDLE, above, _MIDDLE, y),
                Edge(_MIDDLE, above, x + _BOX[0] // 2, y),
            ]
    return Drawing(WIDTH, height, *_BOX, tuple(boxes), tuple(edges))
