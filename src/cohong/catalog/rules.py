"""Pure rules: what a good description is, which price holds, from where goods are taken."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final
from uuid import UUID

import msgspec

from cohong.catalog import refusals as no
from cohong.catalog.models import MAX_QUANTITY
from cohong.catalog.shapes import (
    Attribute,
    AttributeKind,
    Category,
    Label,
    ListingDraft,
    SkuDraft,
    Tier,
    Value,
)
from cohong.kernel.errors import BadInput, Refusal
from cohong.kernel.money import MAX_MINOR, AmountTooLarge, Money, UnknownCurrency, exponent
from cohong.parties import api as parties
from cohong.parties.api import Names

MAX_SKUS: Final = 200
MAX_TIERS: Final = 20
MAX_WEIGHT_GRAMS: Final = 10**12
_TITLE, _DESCRIPTION, _NOTE, _CODE, _TEXT_VALUE = 200, 20_000, 500, 64, 500
_SHOWN = 60
_MAX_EXACT_INTEGER = 2**53 - 1
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
_PLAIN_CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_LINE_BREAKS = frozenset("\n\r\t")


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong with a draft: in which field, of which SKU (by position; None: the listing)."""

    field: str
    sku: int | None
    refusal: Refusal


# --- texts, codes and numbers ----------------------------------------------------------------------------


def text_flaw(
    field: str | Label, text: object, *, most: int, needed: bool = False, lines: bool = False
) -> Refusal | None:
    """Tell what is wrong with a text, if anything: not text, missing, too long, or not fit to be shown."""
    if not isinstance(text, str) or not _is_readable(text, lines=lines):
        return no.TextUnreadable(field=field)
    if needed and not text.strip():
        return no.TextMissing(field=field)
    if len(text) > most:
        return no.TextTooLong(field=field, most=most)
    return _personal_flaw(field, text)


def _personal_flaw(field: str | Label, text: str) -> Refusal | None:
    """Refuse someone's phone or identity number in a text: what is published stays readable for ever."""
    try:
        parties.public_text(" ".join(text.split()), name=str(field), most=3 * len(text) + 1, least=0)
    except parties.PersonalDataInText:
        return no.PersonalDataInText(field=field)
    except parties.BadText:
        return no.TextUnreadable(field=field)
    return None


def _is_readable(text: str, *, lines: bool) -> bool:
    allowed = _LINE_BREAKS if lines else frozenset()
    # Cc are control characters (NUL among them, which the database cannot hold), Cs are lone surrogates.
    return all(unicodedata.category(one) not in {"Cc", "Cs"} or one in allowed for one in text)


def check_text(field: str, text: object, *, most: int, needed: bool = True) -> None:
    """Refuse a text that is not one, missing, too long or unreadable."""
    if flaw := text_flaw(field, text, most=most, needed=needed):
        raise flaw


def check_code(code: object) -> None:
    """Refuse what is not a code: small letters, digits, `.`, `-`, `_`. Raises CodeMalformed."""
    if not isinstance(code, str) or len(code) > _CODE or not _PLAIN_CODE.fullmatch(code):
        raise no.CodeMalformed(code=shown(code))


def whole_flaw(field: str, number: object, *, least: int, most: int = MAX_QUANTITY) -> Refusal | None:
    """Tell whether a number is not a whole one between its bounds (a float or a truth value never is)."""
    if type(number) is int and least <= number <= most:
        return None
    return no.NotAWholeNumber(field=field, least=least, most=most)


