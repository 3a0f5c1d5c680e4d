"""Orders' HTTP interface. Thin: it reads the request, calls one act and shows the order as it then stands."""

from base64 import b64decode
from binascii import Error as Base64Error
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from cohong.kernel.errors import one
from cohong.kernel.http import MAX_PAGE, MoneyOut, Page, decode_cursor, idempotent, page
from cohong.kernel.ids import new_id
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.parties import api as parties

router = Router(tags=["orders"], auth=parties.TokenAuth())

Count = Annotated[int, Field(strict=True, ge=0)]


# --- what comes in ---------------------------------------------------------------------------------------


class LineIn(Schema):
    """One agreed line; money in minor units. `goods_minor` may name the price of the whole line."""

    sku_id: UUID
    title: str = Field(max_length=300)
    quantity: Count
    unit_price_minor: Count
    goods_minor: Count | None = None


class AddressIn(Schema):
    """Where the goods go."""

    recipient: str = Field(max_length=100)
    phone: str = Field(max_length=40)
    region_code: str = Field(max_length=12)
    street: str = Field(max_length=300)
    postcode: str = Field(default="", max_length=20)


class PaymentIn(Schema):
    """When the money is due."""

    kind: orders.PaymentKind = orders.PaymentKind.PREPAID
    deposit_minor: Count = 0
    hours: Count | None = None


class DeliveryIn(Schema):
    """How the goods get there."""

    kind: orders.DeliveryKind = orders.DeliveryKind.SHIPMENT
    address: AddressIn | None = None
    carrier_id: UUID | None = None
    service: str = Field(default="", max_length=24)
    accept_days: Count | None = None


class InvoiceIn(Schema):
    """To whom the invoice is made out; what its kind does not need may be left out."""

    kind: orders.InvoiceKind
    title: str = Field(max_length=200)
    tax_number: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    bank: str = Field(default="", max_length=100)
    account: str = Field(default="", max_length=50)


class IssuedIn(Schema):
    """The issued invoice: its number, and the day that stands on it."""

    number: str = Field(max_length=40)
    issued_on: date


class OrderIn(Schema):
    """What a buyer orders at a seller's published prices. The token's party is the buyer."""

    seller_id: UUID
    currency: str = Field(max_length=3)
    lines: list[LineIn] = Field(max_length=2_000)
    market_id: UUID | None = None
    freight_minor: Count = 0
    discount_minor: Count = 0
    payment: PaymentIn = PaymentIn()
    delivery: DeliveryIn
    note: str = Field(default="", max_length=2_000)
    invoice: InvoiceIn | None = None


class PayIn(Schema):
    """Pay from the balance, or (False) only from what a provider has brought for this order."""

    from_balance: bool = True


class PaymentWish(Schema):
    """Where the bank's page leads back to."""

    return_url: str = Field(default="", max_length=500)


class QuantityIn(Schema):
    """So many of a line."""

    line_id: UUID
    quantity: Count


class ShipIn(Schema):
    """What leaves; without lines all that is left."""

    carrier_id: UUID | None = None
    lines: list[QuantityIn] | None = Field(default=None, max_length=2_000)
    weight_grams: Count = 0


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(default="", max_length=2_000)


class ReturnedIn(Schema):
    """What comes back of a line; without an amount the share that was paid for it."""

    line_id: UUID
    quantity: Count
    amount_minor: Count | None = None


class ReturnIn(Schema):
    """A return, or (`goods_back` False) only money back."""

    lines: list[ReturnedIn] = Field(max_length=2_000)
    goods_back: bool = True
    reason: str = Field(default="", max_length=2_000)


# --- what goes out ---------------------------------------------------------------------------------------


class LineOut(Schema):
    """A line as it stands."""

    id: UUID
    sku_id: UUID
    title: str
    quantity: int
    unit_price: MoneyOut
    goods: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    total: MoneyOut
    shipped: int
    dropped: int
    returned: int
    refunded: MoneyOut


