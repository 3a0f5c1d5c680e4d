"""Lines of a cart as pages show them: with picture, what tells this SKU from its sisters, and what more of it would cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.retail.api import CartView, LineView


@dataclass(frozen=True, slots=True)
class Hint:
    """What taking more would bring: `more` further units, and each would cost `price`."""

    more: int
    price: Money
    quantity: int


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A line and what its page shows beside it. `step` is by how much its quantity goes up and down."""

    line: LineView
    listing: catalog.ListingView | None
    facts: tuple[tuple[catalog.Attribute, Any], ...]
    hint: Hint | None
    step: int
    least: int
    most: int | None

    @property
    def less(self) -> int:
        """The next lower quantity; none takes the line out."""
        lower = self.line.quantity - self.step
        return lower if lower >= self.least else 0

    @property
    def more(self) -> int:
        """The next higher quantity."""
        return max(self.least, self.line.quantity + self.step)


def rows_of(view: CartView) -> dict[UUID, GoodsRow]:
    """Put rows together by SKU: two queries for the listings, one for their categories' attributes."""
    listings = catalog.listings(ids={line.listing_id for line in view.lines if line.listing_id is not None})
    wanted = {listing.category_code for listing in listings.values()}
    schemas = {one.code: one for one in catalog.categories() if one.code in wanted} if wanted else {}
    return {line.sku_id: _row(line, listings, schemas) for line in view.lines}


def _row(
    line: LineView, listings: Mapping[UUID, catalog.ListingView], schemas: Mapping[str, catalog.Category]
) -> GoodsRow:
    listing = listings.get(line.listing_id) if line.listing_id is not None else None
    sku = next((one for one in listing.skus if one.id == line.sku_id), None) if listing is not None else None
    if listing is None or sku is None:
        return GoodsRow(line, listing, (), None, 1, 1, None)
    facts = _facts(schemas.get(listing.category_code), sku.attributes)
    return GoodsRow(line, listing, facts, _hint(line, sku), sku.multiple, sku.min_order, sku.max_order)


def _facts(
    schema: catalog.Category | None, values: Mapping[str, Any]
) -> tuple[tuple[catalog.Attribute, Any], ...]:
    """Pair what varies between a listing's SKUs with its values, a choice with its option's names."""
    found = []
    for attribute in schema.attributes if schema is not None else ():
        if attribute.code in values:
            value = values[attribute.code]
            option = next((one for one in attribute.options if one.code == value), None)
            found.append((attribute, option.names if option is not None else value))
    return tuple(found)


def _hint(line: LineView, sku: catalog.SkuView) -> Hint | None:
    """Say from which quantity on it gets cheaper, if that many can be had."""
    tier = next((one for one in sku.tiers if one.min_quantity > line.quantity), None)
    if tier is None or line.unit_price is None or tier.min_quantity > line.available:
        return None
    if tier.unit_price_minor >= line.unit_price.minor:
        return None
    price = Money(tier.unit_price_minor, sku.currency)
    return Hint(tier.min_quantity - line.quantity, price, tier.min_quantity)


def sellers_of(view: CartView) -> dict[UUID, parties.PartyView]:
    """Return the sellers of a cart's lines."""
    return parties.parties(ids={line.seller_id for line in view.lines if line.seller_id is not None})


def units() -> dict[str, parties.Names]:
    """Return the names of the sale units."""
    return {one.code: one.names for one in catalog.units()}
