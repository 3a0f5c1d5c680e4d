"""How trades go: one script for each way in which an order can live, end or stand still.

A script is a row of acts, each with the least and the most minutes after the act before it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal


class Act(StrEnum):
    """What happens to an order. `trading.Trader` has a method of the same name for each."""

    PLACE = "place"
    PAY = "pay"
    SHIP = "ship"
    SHIP_HALF = "ship_half"
    PICKED_UP = "picked_up"
    TRAVELLED = "travelled"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    BROUGHT_BACK = "brought_back"
    READY = "ready"
    COLLECT = "collect"
    ACCEPT = "accept"
    ACCEPT_BY_ITSELF = "accept_by_itself"
    SETTLE = "settle"
    LAPSE = "lapse"
    CANCEL = "cancel"
    CALL_OFF = "call_off"
    ASK_RETURN = "ask_return"
    ASK_PART = "ask_part"
    ASK_MONEY = "ask_money"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"
    REFUND = "refund"
    HOLD = "hold"
    WRITE = "write"
    REPLY = "reply"
    DISPUTE = "dispute"
    ANSWER_DISPUTE = "answer_dispute"
    OFFER = "offer"
    AGREE_DISPUTE = "agree_dispute"
    WITHDRAW_DISPUTE = "withdraw_dispute"
    DECIDE_PART = "decide_part"
    DECIDE_FOR_SELLER = "decide_for_seller"
    CLOSE_SHORT = "close_short"


Step = tuple[Act, int, int]
Payment = Literal["prepaid", "deposit", "on_delivery"]


@dataclass(frozen=True, slots=True)
class Script:
    """One way in which a trade goes.

    `is_open`: it still goes on, so its last act was lately. `collected`: the goods are picked up instead of
    shipped. `weight` is how often it comes among many trades; each comes at least once if there is room.
    """

    name: str
    steps: tuple[Step, ...]
    weight: int
    is_open: bool = False
    payment: Payment = "prepaid"
    is_collected: bool = False

    @property
    def pay_hours(self) -> int:
        """How long its payment is waited for."""
        return 240 if self.payment == "deposit" else 72

    @property
    def is_plain(self) -> bool:
        """Whether it goes the way every seller hopes for, so that any goods and any number of orders suit it."""
        return self.name in ("settled", "by_itself")


A = Act
_PAY: tuple[Step, ...] = ((A.PAY, 2, 180),)
_SHIP: tuple[Step, ...] = ((A.SHIP, 180, 1700),)
_LEAVE: tuple[Step, ...] = ((A.PICKED_UP, 60, 360), (A.TRAVELLED, 480, 1200))
_ARRIVE: tuple[Step, ...] = ((A.OUT_FOR_DELIVERY, 300, 840), (A.DELIVERED, 60, 300))
_GO = (*_LEAVE, *_ARRIVE)
_THERE = (*_PAY, *_SHIP, *_GO)
_SETTLE: tuple[Step, ...] = ((A.SETTLE, 1, 5),)
_TAKE: tuple[Step, ...] = ((A.ACCEPT, 60, 2900), *_SETTLE)
_AGREED: tuple[Step, ...] = ((A.APPROVE, 60, 900),)
_BACK: tuple[Step, ...] = ((A.RECEIVE, 1400, 4000), (A.REFUND, 30, 500))
_BY_ITSELF: tuple[Step, ...] = ((A.ACCEPT_BY_ITSELF, 1, 1), *_SETTLE)
_ASK: Step = (A.WRITE, 3, 40)
_REPLY: Step = (A.REPLY, 5, 200)
_TALK = (_ASK, _REPLY)
_DISPUTE: tuple[Step, ...] = ((A.DISPUTE, 100, 900),)
_ANSWERED: tuple[Step, ...] = (*_DISPUTE, (A.ANSWER_DISPUTE, 60, 900))

SCRIPTS: Final = (
    # Still going on, by the state that they show.
    Script("awaiting_payment", (), 4, is_open=True),
    Script("deposit_paid", ((A.PAY, 5, 120),), 3, is_open=True, payment="deposit"),
    Script("to_ship", (*_PAY, _ASK), 8, is_open=True),
    Script("part_shipped", (*_PAY, (A.SHIP_HALF, 180, 1700), *_LEAVE, *_TALK), 4, is_open=True),
    Script("consigned", (*_PAY, *_SHIP), 3, is_open=True),
    Script("in_transit", (*_PAY, *_TALK, *_SHIP, *_LEAVE), 8, is_open=True),
    Script("out_for_delivery", _THERE[:-1], 3, is_open=True),
    Script("delivered", _THERE, 6, is_open=True),
    Script("unpaid_at_the_door", (*_SHIP, *_GO), 2, is_open=True, payment="on_delivery"),
    Script("at_the_counter", (*_PAY, *_SHIP, (A.READY, 5, 90)), 5, is_open=True, is_collected=True),
    Script("return_requested", (*_THERE, (A.ASK_RETURN, 100, 2000)), 2, is_open=True),
    Script("return_while_accepted", (*_THERE, (A.ACCEPT, 60, 900), (A.ASK_PART, 1, 4)), 1, is_open=True),
    Script("return_approved", (*_THERE, (A.ASK_PART, 100, 2000), *_AGREED), 2, is_open=True),
    Script("return_received", (*_THERE, (A.ASK_RETURN, 100, 2000), *_AGREED, _BACK[0]), 2, is_open=True),
    Script("disputed", (*_THERE, _ASK, *_DISPUTE), 2, is_open=True),
    Script("disputed_not_received", (*_PAY, *_SHIP, *_LEAVE, *_DISPUTE, (A.ANSWER_DISPUTE, 60, 900)), 2, is_open=True),
    Script("dispute_answered", (*_THERE, *_TALK, *_ANSWERED, _REPLY), 2, is_open=True),
    Script("dispute_with_an_offer", (*_THERE, *_ANSWERED, (A.OFFER, 30, 300)), 2, is_open=True),
    Script("held", (*_PAY, (A.HOLD, 60, 600)), 0, is_open=True),
    # Over.
    Script("settled", (*_THERE, *_TAKE), 110),
    Script("by_itself", (*_THERE, *_BY_ITSELF), 25),
    Script("two_parcels", (*_PAY, (A.SHIP_HALF, 180, 1700), *_GO, *_SHIP, *_GO, *_TAKE), 12),
    Script("balance_before_shipping", (*_PAY, (A.PAY, 600, 4000), *_SHIP, *_GO, *_TAKE), 16, payment="deposit"),
    Script("paid_at_the_door", (*_SHIP, *_GO, (A.PAY, 5, 60), *_TAKE), 10, payment="on_delivery"),
    Script(
        "collected", (*_PAY, *_SHIP, (A.READY, 5, 90), (A.COLLECT, 100, 5000), *_TAKE), 55, is_collected=True
    ),
    Script("lapsed", ((A.LAPSE, 1, 1),), 7),
    Script("deposit_forfeited", (*_PAY, (A.LAPSE, 1, 1)), 3, payment="deposit"),
    Script("cancelled_unpaid", ((A.CANCEL, 20, 900),), 6),
    Script("called_off_by_seller", (*_PAY, (A.CALL_OFF, 60, 900)), 4),
    Script("turned_away", (*_SHIP, *_LEAVE, (A.BROUGHT_BACK, 700, 2000), (A.ASK_RETURN, 5, 60), *_AGREED, *_BACK), 3,
           payment="on_delivery"),
    Script("returned", (*_THERE, (A.ASK_RETURN, 100, 2000), *_AGREED, *_BACK, *_BY_ITSELF), 8),
    Script("part_returned", (*_THERE, (A.ASK_PART, 100, 2000), *_AGREED, *_BACK, *_TAKE), 8),
    Script("price_reduced_later", (*_THERE, *_TAKE, (A.ASK_MONEY, 600, 6000), *_AGREED, _BACK[1]), 7),
    Script("return_rejected", (*_THERE, (A.ASK_RETURN, 100, 2000), (A.REJECT, 60, 900), *_TAKE), 4),
    Script("dispute_agreed", (*_THERE, *_ANSWERED, (A.OFFER, 30, 300), (A.AGREE_DISPUTE, 30, 300), *_TAKE), 3),
    Script("dispute_withdrawn", (*_THERE, *_DISPUTE, *_TALK, (A.WITHDRAW_DISPUTE, 60, 900), *_TAKE), 2),
    Script("dispute_decided", (*_THERE, (A.ASK_RETURN, 100, 900), *_ANSWERED, (A.DECIDE_PART, 900, 2000), *_TAKE), 2),
    Script("dispute_lost", (*_THERE, *_ANSWERED, (A.DECIDE_FOR_SELLER, 900, 2000), *_TAKE), 2),
    Script("closed_short", (*_PAY, (A.SHIP_HALF, 180, 1700), *_GO, (A.CLOSE_SHORT, 900, 3000), *_TAKE), 2),
    Script("return_withdrawn", (*_THERE, (A.ASK_PART, 100, 2000), (A.WITHDRAW, 60, 900), *_TAKE), 3),
)  # fmt: skip
