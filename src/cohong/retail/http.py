"""Retail's HTTP interface: the cart and the checkout, for the party of the token."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from cohong.kernel.http import idempotent
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders.api import Channel, DeliveryKind, InvoiceKind, InvoiceTerms, PaymentKind, PaymentTerms
from cohong.parties import api as parties
from cohong.retail import approval_reads, approvals, carts, checkouts
from cohong.retail.http_market import router as market_router
from cohong.retail.shapes import (
    CartItem,
    CartView,
    CheckedOut,
    CheckoutWish,
    DeliveryChoice,
    DeliveryOffer,
    LineView,
)

router = Router(tags=["retail"], auth=parties.TokenAuth())
router.add_router("", market_router)


class MoneyIO(Schema):
    """An amount: minor units of a currency."""

    minor: int = Field(strict=True)
    currency: str = Field(max_length=3)


class ProblemOut(Schema):
    """Why a line cannot be ordered as it stands."""

    code: str
    title: str


class CartLineOut(Schema):
    """A line at today's price; `agreed_price` is the one that was last agreed to."""

    sku_id: UUID
    listing_id: UUID | None
    seller_id: UUID | None
    title: str
    sku_code: str
    unit: str
    quantity: int
    unit_price: MoneyIO | None
    goods: MoneyIO | None
    agreed_price: MoneyIO
    price_changed: bool
    available: int
    picked: bool
    problem: ProblemOut | None


class DeliveryOfferOut(Schema):
    """One way in which a parcel can come. No carrier on a shipment: the seller brings or arranges it."""

    kind: DeliveryKind
    carrier_id: UUID | None
    carrier_name: str
    service: str
    price: MoneyIO


class ParcelOut(Schema):
    """What becomes one order: the lines of one seller in one currency."""

    seller_id: UUID
    currency: str
    lines: list[CartLineOut]
    goods: MoneyIO
    weight_grams: int
    delivery: list[DeliveryOfferOut]


class CartOut(Schema):
    """A cart as it stands now. `ready`: it could be checked out as it is."""

    parcels: list[ParcelOut]
    unpriced: list[CartLineOut]
    goods: list[MoneyIO]
    ready: bool


class QuantityIn(Schema):
    """How many sale units the cart shall hold of a SKU; 0 takes the line out."""

    quantity: int = Field(strict=True)


class AddressIn(Schema):
    """Where the goods go, and to whom."""

    recipient: str = Field(max_length=100)
    phone: str = Field(max_length=40)
    region_code: str = Field(max_length=40)
    street: str = Field(max_length=300)
    postcode: str = Field("", max_length=20)


class DeliveryChoiceIn(Schema):
    """How the goods of one seller in one currency shall come; one of the cart's offers."""

    seller_id: UUID
    currency: str = Field(max_length=3)
    kind: DeliveryKind = DeliveryKind.SHIPMENT
    carrier_id: UUID | None = None
    service: str = Field("", max_length=20)


class PaymentTermsIn(Schema):
    """When the money is due; a deposit is in minor units, `hours` is how long a payment is waited for."""

    kind: PaymentKind = PaymentKind.PREPAID
    deposit_minor: int = Field(0, strict=True)
    hours: int | None = Field(None, strict=True)


class InvoiceIn(Schema):
    """To whom the invoice is made out; what its kind does not need may be left out."""

    kind: InvoiceKind
    title: str = Field(max_length=200)
    tax_number: str = Field("", max_length=40)
    address: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)
    bank: str = Field("", max_length=100)
    account: str = Field("", max_length=50)


class CheckoutIn(Schema):
    """A checkout of the whole cart, or of the lines that are named by SKU.

    `expected`: the totals by currency that were shown, checked if given.
    """

    address: AddressIn | None = None
    delivery: list[DeliveryChoiceIn] = Field(default=[], max_length=500)
    payment: PaymentTermsIn = Field(default_factory=PaymentTermsIn.model_construct)
    note: str = Field("", max_length=500)
    expected: list[MoneyIO] | None = Field(None, max_length=50)
    sku_ids: list[UUID] | None = Field(None, max_length=500)
    invoice: InvoiceIn | None = None


