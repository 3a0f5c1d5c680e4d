"""Reads of listings, categories and stock.

A fixed number of statements each, however many things are asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from cohong.catalog import refusals as no
from cohong.catalog.shapes import (
    Attribute,
    Category,
    HoldView,
    ListingView,
    LocationStock,
    LocationView,
    MovementView,
    PictureView,
    SkuView,
    StockView,
    Tier,
    Unit,
    Value,
)
from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Names, Role

_values = msgspec.json.Decoder(dict[str, Value])
_schema = msgspec.json.Decoder(tuple[Attribute, ...])


# --- categories and units --------------------------------------------------------------------------------

_CATEGORY = (
    "select code, parent_id, industry_code, name_zh_hans, name_zh_hant, name_en, attributes"
    " from catalog_category"
)


def _category(row: tuple[Any, ...]) -> Category:
    code, parent_code, industry_code, zh_hans, zh_hant, en, attributes = row
    return Category(
        code=code,
        parent_code=parent_code,
        industry_code=industry_code,
        names=Names(zh_hans, zh_hant, en),
        attributes=_schema.decode(attributes),
    )


def categories(*, industry_code: str | None = None) -> list[Category]:
    """Return all categories, or an industry's, by code."""
    where = " where industry_code = %s" if industry_code is not None else ""
    params = (industry_code,) if industry_code is not None else ()
    return [_category(row) for row in sets.fetch(f"{_CATEGORY}{where} order by code", params)]


def categories_by_code(*, codes: Sequence[str]) -> list[Category]:
    """Return those of these categories that exist."""
    known = [code for code in codes if "\x00" not in code]
    return [_category(row) for row in sets.fetch(f"{_CATEGORY} where code = any(%s) order by code", (known,))]


def category(*, code: str) -> Category:
    """Return one category. Raises NoSuchCategory."""
    found = categories_by_code(codes=[code])
    if not found:
        raise no.NoSuchCategory(category=code)
    return found[0]


def units() -> list[Unit]:
    """Return all sale units, by code."""
    return [
        Unit(code, Names(zh_hans, zh_hant, en))
        for code, zh_hans, zh_hant, en in sets.fetch(
            "select code, name_zh_hans, name_zh_hant, name_en from catalog_unit order by code"
        )
    ]


# --- listings --------------------------------------------------------------------------------------------


def listings(*, ids: Iterable[UUID]) -> dict[UUID, ListingView]:
    """Return listings whole, in whatever state; unknown ids are left out. Four statements in all."""
    wanted = list(ids)
    found = sets.fetch(
        "select l.id, l.seller_id, l.key, l.category_id, c.industry_code, l.market_id, l.region_code,"
        " l.title, l.title_en,"
        " l.description, l.attributes, l.unit_id, l.freight_note, l.currency, l.price_from_minor,"
        " l.price_to_minor,"
        " l.state, l.open_holds, l.revision, l.created_at, l.changed_at, l.published_at"
        " from catalog_listing l join catalog_category c on c.code = l.category_id where l.id = any(%s)",
        (wanted,),
    )
    by_listing: dict[UUID, list[SkuView]] = defaultdict(list)
    for sku in _skus("k.listing_id = any(%s)", wanted):
        by_listing[sku.listing_id].append(sku)
    pictures = pictures_of(listing_ids=wanted)
    views = {}
    for (
        id_,
        seller_id,
        key,
        category_code,
        industry_code,
        market_id,
        region_code,
        title,
        title_en,
        *rest,
    ) in found:
        description, attributes, unit, freight_note, currency, lowest, highest, state, open_holds, *more = (
            rest
        )
        revision, created_at, changed_at, published_at = more
        views[id_] = ListingView(
            id=id_,
            seller_id=seller_id,
            key=key,
            category_code=category_code,
            industry_code=industry_code,
            market_id=market_id,
            region_code=region_code,
            title=title,
            title_en=title_en,
            description=description,
            attributes=_values.decode(attributes),
            unit=unit,
            freight_note=freight_note,
            price_from=Money(lowest, currency),
            price_to=Money(highest, currency),
            state=state,
            held=open_holds > 0,
            revision=revision,
            created_at=created_at,
            changed_at=changed_at,
            published_at=published_at,
            skus=tuple(by_listing[id_]),
            pictures=tuple(pictures.get(id_, ())),
        )
    return views


