"""Finding: from a question to a page of listings, with the counts beside them."""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final
from uuid import UUID

import msgspec
from tantivy import Occur, Order, Query, Searcher

from cohong.catalog import browsing, rules
from cohong.catalog.search import counting, reading, store, text
from cohong.catalog.search.asking import Asker, Reading, joined, read, reading_of
from cohong.catalog.search.counting import Filters
from cohong.catalog.search.reference import reference
from cohong.catalog.search.shapes import Asked, Found, SearchSort, Wider
from cohong.catalog.search.store import Reader
from cohong.catalog.search.text import Run
from cohong.kernel.money import exponent

_log = logging.getLogger("cohong.search")

PAGE: Final = 30
DEEPEST: Final = 3_000
"""So many of what is found can be paged through; whoever wants more asks for something narrower."""

_TEXT: Final = 100
_DEAREST: Final = 10**18
# With fewer exact matches than this, what comes close is shown behind them.
_FEW: Final = 5
_PROBED: Final = 40
_EXACT, _MEANT = 1_000.0, 300.0
_NEAREST: Final = 6
_PLANS: Final = 500
_BROWSED: Final = {
    SearchSort.CHEAPEST: browsing.Sort.CHEAPEST,
    SearchSort.DEAREST: browsing.Sort.DEAREST,
}
_ORDERS: Final = {
    SearchSort.NEWEST: (store.PUBLISHED, Order.Desc),
    SearchSort.SELLING: (store.LOTS, Order.Desc),
    SearchSort.CHEAPEST: (store.PRICE, Order.Asc),
    SearchSort.DEAREST: (store.PRICE, Order.Desc),
}


class _Plan(msgspec.Struct, frozen=True):
    """How a text is looked for: the query, the query of what matches exactly if that is not all, and what was read instead."""

    base: Any = None
    exact: Any = None
    read_as: str = ""


def search(*, asked: Asked, page: int = 1, size: int = PAGE, counted: bool = True) -> Found:
    """Return a page of what is on offer; pages past the last one are the last one.

    Price, stock and what is still on offer come from the tables (three statements); facets are counted if `counted`.
    Without an index, titles alone are looked at, in the tables, and there are no counts. Raises UnknownCurrency, or
    what an unreadable text is refused with.
    """
    asked = _checked(asked)
    reader = store.reader()
    if reader is not None:
        try:
            return _find(reader, asked, page, size, counted=counted)
        except store.Unusable:
            _log.exception("the search index failed")
            store.suspect()
    return _browsed(asked, max(1, page), size)


def _checked(asked: Asked) -> Asked:
    rules.check_text("text", asked.text, most=_TEXT, needed=False)
    for field, values in (
        ("category", (asked.in_category, *asked.categories)),
        ("industry", (asked.in_industry, *asked.industries)),
        ("region", asked.regions),
        ("text", asked.options),
    ):
        for value in values:
            rules.check_text(field, value, most=_TEXT, needed=False)
    if asked.currency:
        exponent(asked.currency)
    bounds = {
        name: min(max(0, value), _DEAREST)
        for name in ("price_from_minor", "price_to_minor")
        if (value := getattr(asked, name)) is not None
    }
    return msgspec.structs.replace(asked, **bounds)


# --- with the index --------------------------------------------------------------------------------------


