"""Return and refund: goods, or only money, go back, in whole or in part, before or after the settlement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from cohong.catalog import api as catalog
from cohong.kernel import clock, numbers, parameters, sets
from cohong.kernel.documents import Body
from cohong.kernel.errors import one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.orders import documents, refusals, rules
from cohong.orders.parameters import RETURN_DAYS
from cohong.orders.rows import LineRow, OrderRow, issue, lines_of, lock_orders, write_lines, write_orders
from cohong.orders.states import ORDER_LIFE, RETURN_LIFE, OrderAct, OrderState, ReturnAct, ReturnState
from cohong.orders.terms import OnReturn, RequestReturn, ReturnedLine
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments

_RETURNABLE = (OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.ACCEPTED, OrderState.SETTLED)
_OPEN = [ReturnState.REQUESTED.value, ReturnState.APPROVED.value, ReturnState.RECEIVED.value]


@dataclass(frozen=True, slots=True)
class Requested:
    """The return as it was requested."""

    return_id: UUID
    number: str
    amount: Money


@dataclass(slots=True)
class _ReturnRow:
    """A return whose order is locked."""

    id: UUID
    order_id: UUID
    number: str
    state: str
    goods_back: bool
    amount_minor: int


@dataclass(slots=True)
class _Pending:
    """What open returns of an order have already asked for, by line."""

    quantity: int = 0
    amount_minor: int = 0


# --- request ---------------------------------------------------------------------------------------------


@sets.act
def request_return(*, item: RequestReturn) -> Requested:
    """Ask for money back, with the goods or without.

    Raises NotAllowed kinds, OrderNotFound, NotReturnable, LineNotFound, LineTwice, NoLines, BadQuantity,
    NotShippedYet, PastRefundable. An id that was used before gets the first outcome again.
    """
    order = lock_orders([item.order_id]).get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, "request_return", buyer_id=order.buyer_id, seller_id=order.seller_id)
    if before := _find(item.id):
        return Requested(before.id, before.number, order.money(before.amount_minor))
    if OrderState(order.state) not in _RETURNABLE:
        raise refusals.NotReturnable
    _check_time(order)
    if not item.lines:
        raise refusals.NoLines
    if len({line.line_id for line in item.lines}) != len(item.lines):
        raise refusals.LineTwice
    lines = {line.id: line for line in lines_of([order.id])[order.id]}
    amounts = _amounts(item, order, lines)
    [number] = numbers.draw(1)
    total = sum(amounts)
    sets.insert(
        "orders_return",
        (
            *("id", "order_id", "number", "state", "goods_back", "amount_minor", "currency"),
            *_TEXTS,
            "requested_at",
        ),
        [
            (
                *(
                    item.id,
                    order.id,
                    number,
                    ReturnState.REQUESTED.value,
                    item.goods_back,
                    total,
                    order.currency,
                ),
                *(item.reason, "", clock.now()),
            )
        ],
    )
    sets.insert(
        "orders_return_line",
        ("id", "return_id", "line_id", "quantity", "amount_minor"),
        [
            (new_id(), item.id, line.line_id, line.quantity, amount)
            for line, amount in zip(item.lines, amounts, strict=True)
        ],
    )
    order.open_returns += 1
    body = documents.ReturnRequested(
        order=order.number,
        number=number,
        goods_back=item.goods_back,
        lines=[
            documents.RefundOf(line_id=line.line_id, quantity=line.quantity, amount=order.money(amount))
            for line, amount in zip(item.lines, amounts, strict=True)
        ],
        amount=order.money(total),
        reason=item.reason,
    )
    issue([(order, order.buyer_id, body)])
    write_orders([order])
    return Requested(item.id, number, order.money(total))


_TEXTS = ("reason", "decision")


def _amounts(item: RequestReturn, order: OrderRow, lines: dict[UUID, LineRow]) -> list[int]:
    """Check each returned line and return the money for it, in minor units."""
    pending = pending_returns(order.id)
    unpaid = order.paid_minor == 0 and order.total_minor > 0
    if unpaid and not _is_everything(item, lines):
        # Goods to be paid on delivery are turned away whole; whoever keeps a part pays first.
        raise refusals.NotReturnable
    amounts = []
    for wanted in item.lines:
        line = lines.get(wanted.line_id)
        if line is None:
            raise refusals.LineNotFound
        own = pending.get(line.id, _Pending())
        _check_quantity(item, wanted, line, own)
        if wanted.quantity == 0 and not wanted.amount_minor:
            raise refusals.BadQuantity(quantity="0")
        amounts.append(0 if unpaid else _amount(wanted, order, line, own))
    room = order.paid_minor - order.refunded_minor - sum(one.amount_minor for one in pending.values())
    if sum(amounts) > room:
        raise refusals.PastRefundable(most=order.money(max(room, 0)))
    return amounts


def _is_everything(item: RequestReturn, lines: dict[UUID, LineRow]) -> bool:
    wanted = {line.line_id: line.quantity for line in item.lines}
    return (
        item.goods_back
        and all(line.shipped == line.quantity for line in lines.values())
        and wanted == {line.id: line.quantity for line in lines.values()}
    )


def _check_quantity(item: RequestReturn, wanted: ReturnedLine, line: LineRow, own: _Pending) -> None:
    quantity = wanted.quantity
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 0:
        raise refusals.BadQuantity(quantity=str(quantity))
    most = line.shipped - line.returned - own.quantity if item.goods_back else line.quantity
    if quantity > most:
        raise refusals.NotShippedYet(title=line.title, most=max(most, 0))


def _amount(wanted: ReturnedLine, order: OrderRow, line: LineRow, own: _Pending) -> int:
    left = line.goods_minor + line.freight_minor - line.refunded_minor - own.amount_minor
    if wanted.amount_minor is None:
        before = line.returned + line.dropped + own.quantity
        quantity = min(wanted.quantity, line.quantity - before)
        share = rules.share_of(line.total_minor, quantity=quantity, of=line.quantity, before=before)
        return min(share, max(left, 0))
    amount = wanted.amount_minor
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0 or amount > left:
        raise refusals.PastRefundable(most=order.money(max(left, 0)))
    return amount


def pending_returns(order_id: UUID) -> dict[UUID, _Pending]:
    """Say for each line of a locked order what its open returns have asked for."""
    # Goods that were received are counted on the line already; only their money is still to go.
    rows = sets.fetch(
        "select l.line_id, sum(case when r.state = 'received' or not r.goods_back then 0 else l.quantity end)::bigint,"
        " sum(l.amount_minor)::bigint from orders_return r join orders_return_line l on l.return_id = r.id"
        " where r.order_id = %s and r.state = any(%s) group by l.line_id",
        (order_id, _OPEN),
    )
    return {line_id: _Pending(quantity, amount) for line_id, quantity, amount in rows}


# --- decide ----------------------------------------------------------------------------------------------


def _check_time(order: OrderRow) -> None:
    """Refuse what is asked for too late after the order ended, where the platform sets a limit. Raises ReturnTooLate."""
    days = parameters.value(RETURN_DAYS)
    if days and order.ended_at is not None and clock.now() > (until := order.ended_at + timedelta(days=days)):
        raise refusals.ReturnTooLate(until=timezone.localdate(until).isoformat())


def _find(return_id: UUID) -> _ReturnRow | None:
    rows = sets.fetch(
        "select id, order_id, number, state, goods_back, amount_minor from orders_return where id = %s",
        (return_id,),
    )
    return _ReturnRow(*rows[0]) if rows else None


def _locked(item: OnReturn, act: ReturnAct, *, may: str) -> tuple[_ReturnRow, OrderRow]:
    """Lock the return's order, then read the return under that lock and check the act."""
    known = _find(item.return_id)
    if known is None:
        raise refusals.ReturnNotFound
    order = lock_orders([known.order_id])[known.order_id]
    rules.check_may(item.actor, may, buyer_id=order.buyer_id, seller_id=order.seller_id)
    row = _find(item.return_id)
    assert row is not None  # noqa: S101 - returns are never deleted
    row.state = RETURN_LIFE.next(row.state, act)
    if order.hold_count:
        raise refusals.OrderHeld
    return row, order


