"""From a seller's draft to a listing: everything is looked up and checked for many drafts at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from cohong.catalog import refusals as no
from cohong.catalog import rules, selectors
from cohong.catalog.models import ListingState
from cohong.catalog.rules import Flaw
from cohong.catalog.shapes import Category, ListingDraft, ListingView, SkuDraft, SkuView
from cohong.kernel import clock, sets
from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties


@dataclass(frozen=True, slots=True)
class Shelf:
    """What drafts refer to, as far as it exists."""

    categories: dict[str, Category]
    parents: frozenset[str]
    units: frozenset[str]
    markets: frozenset[UUID]

    def flaws(self, draft: ListingDraft) -> list[Flaw]:
        """List all that is wrong with a draft."""
        flaws: list[Flaw] = []
        category = self.categories.get(draft.category_code)
        if category is None:
            flaws.append(
                Flaw("category_code", None, no.NoSuchCategory(category=rules.shown(draft.category_code)))
            )
        elif draft.category_code in self.parents:
            flaws.append(Flaw("category_code", None, no.CategoryTooBroad(category=draft.category_code)))
        if draft.unit not in self.units:
            flaws.append(Flaw("unit", None, no.NoSuchUnit(unit=rules.shown(draft.unit))))
        if draft.market_id is not None and draft.market_id not in self.markets:
            flaws.append(Flaw("market_id", None, no.NoSuchMarket()))
        # Without its category nothing can be said about a draft's attributes.
        if category is None:
            draft = msgspec.structs.replace(
                draft, attributes={}, skus=[msgspec.structs.replace(sku, attributes={}) for sku in draft.skus]
            )
        return flaws + rules.draft_flaws(draft, category.attributes if category else ())


def shelf_for(drafts: Sequence[ListingDraft]) -> Shelf:
    """Look up the categories, units and markets that drafts name."""
    codes = sorted({draft.category_code for draft in drafts if "\x00" not in draft.category_code})
    categories = {category.code: category for category in selectors.categories_by_code(codes=codes)}
    units = sorted({draft.unit for draft in drafts if "\x00" not in draft.unit})
    return Shelf(
        categories=categories,
        parents=frozenset(
            code
            for (code,) in sets.fetch(
                "select distinct parent_id from catalog_category where parent_id = any(%s)", (codes,)
            )
        ),
        units=frozenset(
            code for (code,) in sets.fetch("select code from catalog_unit where code = any(%s)", (units,))
        ),
        markets=frozenset(
            market_id
            for market_id in {draft.market_id for draft in drafts if draft.market_id}
            if _is_market(market_id)
        ),
    )


def _is_market(market_id: UUID) -> bool:
    # Drafts that come together name one market or a few, so asking for each is asking once or twice.
    try:
        parties.market(market_id=market_id)
    except NotFound:
        return False
    return True


def view_of(draft: ListingDraft, *, seller_id: UUID, region_code: str, category: Category) -> ListingView:
    """Make the listing, not yet published, that a flawless draft describes."""
    listing_id = draft.id or new_id()
    lowest, highest = rules.price_span(draft.skus)
    now = clock.now()
    return ListingView(
        id=listing_id,
        seller_id=seller_id,
        key=draft.key,
        category_code=draft.category_code,
        industry_code=category.industry_code,
        market_id=draft.market_id,
        region_code=region_code,
        title=draft.title.strip(),
        title_en=draft.title_en.strip(),
        description=draft.description,
        attributes=dict(draft.attributes),
        unit=draft.unit,
        freight_note=draft.freight_note,
        price_from=Money(lowest, draft.currency),
        price_to=Money(highest, draft.currency),
        state=ListingState.DRAFT.value,
        held=False,
        revision=1,
        created_at=now,
        changed_at=now,
        published_at=None,
        skus=tuple(sku_view(sku, sku.id or new_id(), listing_id, seller_id, draft) for sku in draft.skus),
        pictures=(),
    )


def sku_view(sku: SkuDraft, sku_id: UUID, listing_id: UUID, seller_id: UUID, draft: ListingDraft) -> SkuView:
    """Make the SKU that a flawless draft describes."""
    return SkuView(
        id=sku_id,
        listing_id=listing_id,
        seller_id=seller_id,
        code=sku.code,
        title=draft.title.strip(),
        attributes=dict(sku.attributes),
        unit=draft.unit,
        currency=draft.currency,
        tiers=tuple(sku.tiers),
        min_order=sku.min_order,
        multiple=sku.multiple,
        max_order=sku.max_order,
        weight_grams=sku.weight_grams,
        retired=False,
    )


def key_refusals(
    seller_id: UUID,
    drafts: Sequence[ListingDraft],
    *,
    own: UUID | None = None,
    may_have: Collection[str] = (),
) -> dict[int, Refusal]:
    """Tell which drafts, by position, want a key that another listing than `own` or an earlier draft has.

    Keys in `may_have` are not asked of other listings.
    """
    by_key: dict[str, list[int]] = defaultdict(list)
    for position, draft in enumerate(drafts):
        if isinstance(draft.key, str) and draft.key:
            by_key[draft.key].append(position)
    if not by_key:
        return {}
    taken = {
        key
        for key, listing_id in sets.fetch(
            "select key, id from catalog_listing where seller_id = %s and key = any(%s)",
            (seller_id, [key for key in by_key if "\x00" not in key]),
        )
        if listing_id != own and key not in may_have
    }
    return {
        position: no.KeyTaken(key=rules.shown(key))
        for key, positions in by_key.items()
        for position in (positions if key in taken else positions[1:])
    }
