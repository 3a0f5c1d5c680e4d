"""Disputes (纠纷): a buyer stops an order's money and says why; the parties agree on a sum, or an authority decides.

A dispute holds its order through the same hold that an authority places, so nothing else moves while it is open. Whatever
way it ends, its hold is lifted in the same transaction, and money moves at most once: its reference is the dispute's.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, numbers, privacy, sets
from cohong.kernel.documents import Body
from cohong.kernel.errors import one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import OrderRow, issue, lines_of, lock_orders, write_lines, write_orders
from cohong.orders.services.closing import drop_rest
from cohong.orders.services.collecting import collect_waiting
from cohong.orders.services.holding import give_time_back
from cohong.orders.services.returning import supersede_returns
from cohong.orders.states import (
    DISPUTE_LIFE,
    OPEN_DISPUTE,
    ORDER_LIFE,
    DisputeAct,
    DisputeKind,
    DisputeState,
    OrderAct,
    OrderState,
)
from cohong.orders.terms import OnDispute, RaiseDispute
from cohong.parties.api import Actor, Mandate, public_text, require_mandate
from cohong.payments import api as payments

_DISPUTABLE = (OrderState.READY, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.ACCEPTED)
#: A buyer may withdraw and raise again, but not for ever: the seller's money waits each time.
_MOST_DISPUTES = 3
_TEXT_MOST, _REASON_MOST = 2_000, 500


@dataclass(frozen=True, slots=True)
class Raised:
    """The dispute as it was raised."""

    dispute_id: UUID
    number: str
    claimed: Money


@dataclass(slots=True)
class _Row:
    """A dispute whose order is locked."""

    id: UUID
    order_id: UUID
    number: str
    state: str
    hold_id: UUID
    offered_minor: int | None
    offered_by: UUID | None


@sets.act
def raise_dispute(*, item: RaiseDispute) -> Raised:
    """Dispute an order that is paid in full and not settled, as the buyer; the order stands still from then on.

    An id that was used before gets the first outcome again. Raises NotAllowed kinds, OrderNotFound, NotDisputable,
    DisputeOpen, DisputesSpent, DisputeKindUnknown, BadText, ClaimOutOfBounds.
    """
    order = lock_orders([item.order_id]).get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, "raise_dispute", buyer_id=order.buyer_id, seller_id=order.seller_id)
    if again := _raised_before(item, order):
        return again
    text = _check(item, order)
    claimed = order.money(item.claimed_minor)
    [number] = numbers.draw(1)
    hold_id, now = new_id(), clock.now()
    sets.insert(
        "orders_hold",
        ("id", "order_id", "placed_by", "reason", "placed_at", "lifted_reason"),
        [(hold_id, order.id, order.buyer_id, number, now, "")],
    )
    order.hold_count += 1
    sets.insert(
        "orders_dispute",
        (
            *("id", "order_id", "number", "state", "kind", "hold_id", "buyer_id", "seller_id", "currency"),
            *("claimed_minor", "refunded_minor", "text", "answer", "decision", "raised_at"),
        ),
        [
            (
                *(item.id, order.id, number, DisputeState.RAISED.value, str(DisputeKind(item.kind).value)),
                *(hold_id, order.buyer_id, order.seller_id, order.currency, claimed.minor, 0),
                *(privacy.encrypt(text), privacy.encrypt(""), "", now),
            )
        ],
    )
    body = documents.DisputeRaised(
        order=order.number,
        number=number,
        dispute=item.id,
        complaint=str(DisputeKind(item.kind).value),
        claimed=claimed,
        text_sha256=_digest(text),
    )
    issue([(order, order.buyer_id, body)])
    write_orders([order])
    return Raised(item.id, number, claimed)


def _raised_before(item: RaiseDispute, order: OrderRow) -> Raised | None:
    rows = sets.fetch(
        "select number, claimed_minor from orders_dispute where id = %s and order_id = %s",
        (item.id, order.id),
    )
    return Raised(item.id, rows[0][0], order.money(rows[0][1])) if rows else None


def _check(item: RaiseDispute, order: OrderRow) -> str:
    """Check a dispute that is to be raised; return its text as it is kept."""
    if item.kind not in DisputeKind.values:
        raise refusals.DisputeKindUnknown
    states = [
        state for (state,) in sets.fetch("select state from orders_dispute where order_id = %s", (order.id,))
    ]
    if any(state in OPEN_DISPUTE for state in states):
        raise refusals.DisputeOpen
    if OrderState(order.state) not in _DISPUTABLE or order.paid_minor < order.total_minor:
        raise refusals.NotDisputable
    if len(states) >= _MOST_DISPUTES or any(state != DisputeState.WITHDRAWN for state in states):
        raise refusals.DisputesSpent
    text = rules.plain_text(item.text, name="text", most=_TEXT_MOST)
    claimed = item.claimed_minor
    if isinstance(claimed, bool) or not isinstance(claimed, int) or not 0 < claimed <= order.escrow_minor:
        raise refusals.ClaimOutOfBounds(most=order.money(order.escrow_minor))
    return text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


# --- between the parties ---------------------------------------------------------------------------------


@sets.act
def answer_dispute(*, item: OnDispute) -> None:
    """Answer a dispute, as the seller. Raises NotAllowed kinds, DisputeNotFound, WrongState, BadText."""
    row, order = _locked(item, DisputeAct.ANSWER, may="answer_dispute")
    text = rules.plain_text(item.text, name="text", most=_TEXT_MOST)
    sets.run(
        "update orders_dispute set state = %s, answer = %s, answered_at = %s where id = %s",
        (row.state, privacy.encrypt(text), clock.now(), row.id),
    )
    body = documents.DisputeAnswered(
        order=order.number, number=row.number, dispute=row.id, text_sha256=_digest(text)
    )
    issue([(order, order.seller_id, body)])
    write_orders([order])


@sets.act
def offer_in_dispute(*, item: OnDispute, amount_minor: int) -> Money:
    """Offer to settle for a sum that goes back to the buyer, as either side; it replaces what was offered before.

    Raises NotAllowed kinds, DisputeNotFound, WrongState, ClaimOutOfBounds.
    """
    row, order = _locked(item, DisputeAct.OFFER, may=DisputeAct.OFFER)
    if isinstance(amount_minor, bool) or not isinstance(amount_minor, int):
        raise refusals.ClaimOutOfBounds(most=order.money(order.escrow_minor))
    if not 0 < amount_minor <= order.escrow_minor:
        raise refusals.ClaimOutOfBounds(most=order.money(order.escrow_minor))
    sets.run(
        "update orders_dispute set offered_minor = %s, offered_by = %s where id = %s",
        (amount_minor, item.actor.party_id, row.id),
    )
    amount = order.money(amount_minor)
    body = documents.DisputeOffered(
        order=order.number, number=row.number, dispute=row.id, by=item.actor.party_id, amount=amount
    )
    issue([(order, item.actor.party_id, body)])
    write_orders([order])
    return amount


@sets.act
def agree_in_dispute(*, item: OnDispute, amount_minor: int) -> Money:
    """Agree to what the other side has offered; the sum goes back to the buyer, and the order goes on.

    `amount_minor` is what the agreeing side has read: an offer that was changed meanwhile is not agreed to. Raises
    NotAllowed kinds, DisputeNotFound, WrongState, NoOffer, OrderHeld (by an authority, besides the dispute).
    """
    row, order = _locked(item, DisputeAct.AGREE, may=DisputeAct.AGREE)
    if row.offered_minor != amount_minor or row.offered_by in (None, item.actor.party_id):
        raise refusals.NoOffer
    amount = order.money(amount_minor)
    body = documents.DisputeSettled(
        order=order.number, number=row.number, dispute=row.id, by=item.actor.party_id, amount=amount
    )
    _end(row, order, item.actor, body, amount, reason="")
    return amount


@sets.act
def withdraw_dispute(*, item: OnDispute) -> None:
    """Let a dispute go, as the buyer; the order goes on where it stood. Raises NotAllowed kinds, DisputeNotFound, WrongState."""
    row, order = _locked(item, DisputeAct.WITHDRAW, may="withdraw_dispute")
    sets.run(
        "update orders_dispute set state = %s, ended_at = %s where id = %s", (row.state, clock.now(), row.id)
    )
    body = documents.DisputeWithdrawn(order=order.number, number=row.number, dispute=row.id)
    issue([(order, order.buyer_id, body)])
    _let_go(row, order, item.actor)


# --- the authority ---------------------------------------------------------------------------------------


@sets.act
def decide_dispute(*, item: OnDispute, refund_minor: int) -> Money:
    """Decide a dispute with a reason, under the mandate of supervision or of the platform; return what went back.

    `refund_minor`: nothing is for the seller, all that the escrow holds is for the buyer, in between is in part. The
    reason stands in the document, so it holds no personal data. Raises MandateMissing, DisputeNotFound, OwnDispute,
    WrongState, ReasonMissing, PersonalDataInText, BadText, PastEscrow, OrderHeld (by another hold).
    """
    require_mandate(item.actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="orders:write")
    row, order = _locked(item, DisputeAct.DECIDE, may=None)
    if item.actor.party_id in order.parties:
        raise refusals.OwnDispute
    if not item.text.strip():
        raise refusals.ReasonMissing
    reason = public_text(" ".join(item.text.split()), name="reason", most=_REASON_MOST)
    if isinstance(refund_minor, bool) or not isinstance(refund_minor, int):
        raise refusals.PastEscrow(most=order.money(order.escrow_minor))
    if not 0 <= refund_minor <= order.escrow_minor:
        raise refusals.PastEscrow(most=order.money(order.escrow_minor))
    amount = order.money(refund_minor)
    body = documents.DisputeDecided(
        order=order.number,
        number=row.number,
        dispute=row.id,
        by=item.actor.party_id,
        amount=amount,
        reason=reason,
    )
    _end(row, order, item.actor, body, amount, reason=reason)
    return amount


# --- how it ends -----------------------------------------------------------------------------------------


def _find(dispute_id: UUID) -> _Row | None:
    rows = sets.fetch(
        "select id, order_id, number, state, hold_id, offered_minor, offered_by from orders_dispute where id = %s",
        (dispute_id,),
    )
    return _Row(*rows[0]) if rows else None


def _locked(item: OnDispute, act: DisputeAct, *, may: str | None) -> tuple[_Row, OrderRow]:
    """Lock the dispute's order, then read the dispute under that lock and move its state."""
    known = _find(item.dispute_id)
    if known is None:
        raise refusals.DisputeNotFound
    order = lock_orders([known.order_id])[known.order_id]
    if may is not None:
        rules.check_may(item.actor, may, buyer_id=order.buyer_id, seller_id=order.seller_id)
    row = _find(item.dispute_id)
    assert row is not None  # noqa: S101 - disputes are never deleted
    row.state = DISPUTE_LIFE.next(row.state, act).value
    return row, order