def _write(row: _ReturnRow, order: OrderRow, issuer: UUID, body: Body, decision: str | None = None) -> None:
    ended = row.state in (ReturnState.REJECTED, ReturnState.WITHDRAWN, ReturnState.REFUNDED)
    if ended:
        order.open_returns -= 1
    sets.run(
        "update orders_return set state = %s, ended_at = %s, decision = coalesce(%s, decision) where id = %s",
        (str(ReturnState(row.state).value), clock.now() if ended else None, decision, row.id),
    )
    issue([(order, issuer, body)])
    write_orders([order])


def _decision(act: ReturnAct, *, needs_reason: bool) -> Callable[[OnReturn], None]:
    @sets.act
    def decide(item: OnReturn) -> None:
        row, order = _locked(item, act, may=act)
        if needs_reason and not item.reason.strip():
            raise refusals.ReasonMissing
        body = documents.ReturnDecided(
            order=order.number,
            number=row.number,
            decision=str(ReturnState(row.state).value),
            reason=item.reason,
        )
        _write(row, order, item.actor.party_id, body, item.reason)

    return decide


_approve = _decision(ReturnAct.APPROVE, needs_reason=False)
_reject = _decision(ReturnAct.REJECT, needs_reason=True)
_withdraw = _decision(ReturnAct.WITHDRAW, needs_reason=False)


