# ruff: noqa: T201, INP001 - a program of its own, that whoever checks evidence runs and reads
"""Check this evidence file with Python alone: `python check.py`. It asks nobody and needs nothing else."""

import hashlib
import json
import sys
from pathlib import Path


def leaf(digest: bytes) -> bytes:
    """Hash a document's digest as a leaf of the tree (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(found: bytes, position: int, size: int, path: list[bytes]) -> bytes | None:
    """Climb from a leaf to the root (RFC 9162, section 2.1.3.2). None if the path does not fit."""
    place, last = position, size - 1
    for step in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node(step, found)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def main() -> int:
    """Check every document against its digest and its proof; say what was found."""
    here = Path(__file__).resolve().parent
    contents = json.loads((here / "contents.json").read_text("utf-8"))
    roots, bad = set(), 0
    for entry in contents["documents"]:
        digest = hashlib.sha256((here / entry["document"]).read_bytes()).digest()
        said = "ok"
        if digest.hex() != entry["sha256"]:
            said = "CHANGED: the text does not have this digest"
        elif entry["proof"] is None:
            said = "not sealed yet when this file was made"
        else:
            proof = json.loads((here / entry["proof"]).read_text("utf-8"))
            path = [bytes.fromhex(one) for one in proof["path"]]
            root = root_of(leaf(digest), proof["position"], proof["tree_size"], path)
            roots.add((proof["tree_size"], proof["root"]))
            if root is None or root.hex() != proof["root"] or proof["sha256"] != digest.hex():
                said = "FALSE: the proof does not hold"
        bad += said.startswith(("CHANGED", "FALSE"))
        print(f"{entry['document']}: {said}")
    for size, root in sorted(roots):
        print(f"tree of {size} documents, root {root}")
    print("Compare the roots with the tree heads that the platform publishes, or that others have kept.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
