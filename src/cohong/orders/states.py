"""The order's life and the return's, as tables. `docs/order-life.md` shows them; a test keeps it true."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class OrderState(models.TextChoices):
    """Where an order stands."""

    PLACED = "placed", _("Awaiting payment")
    DEPOSITED = "deposited", _("Deposit paid")
    READY = "ready", _("To be shipped")
    PART_SHIPPED = "part_shipped", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    ACCEPTED = "accepted", _("Accepted")
    SETTLED = "settled", _("Completed")
    LAPSED = "lapsed", _("Lapsed unpaid")
    CANCELLED = "cancelled", _("Cancelled")


class OrderAct(models.TextChoices):
    """What can be done to an order."""

    PAY_DEPOSIT = "pay_deposit", _("Pay the deposit")
    PAY = "pay", _("Pay")
    SHIP_PART = "ship_part", _("Ship a part")
    SHIP = "ship", _("Ship")
    ACCEPT = "accept", _("Accept")
    SETTLE = "settle", _("Settle")
    LAPSE = "lapse", _("Lapse")
    CANCEL = "cancel", _("Cancel")
    TURN_AWAY = "turn_away", _("Turn away at the door")


S, A = OrderState, OrderAct

#: `pay` after shipping is the payment on delivery; it changes the money, not the state. `turn_away` is what becomes of goods
#: to be paid on delivery that all came back unpaid.
ORDER_LIFE = StateMachine(
    OrderState,
    initial=S.PLACED,
    transitions={
        S.PLACED: {
            A.PAY_DEPOSIT: S.DEPOSITED,
            A.PAY: S.READY,
            A.LAPSE: S.LAPSED,
            A.CANCEL: S.CANCELLED,
        },
        S.DEPOSITED: {A.PAY: S.READY, A.LAPSE: S.LAPSED, A.CANCEL: S.CANCELLED},
        S.READY: {
            A.PAY: S.READY,
            A.SHIP_PART: S.PART_SHIPPED,
            A.SHIP: S.SHIPPED,
            A.CANCEL: S.CANCELLED,
        },
        S.PART_SHIPPED: {A.PAY: S.PART_SHIPPED, A.SHIP_PART: S.PART_SHIPPED, A.SHIP: S.SHIPPED},
        S.SHIPPED: {A.PAY: S.SHIPPED, A.ACCEPT: S.ACCEPTED, A.TURN_AWAY: S.CANCELLED},
        S.ACCEPTED: {A.SETTLE: S.SETTLED},
    },
)


class ReturnState(models.TextChoices):
    """Where a return stands."""

    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("return", "Withdrawn")
    RECEIVED = "received", _("Goods received")
    REFUNDED = "refunded", _("Refunded")


class ReturnAct(models.TextChoices):
    """What can be done to a return. `refund_only` is the refund of a return without goods back."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    RECEIVE = "receive", _("Receive the goods")
    REFUND = "refund", _("Refund")
    REFUND_ONLY = "refund_only", _("Refund without goods back")


R, B = ReturnState, ReturnAct

RETURN_LIFE = StateMachine(
    ReturnState,
    initial=R.REQUESTED,
    transitions={
        R.REQUESTED: {B.APPROVE: R.APPROVED, B.REJECT: R.REJECTED, B.WITHDRAW: R.WITHDRAWN},
        R.APPROVED: {B.RECEIVE: R.RECEIVED, B.REFUND_ONLY: R.REFUNDED, B.WITHDRAW: R.WITHDRAWN},
        R.RECEIVED: {B.REFUND: R.REFUNDED},
    },
)
