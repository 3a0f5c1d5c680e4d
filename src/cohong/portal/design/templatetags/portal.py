"""What the pages' templates can say: money, names in the reader's language, weights, digests."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from cohong.kernel import clock
from cohong.kernel.documents import Envelope
from cohong.kernel.money import Money, exponent, format_money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.portal.design import region_levels, words

register = template.Library()

_GRAMS_PER_KILOGRAM, _GRAMS_PER_TONNE = 1_000, 1_000_000
_DIGEST_SHOWN = 12
_HOURS_A_DAY = 24


def _language() -> str:
    return get_language() or "en"


@register.filter
def money(value: Money | None) -> str:
    """Write an amount as people of the reader's language do; nothing stays empty."""
    return "" if value is None else format_money(value)


@register.filter
def bare(value: Money) -> str:
    """Write an amount in a column that names its currency: digits, with the thousands apart."""
    return f"{value.major:,.{exponent(value.currency)}f}"


@register.filter
def is_money(value: Any) -> bool:
    """Tell whether a value is an amount."""
    return isinstance(value, Money)


@register.filter
def shown(names: Any) -> str:
    """Say names (`parties.Names`) in the reader's language; an unknown thing stays empty."""
    return names.shown(_language()) if names is not None else ""


@register.filter
def title_of(thing: Any) -> str:
    """Say a listing's title in the reader's language, as far as its seller gave one."""
    return (thing.title_en if _language() == "en" else "") or thing.title


@register.filter
def spoken(thing: Any, field: str) -> str:
    """Say a text that its writer may have given in English too, in the reader's language as far as there is one."""
    english = getattr(thing, f"{field}_en", "") if _language() == "en" else ""
    return english or getattr(thing, field)


@register.filter
def name_of(party: Any) -> str:
    """Say a party's name in the reader's language, as far as it has one; to people themselves, their own name whole."""
    if party is None:
        return ""
    if own := getattr(party, "own_name", ""):
        return str(own)
    return (party.name_en if _language() == "en" else "") or party.name


@register.filter
def place(code: str) -> str:
    """Say where a region lies, from the top down, in the reader's language."""
    return region_levels.place(code, _language())


@register.filter
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """Look something up; what is not there is None."""
    return table.get(key)


@register.filter
def initial(names: Any) -> str:
    """Take the character that stands for a thing: the first one of its Chinese name, in every language."""
    return str(names.shown("zh-hant" if _language() == "zh-hant" else "zh-hans"))[:1]


@register.filter
def day(moment: datetime) -> str:
    """Write a day so that columns of them line up: 2026-11-23, or 23 Nov 2026 in English."""
    return date_format(localtime(moment), "j M Y" if _language() == "en" else "Y-m-d")


@register.filter
def moment(value: datetime) -> str:
    """Write a time to the minute, in the region's time."""
    return f"{day(value)} {date_format(localtime(value), 'H:i')}"


@register.filter
def weight(grams: int) -> str:
    """Write a weight in the unit that people would use for it."""
    for unit, size in (("t", _GRAMS_PER_TONNE), ("kg", _GRAMS_PER_KILOGRAM)):
        if grams >= size:
            return f"{Decimal(grams) / size:,.2f}".rstrip("0").rstrip(".") + f" {unit}"
    return f"{grams} g"


@register.filter
def digest(value: bytes) -> str:
    """Write the beginning of a digest, enough to compare at a glance."""
    return value.hex()[:_DIGEST_SHOWN]


@register.filter
def hexadecimal(value: bytes) -> str:
    """Write a hash in full."""
    return value.hex()


@register.filter
def document_kind(kind: str) -> str:
    """Say in words what kind of document it is."""
    return words.document_kind(kind)


@register.filter
def gist(envelope: Envelope) -> tuple[Any, ...]:
    """Take from a document what a timeline shows beside its kind."""
    return words.gist(envelope)


@register.filter
def tone(state: Any) -> str:
    """Say in which tone a state is shown."""
    return words.tone(str(getattr(state, "value", state)))


