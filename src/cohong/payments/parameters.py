"""What of payments the platform may change while it runs."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel import parameters
from cohong.kernel.parameters import Unit

CLOSE_HOURS: Final = parameters.declare(
    "payments.close_hours",
    label=_("Time until an unused payment is closed at the bank"),
    hint=_("Counted from its opening. Until then the payer can still pay it."),
    unit=Unit.HOURS,
    default=24,
    least=1,
    most=7 * 24,
)
