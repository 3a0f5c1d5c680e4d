"""What is typed, as the buyer will see it."""

from typing import Any

from cohong.catalog import api as catalog
from cohong.catalog.api import Attribute, AttributeKind, ListingView
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.merchant import listing_form
from cohong.portal.merchant.listing_form import ListingForm, SkuRow


def preview_of(form: ListingForm, actor: Actor, view: ListingView | None) -> dict[str, Any]:
    """Put together what the preview shows: as much of the listing as can be read by now."""
    errors = dict(form.errors), [dict(row.errors) for row in form.skus]
    draft = listing_form.draft_of(form)
    # Reading money notes errors; a look is no check, and leaves the form as it was.
    form.errors = errors[0]
    for row, kept in zip(form.skus, errors[1], strict=True):
        row.errors = kept
    seller = parties.party(party_id=actor.party_id)
    rows: list[dict[str, Any]] = [
        {
            "facts": _facts(form.varying, sku.attributes),
            "code": sku.code,
            "tiers": _tiers(row, form),
            "row": row,
        }
        for sku, row in zip(draft.skus, form.skus, strict=True)
    ]
    prices = [price for row in rows for _, price in row["tiers"]]
    return {
        "seen": {
            "title": draft.title,
            "title_en": draft.title_en,
            "description": draft.description,
            "freight_note": draft.freight_note,
            "pictures": view.pictures if view is not None else (),
            "facts": _facts(form.common, draft.attributes),
            "rows": rows,
            "from": min(prices, default=None, key=lambda price: price.minor),
            "to": max(prices, default=None, key=lambda price: price.minor),
            "unit": next((one.names for one in catalog.units() if one.code == draft.unit), None),
        },
        "seller": seller,
        "regions": {one.code: one.names for one in parties.regions()},
    }


def _facts(attributes: list[Attribute], values: dict[str, Any]) -> list[tuple[Attribute, Any]]:
    facts = []
    for attribute in attributes:
        if attribute.code not in values:
            continue
        value = values[attribute.code]
        if attribute.kind is AttributeKind.CHOICE:
            value = next((one.names for one in attribute.options if one.code == value), value)
        facts.append((attribute, value))
    return facts


def _tiers(row: SkuRow, form: ListingForm) -> list[tuple[int, Money]]:
    """Read those price tiers that can be read."""
    found = []
    for tier in row.tiers:
        try:
            quantity = int(tier.quantity or "1")
            found.append((quantity, Money.parse(tier.price.strip(), form.texts["currency"])))
        except (ValueError, Refusal):
            continue
    return found
