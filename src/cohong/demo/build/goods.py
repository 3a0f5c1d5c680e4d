"""What sellers offer: places of stock, listings with pictures, goods received; then it goes on offer."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from itertools import islice
from os import cpu_count
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo import pictures
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.residents import Cast
from cohong.demo.companies import Company
from cohong.demo.listings import Listing, Sku
from cohong.demo.pricing import Freight
from cohong.kernel import clock
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import UUID, named_id, named_id_at
from cohong.parties import api as parties
from cohong.parties.api import Role

Tell = Callable[[int, int], None]
_PICTURES_AT_ONCE: Final = 24
_QUALITY: Final = 96
# The days on which goods were first put on offer, counted from the first.
_WAVES: Final = 12


def listing_id(listing: Listing, calendar: Calendar) -> UUID:
    """Give the id under which a listing of the demo is made."""
    return named_id_at(calendar.on_offer + _wave(listing), "demo.listing", listing.ref)


def sku_id(sku: Sku) -> UUID:
    """Give the id under which a SKU of the demo is made."""
    return named_id("demo.sku", sku.code)


def _wave(listing: Listing) -> timedelta:
    """Say how long after the first goods these came on offer; a seller's come on several days."""
    number = int(listing.ref.rpartition("-")[2])
    return timedelta(days=number % _WAVES, minutes=number)


def done(outcomes: Sequence[object]) -> None:
    """Raise the first refusal among outcomes: the demo's data are such that there is none."""
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            raise outcome


class Goods:
    """The listings of the demo, put on offer step by step."""

    def __init__(self, listings: Sequence[Listing], cast: Cast, calendar: Calendar) -> None:
        self._listings, self._cast, self._calendar = listings, cast, calendar
        self._markets = {market.code: market.id for market in parties.markets()}

    def _seen(self) -> dict[UUID, catalog.ListingView]:
        return catalog.listings(ids=[listing_id(one, self._calendar) for one in self._listings])

    # --- written ----------------------------------------------------------------------------------------

    def write(self, sellers: Sequence[Company], tell: Tell) -> None:
        """Open each seller's places of stock and write its listings: one transaction a seller."""
        seen = self._seen()
        for number, company in enumerate(sellers, 1):
            own = [one for one in self._listings if one.seller == company.slug]
            missing = [one for one in own if listing_id(one, self._calendar) not in seen]
            with transaction.atomic(), clock.at(self._calendar.set_up):
                self._open_locations(company)
            if missing:
                with clock.at(self._calendar.listed):
                    outcomes = catalog.create_listings(
                        actor=self._cast.acting(company.slug, Role.SALES),
                        seller_id=self._cast.parties[company.slug],
                        drafts=[self._draft(listing) for listing in missing],
                    )
                done(outcomes)
            tell(number, len(sellers))

    def _open_locations(self, company: Company) -> None:
        party_id = self._cast.parties[company.slug]
        known = {place.name for place in catalog.locations(party_id=party_id)}
        for place in company.locations:
            if place.name.zh_hans not in known:
                catalog.open_location(
                    actor=self._cast.acting(company.slug, Role.WAREHOUSE),
                    party_id=party_id,
                    name=place.name.zh_hans,
                    region_code=place.region,
                )

    def _draft(self, listing: Listing) -> catalog.ListingDraft:
        return catalog.ListingDraft(
            id=listing_id(listing, self._calendar),
            key=listing.ref,
            category_code=listing.category,
            title=listing.title_zh,
            title_en=listing.title_en,
            description=listing.description_zh,
            currency=listing.currency,
            unit=listing.unit,
            attributes=dict(listing.attributes),
            market_id=self._markets[listing.market],
            freight_note=freight_note(listing.freight, listing.currency),
            skus=[
                catalog.SkuDraft(
                    id=sku_id(sku),
                    code=sku.code,
                    attributes=dict(sku.attributes),
                    tiers=[catalog.Tier(tier.min_quantity, tier.unit_price_minor) for tier in sku.tiers],
                    min_order=listing.min_order,
                    multiple=listing.order_multiple,
                    weight_grams=sku.weight_grams,
                )
                for sku in listing.skus
            ],
        )

    # --- shown ------------------------------------------------------------------------------------------

    def show(self, tell: Tell) -> None:
        """Draw the pictures that are missing, on all cores, and add them: a transaction for every few."""
        seen = self._seen()
        missing = [one for one in self._listings if not seen[listing_id(one, self._calendar)].pictures]
        count = len(self._listings) - len(missing)
        tell(count, len(self._listings))
        if not missing:
            return
        with ThreadPoolExecutor(max_workers=min(8, cpu_count() or 1)) as pool:
            coming = zip(missing, pool.map(_draw, missing), strict=True)
            while drawn := list(islice(coming, _PICTURES_AT_ONCE)):
                with transaction.atomic(), clock.at(self._calendar.listed):
                    for listing, picture in drawn:
                        catalog.add_picture(
                            actor=self._cast.acting(listing.seller, Role.SALES),
                            listing_id=listing_id(listing, self._calendar),
                            content=picture,
                        )
                count += len(drawn)
                tell(count, len(self._listings))

    # --- on offer ---------------------------------------------------------------------------------------

    def offer(self, sellers: Sequence[Company], tell: Tell) -> None:
        """Receive each seller's goods and put its listings on offer: one transaction a seller."""
        seen = self._seen()
        for number, company in enumerate(sellers, 1):
            drafts = [
                one
                for one in self._listings
                if one.seller == company.slug and seen[listing_id(one, self._calendar)].state == "draft"
            ]
            if drafts:
                with transaction.atomic():
                    self._receive(company, drafts)
                    for listing in drafts:
                        with clock.at(self._calendar.on_offer + _wave(listing)):
                            done(
                                catalog.publish(
                                    actor=self._cast.acting(company.slug, Role.SALES),
                                    listing_ids=[listing_id(listing, self._calendar)],
                                )
                            )
            tell(number, len(sellers))

    def _receive(self, company: Company, listings: Sequence[Listing]) -> None:
        known = {
            place.name: place.id for place in catalog.locations(party_id=self._cast.parties[company.slug])
        }
        places = {place.code: known[place.name.zh_hans] for place in company.locations}
        items = [
            catalog.StockItem(
                sku_id(sku),
                places[stock.location],
                stock.quantity,
                "",
                named_id("demo.stock", sku.code, stock.location),
            )
            for listing in listings
            for sku in listing.skus
            for stock in sku.stock
        ]
        with clock.at(self._calendar.listed):
            done(catalog.receive_stock(actor=self._cast.acting(company.slug, Role.WAREHOUSE), items=items))


def _draw(listing: Listing) -> catalog.Rendered:
    content = BytesIO()
    pictures.image(listing).save(content, "JPEG", quality=_QUALITY)
    return catalog.render_picture(content.getvalue())


def freight_note(freight: Freight, currency: str) -> str:
    """Say in the seller's words what freight costs where no carrier's tariff tells."""

    def amount(minor: int) -> str:
        return f"{minor // 100}.{minor % 100:02d} {currency}"

    note = {
        "none": "",
        "free": "包邮。",
        "flat": f"运费每单 {amount(freight.base_minor)}。",
        "by_weight": f"运费每单 {amount(freight.base_minor)}，每公斤另加 {amount(freight.per_kg_minor)}。"
        if freight.base_minor
        else f"运费每公斤 {amount(freight.per_kg_minor)}。",
    }[freight.mode]
    return f"{note}货款满 {amount(freight.free_from_minor)} 包邮。" if freight.free_from_minor else note
