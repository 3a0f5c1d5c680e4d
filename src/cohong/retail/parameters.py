"""What of the shop the platform may change while it runs."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel import parameters
from cohong.kernel.parameters import Unit

CART_LINES: Final = parameters.declare(
    "retail.cart_lines",
    label=_("Most lines in a cart"),
    hint=_("Beyond it nothing more can be put in; a cart that is fuller already can still be ordered."),
    unit=Unit.COUNT,
    default=200,
    least=10,
    most=1_000,
)
