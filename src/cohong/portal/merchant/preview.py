"""What is typed, as the buyer will see it: by the parts that the listing's own page is made of."""

from dataclasses import dataclass
from typing import Any

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingView, PictureView, Tier
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.market.facts import Fact, facts_of
from cohong.portal.merchant import listing_form
from cohong.portal.merchant.listing_form import ListingForm, SkuRow


@dataclass(frozen=True, slots=True)
class SeenSku:
    """A kind of the goods, as far as it can be read."""

    code: str
    currency: str
    tiers: list[Tier]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A kind with what sets it apart."""

    sku: SeenSku
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing as far as it can be read; it has what the parts of a listing's page ask for."""

    title: str
    title_en: str
    description: str
    freight_note: str
    unit: str
    region_code: str
    pictures: tuple[PictureView, ...]
    price_from: Money | None
    price_to: Money | None


def preview_of(form: ListingForm, actor: Actor, view: ListingView | None) -> dict[str, Any]:
    """Put together what the preview shows: as much of the listing as can be read by now."""
    errors = dict(form.errors), [dict(row.errors) for row in form.skus]
    draft = listing_form.draft_of(form)
    # Reading money notes errors; a look is no check, and leaves the form as it was.
    form.errors = errors[0]
    for row, kept in zip(form.skus, errors[1], strict=True):
        row.errors = kept
    seller = parties.party(party_id=actor.party_id)
    rows = [
        SeenRow(
            SeenSku(sku.code, form.texts["currency"], _tiers(row, form)),
            facts_of(form.category, sku.attributes),
        )
        for sku, row in zip(draft.skus, form.skus, strict=True)
    ]
    prices = [tier.unit_price_minor for row in rows for tier in row.sku.tiers]
    steps = {tuple(tier.min_quantity for tier in row.sku.tiers) for row in rows}
    return {
        "seen": Seen(
            title=draft.title,
            title_en=draft.title_en,
            description=draft.description,
            freight_note=draft.freight_note,
            unit=draft.unit,
            region_code=seller.region_code,
            pictures=tuple(view.pictures) if view is not None else (),
            price_from=Money(min(prices), form.texts["currency"]) if prices else None,
            price_to=Money(max(prices), form.texts["currency"]) if prices else None,
        ),
        "facts": facts_of(form.category, draft.attributes),
        "rows": rows,
        "steps": next(iter(steps)) if len(steps) == 1 else (),
        "seller": seller,
        "regions": {one.code: one.names for one in parties.regions()},
        "unit_names": {one.code: one.names for one in catalog.units()},
    }


def _tiers(row: SkuRow, form: ListingForm) -> list[Tier]:
    """Read those price tiers that can be read."""
    found = []
    for tier in row.tiers:
        try:
            quantity = int(tier.quantity or "1")
            price = Money.parse(tier.price.strip(), form.texts["currency"])
        except (ValueError, Refusal):
            continue
        found.append(Tier(quantity, price.minor))
    return found
