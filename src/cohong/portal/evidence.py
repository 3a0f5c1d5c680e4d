"""The evidence file of an order: its documents byte for byte, their proofs, and a program that checks both, in one ZIP."""

import io
import json
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from cohong.kernel import journal
from cohong.kernel.journal import Filed


def packed(number: str, file: Sequence[Filed]) -> bytes:
    """Pack the file of order `number`. A document that is not sealed yet comes without a proof, and is said to."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = []
        for place, filed in enumerate(file, 1):
            name = f"{place:02d}-{filed.envelope.kind}"
            archive.writestr(f"documents/{name}.json", filed.canonical)
            proof = _proof(filed)
            if proof is not None:
                archive.writestr(f"proofs/{name}.json", _json(proof))
            listed.append(
                {
                    "document": f"documents/{name}.json",
                    "proof": f"proofs/{name}.json" if proof is not None else None,
                    "kind": filed.envelope.kind,
                    "issued_at": filed.envelope.issued_at.isoformat(),
                    "sha256": filed.digest.hex(),
                }
            )
        archive.writestr("contents.json", _json({"order": number, "documents": listed}))
        for name in ("README.txt", "check.py"):
            archive.writestr(name, files("cohong.portal").joinpath("evidence_kit", name).read_bytes())
    return out.getvalue()


def _proof(filed: Filed) -> dict[str, Any] | None:
    try:
        proof = journal.prove(filed.envelope.id)
    except journal.DocumentNotSealed:
        return None
    return {
        "document_id": str(proof.document_id),
        "sha256": proof.digest.hex(),
        "position": proof.position,
        "tree_size": proof.tree_size,
        "root": proof.root.hex(),
        "path": [one.hex() for one in proof.path],
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
