"""Checkout: a cart becomes orders, all of them or none."""

from collections.abc import Sequence
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, privacy, sets
from cohong.kernel.documents import canonical
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id_at, new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import carts, refusals, rules
from cohong.retail.shapes import (
    CartView,
    CheckedOut,
    CheckoutWish,
    DeliveryChoice,
    DeliveryOffer,
    LineView,
    Parcel,
    PlacedOrder,
)

_READ, _WRITE = "orders:read", "orders:write"
Parts = list[tuple[Parcel, DeliveryOffer]]
"""What becomes orders: each parcel with the delivery that was chosen for it."""


@sets.act
def checkout(*, actor: Actor, wish: CheckoutWish) -> CheckedOut:
    """Order the cart, or the lines of it that are named: one order for each seller and currency, all of them or none.

    What was ordered is not in the cart any more. An id that was used before gets the first outcome again. Raises NotYours,
    CheckoutReused, CartEmpty, NothingPicked, LineNotOrderable, StockShort (with the line's title), PriceChanged, NotOffered,
    DeliveryTwice, TotalChanged; RegionUnknown, PhoneInvalid, AddressFlawed for an address; and what `orders.place` refuses
    with, above all ApprovalNeeded (see `approvals.request_approval`).
    """
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    check_address(wish)
    asked = asked_of(wish)
    # Whoever repeats a checkout while the first one runs waits here for its outcome.
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"retail.checkout {wish.id}",))
    if (before := _before(actor, wish.id, asked)) is not None:
        return before
    parts = ready_parts(actor, wish)
    items = [order_of(actor, wish, parcel, offer) for parcel, offer in parts]
    placed = placed_all(items, parts)
    carts.take_out(actor, [line.sku_id for parcel, _ in parts for line in parcel.lines])
    keep(carts.owner_of(actor), wish.id, asked[0], placed)
    return CheckedOut(wish.id, tuple(placed))


def keep(owner: carts.Owner, checkout_id: UUID, asked: str, placed: Sequence[PlacedOrder]) -> None:
    """Remember which orders a checkout became."""
    sets.run(
        "insert into retail_checkout (id, party_id, user_id, asked, order_ids, made_at) values (%s, %s, %s, %s, %s, %s)",
        (checkout_id, *owner, asked, [order.order_id for order in placed], clock.now()),
    )


def ready_parts(actor: Actor, wish: CheckoutWish) -> Parts:
    """Take what is to be ordered from the cart, locked and looked at anew, with the delivery that was chosen."""
    there = carts.rows(actor, lock=True)
    if not there:
        raise refusals.CartEmpty
    wanted = there if wish.sku_ids is None else [line for line in there if line.sku_id in wish.sku_ids]
    if not wanted:
        raise refusals.NothingPicked
    view, stock = carts.priced(wanted)
    _check_lines(view)
    # Without an address everything is picked up; then no carrier is asked.
    view = carts.with_offers(view, stock, wish.address.region_code if wish.address is not None else "")
    parts = _chosen(view, wish)
    _check_totals(parts, wish)
    return parts


def check_address(wish: CheckoutWish) -> None:
    """Refuse now what no carrier could take later."""
    if wish.address is None:
        return
    if (flaw := logistics.flaw_of_address(wish.address)) is not None:
        raise flaw
    parties.region(code=wish.address.region_code)
    parties.clean_phone(wish.address.phone)


def asked_of(wish: CheckoutWish) -> list[str]:
    """Digest what was asked, under each key in use, the newest first.

    Under a key, because an address is short enough to be guessed from a plain digest.
    """
    choices = [
        [str(one.seller_id), one.currency, one.kind.value, str(one.carrier_id or ""), one.service]
        for one in wish.delivery
    ]
    payment = [wish.payment.kind.value, wish.payment.deposit_minor, wish.payment.hours]
    picked = None if wish.sku_ids is None else sorted(str(sku_id) for sku_id in wish.sku_ids)
    notes = sorted([str(seller_id), note] for seller_id, note in wish.notes)
    said = canonical(
        [wish.address, sorted(choices), payment, wish.note, picked, notes, wish.invoice]
    ).decode()
    return privacy.blind_indexes(said, "retail.checkout")


def _before(actor: Actor, checkout_id: UUID, asked: list[str]) -> CheckedOut | None:
    found = sets.fetch("select party_id, user_id, asked from retail_checkout where id = %s", (checkout_id,))
    if not found:
        if sets.fetch("select 1 from retail_approval where id = %s", (checkout_id,)):
            raise refusals.CheckoutReused
        return None
    party_id, user_id, known = found[0]
    if (party_id, user_id) != (actor.party_id, actor.user_id or actor.party_id) or known not in asked:
        raise refusals.CheckoutReused
    return outcome(actor=actor, checkout_id=checkout_id)