@register.filter
def payment_terms(code: str) -> str:
    """Say terms of payment in words."""
    return str(words.PAYMENT_TERMS.get(code, code))


@register.filter
def invoice_kind(code: str) -> str:
    """Say which kind of invoice it is in words."""
    return str(words.INVOICES.get(code, code))


@register.filter
def delivery_terms(code: str) -> str:
    """Say terms of delivery in words."""
    return str(words.DELIVERY_TERMS.get(code, code))


@register.filter
def yes_no(value: Any) -> Any:
    """Say a truth value in words; anything else stays as it is."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value


@register.filter
def days_left(moment: datetime, now: datetime) -> str:
    """Say how long it is until then, roughly."""
    hours = max(0, int((moment - now).total_seconds() // 3600))
    if hours < 48:  # noqa: PLR2004 - two days are still counted in hours
        return ngettext("{n} hour left", "{n} hours left", hours).format(n=hours)
    return ngettext("{n} day left", "{n} days left", hours // 24).format(n=hours // 24)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str | SafeString:
    """Write this page's query string with some values changed; an empty value leaves its name out."""
    wanted = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            wanted.pop(name, None)
        else:
            wanted[name] = str(value)
    return f"?{wanted.urlencode()}" if wanted else "?"


@register.filter
def price(tier: Any, currency: str) -> Money:
    """Read a price tier as an amount of its SKU's currency."""
    return Money(tier.unit_price_minor, currency)


@register.filter
def left(line: Any) -> int:
    """Say how much of an order's line is still to be shipped."""
    return int(line.quantity - line.shipped - line.dropped)


@register.filter
def last_number(said: Any) -> int:
    """Say the number of the last of these messages; 0 where nothing was said."""
    return int(said[-1].number) if said else 0


@register.filter
def shipment_state(code: str) -> str:
    """Say in words how far a shipment is."""
    return str(logistics.ShipmentState(code).label)


@register.filter
def event_kind(code: str) -> str:
    """Say in words what a tracking event reports."""
    return str(logistics.EventKind(code).label)


@register.filter
def return_state(code: str) -> str:
    """Say in words where a return stands."""
    return str(orders.ReturnState(code).label)


@register.filter
def begins(path: str, prefix: str) -> bool:
    """Tell whether a page lies below an address."""
    return path.startswith(prefix)


@register.filter
def rating(value: Any) -> str:
    """Write a rating to one place: 4.6."""
    return f"{Decimal(str(value)):.1f}" if value not in (None, "") else ""


@register.filter
def stars_width(value: Any) -> str:
    """Say how wide that many of five stars are, in percent."""
    return f"{min(Decimal(5), max(Decimal(0), Decimal(str(value or 0)))) * 20:.1f}"


@register.filter
def count(number: int) -> str:
    """Write a whole number with its thousands apart, as all three languages do."""
    return f"{number:,}"


@register.filter
def ago(value: datetime) -> str:
    """Say how long ago it was, in the largest unit that says anything."""
    passed = clock.now() - value
    if passed < timedelta(minutes=1):
        return gettext("just now")
    return gettext("{time} ago").format(time=timesince(value, clock.now(), depth=1))


@register.filter
def carrier_of(offer: Any) -> str:
    """Say in the reader's language who carries by an offer of delivery; nothing if no carrier does."""
    return (offer.carrier_name_en if _language() == "en" else "") or str(offer.carrier_name)


@register.filter
def service(code: str) -> str:
    """Say a carrier's service in words."""
    return str(logistics.Service(code).label) if code in logistics.Service.values else code


@register.filter
def ships_within(hours: int) -> str:
    """Say within what time half of a seller's orders leave."""
    if hours < _HOURS_A_DAY:
        return ngettext("half within {n} hour", "half within {n} hours", hours + 1).format(n=hours + 1)
    days = -(-(hours + 1) // _HOURS_A_DAY)
    return ngettext("half within {n} day", "half within {n} days", days).format(n=days)


@register.filter
def same(one: Any, other: Any) -> bool:
    """Tell whether two things read the same."""
    return str(one) == str(other)
