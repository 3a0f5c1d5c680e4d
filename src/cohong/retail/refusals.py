"""Why a cart or a checkout is refused."""

from django.utils.translation import gettext_lazy as _

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Conflict, NotFound


class StockShort(catalog.StockShort):
    """There is not enough of a line's goods. The catalog's refusal, told with the line's title."""

    message = _("Of “{title}” {wanted} are wanted, but only {available} are available.")


class LineNotOrderable(Conflict):
    """A line cannot be ordered as it stands; `problem` is the code of what is in the way, `reason` says it."""

    message = _("“{title}” cannot be ordered: {reason}")


class PriceChanged(Conflict):
    """A line's price is not the one that was agreed to."""

    message = _("The price of “{title}” has changed from {was} to {now}. Please look at the cart again.")


class TotalChanged(Conflict):
    """The sum is not the one that the buyer was shown: freight or goods have changed meanwhile."""

    message = _("The total is now {now}, not {was}. Please look at it again.")


class CartEmpty(Conflict):
    """There is nothing to check out."""

    message = _("The cart is empty.")


class CartFull(Conflict):
    """More lines than a cart may have."""

    message = _("A cart may have at most {most} lines.")


class NoSuchLine(NotFound):
    """The cart has no line of this SKU."""

    message = _("This is not in the cart.")


class NoSuchCheckout(NotFound):
    """There is no such checkout, or it is another party's."""

    message = _("There is no such checkout.")


class CheckoutReused(Conflict):
    """The checkout's id was used before for another request."""

    message = _("This checkout was made before, with other content.")


class NotOffered(Conflict):
    """The chosen way of delivery is not offered for a seller's goods."""

    message = _("This way of delivery is not offered for the goods of {seller}.")


class DeliveryTwice(BadInput):
    """Two ways of delivery were named for the same goods."""

    message = _("Two ways of delivery are named for the same goods.")
