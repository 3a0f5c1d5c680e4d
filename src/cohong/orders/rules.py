"""Pure rules: sums and splits, who may do what, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import category, normalize
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.kernel.money import MAX_MINOR, Money
from cohong.logistics.api import flaw_of_address
from cohong.orders import refusals
from cohong.orders.invoice_rules import clean_invoice
from cohong.orders.states import DisputeAct, OrderAct, ReturnAct
from cohong.orders.terms import DeliveryKind, PaymentKind, PlaceOrder
from cohong.parties.api import SYSTEM, Actor, BadText, Role, require

MAX_LINES = 2_000
MAX_QUANTITY = 10**12

# Who may: by side, the roles besides the owner. An act that is not listed is the platform's own.
BUYER_MAY: dict[str, tuple[Role, ...]] = {
    "place": (Role.PURCHASING,),
    OrderAct.PAY: (Role.PURCHASING, Role.FINANCE),
    OrderAct.ACCEPT: (Role.PURCHASING, Role.WAREHOUSE),
    OrderAct.CANCEL: (Role.PURCHASING,),
    "request_return": (Role.PURCHASING, Role.SERVICE),
    ReturnAct.WITHDRAW: (Role.PURCHASING, Role.SERVICE),
    "raise_dispute": (Role.PURCHASING, Role.SERVICE),
    "withdraw_dispute": (Role.PURCHASING, Role.SERVICE),
    DisputeAct.OFFER: (Role.PURCHASING, Role.SERVICE),
    DisputeAct.AGREE: (Role.PURCHASING, Role.SERVICE),
    "message": (Role.PURCHASING, Role.WAREHOUSE, Role.FINANCE, Role.SERVICE),
}
SELLER_MAY: dict[str, tuple[Role, ...]] = {
    OrderAct.SHIP: (Role.SALES, Role.WAREHOUSE),
    OrderAct.CANCEL: (Role.SALES,),
    ReturnAct.APPROVE: (Role.SALES, Role.SERVICE),
    ReturnAct.REJECT: (Role.SALES, Role.SERVICE),
    ReturnAct.RECEIVE: (Role.WAREHOUSE, Role.SERVICE),
    ReturnAct.REFUND: (Role.FINANCE, Role.SERVICE),
    OrderAct.CLOSE_SHORT: (Role.SALES,),
    "answer_dispute": (Role.SALES, Role.SERVICE),
    DisputeAct.OFFER: (Role.SALES, Role.SERVICE),
    DisputeAct.AGREE: (Role.SALES, Role.SERVICE),
    "record_invoice": (Role.FINANCE, Role.SALES),
    "message": (Role.SALES, Role.WAREHOUSE, Role.FINANCE, Role.SERVICE),
}
_SCOPE, _READ = "orders:write", "orders:read"

#: How much one user (or, of a token, its party) may write: (at most so many, in so long).
MESSAGE_RATES = ((10, timedelta(minutes=1)), (300, timedelta(days=1)))
MOST_PICTURES = 4


def check_may(actor: Actor, act: str, *, buyer_id: UUID, seller_id: UUID) -> None:
    """Raise a refusal unless the actor may do this on one of the order's sides (the platform always may)."""
    if actor == SYSTEM:
        return
    sides = ((BUYER_MAY, buyer_id), (SELLER_MAY, seller_id))
    open_to = [(table[act], party) for table, party in sides if act in table]
    for roles, party in open_to:
        if actor.party_id == party:
            require(actor, party, *roles, scope=_SCOPE)
            return
    if not open_to or actor.party_id not in (buyer_id, seller_id):
        raise refusals.NotYourOrder
    raise refusals.OtherSidesAct(act=act)


def check_may_read_messages(actor: Actor, side: str) -> None:
    """Raise NotYours unless the actor is of those of its party who trade on that side: others read no messages."""
    table = BUYER_MAY if side == "buyer" else SELLER_MAY
    require(actor, actor.party_id, *table["message"], scope=_READ)


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one line carries of the order's sums, in minor units: total = goods + freight - discount."""

    goods: int
    freight: int
    discount: int

    @property
    def total(self) -> int:
        """What the buyer pays for the line in all."""
        return self.goods + self.freight - self.discount


def split_over_lines(goods: Sequence[int], *, freight: int, discount: int, currency: str) -> list[LineShare]:
    """Split freight and discount over the lines by the worth of their goods, so that the parts add up.

    Rounding: largest remainder (`Money.allocate`). Lines without worth share freight evenly when no line has
    any; a discount never exceeds its line's goods and freight, because it never exceeds the order's.
    """
    freights = (
        [part.minor for part in Money(freight, currency).allocate(goods)] if freight else [0] * len(goods)
    )
    gross = [own + part for own, part in zip(goods, freights, strict=True)]
    discounts = (
        [part.minor for part in Money(discount, currency).allocate(gross)] if discount else [0] * len(goods)
    )
    return [LineShare(*parts) for parts in zip(goods, freights, discounts, strict=True)]


def refund_sources(
    amount_minor: int, *, is_settled: bool, settled_minor: int, fee_minor: int, refunded_late_minor: int
) -> tuple[int, int, int]:
    """Say from where a refund comes: escrow, the seller, the platform's fee (its share, rounded down as a running sum)."""
    if not is_settled:
        return amount_minor, 0, 0
    fee = 0
    if settled_minor:
        fee = share_of(fee_minor, quantity=amount_minor, of=settled_minor, before=refunded_late_minor)
    return 0, amount_minor - fee, fee


