"""Carts: what a user thinks of taking for the party they act for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, parameters, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import refusals, rules
from cohong.retail.parameters import CART_LINES
from cohong.retail.shapes import CartItem, CartView, LineView, Parcel

_READ, _WRITE = "orders:read", "orders:write"
Row = tuple[UUID, int, Money, datetime]
"""A line as it is kept: SKU, quantity, the price agreed to, when it was put in."""


def _owner(actor: Actor) -> tuple[UUID, UUID]:
    return actor.party_id, actor.user_id or actor.party_id


# --- acts ------------------------------------------------------------------------------------------------


@sets.act
def put(*, actor: Actor, items: Sequence[CartItem]) -> None:
    """Let the cart hold so many of each of these SKUs, at today's prices; none takes a line out.

    All of it or nothing. Raises NotYours, OwnGoods, CartFull, and what the catalog's `quote` refuses a quantity with. Whether the
    goods are in stock is shown, not asked: it may change until they are ordered.
    """
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    _write(actor, {item.sku_id: item.quantity for item in items})


@sets.act
def add(*, actor: Actor, items: Sequence[CartItem]) -> None:
    """Put so many more of each of these SKUs into the cart. Raises as `put` does."""
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    there = {sku_id: quantity for sku_id, quantity, _, _ in rows(actor, lock=True)}
    more: dict[UUID, int] = {}
    for item in items:
        more[item.sku_id] = more.get(item.sku_id, 0) + item.quantity
    _write(actor, {sku_id: there.get(sku_id, 0) + quantity for sku_id, quantity in more.items() if quantity})


def _write(actor: Actor, wanted: dict[UUID, int]) -> None:
    _delete(actor, [sku_id for sku_id, quantity in wanted.items() if quantity == 0])
    kept = [catalog.QuoteItem(sku_id, quantity) for sku_id, quantity in wanted.items() if quantity != 0]
    quotes: list[catalog.Quote] = []
    for quoted in catalog.quote(items=kept):
        if isinstance(quoted, Refusal):
            raise quoted
        if quoted.seller_id == actor.party_id:
            raise orders.OwnGoods
        quotes.append(quoted)
    # In key order, so that two windows of one user that change the same lines never wait for each other in a ring.
    quotes.sort(key=lambda quoted: quoted.sku_id)
    sets.run(
        "insert into retail_cart_line (party_id, user_id, sku_id, quantity, price_minor, currency, added_at)"
        " select %s, %s, x.sku_id, x.quantity, x.price, x.currency, %s"
        " from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[]) as x(sku_id, quantity, price, currency)"
        " on conflict (party_id, user_id, sku_id) do update set quantity = excluded.quantity,"
        " price_minor = excluded.price_minor, currency = excluded.currency",
        (
            *(*_owner(actor), clock.now()),
            [quoted.sku_id for quoted in quotes],
            [quoted.quantity for quoted in quotes],
            [quoted.unit_price.minor for quoted in quotes],
            [quoted.unit_price.currency for quoted in quotes],
        ),
    )
    most = parameters.value(CART_LINES)
    if count(actor=actor) > most:
        raise refusals.CartFull(most=most)


@sets.act
def remove(*, actor: Actor, sku_id: UUID) -> None:
    """Take a line out of the cart. Raises NotYours, NoSuchLine."""
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    if not _delete(actor, [sku_id]):
        raise refusals.NoSuchLine


@sets.act
def agree_prices(*, actor: Actor) -> None:
    """Agree to the prices as they are now, on every line that has one. Raises NotYours."""
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    there = rows(actor, lock=True)
    quoted = catalog.quote(items=[catalog.QuoteItem(sku_id, quantity) for sku_id, quantity, _, _ in there])
    good = [one for one in quoted if not isinstance(one, Refusal)]
    sets.run(
        "update retail_cart_line l set price_minor = x.price, currency = x.currency"
        " from unnest(%s::uuid[], %s::bigint[], %s::text[]) as x(sku_id, price, currency)"
        " where l.party_id = %s and l.user_id = %s and l.sku_id = x.sku_id",
        (
            [one.sku_id for one in good],
            [one.unit_price.minor for one in good],
            [one.unit_price.currency for one in good],
            *_owner(actor),
        ),
    )


def _delete(actor: Actor, sku_ids: Sequence[UUID]) -> int:
    if not sku_ids:
        return 0
    return sets.run(
        "delete from retail_cart_line where party_id = %s and user_id = %s and sku_id = any(%s)",
        (*_owner(actor), list(sku_ids)),
    )


def empty(actor: Actor) -> None:
    """Take everything out; for the checkout, which has just ordered it."""
    sets.run("delete from retail_cart_line where party_id = %s and user_id = %s", _owner(actor))


# --- reads -----------------------------------------------------------------------------------------------


def rows(actor: Actor, *, lock: bool = False) -> list[Row]:
    """Return the cart's lines as they are kept, the first one put in first; locked in key order if asked."""
    if lock:
        sets.fetch(
            "select 1 from retail_cart_line where party_id = %s and user_id = %s order by sku_id for update",
            _owner(actor),
        )
    return [
        (sku_id, quantity, Money(minor, currency), added_at)
        for sku_id, quantity, minor, currency, added_at in sets.fetch(
            "select sku_id, quantity, price_minor, currency, added_at from retail_cart_line"
            " where party_id = %s and user_id = %s order by added_at, sku_id",
            _owner(actor),
        )
    ]