class OrderOut(Schema):
    """An order as it stands."""

    id: UUID
    number: str
    way: str
    buyer_id: UUID
    seller_id: UUID
    market_id: UUID | None
    state: str
    goods: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    total: MoneyOut
    deposit: MoneyOut
    paid: MoneyOut
    refunded: MoneyOut
    settled: MoneyOut
    fee: MoneyOut
    due: MoneyOut
    payment: str
    delivery: str
    is_held: bool
    open_returns: int
    placed_at: datetime
    pay_by: datetime | None
    shipped_at: datetime | None
    accept_by: datetime | None
    ended_at: datetime | None
    lines: list[LineOut]


class InvoiceOut(Schema):
    """The invoice of an order. Without a number it has not been issued yet; `in_clear` False: parts of it are masked."""

    kind: orders.InvoiceKind
    title: str
    tax_number: str
    address: str
    phone: str
    bank: str
    account: str
    in_clear: bool
    number: str
    issued_on: date | None


class PaymentOut(Schema):
    """A payment at the bank; `pay_url` is empty until the bank has answered."""

    id: UUID
    number: str
    state: str
    amount: MoneyOut
    pay_url: str


class ReturnLineOut(Schema):
    """What comes back of a line."""

    line_id: UUID
    quantity: int
    amount: MoneyOut


class ReturnOut(Schema):
    """A return as it stands."""

    id: UUID
    number: str
    order_id: UUID
    state: str
    goods_back: bool
    amount: MoneyOut
    reason: str
    decision: str
    requested_at: datetime
    ended_at: datetime | None
    lines: list[ReturnLineOut]


class DisputeIn(Schema):
    """What the buyer complains of, and how much of the money is claimed back."""

    kind: orders.DisputeKind
    text: str = Field(max_length=2_000)
    claimed_minor: Count


class TextIn(Schema):
    """What a side says."""

    text: str = Field(max_length=2_000)


class SumIn(Schema):
    """A sum that goes back to the buyer."""

    amount_minor: Count


class DecisionIn(Schema):
    """What an authority grants the buyer, and why."""

    refund_minor: Count
    reason: str = Field(max_length=500)


class DisputeOut(Schema):
    """A dispute as it stands. The texts are empty in lists."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    state: str
    kind: str
    buyer_id: UUID
    seller_id: UUID
    claimed: MoneyOut
    offered: MoneyOut | None
    offered_by: UUID | None
    refunded: MoneyOut
    escrow: MoneyOut
    decision: str
    decided_by: UUID | None
    raised_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    text: str
    answer: str


class MessageIn(Schema):
    """What is written on an order; pictures as base64 of JPEG, PNG or WebP."""

    text: str = Field(default="", max_length=2_000)
    pictures: list[Annotated[str, Field(max_length=6 << 20)]] = Field(default=[], max_length=4)


class PictureOut(Schema):
    """A picture in a message."""

    id: UUID
    width: int
    height: int


class MessageOut(Schema):
    """A message as it was sent; `is_read`: by the side it was written to."""

    id: UUID
    number: int
    side: str
    party_id: UUID
    text: str
    sent_at: datetime
    is_read: bool
    pictures: list[PictureOut]


class DisputeFilter(Schema):
    """Which disputes: one side's of the acting party, or as an authority all."""

    side: Literal["buyer", "seller", "authority"] = "buyer"
    state: list[orders.DisputeState] = []
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class ShippedOut(Schema):
    """A shipment as it left."""

    order_id: UUID
    shipment_id: UUID
    waybill_number: str


class DocumentOut(Schema):
    """A document of the order's file; its position is null until it is sealed."""

    id: UUID
    kind: str
    version: int
    issuer: UUID
    issued_at: datetime
    digest: str
    position: int | None
    answers: list[UUID]