def share_of(total: int, *, quantity: int, of: int, before: int) -> int:
    """Return the money for `quantity` more of a line of `of`, after `before` went already; rounds down as a running sum.

    Whatever the steps, the shares of the whole line add up to `total`.
    """
    return total * (before + quantity) // of - total * before // of


def check_placing(*, item: PlaceOrder) -> None:
    """Raise a refusal if the deal makes no sense, whatever the world's state."""
    Money.zero(item.currency)
    if not item.lines:
        raise refusals.NoLines
    if len(item.lines) > MAX_LINES:
        raise refusals.TooManyLines(most=MAX_LINES)
    if len({line.line_id for line in item.lines}) != len(item.lines):
        raise refusals.LineTwice
    if item.buyer_id == item.seller_id:
        raise refusals.OwnGoods
    _check_lines(item)
    _check_sums(item)
    if item.delivery.kind is DeliveryKind.SHIPMENT and item.delivery.address is None:
        raise refusals.AddressMissing
    # Now, not when the goods are paid and no carrier takes them.
    if item.delivery.address is not None and (flaw := flaw_of_address(item.delivery.address)) is not None:
        raise flaw
    if item.invoice is not None:
        clean_invoice(item.invoice)


def _check_lines(item: PlaceOrder) -> None:
    for line in item.lines:
        if not _is_int(line.quantity) or not 0 < line.quantity <= MAX_QUANTITY:
            raise refusals.BadQuantity(quantity=str(line.quantity))
        if (
            not _is_int(line.unit_price_minor)
            or not _is_int(line.goods)
            or min(line.unit_price_minor, line.goods) < 0
            or line.unit_price_minor > MAX_MINOR
        ):
            raise refusals.BadPrice(title=line.title)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_sums(item: PlaceOrder) -> None:
    goods = sum(line.goods for line in item.lines)
    if not _is_int(item.freight_minor) or not _is_int(item.discount_minor):
        raise refusals.BadSums
    if min(item.freight_minor, item.discount_minor) < 0 or item.discount_minor > goods + item.freight_minor:
        raise refusals.BadSums
    total = goods + item.freight_minor - item.discount_minor
    if goods + item.freight_minor > MAX_MINOR:
        raise refusals.BadSums
    terms = item.payment
    if terms.kind is PaymentKind.DEPOSIT:
        if not _is_int(terms.deposit_minor) or not 0 < terms.deposit_minor < total:
            raise refusals.BadDeposit
    elif terms.deposit_minor:
        raise refusals.BadDeposit
    hours, days = terms.hours, item.delivery.accept_days
    if (hours is not None and not 0 < hours <= 24 * 90) or (days is not None and not 0 < days <= 90):  # noqa: PLR2004 - a quarter
        raise refusals.BadDeadline


#: How long goods of which nobody reports that they arrived are waited for, before they are taken to have arrived.
MOST_DAYS_UNDERWAY = 30


def accept_by(since: datetime, days: int) -> datetime:
    """Say when goods count as accepted if the buyer says nothing until then."""
    return since + timedelta(days=days)


def objections_end(shipped_at: datetime, days: int, known: Sequence[datetime | None]) -> datetime:
    """Say when the time for objections ends: `days` after the last of an order's shipments is known to have arrived.

    While one is on its way (None), that time has not begun; a shipment that is never reported is waited for
    `MOST_DAYS_UNDERWAY` after the last one left, so that a silent carrier does not keep the seller's money for ever.
    """
    arrived = [at for at in known if at is not None]
    if len(arrived) == len(known):
        return accept_by(max([shipped_at, *arrived]), days)
    return accept_by(shipped_at + timedelta(days=MOST_DAYS_UNDERWAY), days)


def plain_text(value: str, *, name: str, most: int, least: int = 1) -> str:
    """Trim a text of several lines: line breaks in one form, nothing in it that is not text. Raises `BadText`."""
    text = normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not least <= len(text) <= most or any(
        category(sign) in {"Cc", "Cs", "Co", "Cn"} and sign not in "\n\t" for sign in text
    ):
        raise BadText(field=name, least=least, most=most)
    return text


def split_refund(minor: int, *, totals: Sequence[int], refunded: Sequence[int], currency: str) -> list[int]:
    """Split money that goes back for an order over its lines, by what was paid for each and has not gone back yet.

    Rounding: largest remainder (`Money.allocate`). No line gets more than is left of it, as long as the whole is not more
    than is left of the order.
    """
    left = [max(total - gone, 0) for total, gone in zip(totals, refunded, strict=True)]
    return [part.minor for part in Money(minor, currency).allocate(left)]


def held_since(holds: Sequence[tuple[datetime, datetime]]) -> datetime:
    """Return since when an order stood still, of all its holds (placed, lifted) by the time they were placed.

    Holds that overlap are one standstill; earlier ones that ended before it do not count.
    """
    since, until = holds[0]
    for placed, lifted in holds[1:]:
        since, until = (placed, lifted) if placed > until else (since, max(until, lifted))
    return since


def outcome_of(check: object, *args: object, **kwargs: object) -> Refusal | None:
    """Call a check that raises and return its refusal instead, or None."""
    try:
        check(*args, **kwargs)  # type: ignore[operator]
    except Refusal as refusal:
        return refusal
    return None
