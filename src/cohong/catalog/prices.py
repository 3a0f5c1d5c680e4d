"""Prices of many listings at once: what a rule makes of each, shown before, and applied in one act."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from cohong.catalog import refusals as no
from cohong.catalog import rules, selectors
from cohong.catalog.models import ListingState
from cohong.catalog.services_listings import SCOPE, issue
from cohong.catalog.shapes import ListingView, SkuView, Tier
from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import MAX_MINOR, Money, exponent
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

MAX_LISTINGS: Final = 500
_WHOLE: Final = 10_000
_MAX_BASIS_POINTS: Final = 100 * _WHOLE


class PriceChangeKind(StrEnum):
    """What is done to each unit price."""

    SET = "set"  # it becomes `minor`; the tiers of a SKU become one
    PERCENT = "percent"  # it goes up (or, below zero, down) by `basis_points` hundredths of a percent
    AMOUNT = "amount"  # `minor` is added to it (or, below zero, taken off)


class PriceRule(msgspec.Struct, frozen=True, kw_only=True):
    """A change of unit prices in one currency.

    The new price is rounded to the nearest multiple of `step_minor`, a half upwards; a price that is set is not
    rounded.
    """

    kind: PriceChangeKind
    currency: str
    minor: int = 0
    basis_points: int = 0
    step_minor: int = 1


class PriceChange(msgspec.Struct, frozen=True):
    """A listing whose prices shall change. With `revision`, only if the listing is still at it."""

    listing_id: UUID
    revision: int | None = None


class Repriced(msgspec.Struct, frozen=True):
    """The price tiers of a SKU, before and after."""

    sku: SkuView
    after: tuple[Tier, ...]

    @property
    def is_changed(self) -> bool:
        """Tell whether there is any difference."""
        return self.sku.tiers != self.after


# --- pure ------------------------------------------------------------------------------------------------


def rule_flaw(rule: PriceRule) -> Refusal | None:
    """Tell what is wrong with a rule itself, if anything."""
    exponent(rule.currency)
    for field, number, least, most in (
        ("minor", rule.minor, -MAX_MINOR, MAX_MINOR),
        ("basis_points", rule.basis_points, -_WHOLE, _MAX_BASIS_POINTS),
        ("step_minor", rule.step_minor, 1, MAX_MINOR),
    ):
        if flaw := rules.whole_flaw(field, number, least=least, most=most):
            return flaw
    if rule.kind is PriceChangeKind.SET and rule.minor <= 0:
        return no.PriceNotPositive(sku="")
    return None


def new_price(rule: PriceRule, minor: int) -> int:
    """Return what a rule makes of one unit price, in minor units; it may be zero or less, or too large."""
    match rule.kind:
        case PriceChangeKind.SET:
            return rule.minor
        case PriceChangeKind.PERCENT:
            wanted = Decimal(minor * (_WHOLE + rule.basis_points)) / _WHOLE
        case PriceChangeKind.AMOUNT:
            wanted = Decimal(minor + rule.minor)
    steps = (wanted / rule.step_minor).to_integral_value(rounding=ROUND_HALF_UP)
    return int(steps) * rule.step_minor


def repriced(rule: PriceRule, view: ListingView) -> list[Repriced] | Refusal:
    """Apply a rule to the prices of a listing that is not changed by it yet, or tell why that cannot be.

    Rounding keeps prices in order: where one was not above another, it is not above it afterwards.
    """
    if view.price_from.currency != rule.currency:
        return no.OtherCurrency(currency=view.price_from.currency, wanted=rule.currency)
    found = []
    for sku in view.skus:
        if sku.retired:
            continue
        after = tuple(
            Tier(tier.min_quantity, new_price(rule, tier.unit_price_minor))
            for tier in (sku.tiers[:1] if rule.kind is PriceChangeKind.SET else sku.tiers)
        )
        if any(tier.unit_price_minor <= 0 for tier in after):
            return no.PriceNotPositive(sku=sku.code)
        if any(tier.unit_price_minor > MAX_MINOR for tier in after):
            return no.NotAWholeNumber(field="unit_price_minor", least=1, most=MAX_MINOR)
        found.append(Repriced(sku, after))
    return found


# --- the look before, and the act ------------------------------------------------------------------------


def preview_prices(
    *, actor: Actor, seller_id: UUID, rule: PriceRule, listing_ids: Sequence[UUID]
) -> list[tuple[ListingView, list[Repriced]] | Refusal]:
    """Show what a rule would make of these listings' prices; nothing is changed.

    Raises NotYours, UnknownCurrency, TooManyListings and what is wrong with the rule. Refuses a listing that is not
    the seller's with NoSuchListing, and else like `change_prices`.
    """
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    _check(rule, listing_ids)
    views = selectors.listings(ids=listing_ids)
    outcomes: list[tuple[ListingView, list[Repriced]] | Refusal] = []
    for listing_id in listing_ids:
        view = _own(views, listing_id, seller_id)
        after = repriced(rule, view) if isinstance(view, ListingView) else view
        outcomes.append(after if isinstance(after, Refusal) else (views[listing_id], after))
    return outcomes


@sets.act
def change_prices(
    *, actor: Actor, seller_id: UUID, rule: PriceRule, changes: Sequence[PriceChange]
) -> list[int | Refusal]:
    """Change the unit prices of many listings of one seller by one rule; each has its own outcome, its revision.

    A listing on offer is published anew. A listing that the rule leaves as it is keeps its revision. Raises NotYours,
    UnknownCurrency, TooManyListings and what is wrong with the rule. Refuses a listing with NoSuchListing,
    ListingChanged, OtherCurrency, PriceNotPositive, NotAWholeNumber; one that is named twice is changed once.
    """
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    listing_ids = list(dict.fromkeys(change.listing_id for change in changes))
    _check(rule, listing_ids)
    sets.fetch("select 1 from catalog_listing where id = any(%s) order by id for update", (listing_ids,))
    views = selectors.listings(ids=listing_ids)
    outcomes: dict[UUID, int | Refusal] = {}
    going: list[tuple[ListingView, list[Repriced]]] = []
    for change in changes:
        if change.listing_id in outcomes:
            continue
        view = _own(views, change.listing_id, seller_id)
        if isinstance(view, Refusal):
            outcomes[change.listing_id] = view
            continue
        if change.revision is not None and change.revision != view.revision:
            outcomes[view.id] = no.ListingChanged(revision=view.revision)
            continue
        after = repriced(rule, view)
        if isinstance(after, Refusal):
            outcomes[view.id] = after
            continue
        changed = [one for one in after if one.is_changed]
        outcomes[view.id] = view.revision + 1 if changed else view.revision
        if changed:
            going.append((view, changed))
    _write(going)
    return [outcomes[change.listing_id] for change in changes]


def _check(rule: PriceRule, listing_ids: Sequence[UUID]) -> None:
    if flaw := rule_flaw(rule):
        raise flaw
    if len(listing_ids) > MAX_LISTINGS:
        raise no.TooManyListings(most=MAX_LISTINGS)


def _own(views: Mapping[UUID, ListingView], listing_id: UUID, seller_id: UUID) -> ListingView | Refusal:
    """Return a listing of the seller's; whose another one is, nobody learns here."""
    view = views.get(listing_id)
    if view is None or view.seller_id != seller_id:
        return no.NoSuchListing(listing=str(listing_id))
    return view