class OrderFilter(Schema):
    """Which orders: as buyer or seller, in which states; `cursor` continues a list."""

    side: str = Field(default="buyer", pattern="^(buyer|seller)$")
    state: list[orders.OrderState] = []
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


# --- views -----------------------------------------------------------------------------------------------


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _shown(request: HttpRequest, order_id: UUID) -> OrderOut:
    return OrderOut.model_validate(
        orders.order(actor=_actor(request), order_id=order_id), from_attributes=True
    )


def _reader(request: HttpRequest) -> parties.Actor:
    actor = _actor(request)
    parties.require(actor, actor.party_id, *parties.Role, scope="orders:read")
    return actor


@router.get("", response=Page[OrderOut])
def list_orders(request: HttpRequest, query: Query[OrderFilter]) -> dict[str, Any]:
    """List the acting party's orders, newest first."""
    found = orders.orders(
        actor=_reader(request),
        side="buyer" if query.side == "buyer" else "seller",
        states=[state.value for state in query.state],
        before=decode_cursor(query.cursor),
        limit=query.limit + 1,
    )
    items, following = page(found, limit=query.limit, id_of=lambda view: view.id)
    return {"items": items, "next": following}


@router.post("", response={201: OrderOut})
@idempotent
def place_order(request: HttpRequest, body: OrderIn) -> tuple[int, OrderOut]:
    """Place an order with a seller, at its published prices or above: less only the seller could agree to."""
    actor = _actor(request)
    address = body.delivery.address
    item = orders.PlaceOrder(
        actor=actor,
        id=new_id(),
        buyer_id=actor.party_id,
        seller_id=body.seller_id,
        way="direct",
        market_id=body.market_id,
        currency=body.currency,
        lines=tuple(
            orders.AgreedLine(
                line_id=new_id(),
                sku_id=line.sku_id,
                title=line.title,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                goods_minor=line.goods_minor,
            )
            for line in body.lines
        ),
        freight_minor=body.freight_minor,
        discount_minor=body.discount_minor,
        payment=orders.PaymentTerms(
            kind=body.payment.kind, deposit_minor=body.payment.deposit_minor, hours=body.payment.hours
        ),
        delivery=orders.DeliveryTerms(
            kind=body.delivery.kind,
            address=Address(**address.model_dump()) if address is not None else None,
            carrier_id=body.delivery.carrier_id,
            service=body.delivery.service,
            accept_days=body.delivery.accept_days,
        ),
        note=body.note,
        invoice=orders.InvoiceTerms(**body.invoice.model_dump()) if body.invoice is not None else None,
    )
    placed = one(orders.place_as_offered(items=[item]))
    return 201, _shown(request, placed.order_id)


@router.get("/{uuid:order_id}", response=OrderOut)
def get_order(request: HttpRequest, order_id: UUID) -> Any:
    """Show one order."""
    return orders.order(actor=_reader(request), order_id=order_id)


@router.get("/{uuid:order_id}/documents", response=list[DocumentOut])
def list_documents(request: HttpRequest, order_id: UUID) -> list[dict[str, Any]]:
    """List the order's documents, the oldest first."""
    return [
        {
            "id": filed.envelope.id,
            "kind": filed.envelope.kind,
            "version": filed.envelope.version,
            "issuer": filed.envelope.issuer,
            "issued_at": filed.envelope.issued_at,
            "digest": filed.digest.hex(),
            "position": filed.position,
            "answers": list(filed.envelope.answers),
        }
        for filed in orders.evidence(actor=_reader(request), order_id=order_id)
    ]


@router.get("/purchase-limits", response=list[MoneyOut])
def list_purchase_limits(request: HttpRequest) -> Any:
    """List up to how much an order of the party may come to without approval, by currency; empty: there is no limit."""
    return orders.purchase_limits(actor=_actor(request))