def count(*, actor: Actor) -> int:
    """Return how many lines the cart has."""
    [(lines,)] = sets.fetch(
        "select count(*) from retail_cart_line where party_id = %s and user_id = %s", _owner(actor)
    )
    return int(lines)


def look(*, actor: Actor, region_code: str | None = None) -> CartView:
    """Return the cart at today's prices and stock, whatever its size in six statements.

    With a region, each parcel has the ways in which it can come there, and what they cost. Raises NotYours.
    """
    parties.require(actor, actor.party_id, *Role, scope=_READ)
    view, stock = priced(rows(actor))
    return view if region_code is None else with_offers(view, stock, region_code)


def priced(there: Sequence[Row]) -> tuple[CartView, dict[UUID, catalog.StockView]]:
    """Price lines anew, and look at what there is of them."""
    quotes = catalog.quote(items=[catalog.QuoteItem(sku_id, quantity) for sku_id, quantity, _, _ in there])
    stock = catalog.stock_of(sku_ids=[row[0] for row in there])
    refused = [row[0] for row, quoted in zip(there, quotes, strict=True) if isinstance(quoted, Refusal)]
    # A line that has no quote still has a name: by it the buyer knows what cannot be had.
    known = catalog.skus(ids=refused) if refused else {}
    lines = [
        _refused(row, quoted, known.get(row[0]), stock[row[0]].available)
        if isinstance(quoted, Refusal)
        else _line(row, quoted, stock[row[0]].available)
        for row, quoted in zip(there, quotes, strict=True)
    ]
    own, unpriced = rules.parcels(lines)
    return CartView(parcels=own, unpriced=unpriced), stock


def _line(row: Row, quoted: catalog.Quote, available: int) -> LineView:
    sku_id, quantity, agreed, added_at = row
    short = refusals.StockShort(title=quoted.title, sku=str(sku_id), wanted=quantity, available=available)
    return LineView(
        sku_id=sku_id,
        listing_id=quoted.listing_id,
        seller_id=quoted.seller_id,
        title=quoted.title,
        sku_code=quoted.sku_code,
        unit=quoted.unit,
        quantity=quantity,
        unit_price=quoted.unit_price,
        agreed_price=agreed,
        available=available,
        weight_grams=quoted.weight_grams,
        added_at=added_at,
        problem=short if available < quantity else None,
    )


def _refused(row: Row, refusal: Refusal, sku: catalog.SkuView | None, available: int) -> LineView:
    sku_id, quantity, agreed, added_at = row
    return LineView(
        sku_id=sku_id,
        listing_id=sku.listing_id if sku else None,
        seller_id=sku.seller_id if sku else None,
        title=sku.title if sku else "",
        sku_code=sku.code if sku else "",
        unit=sku.unit if sku else "",
        quantity=quantity,
        unit_price=None,
        agreed_price=agreed,
        available=available,
        weight_grams=sku.weight_grams if sku else 0,
        added_at=added_at,
        problem=refusal,
    )


def with_offers(view: CartView, stock: dict[UUID, catalog.StockView], region_code: str) -> CartView:
    """Add to each parcel the ways in which it can come to a region: two statements for all of them."""
    carriers = logistics.carriers()
    services = [(carrier, service) for carrier in carriers for service in carrier.services]
    asked = [
        logistics.FreightItem(
            carrier_id=carrier.id,
            service=service,
            from_region=rules.origin(parcel, stock),
            to_region=region_code,
            weight_grams=parcel.weight_grams,
        )
        for parcel in view.parcels
        for carrier, service in services
    ]
    prices = iter(logistics.freight(items=asked))
    parcels: list[Parcel] = []
    for parcel in view.parcels:
        offered = [(carrier, service, next(prices)) for carrier, service in services]
        parcels.append(replace(parcel, offers=rules.delivery_offers(parcel, offered)))
    return replace(view, parcels=tuple(parcels))
