"""What of an order's time the platform may change while it runs. What was agreed before a change stays as it was."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel import parameters
from cohong.kernel.parameters import Unit

PAY_HOURS: Final = parameters.declare(
    "orders.pay_hours",
    label=_("Time to pay"),
    hint=_(
        "How long a due payment is waited for before the order lapses, where the deal names no other time."
    ),
    unit=Unit.HOURS,
    default=24,
    least=1,
    most=24 * 30,
)
ACCEPT_DAYS: Final = parameters.declare(
    "orders.accept_days",
    label=_("Time until goods are accepted by themselves"),
    hint=_("Counted from shipping, where the deal names no other time."),
    unit=Unit.DAYS,
    default=10,
    least=1,
    most=90,
)
RETURN_DAYS: Final = parameters.declare(
    "orders.return_days",
    label=_("Time to ask for a return"),
    hint=_("Counted from the end of the order: after it a buyer can ask for no return. 0 sets no limit."),
    unit=Unit.DAYS,
    default=0,
    least=0,
    most=3 * 365,
)