class ApprovalIn(CheckoutIn):
    """A checkout that somebody else of the party has to approve, and why it is wanted."""

    reason: str = Field(max_length=500)


class ApprovalOut(Schema):
    """A request for approval as it stands; approved, it became orders."""

    id: UUID
    state: str
    reason: str
    decision: str
    totals: list[MoneyIO]
    requested_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    order_ids: list[UUID]


class PlacedOut(Schema):
    """One of the orders that the cart became."""

    order_id: UUID
    number: str
    seller_id: UUID
    total: MoneyIO


class CheckedOutOut(Schema):
    """The orders that the cart became."""

    id: UUID
    orders: list[PlacedOut]


@router.get("/cart", response=CartOut, operation_id="retail_cart")
def get_cart(request: HttpRequest, region_code: Annotated[str | None, Field(max_length=40)] = None) -> Any:
    """Look at the cart at today's prices; with a region, also at the ways in which its goods can come there."""
    return _cart(carts.look(actor=_actor(request), region_code=region_code))


@router.put("/cart/lines/{sku_id}", response=CartOut, operation_id="retail_put_line")
@idempotent
def put_line(request: HttpRequest, sku_id: UUID, body: QuantityIn) -> Any:
    """Let the cart hold so many of a SKU, at today's price."""
    carts.put(actor=_actor(request), items=[CartItem(sku_id, body.quantity)])
    return _cart(carts.look(actor=_actor(request)))


@router.delete("/cart/lines/{sku_id}", response=CartOut, operation_id="retail_remove_line")
@idempotent
def remove_line(request: HttpRequest, sku_id: UUID) -> Any:
    """Take a line out of the cart."""
    carts.remove(actor=_actor(request), sku_id=sku_id)
    return _cart(carts.look(actor=_actor(request)))


@router.post("/cart/agree-prices", response=CartOut, operation_id="retail_agree_prices")
@idempotent
def agree_prices(request: HttpRequest) -> Any:
    """Agree to the prices as they are now."""
    carts.agree_prices(actor=_actor(request))
    return _cart(carts.look(actor=_actor(request)))


@router.post("/checkouts", response={201: CheckedOutOut}, operation_id="retail_checkout")
@idempotent
def post_checkout(request: HttpRequest, body: CheckoutIn) -> Any:
    """Order the whole cart: one order for each seller and currency, all of them or none."""
    actor = _actor(request)
    done = checkouts.checkout(actor=actor, wish=_wish(request, actor, body))
    return 201, _checked_out(done)


@router.get("/checkouts/{checkout_id}", response=CheckedOutOut, operation_id="retail_checkout_outcome")
def get_checkout(request: HttpRequest, checkout_id: UUID) -> Any:
    """Look up which orders a checkout became."""
    return _checked_out(checkouts.outcome(actor=_actor(request), checkout_id=checkout_id))


@router.post("/approvals", response={201: ApprovalOut}, operation_id="retail_request_approval")
@idempotent
def post_approval(request: HttpRequest, body: ApprovalIn) -> Any:
    """Ask the party's owners and finance to approve a checkout above its purchase limit. They decide in person."""
    actor = _actor(request)
    wish = _wish(request, actor, body)
    approval_id = approvals.request_approval(actor=actor, wish=wish, reason=body.reason)
    return 201, _approval(approval_reads.approval(actor=actor, approval_id=approval_id).view)


@router.get("/approvals", response=list[ApprovalOut], operation_id="retail_approvals")
def list_approvals(request: HttpRequest) -> Any:
    """List the party's last fifty requests for approval, the newest first."""
    return [_approval(view) for view in approval_reads.approvals(actor=_actor(request))]