def shown(value: object) -> str:
    """Shorten what someone sent, and drop what cannot be shown, so that a refusal stays readable."""
    text = "".join(one if one.isprintable() else "�" for one in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


# --- categories ------------------------------------------------------------------------------------------


def check_names(names: Names) -> None:
    """Refuse a name that lacks a language or is too long."""
    for field, text in (("zh_hans", names.zh_hans), ("zh_hant", names.zh_hant), ("en", names.en)):
        check_text(field, text, most=_SHOWN)


def check_category(category: Category) -> None:
    """Refuse a category whose codes, names or attribute schema are not in order."""
    check_code(category.code)
    check_code(category.industry_code)
    check_names(category.names)
    _check_distinct(one.code for one in category.attributes)
    for attribute in category.attributes:
        check_code(attribute.code)
        check_names(attribute.names)
        if attribute.unit is not None:
            check_names(attribute.unit)
        if (attribute.kind is AttributeKind.CHOICE) != bool(attribute.options):
            raise no.OptionsWrong(attribute=attribute.code)
        _check_distinct(one.code for one in attribute.options)
        for option in attribute.options:
            check_code(option.code)
            check_names(option.names)


def _check_distinct(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise no.CodeRepeated(code=shown(code))
        seen.add(code)


def value_fits(attribute: Attribute, value: object) -> bool:
    """Tell whether an attribute may hold the value."""
    match attribute.kind:
        case AttributeKind.TEXT:
            return text_flaw(attribute.code, value, most=_TEXT_VALUE, needed=True) is None
        case AttributeKind.INTEGER:
            return type(value) is int and abs(value) <= _MAX_EXACT_INTEGER
        case AttributeKind.DECIMAL:
            return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None
        case AttributeKind.CHOICE:
            return any(option.code == value for option in attribute.options)
        case AttributeKind.BOOLEAN:
            return isinstance(value, bool)


def value_refusal(attribute: Attribute, value: object) -> Refusal:
    """Say that an attribute cannot hold the value."""
    return no.AttributeInvalid(
        attribute=attribute.code,
        label=Label(attribute.names),
        value=shown(value),
        kind=attribute.kind.value,
    )


def attribute_flaws(
    schema: Sequence[Attribute], values: Mapping[str, Value], *, by_sku: bool
) -> list[tuple[str, Refusal]]:
    """List what is wrong with a listing's values (or, `by_sku`, a SKU's), as (attribute code, refusal)."""
    known = {attribute.code: attribute for attribute in schema}
    flaws: list[tuple[str, Refusal]] = []
    for code, value in values.items():
        attribute = known.get(code)
        if attribute is None:
            flaws.append((str(code), no.AttributeUnknown(attribute=shown(code))))
        elif attribute.by_sku is not by_sku:
            flaws.append((code, no.AttributeMisplaced(attribute=code, label=Label(attribute.names))))
        elif attribute.kind is AttributeKind.TEXT:
            flaw = text_flaw(Label(attribute.names), value, most=_TEXT_VALUE, needed=True)
            flaws += [(code, flaw)] if flaw is not None else []
        elif not value_fits(attribute, value):
            flaws.append((code, value_refusal(attribute, value)))
    flaws += [
        (attribute.code, no.AttributeMissing(attribute=attribute.code, label=Label(attribute.names)))
        for attribute in schema
        if attribute.required and attribute.by_sku is by_sku and attribute.code not in values
    ]
    return flaws


# --- drafts ----------------------------------------------------------------------------------------------


def draft_flaws(draft: ListingDraft, schema: Sequence[Attribute]) -> list[Flaw]:
    """List all that is wrong with a draft as such.

    Whether its category, unit and market exist is asked elsewhere.
    """
    texts = (
        text_flaw("title", draft.title, most=_TITLE, needed=True),
        text_flaw("title_en", draft.title_en, most=_TITLE),
        text_flaw("description", draft.description, most=_DESCRIPTION, lines=True),
        text_flaw("freight_note", draft.freight_note, most=_NOTE),
        text_flaw("key", draft.key, most=_CODE),
    )
    flaws = [Flaw(flaw.params["field"], None, flaw) for flaw in texts if flaw is not None]
    try:
        exponent(draft.currency)
    except UnknownCurrency as refusal:
        flaws.append(Flaw("currency", None, refusal))
    flaws += [
        Flaw(f"attributes.{code}", None, refusal)
        for code, refusal in attribute_flaws(schema, draft.attributes, by_sku=False)
    ]
    if not draft.skus:
        flaws.append(Flaw("skus", None, no.SkusMissing()))
    elif len(draft.skus) > MAX_SKUS:
        flaws.append(Flaw("skus", None, no.TooManySkus(most=MAX_SKUS)))
    else:
        seen: set[str] = set()
        for position, sku in enumerate(draft.skus):
            if sku.code in seen:
                flaws.append(Flaw("code", position, no.CodeRepeated(code=shown(sku.code))))
            seen.add(sku.code)
            flaws += [Flaw(field, position, refusal) for field, refusal in _sku_flaws(sku, schema)]
    return flaws


def _sku_flaws(sku: SkuDraft, schema: Sequence[Attribute]) -> list[tuple[str, Refusal]]:
    name = shown(sku.code)
    checks = (
        ("code", text_flaw("code", sku.code, most=_CODE, needed=True)),
        ("min_order", whole_flaw("min_order", sku.min_order, least=1)),
        ("multiple", whole_flaw("multiple", sku.multiple, least=1)),
        ("max_order", None if sku.max_order is None else whole_flaw("max_order", sku.max_order, least=1)),
        ("weight_grams", whole_flaw("weight_grams", sku.weight_grams, least=0, most=MAX_WEIGHT_GRAMS)),
    )
    flaws = [(field, flaw) for field, flaw in checks if flaw is not None]
    flaws += [
        (f"attributes.{code}", flaw) for code, flaw in attribute_flaws(schema, sku.attributes, by_sku=True)
    ]
    tier_flaw = _tiers_flaw(name, sku.tiers)
    if tier_flaw is not None:
        flaws.append(("tiers", tier_flaw))
    # How the numbers fit together is worth telling only once each of them is one.
    if not flaws:
        last = sku.min_order if sku.max_order is None else sku.max_order
        if sku.min_order % sku.multiple or last % sku.multiple or last < sku.min_order:
            flaws.append(("min_order", no.OrderLimitsWrong(sku=name, multiple=sku.multiple)))
        elif sku.tiers[0].min_quantity > sku.min_order:
            flaws.append(("tiers", no.TierGap(sku=name, min_order=sku.min_order)))
    return flaws


def _tiers_flaw(sku: str, tiers: Sequence[Tier]) -> Refusal | None:
    if not tiers:
        return no.TiersMissing(sku=sku)
    if len(tiers) > MAX_TIERS:
        return no.TooManyTiers(sku=sku, most=MAX_TIERS)
    for tier in tiers:
        price = tier.unit_price_minor
        flaw = whole_flaw("min_quantity", tier.min_quantity, least=1) or (
            no.PriceNotPositive(sku=sku)
            if type(price) is int and price <= 0
            else whole_flaw("unit_price_minor", price, least=1, most=MAX_MINOR)
        )
        if flaw is not None:
            return flaw
    for lower, higher in pairwise(tiers):
        if higher.min_quantity <= lower.min_quantity or higher.unit_price_minor > lower.unit_price_minor:
            return no.TiersDisordered(sku=sku)
    return None


def price_span(skus: Sequence[SkuDraft]) -> tuple[int, int]:
    """Return the lowest and the highest unit price of all tiers, in minor units."""
    prices = [tier.unit_price_minor for sku in skus for tier in sku.tiers]
    return min(prices), max(prices)


# --- prices ----------------------------------------------------------------------------------------------


def quantity_refusal(
    quantity: object, *, min_order: int, multiple: int, max_order: int | None
) -> Refusal | None:
    """Tell why a quantity may not be ordered, if so."""
    flaw = whole_flaw("quantity", quantity, least=1)
    if flaw is not None or type(quantity) is not int:
        return flaw
    if quantity < min_order:
        return no.BelowMinimum(minimum=min_order, quantity=quantity)
    if max_order is not None and quantity > max_order:
        return no.PastTiers(most=max_order, quantity=quantity)
    return no.NotMultiple(multiple=multiple, quantity=quantity) if quantity % multiple else None


def unit_price(
    quantity: int, minimums: Sequence[int], prices: Sequence[int], currency: str
) -> Money | BadInput:
    """Return the price of one, by the highest tier that the quantity reaches; the tiers come in order.

    Refuses a total beyond the largest amount of money.
    """
    price = prices[0]
    for minimum, tier_price in zip(minimums, prices, strict=True):
        if minimum > quantity:
            break
        price = tier_price
    return AmountTooLarge(currency=currency) if price * quantity > MAX_MINOR else Money(price, currency)


# --- stock -----------------------------------------------------------------------------------------------


def take(wanted: int, available: Mapping[UUID, int]) -> list[tuple[UUID, int]]:
    """Choose from which locations goods come, as (location, quantity): `wanted` in all.

    From one place if one has enough: the one with most, on a tie the lower id. Else from those with most
    first. The caller has made sure that there is enough in all.
    """
    taken: list[tuple[UUID, int]] = []
    for location, there in sorted(available.items(), key=lambda one: (-one[1], one[0])):
        part = min(wanted, there)
        if part <= 0:
            break
        taken.append((location, part))
        wanted -= part
    if wanted > 0:
        raise ValueError("there is not enough to take from")
    return taken


def spread(quantity: int, rooms: Sequence[int]) -> list[int]:
    """Fill `quantity` into rooms one after the other; the caller has made sure that it fits."""
    filled = []
    for room in rooms:
        part = min(quantity, room)
        filled.append(part)
        quantity -= part
    if quantity > 0:
        raise ValueError("it does not fit")
    return filled