def _end(row: _Row, order: OrderRow, actor: Actor, body: Body, amount: Money, *, reason: str) -> None:
    """End a dispute with a sum for the buyer: returns that are open end with it, then the order is let go."""
    if order.hold_count > 1:
        raise refusals.OrderHeld
    sets.run(
        "update orders_dispute set state = %s, refunded_minor = %s, decision = %s, decided_by = %s, ended_at = %s"
        " where id = %s",
        (
            *(row.state, amount.minor, reason, actor.party_id if row.state == DisputeState.DECIDED else None),
            *(clock.now(), row.id),
        ),
    )
    supersede_returns(order)
    more = _give_back(row, order, actor, amount, reason) if not amount.is_zero else []
    issue([(order, actor.party_id, one_) for one_ in (body, *more)])
    _let_go(row, order, actor)


def _give_back(row: _Row, order: OrderRow, actor: Actor, amount: Money, reason: str) -> list[Body]:
    """Send money from escrow to the buyer's balance; return what to state besides the dispute's own document."""
    nothing = order.money(0)
    is_all = amount.minor == order.escrow_minor
    step = payments.Refund(
        order_id=order.id,
        payer_id=order.buyer_id,
        payee_id=order.seller_id,
        from_escrow=amount,
        from_payee=nothing,
        from_fees=nothing,
        reference=named_id("orders.dispute", row.id),
    )
    one(payments.refund(items=[step]))
    lines = lines_of([order.id])[order.id]
    parts = rules.split_refund(
        amount.minor,
        totals=[line.total_minor for line in lines],
        refunded=[line.refunded_minor for line in lines],
        currency=order.currency,
    )
    order.refunded_minor += amount.minor
    for line, part in zip(lines, parts, strict=True):
        line.refunded_minor += part
    body: Body = documents.OrderRefunded(
        order=order.number,
        number=row.number,
        way=order.way,
        buyer=order.buyer_id,
        seller=order.seller_id,
        lines=[
            documents.RefundOf(line_id=line.id, quantity=0, amount=order.money(part))
            for line, part in zip(lines, parts, strict=True)
            if part
        ],
        amount=amount,
        from_escrow=amount,
        from_seller=nothing,
        from_fees=nothing,
    )
    stated = [body]
    if is_all and order.state == OrderState.READY:
        # Nothing left the seller and nothing is left to pay for it: the order is off.
        order.state = ORDER_LIFE.next(order.state, OrderAct.CANCEL)
        order.ended_at = clock.now()
        catalog.release(line_ids=[line.id for line in lines])
        stated = [
            documents.OrderCancelled(
                number=order.number, by=actor.party_id, reason=reason or row.number, refunded=amount
            )
        ]
    elif is_all and order.state == OrderState.PART_SHIPPED:
        by, why = actor.party_id, reason or row.number
        stated.append(drop_rest(order, lines, by=by, reason=why, refunded=nothing))
    write_lines(lines)
    return stated


def _let_go(row: _Row, order: OrderRow, actor: Actor) -> None:
    """Lift the dispute's hold and write the order back."""
    lifted = sets.run(
        "update orders_hold set lifted_by = %s, lifted_reason = %s, lifted_at = %s where id = %s and lifted_at is null",
        (actor.party_id, row.number, clock.now(), row.hold_id),
    )
    assert lifted == 1  # noqa: S101 - only the end of a dispute lifts its hold
    order.hold_count -= 1
    if not order.hold_count:
        give_time_back(order)
    write_orders([order])
    if not order.hold_count:
        collect_waiting(order_id=order.id)
