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
    CLOSE_SHORT = "close_short", _("Close short")
    TURN_AWAY = "turn_away", _("Turn away at the door")


S, A = OrderState, OrderAct

#: `pay` after shipping is the payment on delivery; it changes the money, not the state. `turn_away` is what becomes of goods
#: to be paid on delivery that all came back unpaid. `close_short`: what has not been shipped never will be; its money goes back.
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
        S.PART_SHIPPED: {
            A.PAY: S.PART_SHIPPED,
            A.SHIP_PART: S.PART_SHIPPED,
            A.SHIP: S.SHIPPED,
            A.CLOSE_SHORT: S.SHIPPED,
        },
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
    SUPERSEDED = "superseded", _("Closed by a dispute")


class ReturnAct(models.TextChoices):
    """What can be done to a return.

    `refund_only` is the refund of a return without goods back; `supersede`: a dispute over the order has come to an end, and
    what the return asked for is decided with it.
    """

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    RECEIVE = "receive", _("Receive the goods")
    REFUND = "refund", _("Refund")
    REFUND_ONLY = "refund_only", _("Refund without goods back")
    SUPERSEDE = "supersede", _("Close by a dispute")


R, B = ReturnState, ReturnAct

RETURN_LIFE = StateMachine(
    ReturnState,
    initial=R.REQUESTED,
    transitions={
        R.REQUESTED: {
            B.APPROVE: R.APPROVED,
            B.REJECT: R.REJECTED,
            B.WITHDRAW: R.WITHDRAWN,
            B.SUPERSEDE: R.SUPERSEDED,
        },
        R.APPROVED: {
            B.RECEIVE: R.RECEIVED,
            B.REFUND_ONLY: R.REFUNDED,
            B.WITHDRAW: R.WITHDRAWN,
            B.SUPERSEDE: R.SUPERSEDED,
        },
        R.RECEIVED: {B.REFUND: R.REFUNDED, B.SUPERSEDE: R.SUPERSEDED},
    },
)


class DisputeState(models.TextChoices):
    """Where a dispute stands. In the first two it holds the order."""

    RAISED = "raised", _("Awaiting the seller’s answer")
    ANSWERED = "answered", pgettext_lazy("dispute", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "Withdrawn")
    SETTLED = "settled", pgettext_lazy("dispute", "Settled by agreement")
    DECIDED = "decided", pgettext_lazy("dispute", "Decided")


class DisputeAct(models.TextChoices):
    """What can be done to a dispute. Either side may `offer` a sum; the other one's `agree` settles it."""

    ANSWER = "answer", pgettext_lazy("dispute", "Answer")
    OFFER = "offer", _("Offer a sum")
    AGREE = "agree", _("Agree to the sum")
    WITHDRAW = "withdraw", pgettext_lazy("dispute", "Withdraw")
    DECIDE = "decide", pgettext_lazy("dispute", "Decide")


class DisputeKind(models.TextChoices):
    """What the buyer complains of."""

    NOT_RECEIVED = "not_received", _("Goods not received")
    NOT_AS_DESCRIBED = "not_as_described", _("Not as described")
    DAMAGED = "damaged", _("Damaged")
    COUNTERFEIT = "counterfeit", _("Counterfeit")
    OTHER = "other", pgettext_lazy("dispute", "Something else")


class MessageSide(models.TextChoices):
    """Whose people wrote a message on an order. An authority writes in a dispute only."""

    BUYER = "buyer", _("Buyer")
    SELLER = "seller", _("Seller")
    AUTHORITY = "authority", _("Authority")


D, C = DisputeState, DisputeAct

DISPUTE_LIFE = StateMachine(
    DisputeState,
    initial=D.RAISED,
    transitions={
        D.RAISED: {
            C.ANSWER: D.ANSWERED,
            C.OFFER: D.RAISED,
            C.AGREE: D.SETTLED,
            C.WITHDRAW: D.WITHDRAWN,
            C.DECIDE: D.DECIDED,
        },
        D.ANSWERED: {
            C.OFFER: D.ANSWERED,
            C.AGREE: D.SETTLED,
            C.WITHDRAW: D.WITHDRAWN,
            C.DECIDE: D.DECIDED,
        },
    },
)
#: While a dispute is in one of these, its order stands still.
OPEN_DISPUTE: tuple[str, ...] = (DisputeState.RAISED.value, DisputeState.ANSWERED.value)
