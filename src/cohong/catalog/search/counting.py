"""Counting what is found by its properties, and filtering by them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from tantivy import FieldType, Occur, Query, Searcher

from cohong.catalog.search import store
from cohong.catalog.search.reference import Reference
from cohong.catalog.search.shapes import Asked, Band, Counts
from cohong.catalog.search.writing import step_floor

_PLENTY: Final = 5_000
_SELLERS: Final = 12
_BANDS: Final = 5
CATEGORY, INDUSTRY, REGION, SELLER, PRICE = "category", "industry", "region", "seller", "price"
_OPTION: Final = "option:"


def currency_of(asked: Asked) -> str:
    """Return the currency in which prices are compared."""
    own: str = settings.COHONG_CURRENCY
    return asked.currency or own


class Filters:
    """The filters of one question as queries, by name."""

    def __init__(self, asked: Asked, reference: Reference) -> None:
        self._schema = store.schema()
        self._reference = reference
        self.scope = self._scope(asked)
        self.chosen: dict[str, Query] = self._chosen(asked)

    def _scope(self, asked: Asked) -> list[Query]:
        known = self._reference
        bounds = []
        if asked.in_industry:
            bounds.append(self._set(store.CATEGORY, known.categories_of([asked.in_industry])))
        if asked.in_category:
            bounds.append(self._set(store.CATEGORY, known.categories_below([asked.in_category])))
        if asked.in_market is not None:
            bounds.append(self._set(store.MARKET, [asked.in_market.hex]))
        if asked.of_seller is not None:
            bounds.append(self._set(store.SELLER, [asked.of_seller.hex]))
        if asked.is_priced:
            bounds.append(self._set(store.CURRENCY, [currency_of(asked)]))
        return bounds

    def _chosen(self, asked: Asked) -> dict[str, Query]:
        known = self._reference
        chosen: dict[str, Query] = {}
        if asked.categories:
            chosen[CATEGORY] = self._set(store.CATEGORY, known.categories_below(asked.categories))
        if asked.industries:
            chosen[INDUSTRY] = self._set(store.CATEGORY, known.categories_of(asked.industries))
        if asked.regions:
            chosen[REGION] = self._set(store.REGION, known.regions_below(asked.regions))
        if asked.sellers:
            chosen[SELLER] = self._set(store.SELLER, [one.hex for one in asked.sellers])
        if asked.price_from_minor is not None or asked.price_to_minor is not None:
            chosen[PRICE] = Query.range_query(
                self._schema,
                store.PRICE,
                FieldType.Unsigned,
                asked.price_from_minor,
                asked.price_to_minor,
            )
        for attribute in dict.fromkeys(one.partition("=")[0] for one in asked.options):
            wanted = [one for one in asked.options if one.partition("=")[0] == attribute]
            chosen[f"{_OPTION}{attribute}"] = self._set(store.OPTION, wanted)
        return chosen

    def _set(self, field: str, values: Iterable[str]) -> Query:
        wanted = sorted(values)
        if not wanted:
            return Query.empty_query()
        if len(wanted) == 1:
            return Query.term_query(self._schema, field, wanted[0])
        return Query.term_set_query(self._schema, field, wanted)

    def applied(self, base: Query | None, *, leaving_out: str = "") -> Query:
        """Put a query and the filters together, but for one of them if told so. Filters say nothing about relevance."""
        bounds = [*self.scope, *(query for name, query in self.chosen.items() if name != leaving_out)]
        if base is None:
            if not bounds:
                return Query.all_query()
            return Query.boolean_query([(Occur.Must, Query.const_score_query(one, 1.0)) for one in bounds])
        clauses = [(Occur.Must, base)]
        clauses += [(Occur.Must, Query.const_score_query(one, 0.0)) for one in bounds]
        return Query.boolean_query(clauses) if bounds else base


def count(searcher: Searcher, base: Query | None, asked: Asked, filters: Filters) -> Counts:
    """Count all facets: one look for all that are not filtered by, and one for each that is."""
    reference = filters._reference  # noqa: SLF001
    fields = {
        CATEGORY: (store.CATEGORY, _PLENTY),
        INDUSTRY: (store.CATEGORY, _PLENTY),
        REGION: (store.REGION, _PLENTY),
        SELLER: (store.SELLER, _SELLERS),
        PRICE: (store.BAND, _PLENTY),
    }
    found: dict[str, Mapping[str, int]] = {}
    free = {name: field for name, field in fields.items() if name not in filters.chosen}
    whole = _terms(searcher, filters.applied(base), {**free, "here": (store.CATEGORY, _PLENTY)})
    found.update(whole)
    for name in fields.keys() & filters.chosen.keys():
        found |= _terms(searcher, filters.applied(base, leaving_out=name), {name: fields[name]})
    leaf = _only_leaf(whole["here"], asked, reference)
    return Counts(
        categories=_rolled_up(found[CATEGORY], reference.categories_above),
        industries=_by_industry(found[INDUSTRY], reference),
        regions=_rolled_up(found[REGION], reference.regions_above),
        sellers=_sellers(searcher, base, asked, filters, found[SELLER]),
        bands=bands(found[PRICE], currency_of(asked)),
        category=leaf,
        options=_options(searcher, base, filters, leaf) if leaf else {},
    )


def _terms(
    searcher: Searcher, query: Query, fields: Mapping[str, tuple[str, int]]
) -> dict[str, dict[str, int]]:
    """Count the values of fields among what a query finds; the same field is counted once."""
    sizes = {
        field: max(size for one, size in fields.values() if one == field) for field, _ in fields.values()
    }
    asked = {field: {"terms": {"field": field, "size": size}} for field, size in sizes.items()}
    answer: dict[str, Any] = searcher.aggregate(query, asked)
    counted = {
        field: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[field]["buckets"]}
        for field in sizes
    }
    return {name: counted[field] for name, (field, _) in fields.items()}


def _rolled_up(counts: Mapping[str, int], above: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for code, one in counts.items():
        for each in above(code) or [code]:
            total[each] = total.get(each, 0) + one
    return total


def _by_industry(counts: Mapping[str, int], reference: Reference) -> dict[str, int]:
    total: dict[str, int] = {}
    for code, one in counts.items():
        category = reference.categories.get(code)
        if category is not None:
            total[category.industry_code] = total.get(category.industry_code, 0) + one
    return total


def _only_leaf(here: Mapping[str, int], asked: Asked, reference: Reference) -> str:
    """Name the one category that all of it stands in, if there is one; or that is asked for."""
    named = {*asked.categories, *([asked.in_category] if asked.in_category else [])} & reference.leaves
    if len(named) == 1:
        return next(iter(named))
    return next(iter(here)) if len(here) == 1 and next(iter(here)) in reference.categories else ""


def _sellers(
    searcher: Searcher, base: Query | None, asked: Asked, filters: Filters, counted: Mapping[str, int]
) -> dict[UUID, int]:
    most = dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:_SELLERS])
    for seller in asked.sellers:
        if seller.hex not in most:
            query = filters.applied(base, leaving_out=SELLER)
            own = Query.term_query(store.schema(), store.SELLER, seller.hex)
            both = Query.boolean_query([(Occur.Must, query), (Occur.Must, own)])
            most[seller.hex] = store.count(searcher, both)
    return {UUID(hex=code): one for code, one in most.items()}


def _options(
    searcher: Searcher, base: Query | None, filters: Filters, leaf: str
) -> dict[str, dict[str, int]]:
    """Count the options of a category's attributes, each attribute as if it were not filtered by."""
    schema = {one.code: one for one in filters._reference.categories[leaf].attributes}  # noqa: SLF001
    counts: dict[str, dict[str, int]] = {}

    def gather(query: Query, only: str | None) -> None:
        for value, one in _terms(searcher, query, {"o": (store.OPTION, _PLENTY)})["o"].items():
            attribute, _, option = value.partition("=")
            mine = attribute == only if only is not None else f"{_OPTION}{attribute}" not in filters.chosen
            if mine and attribute in schema:
                counts.setdefault(attribute, {})[option] = one

    gather(filters.applied(base), None)
    for name in filters.chosen:
        if name.startswith(_OPTION):
            gather(filters.applied(base, leaving_out=name), name.removeprefix(_OPTION))
    return {code: counts[code] for code in schema if code in counts}


def bands(counted: Mapping[str, int], currency: str) -> tuple[Band, ...]:
    """Put the steps of the series 1, 2, 5, 10, … together into a few bands of about as many listings each."""
    steps = sorted(
        (int(key.partition(":")[2]), one) for key, one in counted.items() if key.partition(":")[0] == currency
    )
    total = sum(one for _, one in steps)
    if len(steps) < 2:  # noqa: PLR2004 - one step divides nothing
        return ()
    found: list[Band] = []
    start, gathered, left = steps[0][0], 0, _BANDS
    remaining = total
    for place, (step, one) in enumerate(steps):
        gathered += one
        last = place == len(steps) - 1
        if last or (left > 1 and gathered * left >= remaining):
            until = None if last else step_floor(step + 1) - 1
            found.append(Band(currency, step_floor(start) if found else 0, until, gathered))
            start, remaining, gathered, left = step + 1, remaining - gathered, 0, left - 1
    return tuple(found)
