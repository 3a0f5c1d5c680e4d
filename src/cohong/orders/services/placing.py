"""Place: a deal becomes an order, its goods are reserved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, numbers, parameters, privacy, sets
from cohong.kernel.documents import canonical
from cohong.kernel.errors import Refusal
from cohong.kernel.journal import Entry, Receipt, append
from cohong.kernel.money import Money
from cohong.kernel.parameters import Parameter
from cohong.orders import documents, limits, refusals, rules
from cohong.orders.invoice_rules import clean_invoice, seal_invoice, title_told
from cohong.orders.offered import terms_refusals
from cohong.orders.parameters import ACCEPT_DAYS, PAY_HOURS
from cohong.orders.rules import LineShare
from cohong.orders.states import OrderState
from cohong.orders.terms import PaymentKind, Placed, PlaceOrder
from cohong.parties import api as parties

_ORDER_COLUMNS = (
    *("id", "number", "way", "buyer_id", "seller_id", "market_id", "state", "currency"),
    *("goods_minor", "freight_minor", "discount_minor", "total_minor", "deposit_minor"),
    *(
        "paid_minor",
        "refunded_minor",
        "refunded_late_minor",
        "settled_minor",
        "fee_minor",
        "fee_returned_minor",
    ),
    *("payment", "delivery", "pay_hours", "accept_days", "carrier_id", "service", "address_sealed", "note"),
    "region_code",
    "placed_by",
    *("hold_count", "open_returns", "last_document", "placed_at", "pay_by"),
)
_INVOICE_COLUMNS = ("order_id", "kind", "sealed", "number")
_LINE_COLUMNS = (
    *("id", "order_id", "position", "sku_id", "title", "quantity", "unit_price_minor"),
    *(
        "goods_minor",
        "freight_minor",
        "discount_minor",
        "total_minor",
        "shipped",
        "dropped",
        "returned",
        "refunded_minor",
    ),
)


class _Draft:
    """An order on its way to be placed."""

    def __init__(self, item: PlaceOrder, number: str, now: datetime) -> None:
        self.item = item
        self.number = number
        goods = [line.goods for line in item.lines]
        self.shares: list[LineShare] = rules.split_over_lines(
            goods, freight=item.freight_minor, discount=item.discount_minor, currency=item.currency
        )
        self.goods_minor = sum(goods)
        self.total_minor = self.goods_minor + item.freight_minor - item.discount_minor
        # Nothing to pay, or to pay at the door: the goods may go at once.
        at_once = item.payment.kind is PaymentKind.ON_DELIVERY or self.total_minor == 0
        self.state = OrderState.READY if at_once else OrderState.PLACED
        self.pay_hours = _given(item.payment.hours, PAY_HOURS)
        self.accept_days = _given(item.delivery.accept_days, ACCEPT_DAYS)
        self.pay_by = None if at_once else now + timedelta(hours=self.pay_hours)
        self.placed_at = now
        self.invoice = None if item.invoice is None else clean_invoice(item.invoice)

    @property
    def placed(self) -> Placed:
        return Placed(self.item.id, self.number, Money(self.total_minor, self.item.currency))


def _given(agreed: int | None, parameter: Parameter) -> int:
    return parameters.value(parameter) if agreed is None else agreed


@sets.act
def place(*, items: Sequence[PlaceOrder]) -> list[Placed | Refusal]:
    """Place orders: each gets its goods reserved, its number and its document, or a refusal.

    An id that was placed before gets the first outcome again. Refusals: what `rules.check_placing` names, NotAllowed kinds,
    ApprovalNeeded, ApproverUnfit, TradeRestricted, SellerDiffers, and the
    catalog's StockShort, ListingHeld, ListingNotPublished, NoSuchSku.
    """
    outcomes = _known(items)
    fresh: dict[UUID, PlaceOrder] = {}
    restricted = parties.restricted(
        party_ids=list({party for item in items for party in (item.buyer_id, item.seller_id)}),
        restriction=parties.Restriction.TRADE,
    )
    set_limits = limits.of_buyers(items)
    for item in items:
        if item.id in outcomes or item.id in fresh:
            continue
        refusal = rules.outcome_of(_check, item, restricted, set_limits)
        if refusal is not None:
            outcomes[item.id] = refusal
        else:
            fresh[item.id] = item
    for order_id, reserved in zip(fresh, _reserve(list(fresh.values())), strict=True):
        if isinstance(reserved, Refusal):
            outcomes[order_id] = reserved
    drafts = _drafts([item for item in fresh.values() if item.id not in outcomes])
    _write(drafts)
    outcomes.update({draft.item.id: draft.placed for draft in drafts})
    return [outcomes[item.id] for item in items]


@sets.act
def place_as_offered(*, items: Sequence[PlaceOrder]) -> list[Placed | Refusal]:
    """Place orders that a buyer alone asks for: nobody has agreed to less than the sellers' published prices.

    An id that was placed before gets the first outcome again, whatever is asked by now. Refusals: BelowOffer,
    TermsNotOffered, what the
    catalog refuses a quote with, and those of `place`.
    """
    known = _known(items)
    lines = [(item, line) for item in items for line in item.lines]
    quotes = iter(catalog.quote(items=[catalog.QuoteItem(line.sku_id, line.quantity) for _, line in lines]))
    outcomes: dict[UUID, Placed | Refusal] = {}
    for item, not_offered in zip(items, terms_refusals(items=items), strict=True):
        offers = [next(quotes) for _ in item.lines]
        refusal = rules.outcome_of(_check_offers, item, offers) or not_offered
        if refusal is not None and item.id not in known:
            outcomes[item.id] = refusal
    going = [item for item in items if item.id not in outcomes]
    outcomes.update(zip((item.id for item in going), place(items=going), strict=True))
    return [outcomes[item.id] for item in items]


def _check_offers(item: PlaceOrder, offers: Sequence[catalog.Quote | Refusal]) -> None:
    rules.check_placing(item=item)
    for line, offer in zip(item.lines, offers, strict=True):
        if isinstance(offer, Refusal):
            raise offer
        asked = Money(offer.unit_price.minor * line.quantity, offer.unit_price.currency)
        if asked.currency != item.currency or line.goods < asked.minor or item.discount_minor:
            raise refusals.BelowOffer(title=line.title, asked=asked)


def _known(items: Sequence[PlaceOrder]) -> dict[UUID, Placed | Refusal]:
    rows = sets.fetch(
        "select id, number, total_minor, currency from orders_order where id = any(%s)",
        ([item.id for item in items],),
    )
    return {
        order_id: Placed(order_id, number, Money(total, currency))
        for order_id, number, total, currency in rows
    }


def _check(item: PlaceOrder, restricted: frozenset[UUID], set_limits: limits.Limits) -> None:
    rules.check_may(item.actor, "place", buyer_id=item.buyer_id, seller_id=item.seller_id)
    rules.check_placing(item=item)
    limits.check(item, set_limits)
    if item.buyer_id in restricted or item.seller_id in restricted:
        raise refusals.TradeRestricted


def _reserve(items: Sequence[PlaceOrder]) -> list[Refusal | None]:
    wishes = [
        catalog.ReserveOrder(
            item.id,
            tuple(catalog.ReserveLine(line.line_id, line.sku_id, line.quantity) for line in item.lines),
        )
        for item in items
    ]
    outcomes: list[Refusal | None] = []
    for item, reserved in zip(items, catalog.reserve(orders=wishes), strict=True):
        if isinstance(reserved, Refusal):
            outcomes.append(reserved)
            continue
        strange = {one.line_id for one in reserved if one.seller_id != item.seller_id}
        if strange:
            catalog.release(line_ids=[line.line_id for line in item.lines])
            title = next(line.title for line in item.lines if line.line_id in strange)
            outcomes.append(refusals.SellerDiffers(title=title))
        else:
            outcomes.append(None)
    return outcomes


def _drafts(items: Sequence[PlaceOrder]) -> list[_Draft]:
    if not items:
        return []
    now = clock.now()
    return [_Draft(item, number, now) for item, number in zip(items, numbers.draw(len(items)), strict=True)]


def _write(drafts: Sequence[_Draft]) -> None:
    if not drafts:
        return
    receipts = append([_document(draft) for draft in drafts])
    rows = [_order_row(draft, receipt) for draft, receipt in zip(drafts, receipts, strict=True)]
    sets.insert("orders_order", _ORDER_COLUMNS, rows)
    sets.insert("orders_line", _LINE_COLUMNS, [row for draft in drafts for row in _line_rows(draft)])
    invoices = [
        (draft.item.id, draft.invoice.kind.value, seal_invoice(draft.invoice), "")
        for draft in drafts
        if draft.invoice is not None
    ]
    if invoices:
        sets.insert("orders_invoice", _INVOICE_COLUMNS, invoices)


def _order_row(draft: _Draft, receipt: Receipt) -> tuple[object, ...]:
    item = draft.item
    address = item.delivery.address
    return (
        *(item.id, draft.number, item.way, item.buyer_id, item.seller_id, item.market_id, draft.state.value),
        *(item.currency, draft.goods_minor, item.freight_minor, item.discount_minor, draft.total_minor),
        *(item.payment.deposit_minor, 0, 0, 0, 0, 0, 0),
        *(item.payment.kind.value, item.delivery.kind.value, draft.pay_hours, draft.accept_days),
        *(item.delivery.carrier_id, item.delivery.service),
        privacy.encrypt(canonical(address).decode()) if address is not None else "",
        privacy.encrypt(item.note) if item.note else "",
        address.region_code if address is not None else "",
        item.actor.user_id,
        *(0, 0, receipt.id, draft.placed_at, draft.pay_by),
    )


def _line_rows(draft: _Draft) -> list[tuple[object, ...]]:
    return [
        (
            *(
                line.line_id,
                draft.item.id,
                position,
                line.sku_id,
                line.title,
                line.quantity,
                line.unit_price_minor,
            ),
            *(share.goods, share.freight, share.discount, share.total, 0, 0, 0, 0),
        )
        for position, (line, share) in enumerate(zip(draft.item.lines, draft.shares, strict=True))
    ]


def _document(draft: _Draft) -> Entry:
    item, currency = draft.item, draft.item.currency
    body = documents.OrderPlaced(
        number=draft.number,
        way=item.way,
        buyer=item.buyer_id,
        seller=item.seller_id,
        market=item.market_id,
        lines=[
            documents.LineOf(
                line_id=line.line_id,
                sku_id=line.sku_id,
                title=line.title,
                quantity=line.quantity,
                unit_price=Money(line.unit_price_minor, currency),
                goods=Money(share.goods, currency),
                freight=Money(share.freight, currency),
                discount=Money(share.discount, currency),
            )
            for line, share in zip(item.lines, draft.shares, strict=True)
        ],
        goods=Money(draft.goods_minor, currency),
        freight=Money(item.freight_minor, currency),
        discount=Money(item.discount_minor, currency),
        total=Money(draft.total_minor, currency),
        payment=item.payment.kind.value,
        deposit=Money(item.payment.deposit_minor, currency),
        pay_by=draft.pay_by,
        delivery=item.delivery.kind.value,
        region=item.delivery.address.region_code if item.delivery.address is not None else "",
        invoice=draft.invoice.kind.value if draft.invoice is not None else "",
        invoice_title=title_told(draft.invoice),
        approved_by=item.approved_by.user_id if item.approved_by is not None else None,
        channel=item.channel.value if item.channel is not None else "",
    )
    return Entry(subject=item.id, issuer=item.buyer_id, body=body, visible_to=(item.buyer_id, item.seller_id))