def _check_lines(view: CartView) -> None:
    """Raise the refusal of the first line that cannot be ordered as the buyer knows it."""
    for line in view.lines:
        if isinstance(line.problem, refusals.StockShort):
            raise line.problem
        if line.problem is not None:
            raise refusals.LineNotOrderable(
                title=line.title, sku=str(line.sku_id), problem=line.problem.code, reason=str(line.problem)
            )
        if line.price_changed:
            raise refusals.PriceChanged(
                title=line.title, sku=str(line.sku_id), was=line.agreed_price, now=line.unit_price
            )


def _chosen(view: CartView, wish: CheckoutWish) -> Parts:
    choices: dict[tuple[UUID, str], DeliveryChoice] = {}
    for choice in wish.delivery:
        if (choice.seller_id, choice.currency) in choices:
            raise refusals.DeliveryTwice
        choices[choice.seller_id, choice.currency] = choice
    parts: Parts = []
    for parcel in view.parcels:
        choice_or_none = choices.get((parcel.seller_id, parcel.currency))
        offer = rules.chosen(parcel, choice_or_none, has_address=wish.address is not None)
        if offer is None:
            raise refusals.NotOffered(seller=parties.party(party_id=parcel.seller_id).name)
        parts.append((parcel, offer))
    return parts


def _check_totals(parts: Parts, wish: CheckoutWish) -> None:
    if wish.expected is None:
        return
    now = rules.totals(parts)
    was = {money.currency: money for money in wish.expected}
    for currency in sorted(now.keys() | was.keys()):
        nothing = Money.zero(currency)
        if now.get(currency, nothing) != was.get(currency, nothing):
            raise refusals.TotalChanged(was=was.get(currency, nothing), now=now.get(currency, nothing))


def order_of(actor: Actor, wish: CheckoutWish, parcel: Parcel, offer: DeliveryOffer) -> orders.PlaceOrder:
    """Make the order that a parcel becomes, at the prices that were agreed to."""
    shipped = offer.kind is orders.DeliveryKind.SHIPMENT
    return orders.PlaceOrder(
        actor=actor,
        id=named_id_at(clock.now(), "retail.order", wish.id, parcel.seller_id, parcel.currency),
        buyer_id=actor.party_id,
        seller_id=parcel.seller_id,
        way=rules.WAY,
        currency=parcel.currency,
        lines=tuple(_agreed(line) for line in parcel.lines),
        freight_minor=offer.price.minor,
        payment=wish.payment,
        delivery=orders.DeliveryTerms(
            kind=offer.kind,
            address=wish.address if shipped else None,
            carrier_id=offer.carrier_id,
            service=offer.service,
        ),
        note=dict(wish.notes).get(parcel.seller_id) or wish.note,
        invoice=wish.invoice,
        channel=wish.channel,
    )


def _agreed(line: LineView) -> orders.AgreedLine:
    return orders.AgreedLine(
        line_id=new_id(),
        sku_id=line.sku_id,
        title=line.title,
        quantity=line.quantity,
        unit_price_minor=line.agreed_price.minor,
    )


def placed_all(items: list[orders.PlaceOrder], parts: Parts) -> list[PlacedOrder]:
    """Place the orders, or raise the first refusal: with it the transaction, and so every order, is undone."""
    for refusal in orders.terms_refusals(items=items):
        if refusal is not None:
            raise refusal
    placed = []
    for outcome_, (parcel, _) in zip(orders.place(items=items), parts, strict=True):
        if isinstance(outcome_, catalog.StockShort):
            titles = {str(line.sku_id): line.title for line in parcel.lines}
            raise refusals.StockShort(title=titles.get(outcome_.params["sku"], ""), **outcome_.params)
        if isinstance(outcome_, Refusal):
            raise outcome_
        placed.append(PlacedOrder(outcome_.order_id, outcome_.number, parcel.seller_id, outcome_.total))
    return placed


def outcome(*, actor: Actor, checkout_id: UUID) -> CheckedOut:
    """Return the orders that a checkout of the actor's party became. Raises NotYours, NoSuchCheckout."""
    parties.require(actor, actor.party_id, *Role, scope=_READ)
    found = sets.fetch(
        "select order_ids from retail_checkout where id = %s and party_id = %s", (checkout_id, actor.party_id)
    )
    if not found:
        raise refusals.NoSuchCheckout
    placed = _placed_orders(actor, found[0][0])
    return CheckedOut(
        checkout_id, tuple(PlacedOrder(view.id, view.number, view.seller_id, view.total) for view in placed)
    )


def _placed_orders(actor: Actor, order_ids: Sequence[UUID]) -> list[orders.OrderView]:
    """Return a checkout's orders as they stand, in the order of its parcels."""
    found = {
        view.id: view
        for view in orders.orders(
            actor=actor, side="buyer", ids=order_ids, limit=len(order_ids), with_lines=False
        )
    }
    return [found[order_id] for order_id in order_ids]
