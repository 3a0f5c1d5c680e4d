"""An order as its page shows it: what several modules know of it, seen from one of its sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from cohong.kernel import clock, journal
from cohong.kernel.errors import NotAllowed, NotFound
from cohong.kernel.journal import Filed, InclusionProof
from cohong.logistics import api as logistics
from cohong.logistics.api import EventView, ShipmentView
from cohong.orders import api as orders
from cohong.orders.api import DisputeView, MessageView, OrderState, OrderView, ReturnView
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, PartyView
from cohong.payments import api as payments
from cohong.payments.api import PaymentView

#: How many of the last messages an order's page shows; their own page shows all.
_MESSAGES = 50
_FOLDED = frozenset({"orders.message_sent", "logistics.tracked"})
_SEES_ALL = frozenset({Mandate.PLATFORM, Mandate.SUPERVISION})
_RETURNABLE = (OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.ACCEPTED, OrderState.SETTLED)
_DISPUTABLE = (OrderState.READY, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.ACCEPTED)
_MILESTONES = (
    OrderState.PLACED,
    OrderState.READY,
    OrderState.SHIPPED,
    OrderState.ACCEPTED,
    OrderState.SETTLED,
)
_REACHED = {
    OrderState.PLACED: 1,
    OrderState.DEPOSITED: 1,
    OrderState.READY: 2,
    OrderState.PART_SHIPPED: 2,
    OrderState.SHIPPED: 3,
    OrderState.ACCEPTED: 4,
    OrderState.SETTLED: 5,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of an order's life; `now` is the last one that was reached."""

    state: OrderState
    is_reached: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What the page of an order shows to one side of it. The address is masked."""

    order: OrderView
    side: Literal["buyer", "seller", "authority"]
    people: Mapping[UUID, PartyView]
    documents: tuple[Filed, ...]
    shipments: tuple[ShipmentView, ...]
    events: Mapping[UUID, list[EventView]]
    returns: tuple[ReturnView, ...]
    payments: tuple[PaymentView, ...]
    address: logistics.Address | None
    invoice: orders.InvoiceView | None
    steps: tuple[Step, ...]
    disputes: tuple[DisputeView, ...] = ()
    #: None for whoever has no part in them.
    messages: tuple[MessageView, ...] | None = None

    @property
    def timeline(self) -> list[Filed]:
        """The documents that tell the trade; what was said is told by the messages themselves."""
        return [filed for filed in self.documents if filed.envelope.kind not in _FOLDED]

    @property
    def folded(self) -> list[Filed]:
        """The documents of single messages and tracking events, which the page tells of elsewhere."""
        return [filed for filed in self.documents if filed.envelope.kind in _FOLDED]

    @property
    def is_delivered(self) -> bool:
        """Tell whether all that was shipped has arrived."""
        return bool(self.shipments) and all(one.delivered_at for one in self.shipments)

    @property
    def dispute(self) -> DisputeView | None:
        """The dispute that holds the order, if there is one."""
        return next((one for one in self.disputes if one.is_open), None)

    @property
    def may_pay(self) -> bool:
        """Tell whether the buyer has something to pay."""
        return self.order.allows(orders.OrderAct.PAY) and self.order.due.minor > 0

    @property
    def may_accept(self) -> bool:
        """Tell whether the buyer can accept the goods."""
        return self.order.allows(orders.OrderAct.ACCEPT) and self.order.paid == self.order.total

    @property
    def may_cancel(self) -> bool:
        """Tell whether this side can still call the order off: a deposit binds the buyer."""
        bound = self.side == "buyer" and self.order.state is OrderState.DEPOSITED
        return self.order.allows(orders.OrderAct.CANCEL) and not bound

    @property
    def may_close_short(self) -> bool:
        """Tell whether the seller can say that the rest never comes."""
        return self.order.allows(orders.OrderAct.CLOSE_SHORT) and self.order.paid == self.order.total

    @property
    def may_dispute(self) -> bool:
        """Tell whether the buyer can dispute the order now."""
        spent = any(one.state != orders.DisputeState.WITHDRAWN for one in self.disputes)
        is_paid = self.order.paid == self.order.total and self.order.paid.minor > self.order.refunded.minor
        return self.order.state in _DISPUTABLE and is_paid and not spent

    @property
    def may_return(self) -> bool:
        """Tell whether the buyer can ask for money back."""
        return self.order.state in _RETURNABLE and not self.order.is_held

    @property
    def may_ship(self) -> bool:
        """Tell whether the seller has something to ship."""
        return self.order.allows(orders.OrderAct.SHIP)


def order_page(*, actor: Actor, order_id: UUID) -> OrderPage:
    """Put an order's page together. Raises OrderNotFound if it is not the actor's to see."""
    order = orders.order(actor=actor, order_id=order_id)
    side = {order.buyer_id: "buyer", order.seller_id: "seller"}.get(actor.party_id, "authority")
    documents = tuple(seen(actor, orders.evidence(actor=actor, order_id=order_id)))
    shipments = tuple(logistics.shipments_of(order_ids=[order_id])[order_id])
    address = orders.address(actor=actor, order_id=order_id)
    issuers = {filed.envelope.issuer for filed in documents}
    return OrderPage(
        order=order,
        side=side,  # type: ignore[arg-type]
        people=parties.parties(
            ids={
                order.buyer_id,
                order.seller_id,
                *issuers,
                *(one.carrier_id for one in shipments if one.carrier_id),
            }
        ),
        documents=documents,
        shipments=shipments,
        events=logistics.events_of(shipment_ids=[one.id for one in shipments], with_notes=True),
        returns=tuple(orders.returns(actor=actor, order_id=order_id)),
        payments=tuple(payments.payments_for(order_ids=[order_id]).get(order_id, ())),
        address=address.masked() if address is not None else None,
        invoice=orders.invoice(actor=actor, order_id=order_id),
        steps=steps(order.state),
        disputes=tuple(orders.disputes_of(actor=actor, order_id=order_id)),
        messages=_messages(actor, order_id),
    )


def _messages(actor: Actor, order_id: UUID) -> tuple[MessageView, ...] | None:
    try:
        return tuple(orders.messages(actor=actor, order_id=order_id, limit=_MESSAGES))
    except NotAllowed:
        return None


def steps(state: OrderState) -> tuple[Step, ...]:
    """List the milestones of a life that ends well; an order that ended otherwise has none of them to come."""
    reached = _REACHED.get(state)
    if reached is None:
        return ()
    return tuple(
        Step(milestone, number <= reached, number == reached)
        for number, milestone in enumerate(_MILESTONES, 1)
    )


def seen(actor: Actor, file: list[Filed]) -> list[Filed]:
    """Leave those documents of a file that the actor may see: of some, only one of the order's parties is told."""
    if actor.mandates & _SEES_ALL:
        return file
    return [
        filed
        for filed in file
        if actor.party_id == filed.envelope.issuer or actor.party_id in filed.envelope.visible_to
    ]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document of an order's file: as it was issued, byte for byte, and its proof once it is sealed."""

    order: OrderView
    filed: Filed
    canonical: str
    issuer: PartyView | None
    proof: InclusionProof | None

    @property
    def holds(self) -> bool:
        """Check the proof, with nothing but itself."""
        return self.proof is not None and self.proof.holds()


def document_page(*, actor: Actor, order_id: UUID, document_id: UUID) -> DocumentPage:
    """Put the page of a document together. Raises OrderNotFound, or NotFound if it is not in the actor's file."""
    order = orders.order(actor=actor, order_id=order_id)
    file = seen(actor, orders.evidence(actor=actor, order_id=order_id))
    filed = next((one for one in file if one.envelope.id == document_id), None)
    if filed is None:
        raise NotFound
    _, _, canonical = journal.document(document_id)
    try:
        proof = journal.prove(document_id)
    except journal.DocumentNotSealed:
        proof = None
    issuer = parties.parties(ids=[filed.envelope.issuer]).get(filed.envelope.issuer)
    return DocumentPage(order, filed, canonical, issuer, proof)


def overdue(view: OrderView) -> bool:
    """Tell whether the time to pay has passed."""
    return view.pay_by is not None and view.pay_by <= clock.now()