def _write(going: Sequence[tuple[ListingView, list[Repriced]]]) -> None:
    if not going:
        return
    every = [one for _, changed in going for one in changed]
    sets.run("delete from catalog_price_tier where sku_id = any(%s)", ([one.sku.id for one in every],))
    sets.insert(
        "catalog_price_tier",
        ("sku_id", "min_quantity", "unit_price_minor"),
        [(one.sku.id, tier.min_quantity, tier.unit_price_minor) for one in every for tier in one.after],
    )
    views = [_after(view, changed) for view, changed in going]
    sets.run(
        "update catalog_listing l set price_from_minor = x.lowest, price_to_minor = x.highest, revision = x.revision,"
        " changed_at = %s from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::integer[])"
        " as x(id, lowest, highest, revision) where l.id = x.id",
        (
            *(clock.now(), [view.id for view in views], [view.price_from.minor for view in views]),
            *([view.price_to.minor for view in views], [view.revision for view in views]),
        ),
    )
    offered = [view for view in views if view.state == ListingState.PUBLISHED]
    sets.run(
        "update catalog_listing l set published_document = x.document from unnest(%s::uuid[], %s::uuid[])"
        " as x(id, document) where l.id = x.id",
        ([view.id for view in offered], [receipt.id for receipt in issue(offered)]),
    )


def _after(view: ListingView, changed: Sequence[Repriced]) -> ListingView:
    """Return the listing with its new prices."""
    tiers = {one.sku.id: one.after for one in changed}
    skus = tuple(
        msgspec.structs.replace(sku, tiers=tiers[sku.id]) if sku.id in tiers else sku for sku in view.skus
    )
    prices = [tier.unit_price_minor for sku in skus if not sku.retired for tier in sku.tiers]
    currency = view.price_from.currency
    return msgspec.structs.replace(
        view,
        skus=skus,
        price_from=Money(min(prices), currency),
        price_to=Money(max(prices), currency),
        revision=view.revision + 1,
        changed_at=clock.now(),
    )
