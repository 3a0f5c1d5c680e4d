"""The tree of categories, as a merchant chooses from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cohong.catalog.api import Category
from cohong.parties.api import Names


@dataclass(frozen=True, slots=True)
class Branch:
    """A category with what lies below it."""

    category: Category
    below: tuple["Branch", ...]


def tree(categories: Sequence[Category]) -> tuple[Branch, ...]:
    """Lay the categories out as trees, by code."""
    children: dict[str | None, list[Category]] = {}
    for one in categories:
        children.setdefault(one.parent_code, []).append(one)

    def grow(parent: str | None) -> tuple[Branch, ...]:
        return tuple(Branch(one, grow(one.code)) for one in children.get(parent, ()))

    return grow(None)


def leaves(categories: Sequence[Category], codes: Collection[str] | None = None) -> list[Category]:
    """Take those categories that listings can stand in, all or only those named."""
    parents = {one.parent_code for one in categories}
    return [one for one in categories if one.code not in parents and (codes is None or one.code in codes)]


def chains(categories: Sequence[Category]) -> dict[str, list[Names]]:
    """Name for each category the way down to it, from the top."""
    by_code = {one.code: one for one in categories}
    found: dict[str, list[Names]] = {}
    for one in categories:
        chain, at = [], one
        while True:
            chain.append(at.names)
            if at.parent_code is None or at.parent_code not in by_code:
                break
            at = by_code[at.parent_code]
        found[one.code] = chain[::-1]
    return found


def search(categories: Sequence[Category], text: str, *, most: int = 30) -> list[Category]:
    """Find categories for listings by words of their names, in any language, or of those above them."""
    wanted = [word.casefold() for word in text.split()]
    names = chains(categories)

    def said(code: str) -> str:
        return (
            " ".join(f"{one.zh_hans} {one.zh_hant} {one.en}" for one in names[code]).casefold() + f" {code}"
        )

    return [one for one in leaves(categories) if all(word in said(one.code) for word in wanted)][:most]
