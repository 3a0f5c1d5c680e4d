"""The form of a listing: from what is typed to a draft, from a listing to what a form shows, flaws beside their fields.

What is typed is kept as it is until it makes a draft, so that a form with a mistake in it comes back as it was.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from cohong.catalog import api as catalog
from cohong.catalog.api import Attribute, AttributeKind, Category, ListingView, SkuDraft, Tier
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties

_TEXTS: Final = ("title", "title_en", "description", "freight_note", "currency", "unit", "market_id", "key")
_NUMBERS: Final = ("min_order", "multiple", "max_order", "weight_grams")
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_MOST_MADE: Final = 60
_CODE_SIGNS: Final = re.compile(r"[^0-9A-Za-z一-鿿._-]+")


@dataclass(slots=True)
class TierRow:
    """A price tier as it is typed."""

    quantity: str = ""
    price: str = ""


@dataclass(slots=True)
class SkuRow:
    """A SKU as it is typed; `errors` are by field."""

    code: str = ""
    values: dict[str, str] = field(default_factory=dict)
    min_order: str = "1"
    multiple: str = "1"
    max_order: str = ""
    weight_grams: str = "0"
    tiers: list[TierRow] = field(default_factory=lambda: [TierRow("1", "")])
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ListingForm:
    """A listing as it is typed; `errors` are by field."""

    category: Category
    texts: dict[str, str]
    values: dict[str, str]
    skus: list[SkuRow]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def common(self) -> list[Attribute]:
        """The attributes that hold for the whole listing."""
        return [one for one in self.category.attributes if not one.by_sku]

    @property
    def varying(self) -> list[Attribute]:
        """The attributes that vary between its SKUs."""
        return [one for one in self.category.attributes if one.by_sku]

    @property
    def matrix(self) -> list[Attribute]:
        """Those of them whose values can be ticked."""
        return [one for one in self.varying if one.kind in {AttributeKind.CHOICE, AttributeKind.BOOLEAN}]

    @property
    def general(self) -> list[str]:
        """What is wrong with the listing as a whole."""
        return [self.errors[name] for name in ("category_code", "skus", "id") if name in self.errors]

    @property
    def has_errors(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.errors) or any(sku.errors for sku in self.skus)


# --- from what is sent, from a listing -------------------------------------------------------------------


def blank(category: Category, *, currency: str, unit: str) -> ListingForm:
    """Begin a new listing."""
    texts = dict.fromkeys(_TEXTS, "") | {"currency": currency, "unit": unit}
    return ListingForm(category, texts, {}, [SkuRow()])


def of_view(view: ListingView, category: Category) -> ListingForm:
    """Show a listing as a form; retired SKUs are not in it."""
    texts = {
        "title": view.title,
        "title_en": view.title_en,
        "description": view.description,
        "freight_note": view.freight_note,
        "currency": view.price_from.currency,
        "unit": view.unit,
        "market_id": str(view.market_id or ""),
        "key": view.key,
    }
    skus = [
        SkuRow(
            code=sku.code,
            values={code: _typed(value) for code, value in sku.attributes.items()},
            min_order=str(sku.min_order),
            multiple=str(sku.multiple),
            max_order=str(sku.max_order or ""),
            weight_grams=str(sku.weight_grams),
            tiers=[
                TierRow(str(tier.min_quantity), catalog.major(tier.unit_price_minor, sku.currency))
                for tier in sku.tiers
            ],
        )
        for sku in view.skus
        if not sku.retired
    ]
    return ListingForm(
        category, texts, {code: _typed(value) for code, value in view.attributes.items()}, skus
    )


def _typed(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def of_post(sent: QueryDict, category: Category) -> ListingForm:
    """Read a form as it was sent, at most as many SKUs and tiers as a listing may have, and a few more to refuse."""
    form = ListingForm(
        category,
        {name: sent.get(name, "") for name in _TEXTS},
        {one.code: sent.get(f"attribute-{one.code}", "") for one in category.attributes if not one.by_sku},
        [],
    )
    for number in range(_count(sent, "skus", catalog.MAX_SKUS)):
        name = f"sku-{number}"
        row = SkuRow(
            code=sent.get(f"{name}-code", ""),
            values={
                one.code: sent.get(f"{name}-attribute-{one.code}", "")
                for one in category.attributes
                if one.by_sku
            },
            tiers=[
                TierRow(sent.get(f"{name}-tier-{at}-quantity", ""), sent.get(f"{name}-tier-{at}-price", ""))
                for at in range(_count(sent, f"{name}-tiers", catalog.MAX_TIERS))
            ],
        )
        for number_field in _NUMBERS:
            setattr(row, number_field, sent.get(f"{name}-{number_field}", ""))
        form.skus.append(row)
    return form


def _count(sent: QueryDict, name: str, most: int) -> int:
    text = sent.get(name, "")
    return min(int(text), most + 1) if _WHOLE.fullmatch(text) else 1


# --- what the buttons of the form do ---------------------------------------------------------------------


def do(form: ListingForm, act: str, sent: QueryDict) -> bool:
    """Do what a button of the form asks for: add or drop a row, make SKUs of ticked values; tell whether it was one."""
    name, _, rest = act.partition(":")
    number, _, at = rest.partition(":")
    row = form.skus[int(number)] if number.isdecimal() and int(number) < len(form.skus) else None
    match name:
        case "add-sku":
            form.skus.append(_like(form.skus[-1]) if form.skus else SkuRow())
        case "drop-sku" if row is not None:
            form.skus.remove(row)
        case "add-tier" if row is not None:
            row.tiers.append(TierRow())
        case "drop-tier" if row is not None and at.isdecimal() and int(at) < len(row.tiers):
            del row.tiers[int(at)]
        case "same-prices" if row is not None:
            for other in form.skus:
                other.tiers = [TierRow(tier.quantity, tier.price) for tier in row.tiers]
        case "make-skus":
            _make_skus(form, sent)
        case _:
            return False
    return True


def _like(before: SkuRow) -> SkuRow:
    """Begin a SKU like the one before: its prices and limits are mostly the same."""
    return SkuRow(
        values={},
        min_order=before.min_order,
        multiple=before.multiple,
        max_order=before.max_order,
        weight_grams=before.weight_grams,
        tiers=[TierRow(tier.quantity, tier.price) for tier in before.tiers],
    )


def _make_skus(form: ListingForm, sent: QueryDict) -> None:
    """Make a SKU of every combination of the ticked values that there is none of yet."""
    axes: list[tuple[Attribute, list[str]]] = []
    for attribute in form.matrix:
        known = _choices(attribute)
        ticked = [code for code in dict.fromkeys(sent.getlist(f"make-{attribute.code}")) if code in known]
        if ticked:
            axes.append((attribute, ticked))
    if not axes:
        return
    first = form.skus[0] if form.skus else SkuRow()
    there = [row for row in form.skus if row.code.strip() or any(row.values.values())]
    taken = {tuple(row.values.get(attribute.code, "") for attribute, _ in axes) for row in there}
    codes = {row.code for row in there}
    for values in itertools.islice(itertools.product(*(ticked for _, ticked in axes)), _MOST_MADE):
        if values in taken:
            continue
        made = _like(first)
        made.values = {attribute.code: value for (attribute, _), value in zip(axes, values, strict=True)}
        made.code = _new_code(form, values, codes)
        codes.add(made.code)
        there.append(made)
    form.skus = there[: catalog.MAX_SKUS]


def _choices(attribute: Attribute) -> set[str]:
    if attribute.kind is AttributeKind.BOOLEAN:
        return {"yes", "no"}
    return {option.code for option in attribute.options}


def _new_code(form: ListingForm, values: Sequence[str], codes: set[str]) -> str:
    begin = _CODE_SIGNS.sub("-", form.texts["key"] or "").strip("-")
    parts = [begin, *values] if begin else [*values]
    code = "-".join(parts)[:60]
    return code if code not in codes else f"{code}-{len(codes) + 1}"


# --- to a draft, and what is wrong with it ---------------------------------------------------------------


def draft_of(form: ListingForm) -> catalog.ListingDraft:
    """Make the draft that the form describes. Money that cannot be read is noted beside its field."""
    texts = form.texts
    return catalog.ListingDraft(
        category_code=form.category.code,
        title=texts["title"].strip(),
        title_en=texts["title_en"].strip(),
        description=texts["description"].replace("\r\n", "\n").strip(),
        freight_note=texts["freight_note"].strip(),
        currency=texts["currency"],
        unit=texts["unit"],
        key=texts["key"].strip(),
        market_id=_market(texts["market_id"]),
        attributes=_values(form.common, form.values),
        skus=[_sku(form, row) for row in form.skus],
    )


def _market(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # no market is there under it, and so it is refused


def _values(attributes: Iterable[Attribute], typed: Mapping[str, str]) -> dict[str, Any]:
    """Read attributes' values; what cannot be read stays text, and is refused as such."""
    values: dict[str, Any] = {}
    for attribute in attributes:
        text = typed.get(attribute.code, "").strip()
        if not text:
            continue
        folded = unicodedata.normalize("NFKC", text)
        match attribute.kind:
            case AttributeKind.INTEGER if re.fullmatch(r"-?[0-9]{1,16}", folded):
                values[attribute.code] = int(folded)
            case AttributeKind.DECIMAL:
                values[attribute.code] = folded
            case AttributeKind.BOOLEAN if text in {"yes", "no"}:
                values[attribute.code] = text == "yes"
            case _:
                values[attribute.code] = text
    return values


