"""From documents to facts: what a batch of the journal adds to the tables of facts.

Nothing is remembered of orders in between: an order's whole file is read from the journal with each of its documents that
matter, so a batch that is read again yields the same facts, and one that was never read yields none.

What counts, once: an order when it is paid in full, on the day of the payment that completed it. What goes back counts as
negative, on its own day. An order between a party and itself, or within one legal entity, is an internal movement and no trade.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from cohong.kernel import journal
from cohong.kernel.journal import Filed, Sealed
from cohong.kernel.money import Money
from cohong.statistics.facts import reading, store
from cohong.statistics.facts.known import KINDS as TELLING
from cohong.statistics.facts.known import Known, concerned
from cohong.statistics.facts.shapes import Fact, Form, Step, Table

STEPS: Final = {
    "orders.placed": Step.PLACED,
    "orders.accepted": Step.ACCEPTED,
    "orders.settled": Step.SETTLED,
    "orders.cancelled": Step.CANCELLED,
    "orders.lapsed": Step.LAPSED,
    "orders.return_requested": Step.RETURN_WANTED,
    "orders.dispute_raised": Step.DISPUTED,
    "logistics.delivered": Step.DELIVERED,
    "logistics.collected": Step.DELIVERED,
    "payments.received": Step.PAYMENT_MADE,
    "payments.failed": Step.PAYMENT_FAILED,
}
#: What each step is timed from; a step that is not named here is not timed.
_SINCE: Final = {
    Step.PAID: "orders.placed",
    Step.CANCELLED: "orders.placed",
    Step.LAPSED: "orders.placed",
    Step.SHIPPED: "orders.paid",
    Step.SETTLED: "orders.paid",
    Step.DELIVERED: "orders.shipped",
    Step.ACCEPTED: "orders.shipped",
    Step.RETURN_WANTED: "orders.shipped",
    Step.DISPUTED: "orders.shipped",
}
_TRADING: Final = frozenset(
    {"orders.paid", "orders.shipped", "orders.refunded", "orders.closed_short", *STEPS}
    | {"statistics.trade_excluded", "statistics.trade_restored"}
)
KINDS: Final = TELLING | _TRADING
Row = dict[str, Any]


@dataclass(frozen=True)
class _File:
    """What the journal holds of an order up to and with one document."""

    documents: Sequence[Filed]
    placed: Any = None
    number: int = 0

    @property
    def is_paid(self) -> bool:
        return any(
            _completes(one.envelope.body) for one in self.documents if one.envelope.kind == "orders.paid"
        )

    @property
    def is_excluded(self) -> bool:
        kinds = [one.envelope.kind for one in self.documents]
        return kinds.count("statistics.trade_excluded") > kinds.count("statistics.trade_restored")

    def last(self, kind: str) -> datetime | None:
        """Return when the last document of a kind was issued; the first, of an order's payments and shipments."""
        found = [one.envelope.issued_at for one in self.documents if one.envelope.kind == kind]
        return found[-1] if found else None


@dataclass
class _Facts:
    trade: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)


def write(batch: Sequence[Sealed]) -> None:
    """Add what a batch of documents comes to."""
    files = _files(one.envelope.subject for one in batch if one.kind in _TRADING)
    placed = [file.placed for file in files.values() if file.placed is not None]
    known = Known(
        parties={party for body in placed for party in (body.buyer, body.seller)} | concerned(batch),
        skus={line.sku_id for body in placed for line in body.lines},
    )
    facts = _Facts()
    for sealed in batch:
        if sealed.kind in TELLING:
            known.learn(sealed)
        else:
            # What is about no order (money that comes into a balance, say) is no trade.
            _take(sealed, files.get(sealed.envelope.subject), known, facts)
    known.save()
    store.add(Table.TRADE, facts.trade)
    store.add(Table.STEPS, facts.steps)


def _files(subjects: Iterable[UUID]) -> dict[UUID, _File]:
    by_subject: defaultdict[UUID, list[Filed]] = defaultdict(list)
    for one in journal.file_of(sorted(set(subjects))):
        if one.position is not None:
            by_subject[one.envelope.subject].append(one)
    found = {}
    for subject, documents in by_subject.items():
        first = next((one for one in documents if one.envelope.kind == "orders.placed"), None)
        if first is not None:
            found[subject] = _File(documents, first.envelope.body, first.position or 0)
    return found


def _take(sealed: Sealed, whole: _File | None, known: Known, facts: _Facts) -> None:
    if whole is None:
        return
    before = _File(
        [one for one in whole.documents if one.position is not None and one.position < sealed.position],
        whole.placed,
        whole.number,
    )
    common = _common(sealed, whole, known)
    if common is None:
        return
    if sealed.kind in {"statistics.trade_excluded", "statistics.trade_restored"}:
        facts.trade += _reversed(sealed, before, facts.trade)
    elif not before.is_excluded:
        document = _Document(sealed, before, common, known)
        facts.trade += document.trade()
        facts.steps += document.steps()


