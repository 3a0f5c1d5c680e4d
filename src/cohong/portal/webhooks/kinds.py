"""Which documents can be asked for: all that have words, but for webhooks' own."""

from collections import defaultdict
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cohong.parties.api import SCOPES
from cohong.portal.design.words import DOCUMENTS

_AREAS: Final[dict[str, str | Promise]] = {
    "orders": pgettext_lazy("documents about", "Orders"),
    "logistics": pgettext_lazy("documents about", "Shipping"),
    "payments": pgettext_lazy("documents about", "Payments and rates"),
    "catalog": pgettext_lazy("documents about", "Goods and stock"),
    "retail": pgettext_lazy("documents about", "Shop, reviews, approvals"),
    "parties": pgettext_lazy("documents about", "Company and people"),
    "statistics": pgettext_lazy("documents about", "Statistics"),
    "kernel": pgettext_lazy("documents about", "The platform"),
}
KINDS: Final = tuple(sorted(kind for kind in DOCUMENTS if not kind.startswith("webhooks.")))


def by_area() -> list[tuple[str | Promise, list[str]]]:
    """Group the kinds by what they are about, what trade issues most first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind in KINDS:
        found[kind.partition(".")[0]].append(kind)
    known = [*_AREAS, *sorted(found.keys() - _AREAS.keys())]
    return [(_AREAS.get(area, area), found[area]) for area in known if area in found]


def scope_of(kind: str) -> str:
    """Say which scope lets a token read documents of this kind; the shop's are about orders."""
    scope = f"{kind.partition('.')[0]}:read"
    return scope if scope in SCOPES else "orders:read"