@router.get("/{uuid:order_id}/invoice", response={200: InvoiceOut, 204: None})
def get_invoice(request: HttpRequest, order_id: UUID, in_clear: bool = False) -> Any:
    """Show to whom an order's invoice is made out; 204 if none was asked for. A seller's look `in_clear` is recorded."""
    found = orders.invoice(actor=_reader(request), order_id=order_id, in_clear=in_clear)
    return Status(204, None) if found is None else _invoice(found)


@router.post("/{uuid:order_id}/invoice", response=InvoiceOut)
@idempotent
def record_invoice(request: HttpRequest, order_id: UUID, body: IssuedIn) -> InvoiceOut:
    """Record that the invoice was issued, as the seller; another number replaces the one recorded before."""
    item = orders.RecordInvoice(
        actor=_actor(request), order_id=order_id, number=body.number, issued_on=body.issued_on
    )
    orders.record_invoice(item=item)
    found = orders.invoice(actor=_actor(request), order_id=order_id)
    if found is None:
        raise orders.InvoiceNotWanted
    return _invoice(found)


def _invoice(view: orders.InvoiceView) -> InvoiceOut:
    terms = {name: getattr(view.terms, name) for name in InvoiceIn.model_fields}
    return InvoiceOut(**terms, in_clear=view.in_clear, number=view.number, issued_on=view.issued_on)


