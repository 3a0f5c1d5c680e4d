"""Which documents can be asked for: all that have words, but for webhooks' own."""

from collections import defaultdict
from typing import Final

from cohong.parties.api import SCOPES
from cohong.portal.design.words import DOCUMENTS

KINDS: Final = tuple(sorted(kind for kind in DOCUMENTS if not kind.startswith("webhooks.")))


def by_area() -> list[tuple[str, list[str]]]:
    """Group the kinds by the module that issues them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind in KINDS:
        found[kind.partition(".")[0]].append(kind)
    return sorted(found.items())


def scope_of(kind: str) -> str:
    """Say which scope lets a token read documents of this kind; the shop's are about orders."""
    scope = f"{kind.partition('.')[0]}:read"
    return scope if scope in SCOPES else "orders:read"