def listing(*, listing_id: UUID, actor: Actor | None = None) -> ListingView:
    """Return one listing as the reader may see it, without its retired SKUs. Raises NoSuchListing.

    Everyone sees what is on offer. A draft, a withdrawn or a held listing is seen by its seller and by the
    authorities that may hold it.
    """
    view = listings(ids=[listing_id]).get(listing_id)
    if view is None or not (view.offered or (actor is not None and _sees_all(actor, view.seller_id))):
        raise no.NoSuchListing(listing=str(listing_id))
    return msgspec.structs.replace(view, skus=tuple(sku for sku in view.skus if not sku.retired))


def _sees_all(actor: Actor, seller_id: UUID) -> bool:
    if actor.scopes is not None and "catalog:read" not in actor.scopes:
        return False
    mine = actor.party_id == seller_id and actor.may(*Role)
    return mine or not actor.mandates.isdisjoint({Mandate.SUPERVISION, Mandate.PLATFORM})


def skus(*, ids: Iterable[UUID]) -> dict[UUID, SkuView]:
    """Return SKUs with their tiers, retired ones too; unknown ids are left out. Two statements."""
    return {sku.id: sku for sku in _skus("k.id = any(%s)", list(ids))}


def _skus(where: str, ids: list[UUID]) -> list[SkuView]:
    rows = sets.fetch(
        "select k.id, k.listing_id, l.seller_id, k.code, l.title, k.attributes, l.unit_id, l.currency,"
        " k.min_order,"
        " k.multiple, k.max_order, k.weight_grams, k.retired from catalog_sku k join catalog_listing l on"
        f" l.id = k.listing_id where {where}"
        " order by k.listing_id, k.position, k.id",
        (ids,),
    )
    tiers: dict[UUID, list[Tier]] = defaultdict(list)
    for sku_id, min_quantity, price in sets.fetch(
        "select sku_id, min_quantity, unit_price_minor from catalog_price_tier where sku_id = any(%s)"
        " order by sku_id, min_quantity",
        ([row[0] for row in rows],),
    ):
        tiers[sku_id].append(Tier(min_quantity, price))
    return [
        SkuView(
            id=id_,
            listing_id=listing_id,
            seller_id=seller_id,
            code=code,
            title=title,
            attributes=_values.decode(attributes),
            unit=unit,
            currency=currency,
            tiers=tuple(tiers[id_]),
            min_order=min_order,
            multiple=multiple,
            max_order=max_order,
            weight_grams=weight_grams,
            retired=retired,
        )
        for id_, listing_id, seller_id, code, title, attributes, unit, currency, *limits, retired in rows
        for min_order, multiple, max_order, weight_grams in [limits]
    ]


def pictures_of(*, listing_ids: Sequence[UUID]) -> dict[UUID, list[PictureView]]:
    """Return listings' pictures in their order."""
    pictures: dict[UUID, list[PictureView]] = defaultdict(list)
    for id_, listing_id, digest, width, height in sets.fetch(
        "select id, listing_id, digest, width, height from catalog_picture where listing_id = any(%s)"
        " order by listing_id, position, id",
        (list(listing_ids),),
    ):
        pictures[listing_id].append(picture_view(id_, digest, width, height))
    return dict(pictures)


def picture_view(id_: UUID, digest: str, width: int, height: int) -> PictureView:
    """Describe a picture with the addresses of its two files."""
    address = f"{settings.MEDIA_URL}{picture_name(digest)}"
    small = f"{settings.MEDIA_URL}{picture_name(digest, small=True)}"
    return PictureView(id_, digest, address, small, width, height)


def picture_name(digest: str, *, small: bool = False) -> str:
    """Name a picture's file under the media folder."""
    return f"catalog/pictures/{digest[:2]}/{digest}{'-small' if small else ''}.webp"


def require_sight(actor: Actor, listing_id: UUID) -> None:
    """Make sure that the actor is of the listing's seller or an authority that may hold it. Raises NoSuchListing."""
    owner = sets.fetch("select seller_id from catalog_listing where id = %s", (listing_id,))
    if not owner or not _sees_all(actor, owner[0][0]):
        raise no.NoSuchListing(listing=str(listing_id))