@router.get("/approvals/{approval_id}", response=ApprovalOut, operation_id="retail_approval")
def get_approval(request: HttpRequest, approval_id: UUID) -> Any:
    """Show one request for approval."""
    return _approval(approval_reads.approval(actor=_actor(request), approval_id=approval_id).view)


@router.post(
    "/approvals/{approval_id}/withdraw", response=ApprovalOut, operation_id="retail_withdraw_approval"
)
@idempotent
def withdraw_approval(request: HttpRequest, approval_id: UUID) -> Any:
    """Take a request back; its lines are in the cart again."""
    approvals.withdraw(actor=_actor(request), approval_id=approval_id)
    return _approval(approval_reads.approval(actor=_actor(request), approval_id=approval_id).view)


def _approval(view: approval_reads.ApprovalView) -> ApprovalOut:
    return ApprovalOut(
        id=view.id,
        state=view.state.value,
        reason=view.reason,
        decision=view.decision,
        totals=[_money(one) for one in view.totals],
        requested_at=view.requested_at,
        expires_at=view.expires_at,
        decided_at=view.decided_at,
        order_ids=list(view.order_ids),
    )


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _wish(request: HttpRequest, actor: parties.Actor, body: CheckoutIn) -> CheckoutWish:
    return CheckoutWish(
        id=named_id("retail.checkout", actor.party_id, request.headers["Idempotency-Key"]),
        address=Address(**body.address.model_dump()) if body.address is not None else None,
        delivery=tuple(DeliveryChoice(**choice.model_dump()) for choice in body.delivery),
        payment=PaymentTerms(**body.payment.model_dump()),
        note=body.note,
        expected=None
        if body.expected is None
        else tuple(Money(one.minor, one.currency) for one in body.expected),
        sku_ids=None if body.sku_ids is None else tuple(body.sku_ids),
        invoice=InvoiceTerms(**body.invoice.model_dump()) if body.invoice is not None else None,
        channel=Channel.SYSTEM,
    )


def _money(money: Money) -> MoneyIO:
    return MoneyIO(minor=money.minor, currency=money.currency)


def _money_or_none(money: Money | None) -> MoneyIO | None:
    return None if money is None else _money(money)


def _checked_out(done: CheckedOut) -> CheckedOutOut:
    placed = [
        PlacedOut(order_id=one.order_id, number=one.number, seller_id=one.seller_id, total=_money(one.total))
        for one in done.orders
    ]
    return CheckedOutOut(id=done.id, orders=placed)


def _cart(view: CartView) -> CartOut:
    return CartOut(
        parcels=[
            ParcelOut(
                seller_id=parcel.seller_id,
                currency=parcel.currency,
                lines=[_line(line) for line in parcel.lines],
                goods=_money(parcel.goods),
                weight_grams=parcel.weight_grams,
                delivery=[_offer(offer) for offer in parcel.offers],
            )
            for parcel in view.parcels
        ],
        unpriced=[_line(line) for line in view.unpriced],
        goods=[_money(money) for money in view.goods],
        ready=view.ready,
    )


def _line(line: LineView) -> CartLineOut:
    problem = None if line.problem is None else ProblemOut(code=line.problem.code, title=str(line.problem))
    return CartLineOut(
        sku_id=line.sku_id,
        listing_id=line.listing_id,
        seller_id=line.seller_id,
        title=line.title,
        sku_code=line.sku_code,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=_money_or_none(line.unit_price),
        goods=_money_or_none(line.goods),
        agreed_price=_money(line.agreed_price),
        price_changed=line.price_changed,
        available=line.available,
        picked=line.picked,
        problem=problem,
    )


def _offer(offer: DeliveryOffer) -> DeliveryOfferOut:
    return DeliveryOfferOut(
        kind=offer.kind,
        carrier_id=offer.carrier_id,
        carrier_name=offer.carrier_name,
        service=offer.service,
        price=_money(offer.price),
    )