def _common(sealed: Sealed, whole: _File, known: Known) -> Row | None:
    """Return what all facts of an order share; None for an internal movement."""
    body = whole.placed
    seller, buyer = known.traders[body.seller], known.traders[body.buyer]
    if seller.party_id == buyer.party_id or (seller.credit_code and seller.credit_code == buyer.credit_code):
        return None
    industries = [good.industry for line in body.lines if (good := known.goods.get(line.sku_id)) is not None]
    return {
        "day": _day(sealed.envelope.issued_at),
        "position": sealed.position,
        "trade": whole.number,
        "way": body.way,
        "form": Form(f"{'c' if seller.is_person else 'b'}2{'c' if buyer.is_person else 'b'}"),
        "seller": seller.number,
        "buyer": buyer.number,
        "seller_region": seller.region or seller.country,
        "buyer_region": body.region or buyer.region or buyer.country,
        "cross_border": seller.country != buyer.country,
        "channel": body.channel,
        "industry": industries[0] if industries else seller.industry,
        "market": known.markets.get(body.market, "") if body.market else "",
        "currency": body.total.currency,
    }


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _completes(body: Any) -> bool:
    return bool(body.paid.minor == body.total.minor)


# --- trade -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Document:
    """A document of an order, what the journal held of the order before, and what all facts of it share."""

    sealed: Sealed
    before: _File
    common: Row
    known: Known

    def trade(self) -> Iterator[Row]:
        """Say what the document adds to trade."""
        body, placed = self.sealed.envelope.body, self.before.placed
        lines = {line.line_id: line for line in placed.lines}
        if self.sealed.kind == "orders.paid":
            if _completes(body) and not self.before.is_paid:
                yield from map(self._sold, placed.lines)
        elif not self.before.is_paid:
            return  # what went back was never counted
        elif self.sealed.kind == "orders.refunded":
            for one in body.lines:
                yield self._returned(lines[one.line_id], one.quantity, one.amount)
        elif self.sealed.kind == "orders.closed_short" and body.refunded.minor:
            weights = [lines[one.line_id].goods.minor * one.quantity for one in body.lines]
            for one, amount in zip(body.lines, body.refunded.allocate(weights), strict=True):
                yield self._returned(lines[one.line_id], one.quantity, amount)
        elif self.sealed.kind == "orders.cancelled":
            weights = [_paid_for(line).minor for line in placed.lines]
            for line, amount in zip(placed.lines, body.refunded.allocate(weights), strict=True):
                yield self._returned(line, line.quantity, amount)

    def steps(self) -> Iterator[Row]:
        """Say which step the document states, and how long it took."""
        body = self.sealed.envelope.body
        step: Step | None = STEPS.get(self.sealed.kind)
        if self.sealed.kind == "orders.paid" and _completes(body) and not self.before.is_paid:
            step = Step.PAID
        elif self.sealed.kind == "orders.shipped" and body.complete:
            step = Step.SHIPPED
        if step is None:
            return
        since = self.before.last(_SINCE[step]) if step in _SINCE else None
        happened = getattr(body, "delivered_at", None) or getattr(body, "collected_at", None)
        took = None if since is None else (happened or self.sealed.envelope.issued_at) - since
        total = self.before.placed.total
        yield {
            **self.common,
            "step": step,
            "orders": 1,
            "seconds": None if took is None else max(took, timedelta()) // timedelta(seconds=1),
            "minor": total.minor,
            "base": self.known.base(total),
        }

    def _sold(self, line: Any) -> Row:
        return {
            **self._line(line, _paid_for(line)),
            "fact": Fact.SALE,
            "orders": int(line is self.before.placed.lines[0]),
            "quantity": line.quantity,
            "goods_minor": line.goods.minor,
            "freight_minor": line.freight.minor,
        }

    def _returned(self, line: Any, quantity: int, amount: Money) -> Row:
        return {
            **self._line(line, -amount),
            "fact": Fact.REFUND,
            "orders": 0,
            "quantity": -quantity,
            "goods_minor": 0,
            "freight_minor": 0,
        }

    def _line(self, line: Any, amount: Money) -> Row:
        good = self.known.goods.get(line.sku_id)
        industry = good.industry if good is not None else self.common["industry"]
        return {
            **self.common,
            "industry": industry,
            "line": self.before.placed.lines.index(line),
            "category": good.category if good is not None else "",
            "service": self.known.services.get(industry, False),
            "minor": amount.minor,
            "base": self.known.base(amount),
        }


def _paid_for(line: Any) -> Money:
    return line.goods + line.freight - line.discount  # type: ignore[no-any-return]


def _reversed(sealed: Sealed, before: _File, fresh: Sequence[Row]) -> list[Row]:
    """Take all facts of an order out again, on the days on which they were booked; or put them back."""
    out = sealed.kind == "statistics.trade_excluded"
    days = [_day(one.envelope.issued_at) for one in before.documents]
    rows = reading.rows_of(before.number, first=min(days), last=max(days))
    rows += [row for row in fresh if row["trade"] == before.number]
    # What counts now is what all rows so far add up to, line by line, sales and refunds each.
    booked = [row for row in rows if row["fact"] in {Fact.SALE, Fact.REFUND}]
    turned = sum(1 for one in before.documents if one.envelope.kind == "statistics.trade_excluded") - sum(
        1 for one in before.documents if one.envelope.kind == "statistics.trade_restored"
    )
    if turned != (0 if out else 1):
        return []
    sign = -1 if out else 1
    fact = Fact.EXCLUDED if out else Fact.RESTORED
    amounts = ("orders", "quantity", "minor", "base", "goods_minor", "freight_minor")
    return [
        {
            **row,
            "position": sealed.position,
            "fact": fact,
            **{name: None if row[name] is None else sign * row[name] for name in amounts},
        }
        for row in booked
    ]
