"""What a listing is found by: from its tables to the index's fields."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from tantivy import Document

from cohong.catalog import selectors
from cohong.catalog.search import store, text
from cohong.catalog.search.phrases import phrase_keys, seller_keys
from cohong.catalog.shapes import AttributeKind, Category, ListingView
from cohong.kernel import sets
from cohong.parties import api as parties
from cohong.parties.api import IndustryView, Names, PartyView, RegionView

_BODY: Final = 4_000  # characters of a description that it is found by
_YES: Final = {True: "yes", False: "no"}


class Words(msgspec.Struct, frozen=True):
    """What listings refer to, by its names."""

    categories: Mapping[str, Category]
    industries: Mapping[str, IndustryView]
    regions: Mapping[str, RegionView]
    sellers: Mapping[UUID, PartyView]

    def names_above(self, region_code: str) -> list[Names]:
        """Give the names of a region and of those it lies in."""
        found, seen = [], set()
        while (region := self.regions.get(region_code)) is not None and region_code not in seen:
            seen.add(region_code)
            found.append(region.names)
            region_code = region.parent_code
        return found

    def categories_above(self, code: str) -> list[Names]:
        """Give the names of a category and of those it lies in."""
        found: list[Names] = []
        seen: set[str] = set()
        while (category := self.categories.get(code)) is not None and code not in seen:
            seen.add(code)
            found.append(category.names)
            code = category.parent_code or ""
        return found


def words_for(views: Iterable[ListingView]) -> Words:
    """Look up what these listings refer to. Four statements."""
    return Words(
        categories={one.code: one for one in selectors.categories()},
        industries={one.code: one for one in parties.industries()},
        regions={one.code: one for one in parties.regions()},
        sellers=parties.parties(ids={view.seller_id for view in views}),
    )


def lots_sold(listing_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Tell how much of each listing was dispatched, in lots of its SKUs' minimum orders."""
    return {
        listing_id: int(lots)
        for listing_id, lots in sets.fetch(
            "select k.listing_id, greatest(0, sum(-m.quantity / k.min_order)) from catalog_sku k"
            " join catalog_stock_movement m on m.sku_id = k.id and m.kind in ('shipment', 'return')"
            " where k.listing_id = any(%s) group by k.listing_id",
            (list(listing_ids),),
        )
    }


def step_of(minor: int) -> int:
    """Place a price in the series 1, 2, 5, 10, 20, 50, … of minor units: the number of the step at or below it."""
    digits = len(str(minor)) - 1
    lead = minor // 10**digits
    return digits * 3 + (0 if lead < 2 else 1 if lead < 5 else 2)  # noqa: PLR2004 - 1, 2, 5


