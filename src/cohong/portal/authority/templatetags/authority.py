"""What the desk's templates can say beyond the portal's own: fields that differ, fees, parameters, incidents."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cohong.catalog import api as catalog
from cohong.kernel.money import Money
from cohong.kernel.parameters import Unit
from cohong.parties import api as parties
from cohong.portal.design.templatetags.portal import moment, money

register = template.Library()

_FIELDS: dict[str, str | Promise] = {
    "title": _("Title"),
    "title_en": _("English title"),
    "description": _("Description"),
    "category_code": _("Category"),
    "region_code": _("Region"),
    "market_id": _("Market"),
    "unit": _("Unit"),
    "currency": _("Currency"),
    "freight_note": _("Freight note"),
    "attribute": _("Attribute"),
    "pictures": _("Pictures"),
    "sku": _("Form of the goods"),
    "code": _("Code"),
    "price": _("Price"),
    "min_order": _("Least quantity"),
    "multiple": _("In multiples of"),
    "max_order": _("Largest quantity"),
    "weight_grams": _("Weight in grams"),
}
_WAYS: dict[str, str | Promise] = {
    "": pgettext_lazy("way of trade", "All others"),
    "retail": pgettext_lazy("way of trade", "Shop"),
    "direct": pgettext_lazy("way of trade", "Direct order"),
}
_PROVIDERS: dict[str, str | Promise] = {"bank": pgettext_lazy("provider", "Bank")}
_INCIDENTS: dict[str, str | Promise] = {
    "statement_differs": _("The statement differs from our books"),
    "unknown_movement": _("Nobody here knows this movement"),
    "id_reused": _("The provider knows this movement with another content"),
    "contradicts": _("The provider says otherwise than before"),
    "reference_reused": _("The provider’s reference belongs to another movement"),
    "cannot_book": _("What the provider says cannot be booked"),
}


@register.filter
def provider_name(code: str) -> str:
    """Say in words which provider of payments is meant."""
    return str(_PROVIDERS.get(code, code))


@register.filter
def listing_state(state: str) -> str:
    """Say in words how far a listing is offered."""
    return str(catalog.ListingState(state).label)


@register.filter
def field_label(field: str) -> str:
    """Say in words which field of a registration is meant."""
    return str(parties.FIELD_LABELS.get(field, field))


@register.filter
def difference_field(field: str) -> str:
    """Say in words in what two revisions differ."""
    return str(_FIELDS.get(field, field))


@register.filter
def difference_value(value: Any) -> str:
    """Write one side of a difference; nothing is a dash."""
    if value is None or value == "":
        return "—"
    return money(value) if isinstance(value, Money) else str(value)


@register.filter
def effect(value: Any) -> Any:
    """Write what a hold will stop: a sum, a time, or as it is."""
    if isinstance(value, Money):
        return money(value)
    return moment(value) if hasattr(value, "hour") else value


@register.filter
def is_many(value: Any) -> bool:
    """Tell whether a value is several ones."""
    return isinstance(value, tuple)


@register.filter
def way_of_trade(way: str) -> str:
    """Say a way of trade in words."""
    return str(_WAYS.get(way, way))


@register.filter
def percent_of_basis(basis_points: int) -> str:
    """Write basis points as a percentage."""
    return f"{basis_points // 100}.{basis_points % 100:02} %"


@register.filter
def in_unit(value: int, unit: Unit) -> str:
    """Write a parameter's number with what it counts."""
    if unit is Unit.HOURS:
        return ngettext("{n} hour", "{n} hours", value).format(n=value)
    if unit is Unit.DAYS:
        return ngettext("{n} day", "{n} days", value).format(n=value)
    return f"{value:,}"


@register.filter
def incident_kind(what: str) -> str:
    """Say in words what kind of incident it is."""
    return str(_INCIDENTS.get(what, what))


@register.filter
def short_hash(value: bytes) -> str:
    """Write both ends of a hash."""
    text = value.hex()
    return f"{text[:16]}…{text[-8:]}"