@router.post("/{uuid:order_id}/pay", response=OrderOut)
@idempotent
def pay_order(request: HttpRequest, order_id: UUID, body: PayIn) -> OrderOut:
    """Pay what is due into escrow."""
    item = orders.PayOrder(actor=_actor(request), order_id=order_id, from_balance=body.from_balance)
    one(orders.pay(items=[item]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/payments", response={202: PaymentOut})
@idempotent
def open_payment(request: HttpRequest, order_id: UUID, body: PaymentWish) -> tuple[int, PaymentOut]:
    """Open a payment at the bank for what is due; its pay page is ready a moment later (`/payments/{id}` tells).

    The token needs the scope `payments:write` as well.
    """
    opened = orders.open_payment(actor=_actor(request), order_id=order_id, return_url=body.return_url)
    return 202, PaymentOut.model_validate(opened, from_attributes=True)


@router.post("/{uuid:order_id}/ship", response={201: ShippedOut})
@idempotent
def ship_order(request: HttpRequest, order_id: UUID, body: ShipIn) -> tuple[int, ShippedOut]:
    """Hand goods over, all that is left or named quantities."""
    lines = None if body.lines is None else tuple((line.line_id, line.quantity) for line in body.lines)
    item = orders.ShipOrder(
        actor=_actor(request),
        order_id=order_id,
        shipment_id=new_id(),
        carrier_id=body.carrier_id,
        lines=lines,
        weight_grams=body.weight_grams,
    )
    shipped = one(orders.ship(items=[item]))
    return 201, ShippedOut.model_validate(shipped, from_attributes=True)


@router.post("/{uuid:order_id}/accept", response=OrderOut)
@idempotent
def accept_order(request: HttpRequest, order_id: UUID) -> OrderOut:
    """Accept the goods."""
    one(orders.accept(items=[orders.OnOrder(actor=_actor(request), order_id=order_id)]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/cancel", response=OrderOut)
@idempotent
def cancel_order(request: HttpRequest, order_id: UUID, body: ReasonIn) -> OrderOut:
    """Call the order off before anything is shipped."""
    one(orders.cancel(items=[orders.OnOrder(actor=_actor(request), order_id=order_id, reason=body.reason)]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/close-short", response=OrderOut)
@idempotent
def close_short(request: HttpRequest, order_id: UUID, body: ReasonIn) -> OrderOut:
    """Say that the rest of a part-shipped order never comes; the money for it goes back."""
    orders.close_short(item=orders.OnOrder(actor=_actor(request), order_id=order_id, reason=body.reason))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/holds", response={201: dict[str, UUID]})
@idempotent
def hold_order(request: HttpRequest, order_id: UUID, body: ReasonIn) -> tuple[int, dict[str, str]]:
    """Stop an order, as an authority."""
    hold_id = orders.hold(actor=_actor(request), order_id=order_id, reason=body.reason)
    return 201, {"id": str(hold_id)}


@router.post("/holds/{uuid:hold_id}/lift", response={204: None})
@idempotent
def lift_hold(request: HttpRequest, hold_id: UUID, body: ReasonIn) -> tuple[int, None]:
    """Let an order go on, as an authority."""
    orders.lift_hold(actor=_actor(request), hold_id=hold_id, reason=body.reason)
    return 204, None


@router.get("/{uuid:order_id}/returns", response=list[ReturnOut])
def list_returns(request: HttpRequest, order_id: UUID) -> list[dict[str, Any]]:
    """List the order's returns."""
    return _returns(_reader(request), order_id)


@router.post("/{uuid:order_id}/returns", response={201: ReturnOut})
@idempotent
def request_return(request: HttpRequest, order_id: UUID, body: ReturnIn) -> tuple[int, ReturnOut]:
    """Ask for money back, with the goods or without."""
    item = orders.RequestReturn(
        actor=_actor(request),
        id=new_id(),
        order_id=order_id,
        lines=tuple(
            orders.ReturnedLine(line_id=line.line_id, quantity=line.quantity, amount_minor=line.amount_minor)
            for line in body.lines
        ),
        goods_back=body.goods_back,
        reason=body.reason,
    )
    requested = orders.request_return(item=item)
    return 201, _return(request, order_id, requested.return_id)


_ACTS = {
    "approve": orders.approve_return,
    "reject": orders.reject_return,
    "withdraw": orders.withdraw_return,
    "receive": orders.receive_return,
    "refund": orders.refund,
}


@router.post("/returns/{uuid:return_id}/{act}", response=ReturnOut)
@idempotent
def act_on_return(
    request: HttpRequest,
    return_id: UUID,
    act: Literal["approve", "reject", "withdraw", "receive", "refund"],
    body: ReasonIn,
) -> ReturnOut:
    """Approve, reject, withdraw, receive or refund a return."""
    _ACTS[act](item=orders.OnReturn(actor=_actor(request), return_id=return_id, reason=body.reason))
    return _return(request, orders.order_of_return(return_id=return_id), return_id)


def _return(request: HttpRequest, order_id: UUID, return_id: UUID) -> ReturnOut:
    [found] = [view for view in _returns(_actor(request), order_id) if view["id"] == return_id]
    return ReturnOut.model_validate(found, from_attributes=True)


def _returns(actor: parties.Actor, order_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(view, name) for name in ReturnOut.model_fields if name != "lines"},
            "lines": [
                {"line_id": line_id, "quantity": quantity, "amount": amount}
                for line_id, quantity, amount in view.lines
            ],
        }
        for view in orders.returns(actor=actor, order_id=order_id)
    ]


# --- disputes --------------------------------------------------------------------------------------------


def _dispute(request: HttpRequest, dispute_id: UUID) -> DisputeOut:
    found = orders.dispute(actor=_actor(request), dispute_id=dispute_id)
    return DisputeOut.model_validate(found, from_attributes=True)


@router.get("/disputes", response=Page[DisputeOut])
def list_disputes(request: HttpRequest, query: Query[DisputeFilter]) -> dict[str, Any]:
    """List disputes, newest first."""
    found = orders.disputes(
        actor=_reader(request),
        side=query.side,
        states=[state.value for state in query.state],
        before=decode_cursor(query.cursor),
        limit=query.limit + 1,
    )
    items, following = page(found, limit=query.limit, id_of=lambda view: view.id)
    return {"items": items, "next": following}


@router.post("/{uuid:order_id}/disputes", response={201: DisputeOut})
@idempotent
def raise_dispute(request: HttpRequest, order_id: UUID, body: DisputeIn) -> tuple[int, DisputeOut]:
    """Dispute an order that is paid and not settled; it stands still from then on."""
    item = orders.RaiseDispute(
        actor=_actor(request),
        id=new_id(),
        order_id=order_id,
        kind=body.kind.value,
        text=body.text,
        claimed_minor=body.claimed_minor,
    )
    raised = orders.raise_dispute(item=item)
    return 201, _dispute(request, raised.dispute_id)


@router.get("/disputes/{uuid:dispute_id}", response=DisputeOut)
def get_dispute(request: HttpRequest, dispute_id: UUID) -> Any:
    """Show one dispute with what the parties wrote."""
    return orders.dispute(actor=_reader(request), dispute_id=dispute_id)


@router.post("/disputes/{uuid:dispute_id}/answer", response=DisputeOut)
@idempotent
def answer_dispute(request: HttpRequest, dispute_id: UUID, body: TextIn) -> DisputeOut:
    """Answer a dispute, as the seller."""
    orders.answer_dispute(item=orders.OnDispute(actor=_actor(request), dispute_id=dispute_id, text=body.text))
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/withdraw", response=DisputeOut)
@idempotent
def withdraw_dispute(request: HttpRequest, dispute_id: UUID) -> DisputeOut:
    """Let a dispute go, as the buyer."""
    orders.withdraw_dispute(item=orders.OnDispute(actor=_actor(request), dispute_id=dispute_id))
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/decision", response=DisputeOut)
@idempotent
def decide_dispute(request: HttpRequest, dispute_id: UUID, body: DecisionIn) -> DisputeOut:
    """Decide a dispute, as an authority."""
    item = orders.OnDispute(actor=_actor(request), dispute_id=dispute_id, text=body.reason)
    orders.decide_dispute(item=item, refund_minor=body.refund_minor)
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/{act}", response=DisputeOut)
@idempotent
def settle_dispute(
    request: HttpRequest, dispute_id: UUID, act: Literal["offer", "agree"], body: SumIn
) -> DisputeOut:
    """Offer a sum, or agree to the one that the other side has offered."""
    perform = orders.offer_in_dispute if act == "offer" else orders.agree_in_dispute
    item = orders.OnDispute(actor=_actor(request), dispute_id=dispute_id)
    perform(item=item, amount_minor=body.amount_minor)
    return _dispute(request, dispute_id)


# --- messages --------------------------------------------------------------------------------------------


@router.get("/{uuid:order_id}/messages", response=list[MessageOut])
def list_messages(request: HttpRequest, order_id: UUID, after: int = 0) -> Any:
    """List what was said on an order after message number `after`, the oldest first."""
    return orders.messages(actor=_reader(request), order_id=order_id, after=max(after, 0))


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return b""  # which is no picture, and refused as such


@router.post("/{uuid:order_id}/messages", response={201: MessageOut})
@idempotent
def send_message(request: HttpRequest, order_id: UUID, body: MessageIn) -> tuple[int, MessageOut]:
    """Write on an order."""
    pictures = tuple(_decoded(text) for text in body.pictures)
    item = orders.SendMessage(
        actor=_actor(request), id=new_id(), order_id=order_id, text=body.text, pictures=pictures
    )
    number = orders.send_message(item=item)
    [sent] = orders.messages(actor=_actor(request), order_id=order_id, after=number - 1, limit=1)
    return 201, MessageOut.model_validate(sent, from_attributes=True)


@router.post("/{uuid:order_id}/messages/read", response={204: None})
@idempotent
def read_messages(request: HttpRequest, order_id: UUID) -> tuple[int, None]:
    """Say that the acting side has read what was said on an order."""
    orders.order(actor=_actor(request), order_id=order_id)
    orders.mark_read(actor=_actor(request), order_id=order_id)
    return 204, None


@router.get("/messages/pictures/{uuid:picture_id}")
def get_message_picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Give a picture of a message, as WebP."""
    content = orders.message_picture(actor=_reader(request), picture_id=picture_id)
    return HttpResponse(content, content_type="image/webp")