def step_floor(step: int) -> int:
    """Give the minor units at which a step begins."""
    return int((1, 2, 5)[step % 3] * 10 ** (step // 3))


def document(view: ListingView, words: Words, lots: int) -> Document:
    """Write a listing as a document of the index."""
    category = words.categories[view.category_code]
    industry = words.industries.get(view.industry_code)
    seller = words.sellers.get(view.seller_id)
    titles = [text.plain(view.title), text.plain(view.title_en)]
    names = _spoken(words.categories_above(view.category_code))
    places = _spoken([*([industry.names] if industry else ()), *words.names_above(view.region_code)])
    sellers = [text.plain(one) for one in (seller.name, seller.name_en) if one] if seller else []
    facts = list(_facts(view, category))
    heard = text.sounds(" ".join([titles[0], *names, *sellers, *facts]))
    latin = {word for one in (*titles, *names, *sellers, *facts) for word in text.latin_words(one)}
    codes = [text.plain(sku.code) for sku in view.skus if not sku.retired]
    made = Document()
    made.add_text(store.ID, view.id.hex)
    made.add_text(store.TITLE_WORDS, " ".join(word for one in titles for word in text.index_words(one)))
    made.add_text(store.TITLE, text.index_sequence(titles))
    made.add_text(store.NAMES, text.index_sequence(names))
    made.add_text(store.FACTS, text.index_sequence(facts))
    made.add_text(store.SELLER_NAMES, text.index_sequence(sellers))
    made.add_text(store.PLACES, text.index_sequence(places))
    models = [form for fact in facts for word in text.latin_words(fact) for form in text.latin_forms(word)]
    made.add_text(store.CODES, " ".join([*(form for code in codes for form in code_forms(code)), *models]))
    made.add_text(store.BODY, " ".join(text.index_words(text.plain_once(view.description[:_BODY]))))
    made.add_text(store.LATIN, " ".join(sorted(latin)))
    made.add_text(store.PINYIN, " ".join(sorted(heard.pinyin)))
    made.add_text(store.INITIALS, " ".join(sorted(heard.initials)))
    made.add_text(store.PHRASES, " ".join(_phrases(view, seller)))
    made.add_text(store.READ, f" {text.BREAK} ".join([*titles, *names, *sellers, *facts]))
    _add_facets(made, view, category)
    made.add_unsigned(store.PRICE, view.price_from.minor)
    made.add_unsigned(store.PUBLISHED, _microseconds(view))
    made.add_unsigned(store.LOTS, lots)
    return made


def _add_facets(made: Document, view: ListingView, category: Category) -> None:
    made.add_text(store.CATEGORY, view.category_code)
    made.add_text(store.REGION, view.region_code)
    made.add_text(store.SELLER, view.seller_id.hex)
    if view.market_id is not None:
        made.add_text(store.MARKET, view.market_id.hex)
    made.add_text(store.CURRENCY, view.price_from.currency)
    made.add_text(store.BAND, f"{view.price_from.currency}:{step_of(view.price_from.minor)}")
    for option in sorted(options_of(view, category)):
        made.add_text(store.OPTION, option)


def options_of(view: ListingView, category: Category) -> set[str]:
    """List the choices (and the yes and no) that a listing or one of its SKUs has, as `attribute=option`."""
    closed = {
        one.code for one in category.attributes if one.kind in (AttributeKind.CHOICE, AttributeKind.BOOLEAN)
    }
    return {
        f"{code}={_YES[value] if isinstance(value, bool) else value}"
        for values in _values(view)
        for code, value in values.items()
        if code in closed
    }


def _values(view: ListingView) -> list[dict[str, Any]]:
    return [view.attributes, *(sku.attributes for sku in view.skus if not sku.retired)]


def _facts(view: ListingView, category: Category) -> Iterable[str]:
    """Say what attributes hold, in the words of all three languages, each once."""
    schema = {one.code: one for one in category.attributes}
    said: dict[str, None] = {}
    for values in _values(view):
        for code, value in values.items():
            attribute = schema.get(code)
            if attribute is None:
                continue
            if attribute.kind is AttributeKind.CHOICE:
                option = next((one for one in attribute.options if one.code == value), None)
                said |= dict.fromkeys(_spoken([option.names]) if option else [text.plain(str(value))])
            elif attribute.kind is AttributeKind.BOOLEAN:
                if value:
                    said |= dict.fromkeys(_spoken([attribute.names]))
            else:
                units = _spoken([attribute.unit]) if attribute.unit else [""]
                said |= dict.fromkeys(f"{text.plain(str(value))}{unit}" for unit in units)
    return said


@lru_cache(maxsize=5_000)
def _spoken_one(names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.plain(one) for one in (names.zh_hans, names.zh_hant, names.en) if one))


def _spoken(names: Iterable[Names]) -> list[str]:
    return [one for each in names for one in _spoken_one(each)]


def code_forms(code: str) -> tuple[str, ...]:
    """List the ways in which a SKU's code, in the plain form, may be written."""
    return tuple(dict.fromkeys(form for run in text.runs(code) for form in text.written_forms(run.text)))


def _phrases(view: ListingView, seller: PartyView | None) -> set[str]:
    keys = phrase_keys(view.title, view.title_en)
    return keys | (seller_keys(seller) if seller else set())


def _microseconds(view: ListingView) -> int:
    moment = view.published_at or view.created_at
    return max(0, int(moment.timestamp() * 1_000_000))
