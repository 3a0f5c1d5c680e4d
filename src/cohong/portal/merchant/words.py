"""Words of the merchant's desk for what modules name by codes."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cohong.parties.api import Names

PERIODS: Final[dict[str, str | Promise]] = {
    "days": _("14 days"),
    "weeks": _("12 weeks"),
    "months": _("12 months"),
}
TERMS_NOTES: Final[dict[str, str | Promise]] = {
    "prepaid": _("You ship once the whole sum is in escrow. The safe way."),
    "deposit": _(
        "You begin once the deposit is in escrow, and ship once the balance is. An unpaid balance forfeits the deposit."
    ),
    "on_delivery": _("You ship before anything is paid: the buyer pays when the goods have come."),
    "shipment": _("By a carrier, to the buyer’s address."),
    "pick_up": _("Handed over at your counter, against the buyer’s code."),
}
_WAYS: Final[dict[str, str | Promise]] = {
    "retail": pgettext_lazy("way of trade", "Shop"),
    "direct": pgettext_lazy("way of trade", "Direct order"),
    "group": pgettext_lazy("way of trade", "Group buying"),
    "tender": pgettext_lazy("way of trade", "Tender"),
    "auction": pgettext_lazy("way of trade", "Auction"),
}


def way(code: str) -> str:
    """Say in words by what way of trade an order came; one that nobody named keeps its code."""
    return str(_WAYS.get(code, code))


def place(names: Names | None) -> str:
    """Name a region; goods that are picked up go to none."""
    return names.shown(get_language() or "en") if names is not None else gettext("Picked up")
