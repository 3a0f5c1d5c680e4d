"""A month's settlement statement (结算单): each settled order with what it cost, all else that moved, and the sums.

It is the ledger's period (`payments.period`) with the orders' own figures beside it. For each payout of an order
    goods + freight - discount - deducted - fee = paid out,
where `deducted` is what of the total did not come to be paid out: refunded before, or, of an order that lapsed after its
deposit, never paid. So every row adds up by itself, and all rows to the difference of the balances.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import NotFound
from cohong.kernel.money import EXPONENTS, Money
from cohong.orders import api as orders
from cohong.orders.api import SoldView
from cohong.parties import api as parties
from cohong.parties.api import Actor, PartyView
from cohong.payments import api as payments
from cohong.payments.api import MovementKind, PaymentView, Period, PeriodLine, TransferKind

_MOVEMENTS_MAX = 1_000
_GROUPS: tuple[tuple[str, str | Promise, tuple[TransferKind, ...], int], ...] = (
    ("sales", _("Paid out from settled orders"), (TransferKind.SETTLEMENT,), 1),
    ("given_back", _("Refunded to buyers after the payout"), (TransferKind.GIVE_BACK,), -1),
    ("bought", _("Paid for purchases"), (TransferKind.FUND,), -1),
    (
        "got_back",
        _("Refunds received"),
        (TransferKind.REFUND, TransferKind.GIVE_BACK, TransferKind.FEE_REFUND),
        1,
    ),
    ("topped_up", _("Topped up"), (TransferKind.TOP_UP, TransferKind.DEPOSIT), 1),
    ("withdrawn", _("Withdrawn to the bank"), (TransferKind.PAYOUT,), -1),
    (
        "exchanged",
        _("Exchanged into or from other currencies"),
        (TransferKind.SELL, TransferKind.BUY, TransferKind.PROVISION),
        0,
    ),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A payout of an order, and what stood between its price and it."""

    line: PeriodLine
    order: SoldView | None
    buyer: PartyView | None
    deducted: Money

    @property
    def net(self) -> Money:
        """What came to the balance."""
        return self.line.amount


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else that changed the balance; `order` and `movement` say what it was for, if it was for one."""

    line: PeriodLine
    order: SoldView | None
    movement: PaymentView | None


@dataclass(frozen=True, slots=True)
class GroupSum:
    """What all lines of one sort come to."""

    code: str
    name: str | Promise
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A month in one currency: opening + the groups' sums = closing."""

    month: date
    period: Period
    settled: tuple[Settled, ...]
    others: tuple[Other, ...]
    groups: tuple[GroupSum, ...]
    fees: Money
    fees_returned: Money

    @property
    def is_closed(self) -> bool:
        """Tell whether the month is over, so that nothing of it will change any more."""
        return next_month(self.month) <= localdate()

    def total(self, name: str) -> Money:
        """Add up one column of the settled orders: goods, freight, discount, total."""
        zero = Money.zero(self.period.currency)
        return sum((getattr(one.order, name) for one in self.settled if one.order is not None), zero)

    @property
    def goods(self) -> Money:
        """The goods of all settled orders."""
        return self.total("goods")

    @property
    def freight(self) -> Money:
        """Their freight."""
        return self.total("freight")

    @property
    def discount(self) -> Money:
        """Their discounts."""
        return self.total("discount")

    @property
    def deducted(self) -> Money:
        """What of them was refunded before the payout, or never paid."""
        return sum((one.deducted for one in self.settled), Money.zero(self.period.currency))

    @property
    def net(self) -> Money:
        """What came of them to the balance."""
        return sum((one.net for one in self.settled), Money.zero(self.period.currency))


def parse_month(text: str) -> date:
    """Read "2026-11". Raises NotFound."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def zone() -> str:
    """Name the time zone by whose midnights the months are cut."""
    here = get_current_timezone()
    return here.key if isinstance(here, ZoneInfo) else str(here)


def _start(month: date) -> datetime:
    return datetime.combine(month, time(), tzinfo=get_current_timezone())


def build(*, actor: Actor, currency: str, month: date) -> Statement:
    """Put the acting party's statement of a month together. Raises NotYours; NotFound for what is no currency."""
    if currency not in EXPONENTS:
        raise NotFound
    period = payments.period(
        actor=actor,
        party_id=actor.party_id,
        currency=currency,
        start=_start(month),
        end=_start(next_month(month)),
    )
    sold = orders.sold(actor=actor, order_ids=list({line.reference for line in period.lines}))
    people = parties.parties(ids={one.buyer_id for one in sold.values()})
    movements = _movements(actor, period.lines)
    settled = [
        _settled(line, sold.get(line.reference), people)
        for line in period.lines
        if line.kind is TransferKind.SETTLEMENT
    ]
    others = [
        Other(line, sold.get(line.reference), movements.get(line.reference))
        for line in period.lines
        if line.kind is not TransferKind.SETTLEMENT
    ]
    return Statement(
        month=month,
        period=period,
        settled=tuple(settled),
        others=tuple(others),
        groups=tuple(_grouped(period)),
        fees=_sum((line.fee for line in period.lines if line.fee.minor > 0), currency),
        fees_returned=_sum((-line.fee for line in period.lines if line.fee.minor < 0), currency),
    )


def _settled(line: PeriodLine, order: SoldView | None, people: dict[UUID, PartyView]) -> Settled:
    zero = Money.zero(line.amount.currency)
    deducted = order.total - line.fee - line.amount if order is not None else zero
    return Settled(line, order, people.get(order.buyer_id) if order is not None else None, deducted)


def _movements(actor: Actor, lines: Sequence[PeriodLine]) -> dict[UUID, PaymentView]:
    """Find the payouts and top-ups among the lines, for their numbers and bank accounts."""
    wanted = {line.reference for line in lines if line.kind in (TransferKind.PAYOUT, TransferKind.TOP_UP)}
    if not wanted:
        return {}
    found = payments.payments_of(
        actor=actor,
        party_id=actor.party_id,
        kinds=[MovementKind.PAYOUT, MovementKind.TOP_UP],
        limit=_MOVEMENTS_MAX,
    )
    return {one.id: one for one in found if one.id in wanted}


def _grouped(period: Period) -> Iterable[GroupSum]:
    for code, name, kinds, sign in _GROUPS:
        mine = [
            line.amount
            for line in period.lines
            if line.kind in kinds and (sign == 0 or (line.amount.minor > 0) == (sign > 0))
        ]
        if mine or code in {"sales", "withdrawn"}:
            yield GroupSum(code, name, len(mine), _sum(mine, period.currency))


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))