def _sku(form: ListingForm, row: SkuRow) -> SkuDraft:
    tiers = []
    for tier in row.tiers:
        if not tier.price.strip() and not tier.quantity.strip():
            continue
        try:
            minor = Money.parse(
                unicodedata.normalize("NFKC", tier.price).strip(), form.texts["currency"]
            ).minor
        except Refusal as refusal:
            row.errors.setdefault("tiers", str(refusal))
            minor = 1
        tiers.append(Tier(_whole(tier.quantity or "1"), minor))
    numbers: dict[str, Any] = {name: _whole(getattr(row, name)) for name in _NUMBERS}
    return SkuDraft(
        code=row.code.strip(),
        attributes=_values(form.varying, row.values),
        tiers=tuple(tiers),
        min_order=numbers["min_order"] if row.min_order.strip() else 1,
        multiple=numbers["multiple"] if row.multiple.strip() else 1,
        max_order=numbers["max_order"] if row.max_order.strip() else None,
        weight_grams=numbers["weight_grams"] if row.weight_grams.strip() else 0,
    )


def _whole(text: str) -> Any:
    """Read a whole number; anything else stays text, which no whole number is."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return int(folded) if _WHOLE.fullmatch(folded) else text


def check(form: ListingForm, *, seller_id: UUID, own_key: str = "") -> catalog.ListingDraft | None:
    """Return the draft if all is well with it; else note what is wrong beside the fields.

    `own_key` is the key that the listing has already.
    """
    draft = draft_of(form)
    [found] = catalog.flaws(seller_id=seller_id, drafts=[draft], known={own_key} if own_key else ())
    for flaw in found:
        where = form.errors if flaw.sku is None else form.skus[flaw.sku].errors
        where.setdefault(flaw.field, str(flaw.refusal))
    return None if form.has_errors else draft


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def markets() -> list[parties.MarketView]:
    """List the markets in which a listing may stand."""
    return list(parties.markets())