def approve_return(*, item: OnReturn) -> None:
    """Agree to a return, as the seller. Raises NotAllowed kinds, ReturnNotFound, WrongState, OrderHeld."""
    _approve(item)


def reject_return(*, item: OnReturn) -> None:
    """Turn a return down, as the seller, with a reason. Raises also ReasonMissing."""
    _reject(item)


def withdraw_return(*, item: OnReturn) -> None:
    """Take a return back, as the buyer. Raises NotAllowed kinds, ReturnNotFound, WrongState, OrderHeld."""
    _withdraw(item)


def supersede_returns(order: OrderRow) -> None:
    """Close the open returns of a locked order whose dispute has come to an end; the caller writes the order."""
    rows = sets.fetch(
        "select id, order_id, number, state, goods_back, amount_minor from orders_return"
        " where order_id = %s and state = any(%s) order by id",
        (order.id, _OPEN),
    )
    for row in (_ReturnRow(*row) for row in rows):
        row.state = RETURN_LIFE.next(row.state, ReturnAct.SUPERSEDE)
        sets.run(
            "update orders_return set state = %s, ended_at = %s where id = %s",
            (ReturnState(row.state).value, clock.now(), row.id),
        )
        body = documents.ReturnDecided(
            order=order.number, number=row.number, decision=ReturnState(row.state).value, reason=""
        )
        issue([(order, SYSTEM.party_id, body)])
        order.open_returns -= 1


# --- goods back ------------------------------------------------------------------------------------------


@sets.act
def receive_return(*, item: OnReturn) -> None:
    """Take the goods back into stock, as the seller. Raises NotAllowed kinds, ReturnNotFound, WrongState, OrderHeld."""
    row, order = _locked(item, ReturnAct.RECEIVE, may=ReturnAct.RECEIVE)
    if not row.goods_back:
        raise refusals.NotReturnable
    back = _return_lines(row.id)
    lines = {line.id: line for line in lines_of([order.id])[order.id]}
    moves = [
        catalog.TakeBack(line_id, lines[line_id].sku_id, quantity, named_id("orders.return", row.id, line_id))
        for line_id, quantity, _ in back
        if quantity
    ]
    for refusal in catalog.take_back(items=moves):
        if refusal is not None:
            raise RuntimeError(f"shipped goods cannot come back: {refusal!r}")
    for line_id, quantity, _ in back:
        lines[line_id].returned += quantity
    write_lines([lines[line_id] for line_id, _, _ in back])
    body = documents.ReturnReceived(
        order=order.number,
        number=row.number,
        lines=[
            documents.QuantityOf(line_id=line_id, quantity=quantity)
            for line_id, quantity, _ in back
            if quantity
        ],
    )
    _write(row, order, order.seller_id, body)