def _find(reader: Reader, asked: Asked, page: int, size: int, *, counted: bool) -> Found:
    searcher = reader.searcher
    filters = Filters(asked, reference())
    plan = _plan_for(reader, asked, filters)
    query = filters.applied(plan.base)
    total = store.count(searcher, query)
    pages = max(1, -(-min(total, DEEPEST) // size))
    page = min(max(1, page), pages)
    sort = asked.sort
    if sort is SearchSort.RELEVANCE and plan.base is None:
        sort = SearchSort.NEWEST  # without words nothing is more relevant than anything else
    cards = browsing.offered(ids=_ids(searcher, query, sort, (page - 1) * size, size))
    exact = total if plan.exact is None else store.count(searcher, filters.applied(plan.exact))
    return Found(
        cards=tuple(cards),
        total=total,
        exact=exact,
        page=page,
        pages=pages,
        read_as=plan.read_as,
        currency=counting.currency_of(asked) if asked.is_priced else "",
        counts=counting.count(searcher, plan.base, asked, filters) if counted else None,
    )


def _ids(searcher: Searcher, query: Query, sort: SearchSort, offset: int, size: int) -> list[UUID]:
    if sort is SearchSort.RELEVANCE:
        found = searcher.search(query, size, count=False, offset=offset)
    else:
        field, order = _ORDERS[sort]
        found = searcher.search(query, size, count=False, offset=offset, order_by_field=field, order=order)
    return [UUID(hex=searcher.doc(address)[store.ID][0]) for _, address in found.hits]


_plans: OrderedDict[tuple[Any, ...], _Plan] = OrderedDict()
_turn = Lock()


def _plan_for(reader: Reader, asked: Asked, filters: Filters) -> _Plan:
    """Plan how to look for a text; the same question to the same index is planned once."""
    if not asked.text.strip():
        return _Plan()
    ordered = asked.sort is not SearchSort.RELEVANCE
    key = (
        *(str(store.folder()), reader.stamp, asked.text, ordered, asked.in_industry, asked.in_category),
        *(asked.in_market, asked.of_seller),
    )
    with _turn:
        known = _plans.get(key)
        if known is not None:
            _plans.move_to_end(key)
            return known
    plan = _plan(reader.searcher, asked.text, filters, ordered=ordered)
    with _turn:
        _plans[key] = plan
        while len(_plans) > _PLANS:
            _plans.popitem(last=False)
    return plan


def _plan(searcher: Searcher, words: str, filters: Filters, *, ordered: bool) -> _Plan:
    asked_for = read(words)
    if not asked_for.runs:
        return _Plan(Query.empty_query())
    asker = Asker(searcher)
    exact = asker.exact(asked_for)
    found = store.count(searcher, _within(filters, exact))
    if found >= _FEW or (found and ordered):
        return _Plan(exact)
    forgiven, meant = _forgiven(searcher, asker, words, asked_for, filters)
    corrected = asker.exact(meant) if meant is not None else None
    if ordered and corrected is not None:
        return _Plan(corrected, exact, meant.written if meant is not None and not found else "")
    clauses = [(Occur.Must, Query.disjunction_max_query([exact, forgiven], 0.0))]
    if corrected is not None:
        clauses[0] = (Occur.Must, Query.disjunction_max_query([exact, forgiven, corrected], 0.0))
        clauses.append((Occur.Should, Query.const_score_query(corrected, _MEANT)))
    clauses.append((Occur.Should, Query.const_score_query(exact, _EXACT)))
    read_as = meant.written if meant is not None and not found else ""
    return _Plan(Query.boolean_query(clauses), exact, read_as)


def _within(filters: Filters, query: Query) -> Query:
    """Bound a query by where it is asked (a hall, a market), but not by what the visitor filters."""
    bounds = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in filters.scope]
    return Query.boolean_query([(Occur.Must, query), *bounds]) if bounds else query


def _forgiven(
    searcher: Searcher, asker: Asker, words: str, asked_for: Reading, filters: Filters
) -> tuple[Query, Reading | None]:
    """Ask for what comes close, and tell what was meant, if that can be told: something that is there exactly."""
    variants = [asked_for]
    if (spoken := joined(asked_for)) is not None:
        variants.insert(0, spoken)
    if (mainland := read(text.mainland(words))) != asked_for:
        variants.append(mainland)
    near = Query.empty_query()
    for far in (False, True):
        queries = [asker.forgiven(variant, far=far) for variant in variants]
        near = Query.disjunction_max_query(queries, 0.0)
        for variant, query in zip(variants, queries, strict=True):
            hits = searcher.search(_within(filters, query), _PROBED, count=False).hits
            texts = [str(searcher.doc(address)[store.READ][0]) for _, address in hits]
            for some in (texts, texts[:1]) if texts else ():
                meant = _meant(asker, variant, some)
                if meant != asked_for and searcher.search(_within(filters, asker.exact(meant)), 1).hits:
                    return near, meant
        if searcher.search(_within(filters, near), 1, count=False).hits:
            break
    return near, None


def _meant(asker: Asker, asked_for: Reading, texts: Sequence[str]) -> Reading:
    runs = []
    for run in asked_for.runs:
        if asker.is_known(run):
            runs.append(run)
            continue
        word = reading.meant(run, texts)
        runs += text.runs(word) if word is not None else [run]
    return reading_of(runs)


# --- without ---------------------------------------------------------------------------------------------


def _browsed(asked: Asked, page: int, size: int) -> Found:
    """Look into the tables alone: titles, and the filters but for options."""
    page = min(page, max(1, DEEPEST // size))
    known = reference()
    codes = [
        known.categories_below(asked.categories) if asked.categories else None,
        known.categories_below([asked.in_category]) if asked.in_category else None,
        known.categories_of(asked.industries) if asked.industries else None,
        known.categories_of([asked.in_industry]) if asked.in_industry else None,
    ]
    cards = browsing.browse_pages(
        text=asked.text,
        categories=[sorted(one) for one in codes if one is not None],
        regions=sorted(known.regions_below(asked.regions)) if asked.regions else None,
        sellers=list(asked.sellers) or None,
        seller_id=asked.of_seller,
        market_id=asked.in_market,
        currency=counting.currency_of(asked) if asked.is_priced else None,
        price_from_minor=asked.price_from_minor,
        price_to_minor=asked.price_to_minor,
        sort=_BROWSED.get(asked.sort, browsing.Sort.NEWEST),
        offset=(page - 1) * size,
        limit=size + 1,
    )
    more = len(cards) > size
    seen = (page - 1) * size + len(cards)
    return Found(
        cards=tuple(cards[:size]),
        total=seen,
        exact=seen,
        page=page,
        pages=page + 1 if more and page < DEEPEST // size else page,
        currency=counting.currency_of(asked) if asked.is_priced else "",
    )


# --- nothing found ---------------------------------------------------------------------------------------


def widen(*, asked: Asked) -> Wider:
    """Tell what would be found if less were asked; only what finds something is named."""
    asked = _checked(asked)
    reader = store.reader()
    if reader is None:
        return Wider()
    searcher = reader.searcher
    filters = Filters(asked, reference())
    plan = _plan_for(reader, asked, filters)
    without = {
        name: store.count(searcher, filters.applied(plan.base, leaving_out=name)) for name in filters.chosen
    }
    asked_for = read(asked.text)
    return Wider(
        texts=_with_fewer_words(searcher, asked_for, filters),
        without=tuple((name, count) for name, count in without.items() if count),
        categories=_nearest_categories(searcher, asked_for),
    )


def _with_fewer_words(
    searcher: Searcher, asked_for: Reading, filters: Filters
) -> tuple[tuple[str, int], ...]:
    words = [
        Run(word, run.is_han)
        for run in asked_for.runs
        for word in (text.cut(run.text) if run.is_han else (run.text,))
    ]
    if len(words) < 2:  # noqa: PLR2004 - of one word none can be left out
        return ()
    asker = Asker(searcher)
    found: dict[str, int] = {}
    for place in range(len(words)):
        rest = reading_of(words[:place] + words[place + 1 :])
        number = store.count(searcher, filters.applied(asker.exact(rest)))
        if number:
            found[rest.written] = number
    return tuple(sorted(found.items(), key=lambda pair: pair[1])[:_NEAREST])


def _nearest_categories(searcher: Searcher, asked_for: Reading) -> tuple[str, ...]:
    if not asked_for.runs:
        return ()
    asker = Asker(searcher)
    near = Query.disjunction_max_query(
        [asker.any_of(asked_for), *(asker.forgiven(Reading((run,)), far=True) for run in asked_for.runs)], 0.1
    )
    hits = searcher.search(near, _PROBED, count=False).hits
    wanted = {"c": {"terms": {"field": store.CATEGORY, "size": _NEAREST}}}
    if not hits:
        return ()
    buckets = searcher.aggregate(near, wanted)["c"]["buckets"]
    known = reference().categories
    return tuple(bucket["key"] for bucket in buckets if bucket["key"] in known)
