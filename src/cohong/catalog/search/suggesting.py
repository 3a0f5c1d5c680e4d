"""What somebody who types may mean."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from tantivy import Query, Searcher

from cohong.catalog import rules
from cohong.catalog.search import phrases, store, text
from cohong.catalog.search.reference import Reference, reference
from cohong.catalog.search.shapes import Suggestion
from cohong.parties.api import Names

_TEXT: Final = 100
_MOST: Final = 10
_CATEGORIES, _SELLERS = 3, 2
_LOOKED_AT: Final = 60
_SHORTEST: Final = 2  # letters; one Chinese character says more than one letter


def suggest(*, typed: str, most: int = _MOST) -> list[Suggestion]:
    """Propose categories, phrases of titles and sellers that begin as typed, in any language or in pinyin.

    No statement but what `reference` takes. Nothing without an index.
    """
    rules.check_text("text", typed, most=_TEXT, needed=False)
    plain = " ".join(text.plain(typed).split())
    reader = store.reader()
    if reader is None or not plain or (len(plain) < _SHORTEST and not text.has_han(plain)):
        return []
    searcher = reader.searcher
    known = reference()
    categories = _categories(searcher, known, plain)
    sellers = _sellers(searcher, plain)
    goods = _goods(searcher, plain, most - len(categories) - len(sellers))
    return [*categories, *goods, *sellers]


def _keys(plain: str) -> list[str]:
    """Write what was typed as keys begin: as it is, and pinyin without the spaces."""
    tight = plain.replace(" ", "").replace("'", "")
    return list(dict.fromkeys((plain, tight))) if tight.isascii() and tight.isalpha() else [plain]


def _goods(searcher: Searcher, plain: str, most: int) -> list[Suggestion]:
    return [
        Suggestion("goods", text=shown, count=count)
        for shown, count in _live(searcher, phrases.GOODS, plain, most)
    ]


def _sellers(searcher: Searcher, plain: str) -> list[Suggestion]:
    return [
        Suggestion("seller", seller_id=UUID(hex=code), count=count)
        for code, count in _live(searcher, phrases.SELLERS, plain, _SELLERS)
    ]


def _live(searcher: Searcher, kind: str, plain: str, most: int) -> list[tuple[str, int]]:
    """Give what is proposed for what was typed, the most frequent first, with how many listings have it."""
    found: dict[str, tuple[int, str]] = {}
    for key in _keys(plain):
        prefix = phrases.prefix(kind, key)
        for term, count in searcher.terms_with_prefix(store.PHRASES, prefix, limit=_LOOKED_AT):
            shown = phrases.shown_of(term)
            found[shown] = max(found.get(shown, (0, "")), (count, term))
    ranked = sorted(found.items(), key=lambda pair: (-pair[1][0], len(pair[0]), pair[0]))
    live: list[tuple[str, int]] = []
    for shown, (_, term) in ranked:
        if len(live) == most:
            break
        # The terms remember what was deleted until segments are merged; listings are counted as they are now.
        if count := store.count(searcher, Query.term_query(store.schema(), store.PHRASES, term)):
            live.append((shown, count))
    return live


def _categories(searcher: Searcher, known: Reference, plain: str) -> list[Suggestion]:
    near = []
    for code, category in known.categories.items():
        rank = min((_rank(key, plain, tight) for key, tight in _ways(category.names)), default=9)
        if rank < 9:  # noqa: PLR2004 - not at all
            below = sorted(known.categories_below([code]))
            count = store.count(searcher, Query.term_set_query(store.schema(), store.CATEGORY, below))
            if count:
                near.append((rank, -count, code))
    return [
        Suggestion("category", category=code, count=-count) for _, count, code in sorted(near)[:_CATEGORIES]
    ]


def _rank(key: str, plain: str, tight: bool) -> int:
    if key.startswith(plain if not tight else plain.replace(" ", "")):
        return 0 if len(key) == len(plain) else 1
    # Inside a name: from any character on, of a Latin one from any word on.
    within = plain in key if text.has_han(plain) else f" {plain}" in key
    return 2 if within else 9


@lru_cache(maxsize=2_000)
def _ways(names: Names) -> tuple[tuple[str, bool], ...]:
    """List how a name may be typed; True for what is written without spaces: pinyin and initials."""
    ways: dict[tuple[str, bool], None] = {}
    for name in (names.zh_hans, names.zh_hant, names.en):
        plain = text.plain(name)
        ways[plain, False] = None
        if text.has_han(plain):
            heard = [one for run in text.runs(plain) if run.is_han for one in text.syllables(run.text)]
            ways["".join(heard), True] = None
            ways["".join(one[:1] for one in heard), True] = None
    return tuple(ways)