def _return_lines(return_id: UUID) -> list[tuple[UUID, int, int]]:
    return [
        (line_id, quantity, amount)
        for line_id, quantity, amount in sets.fetch(
            "select line_id, quantity, amount_minor from orders_return_line where return_id = %s order by line_id",
            (return_id,),
        )
    ]


# --- money back ------------------------------------------------------------------------------------------


@sets.act
def refund(*, item: OnReturn) -> Money:
    """Give the money of an agreed return back; return how much.

    Before the settlement it comes from escrow; after it from the seller's balance, and the platform returns its fee for it.
    Raises NotAllowed kinds, ReturnNotFound, WrongState, OrderHeld, and FundsShort if the seller's balance does not suffice.
    """
    known = _find(item.return_id)
    act = ReturnAct.REFUND if known is None or known.goods_back else ReturnAct.REFUND_ONLY
    row, order = _locked(item, act, may=ReturnAct.REFUND)
    back = _return_lines(row.id)
    amount = order.money(row.amount_minor)
    split = _split(order, row.amount_minor)
    if not amount.is_zero:
        _send_back(order, row, *split)
    lines = {line.id: line for line in lines_of([order.id])[order.id]}
    for line_id, _, part in back:
        lines[line_id].refunded_minor += part
    write_lines([lines[line_id] for line_id, _, _ in back])
    _turn_away_if_unpaid(order)
    body = documents.OrderRefunded(
        order=order.number,
        number=row.number,
        way=order.way,
        buyer=order.buyer_id,
        seller=order.seller_id,
        lines=[
            documents.RefundOf(line_id=line_id, quantity=quantity, amount=order.money(part))
            for line_id, quantity, part in back
        ],
        amount=amount,
        from_escrow=split[0],
        from_seller=split[1],
        from_fees=split[2],
    )
    _write(row, order, item.actor.party_id, body)
    return amount


def _split(order: OrderRow, amount_minor: int) -> tuple[Money, Money, Money]:
    escrow, seller, fee = rules.refund_sources(
        amount_minor,
        is_settled=order.state == OrderState.SETTLED,
        settled_minor=order.settled_minor,
        fee_minor=order.fee_minor,
        refunded_late_minor=order.refunded_late_minor,
    )
    return order.money(escrow), order.money(seller), order.money(fee)


def _send_back(order: OrderRow, row: _ReturnRow, escrow: Money, seller: Money, fees: Money) -> None:
    step = payments.Refund(
        order_id=order.id,
        payer_id=order.buyer_id,
        payee_id=order.seller_id,
        from_escrow=escrow,
        from_payee=seller,
        from_fees=fees,
        reference=named_id("orders.refund", row.id),
    )
    one(payments.refund(items=[step]))
    order.refunded_minor += row.amount_minor
    order.refunded_late_minor += seller.minor + fees.minor
    order.fee_returned_minor += fees.minor


def _turn_away_if_unpaid(order: OrderRow) -> None:
    """End an order to be paid on delivery whose goods all came back; only whole ones come back unpaid."""
    if order.state == OrderState.SHIPPED and order.paid_minor == 0 and order.total_minor > 0:
        order.state = ORDER_LIFE.next(order.state, OrderAct.TURN_AWAY)
        order.accept_by = None
        order.ended_at = clock.now()


__all__ = [
    "Requested",
    "approve_return",
    "pending_returns",
    "receive_return",
    "refund",
    "reject_return",
    "request_return",
    "supersede_returns",
    "withdraw_return",
]
