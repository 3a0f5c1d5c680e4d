"""Carts: what a user thinks of taking for the party they act for."""

from collections.abc import Collection, Sequence
from dataclasses import replace
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
from cohong.retail.shapes import CartItem, CartView, KeptLine, LineView, Parcel

_READ, _WRITE = "orders:read", "orders:write"
Owner = tuple[UUID, UUID]
"""Whose cart it is: the party, and the user."""


def owner_of(actor: Actor) -> Owner:
    """Tell whose cart an actor fills. A token has no user; its cart is kept under the party's own id."""
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
    there = {line.sku_id: line.quantity for line in rows(actor, lock=True)}
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
            *(*owner_of(actor), clock.now()),
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
    quoted = catalog.quote(items=[catalog.QuoteItem(line.sku_id, line.quantity) for line in there])
    good = [one for one in quoted if not isinstance(one, Refusal)]
    sets.run(
        "update retail_cart_line l set price_minor = x.price, currency = x.currency"
        " from unnest(%s::uuid[], %s::bigint[], %s::text[]) as x(sku_id, price, currency)"
        " where l.party_id = %s and l.user_id = %s and l.sku_id = x.sku_id",
        (
            [one.sku_id for one in good],
            [one.unit_price.minor for one in good],
            [one.unit_price.currency for one in good],
            *owner_of(actor),
        ),
    )


def _delete(actor: Actor, sku_ids: Sequence[UUID]) -> int:
    if not sku_ids:
        return 0
    return sets.run(
        "delete from retail_cart_line where party_id = %s and user_id = %s and sku_id = any(%s)",
        (*owner_of(actor), list(sku_ids)),
    )


def take_out(actor: Actor, sku_ids: Sequence[UUID]) -> None:
    """Take lines out; for the checkout, which has just ordered them."""
    _delete(actor, sku_ids)


@sets.act
def pick(*, actor: Actor, sku_ids: Collection[UUID]) -> None:
    """Choose the lines of the next checkout: these, and no others. Raises NotYours."""
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    rows(actor, lock=True)
    sets.run(
        "update retail_cart_line set picked = (sku_id = any(%s)) where party_id = %s and user_id = %s"
        " and picked <> (sku_id = any(%s))",
        (list(sku_ids), *owner_of(actor), list(sku_ids)),
    )


@sets.act
def merge(*, actor: Actor, cart_id: UUID, lines: Sequence[KeptLine]) -> int:
    """Take over the cart that a user filled before signing in, once for its id; return how many lines came in.

    Quantities add up; the price that was agreed to stays the one beside the line, so that a change is seen. What the actor's
    party sells itself, what there never was, and what would overfill the cart is left out. Raises NotYours.
    """
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    taken = sets.run(
        "insert into retail_merged_cart (id, party_id, user_id, merged_at) values (%s, %s, %s, %s) on conflict do nothing",
        (cart_id, *owner_of(actor), clock.now()),
    )
    if not taken:
        return 0
    known = catalog.skus(ids=[line.sku_id for line in lines])
    fit = [
        line
        for line in lines
        if line.sku_id in known
        and known[line.sku_id].seller_id != actor.party_id
        and 0 < line.quantity <= catalog.MAX_QUANTITY
    ]
    return put_back(owner_of(actor), fit)


def put_back(owner: Owner, lines: Sequence[KeptLine]) -> int:
    """Put lines in as they are, more of what is there; return how many. What would overfill the cart is left out."""
    there = {
        row[0]
        for row in sets.fetch(
            "select sku_id from retail_cart_line where party_id = %s and user_id = %s order by sku_id for update",
            owner,
        )
    }
    room = max(0, parameters.value(CART_LINES) - len(there))
    fresh = [line.sku_id for line in lines if line.sku_id not in there][:room]
    kept = sorted((line for line in lines if line.sku_id in {*there, *fresh}), key=lambda line: line.sku_id)
    if kept:
        sets.run(
            "insert into retail_cart_line (party_id, user_id, sku_id, quantity, price_minor, currency, added_at, picked)"
            " select %s, %s, x.sku_id, x.quantity, x.price, x.currency, x.added_at, x.picked from unnest(%s::uuid[],"
            " %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bool[])"
            " as x(sku_id, quantity, price, currency, added_at, picked)"
            " on conflict (party_id, user_id, sku_id) do update"
            " set quantity = least(retail_cart_line.quantity + excluded.quantity, %s), picked = excluded.picked,"
            " price_minor = excluded.price_minor, currency = excluded.currency",
            (
                *owner,
                [line.sku_id for line in kept],
                [line.quantity for line in kept],
                [line.agreed_price.minor for line in kept],
                [line.agreed_price.currency for line in kept],
                [line.added_at for line in kept],
                [line.picked for line in kept],
                catalog.MAX_QUANTITY,
            ),
        )
    return len(kept)


