"""What the identity register has on record of the demo's companies and people: for the sandbox register to read."""

import json
from collections.abc import Iterator
from pathlib import Path

from cohong.demo import DEFAULT_SEED
from cohong.demo.companies import companies
from cohong.demo.people import people

# The register knows this company's former head: its registration does not match until somebody looks into it.
_DIFFERS = "puyi"


def write_records(path: Path, seed: int = DEFAULT_SEED) -> Path:
    """Write the register's records as JSON lines, and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in _records(seed)), encoding="utf-8")
    return path


def heads(seed: int) -> dict[str, str]:
    """Give each company's legal representative: its owner's name, by the company's slug."""
    return {person.company: person.name.zh_hans for person in people(seed) if "owner" in person.roles}


def _records(seed: int) -> Iterator[str]:
    represented = heads(seed)
    for company in companies(seed):
        head = "前任" if company.slug == _DIFFERS else represented[company.slug]
        yield json.dumps(
            {
                "code": company.credit_code,
                "name": company.name.zh_hans,
                "legal_representative": head,
                "standing": "active",
            },
            ensure_ascii=False,
        )
    for person in people(seed):
        yield json.dumps({"resident_id": person.resident_id, "name": person.name.zh_hans}, ensure_ascii=False)