def holds(*, actor: Actor, listing_id: UUID) -> list[HoldView]:
    """Return a listing's holds, oldest first, for its seller and the authorities. Raises NoSuchListing."""
    require_sight(actor, listing_id)
    return [
        HoldView(*row)
        for row in sets.fetch(
            "select id, listing_id, reason, placed_by, placed_at, lifted_at, lift_reason, mandate from catalog_hold"
            " where listing_id = %s order by placed_at, id",
            (listing_id,),
        )
    ]


# --- stock -----------------------------------------------------------------------------------------------


def locations(*, party_id: UUID, with_closed: bool = False) -> list[LocationView]:
    """Return a party's stock locations, by name: the open ones, or all."""
    return [
        LocationView(*row)
        for row in sets.fetch(
            "select id, party_id, name, region_code, closed_at is null from catalog_location where party_id = %s"
            f"{'' if with_closed else ' and closed_at is null'} order by name, id",
            (party_id,),
        )
    ]


def own_locations(*, actor: Actor, with_closed: bool = False) -> list[LocationView]:
    """Return the stock locations of the actor's party, the open ones or all. Raises NotYours."""
    parties.require(actor, actor.party_id, *Role, scope="catalog:read")
    return locations(party_id=actor.party_id, with_closed=with_closed)


def listing_stock(*, actor: Actor, listing_id: UUID) -> list[StockView]:
    """Return the stock of all SKUs of a listing, by location, to those who work for its seller.

    Raises NoSuchListing, NotYours.
    """
    view = listings(ids=[listing_id]).get(listing_id)
    if view is None:
        raise no.NoSuchListing(listing=str(listing_id))
    parties.require(actor, view.seller_id, *Role, scope="catalog:read")
    return list(stock_of(sku_ids=[sku.id for sku in view.skus]).values())


def stock_of(*, sku_ids: Iterable[UUID]) -> dict[UUID, StockView]:
    """Return the stock of each of these SKUs (nothing at all for one that was never received).

    One statement.
    """
    wanted = list(sku_ids)
    by_sku: dict[UUID, list[LocationStock]] = {sku_id: [] for sku_id in wanted}
    for sku_id, *row in sets.fetch(
        "select s.sku_id, s.location_id, c.name, c.region_code, s.on_hand, s.reserved from catalog_stock s"
        " join catalog_location c on c.id = s.location_id where s.sku_id = any(%s) order by s.sku_id,"
        " c.name, c.id",
        (wanted,),
    ):
        by_sku[sku_id].append(LocationStock(*row))
    return {
        sku_id: StockView(
            sku_id, sum(one.on_hand for one in there), sum(one.reserved for one in there), tuple(there)
        )
        for sku_id, there in by_sku.items()
    }


def movements(
    *, actor: Actor, sku_id: UUID, limit: int = 50, after: UUID | None = None
) -> list[MovementView]:
    """Return a SKU's stock movements, newest first, to those who work for its seller. Raises NoSuchSku.

    `limit` counts references; `after` is the last one of the page before.
    """
    owner = sets.fetch(
        "select l.seller_id from catalog_sku k join catalog_listing l on l.id = k.listing_id where k.id = %s",
        (sku_id,),
    )
    if not owner:
        raise no.NoSuchSku(sku=str(sku_id))
    parties.require(actor, owner[0][0], *Role, scope="catalog:read")
    past = (
        " and (made_at, reference) < (select made_at, reference from catalog_stock_movement where"
        " reference = %s and part = 0)"
        if after is not None
        else ""
    )
    # A page counts references, so that one that reached several locations is never cut in two.
    return [
        MovementView(*row)
        for row in sets.fetch(
            "select reference, kind, sku_id, location_id, quantity, line_id, reason, made_at from"
            " catalog_stock_movement"
            " where reference in (select reference from catalog_stock_movement where sku_id = %s and part = 0"
            f"{past} order by made_at desc, reference desc limit %s) order by made_at desc, reference desc,"
            " part",
            (sku_id, *((after,) if after is not None else ()), limit),
        )
    ]
