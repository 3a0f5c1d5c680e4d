"""Orders' HTTP interface. Thin: it reads the request, calls one act and shows the order as it then stands."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from cohong.kernel.errors import one
from cohong.kernel.http import Page, decode_cursor, idempotent, page
from cohong.kernel.ids import new_id
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.orders import http_disputes, http_messages, http_returns, http_terms, schemas
from cohong.orders.http_base import actor_of, reader_of
from cohong.parties import api as parties

router = Router(tags=["orders"], auth=parties.TokenAuth())
# The fixed words of an address stand before those that are made of ids.
for _topic in (http_terms, http_disputes, http_messages, http_returns):
    router.add_router("", _topic.router)


def _shown(request: HttpRequest, order_id: UUID) -> schemas.OrderOut:
    return schemas.OrderOut.model_validate(
        orders.order(actor=actor_of(request), order_id=order_id), from_attributes=True
    )


@router.get("", response=Page[schemas.OrderOut])
def list_orders(request: HttpRequest, query: Query[schemas.OrderFilter]) -> dict[str, Any]:
    """List the acting party's orders, newest first."""
    found = orders.orders(
        actor=reader_of(request),
        side="buyer" if query.side == "buyer" else "seller",
        states=[state.value for state in query.state],
        before=decode_cursor(query.cursor),
        limit=query.limit + 1,
    )
    items, following = page(found, limit=query.limit, id_of=lambda view: view.id)
    return {"items": items, "next": following}


@router.post("", response={201: schemas.OrderOut})
@idempotent
def place_order(request: HttpRequest, body: schemas.OrderIn) -> tuple[int, schemas.OrderOut]:
    """Place an order with a seller, at its published prices or above: less only the seller could agree to."""
    actor = actor_of(request)
    address = body.delivery.address
    item = orders.PlaceOrder(
        actor=actor,
        id=new_id(),
        buyer_id=actor.party_id,
        seller_id=body.seller_id,
        way="direct",
        market_id=body.market_id,
        channel=orders.Channel.SYSTEM,
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


@router.get("/{uuid:order_id}", response=schemas.OrderOut)
def get_order(request: HttpRequest, order_id: UUID) -> Any:
    """Show one order."""
    return orders.order(actor=reader_of(request), order_id=order_id)


@router.get("/{uuid:order_id}/documents", response=list[schemas.DocumentOut])
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
        for filed in orders.evidence(actor=reader_of(request), order_id=order_id)
    ]


@router.get("/{uuid:order_id}/invoice", response={200: schemas.InvoiceOut, 204: None})
def get_invoice(request: HttpRequest, order_id: UUID, in_clear: bool = False) -> Any:
    """Show to whom an order's invoice is made out; 204 if none was asked for. A seller's look `in_clear` is recorded."""
    found = orders.invoice(actor=reader_of(request), order_id=order_id, in_clear=in_clear)
    return Status(204, None) if found is None else _invoice(found)


@router.post("/{uuid:order_id}/invoice", response=schemas.InvoiceOut)
@idempotent
def record_invoice(request: HttpRequest, order_id: UUID, body: schemas.IssuedIn) -> schemas.InvoiceOut:
    """Record that the invoice was issued, as the seller; another number replaces the one recorded before."""
    item = orders.RecordInvoice(
        actor=actor_of(request), order_id=order_id, number=body.number, issued_on=body.issued_on
    )
    orders.record_invoice(item=item)
    found = orders.invoice(actor=actor_of(request), order_id=order_id)
    if found is None:
        raise orders.InvoiceNotWanted
    return _invoice(found)


def _invoice(view: orders.InvoiceView) -> schemas.InvoiceOut:
    terms = {name: getattr(view.terms, name) for name in schemas.InvoiceIn.model_fields}
    return schemas.InvoiceOut(**terms, in_clear=view.in_clear, number=view.number, issued_on=view.issued_on)


@router.post("/{uuid:order_id}/pay", response=schemas.OrderOut)
@idempotent
def pay_order(request: HttpRequest, order_id: UUID, body: schemas.PayIn) -> schemas.OrderOut:
    """Pay what is due into escrow."""
    item = orders.PayOrder(actor=actor_of(request), order_id=order_id, from_balance=body.from_balance)
    one(orders.pay(items=[item]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/payments", response={202: schemas.PaymentOut})
@idempotent
def open_payment(
    request: HttpRequest, order_id: UUID, body: schemas.PaymentWish
) -> tuple[int, schemas.PaymentOut]:
    """Open a payment at the bank for what is due; its pay page is ready a moment later (`/payments/{id}` tells).

    The token needs the scope `payments:write` as well.
    """
    opened = orders.open_payment(actor=actor_of(request), order_id=order_id, return_url=body.return_url)
    return 202, schemas.PaymentOut.model_validate(opened, from_attributes=True)


@router.post("/{uuid:order_id}/ship", response={201: schemas.ShippedOut})
@idempotent
def ship_order(request: HttpRequest, order_id: UUID, body: schemas.ShipIn) -> tuple[int, schemas.ShippedOut]:
    """Hand goods over, all that is left or named quantities."""
    lines = None if body.lines is None else tuple((line.line_id, line.quantity) for line in body.lines)
    item = orders.ShipOrder(
        actor=actor_of(request),
        order_id=order_id,
        shipment_id=new_id(),
        carrier_id=body.carrier_id,
        lines=lines,
        weight_grams=body.weight_grams,
    )
    shipped = one(orders.ship(items=[item]))
    return 201, schemas.ShippedOut.model_validate(shipped, from_attributes=True)


@router.post("/{uuid:order_id}/accept", response=schemas.OrderOut)
@idempotent
def accept_order(request: HttpRequest, order_id: UUID) -> schemas.OrderOut:
    """Accept the goods."""
    one(orders.accept(items=[orders.OnOrder(actor=actor_of(request), order_id=order_id)]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/cancel", response=schemas.OrderOut)
@idempotent
def cancel_order(request: HttpRequest, order_id: UUID, body: schemas.ReasonIn) -> schemas.OrderOut:
    """Call the order off before anything is shipped."""
    one(orders.cancel(items=[orders.OnOrder(actor=actor_of(request), order_id=order_id, reason=body.reason)]))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/close-short", response=schemas.OrderOut)
@idempotent
def close_short(request: HttpRequest, order_id: UUID, body: schemas.ReasonIn) -> schemas.OrderOut:
    """Say that the rest of a part-shipped order never comes; the money for it goes back."""
    orders.close_short(item=orders.OnOrder(actor=actor_of(request), order_id=order_id, reason=body.reason))
    return _shown(request, order_id)


@router.post("/{uuid:order_id}/holds", response={201: dict[str, UUID]})
@idempotent
def hold_order(request: HttpRequest, order_id: UUID, body: schemas.ReasonIn) -> tuple[int, dict[str, str]]:
    """Stop an order, as an authority."""
    hold_id = orders.hold(actor=actor_of(request), order_id=order_id, reason=body.reason)
    return 201, {"id": str(hold_id)}


@router.post("/holds/{uuid:hold_id}/lift", response={204: None})
@idempotent
def lift_hold(request: HttpRequest, hold_id: UUID, body: schemas.ReasonIn) -> tuple[int, None]:
    """Let an order go on, as an authority."""
    orders.lift_hold(actor=actor_of(request), hold_id=hold_id, reason=body.reason)
    return 204, None