# --- reads -----------------------------------------------------------------------------------------------


def rows(actor: Actor, *, lock: bool = False) -> list[KeptLine]:
    """Return the cart's lines as they are kept, the first one put in first; locked in key order if asked."""
    if lock:
        sets.fetch(
            "select 1 from retail_cart_line where party_id = %s and user_id = %s order by sku_id for update",
            owner_of(actor),
        )
    return [
        KeptLine(
            sku_id=sku_id,
            quantity=quantity,
            agreed_price=Money(minor, currency),
            added_at=added_at,
            picked=picked,
        )
        for sku_id, quantity, minor, currency, added_at, picked in sets.fetch(
            "select sku_id, quantity, price_minor, currency, added_at, picked from retail_cart_line"
            " where party_id = %s and user_id = %s order by added_at, sku_id",
            owner_of(actor),
        )
    ]


def count(*, actor: Actor) -> int:
    """Return how many lines the cart has."""
    [(lines,)] = sets.fetch(
        "select count(*) from retail_cart_line where party_id = %s and user_id = %s", owner_of(actor)
    )
    return int(lines)


def look(*, actor: Actor, region_code: str | None = None, only_picked: bool = False) -> CartView:
    """Return the cart, or what is chosen of it, at today's prices and stock, whatever its size in six statements.

    With a region, each parcel has the ways in which it can come there, and what they cost. Raises NotYours.
    """
    parties.require(actor, actor.party_id, *Role, scope=_READ)
    lines = [line for line in rows(actor) if line.picked or not only_picked]
    return price(lines=lines, region_code=region_code)


def price(*, lines: Sequence[KeptLine], region_code: str | None = None) -> CartView:
    """Return a cart that somebody else keeps at today's prices and stock, as `look` does; anyone may ask what goods cost."""
    view, stock = priced(lines)
    return view if region_code is None else with_offers(view, stock, region_code)


def priced(there: Sequence[KeptLine]) -> tuple[CartView, dict[UUID, catalog.StockView]]:
    """Price lines anew, and look at what there is of them."""
    quotes = catalog.quote(items=[catalog.QuoteItem(line.sku_id, line.quantity) for line in there])
    stock = catalog.stock_of(sku_ids=[line.sku_id for line in there])
    refused = [line.sku_id for line, quoted in zip(there, quotes, strict=True) if isinstance(quoted, Refusal)]
    # A line that has no quote still has a name: by it the buyer knows what cannot be had.
    known = catalog.skus(ids=refused) if refused else {}
    lines = [
        _refused(line, quoted, known.get(line.sku_id), stock[line.sku_id].available)
        if isinstance(quoted, Refusal)
        else _line(line, quoted, stock[line.sku_id].available)
        for line, quoted in zip(there, quotes, strict=True)
    ]
    own, unpriced = rules.parcels(lines)
    return CartView(parcels=own, unpriced=unpriced), stock


def _line(line: KeptLine, quoted: catalog.Quote, available: int) -> LineView:
    short = refusals.StockShort(
        title=quoted.title, sku=str(line.sku_id), wanted=line.quantity, available=available
    )
    return LineView(
        sku_id=line.sku_id,
        listing_id=quoted.listing_id,
        seller_id=quoted.seller_id,
        title=quoted.title,
        sku_code=quoted.sku_code,
        unit=quoted.unit,
        quantity=line.quantity,
        unit_price=quoted.unit_price,
        agreed_price=line.agreed_price,
        available=available,
        weight_grams=quoted.weight_grams,
        added_at=line.added_at,
        problem=short if available < line.quantity else None,
        picked=line.picked,
    )


def _refused(line: KeptLine, refusal: Refusal, sku: catalog.SkuView | None, available: int) -> LineView:
    return LineView(
        sku_id=line.sku_id,
        listing_id=sku.listing_id if sku else None,
        seller_id=sku.seller_id if sku else None,
        title=sku.title if sku else "",
        sku_code=sku.code if sku else "",
        unit=sku.unit if sku else "",
        quantity=line.quantity,
        unit_price=None,
        agreed_price=line.agreed_price,
        available=available,
        weight_grams=sku.weight_grams if sku else 0,
        added_at=line.added_at,
        problem=refusal,
        picked=line.picked,
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
