"""Returns: each planned one is asked for, agreed to, taken back into stock if it is goods, and refunded."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders.api import ReturnState
from cohong.replay.online_retail.batching import Done, TurnedDown, acting
from cohong.replay.online_retail.book import public_text
from cohong.replay.online_retail.planned import PlannedReturn, Reason
from cohong.replay.online_retail.reader import CURRENCY
from cohong.replay.online_retail.staging import Scene

T = TypeVar("T")


class Returns:
    """Gives back, one after the other."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._book = scene.book
        # How much of an order's freight went back, of the few orders where any did.
        self._freight_back: dict[str, int] = {}

    def count(self, done: Done) -> None:
        """Remember what a committed batch gave back."""
        self._freight_back.update(done.freight_back)

    def give_back(self, returns: Sequence[PlannedReturn], done: Done) -> None:
        """Bring each return to its refund, from wherever it stands."""
        ids = [self._book.step_id(back.key, back.at) for back in returns]
        sold = [self._book.order_id(back.sale_key, back.sale_at) for back in returns]
        known = orders.return_standings(actor=self._scene.seller, return_ids=ids)
        there = orders.standings(actor=self._scene.seller, order_ids=list(set(sold)))
        for back, return_id, order_id in zip(returns, ids, sold, strict=True):
            if order_id not in there:
                done.refused.append((back, orders.OrderNotFound.code))
                continue
            freight = sum(piece.amount_minor for piece in back.pieces if piece.number is None)
            before = done.freight_back.get(back.sale_key, self._freight_back.get(back.sale_key, 0))
            state, amount = known.get(return_id, (None, Money.zero(CURRENCY)))
            if state is None:
                lines = self._returned_lines(back, order_id, freight_before=before)
                if not lines:
                    done.refused.append((back, Reason.NOTHING_TRADED))
                    continue
                amount = self._request(back, return_id, order_id, lines)
                state = ReturnState.REQUESTED
                done.new_returns += 1
            self._refund(back, return_id, state)
            done.traded.append((back, amount.minor))
            if freight:
                done.freight_back[back.sale_key] = before + freight

    def _returned_lines(
        self, back: PlannedReturn, order_id: UUID, *, freight_before: int
    ) -> tuple[orders.ReturnedLine, ...]:
        """Say what comes back of each line; of the freight it is money for the lines that carry it."""
        quantities: dict[UUID, int] = {}
        amounts: dict[UUID, int] = {}
        for piece in back.pieces:
            if piece.number is None:
                shares = self._freight_shares(order_id, before=freight_before, amount=piece.amount_minor)
            else:
                line_id = self._book.line_id(back.sale_key, back.sale_at, piece.number)
                quantities[line_id] = quantities.get(line_id, 0) + piece.quantity
                shares = [(line_id, piece.amount_minor)]
            for line_id, minor in shares:
                amounts[line_id] = amounts.get(line_id, 0) + minor
        return tuple(
            orders.ReturnedLine(line_id=line_id, quantity=quantities.get(line_id, 0), amount_minor=minor)
            for line_id, minor in amounts.items()
            if minor or quantities.get(line_id)
        )

    def _freight_shares(self, order_id: UUID, *, before: int, amount: int) -> list[tuple[UUID, int]]:
        """Spread freight that goes back over the lines as they carry it, after ``before`` went back already.

        No line gives more than its share of the freight, so that all of what was paid for its goods can
        still follow.
        """
        shares = []
        for line in orders.order(actor=self._scene.seller, order_id=order_id).lines:
            gone = min(before, line.freight.minor)
            before -= gone
            part = min(amount, line.freight.minor - gone)
            amount -= part
            if part:
                shares.append((line.id, part))
        return shares

    def _request(
        self, back: PlannedReturn, return_id: UUID, order_id: UUID, lines: tuple[orders.ReturnedLine, ...]
    ) -> Money:
        wish = orders.RequestReturn(
            actor=acting(self._book.buyer_id(back.customer, back.country)),
            id=return_id,
            order_id=order_id,
            lines=lines,
            goods_back=back.goods_back,
            reason=public_text(f"Credit note {back.invoice}", otherwise="Credit note"),
        )
        return _or_turned_down(back.key, orders.request_return, wish).amount

    def _refund(self, back: PlannedReturn, return_id: UUID, state: str) -> None:
        """Bring a return to its end, from wherever it stands."""
        on_return = orders.OnReturn(actor=self._scene.seller, return_id=return_id)
        if state == ReturnState.REQUESTED:
            _or_turned_down(back.key, orders.approve_return, on_return)
            state = ReturnState.APPROVED
        if state == ReturnState.APPROVED and back.goods_back:
            _or_turned_down(back.key, orders.receive_return, on_return)
        if state != ReturnState.REFUNDED:
            _or_turned_down(back.key, orders.refund, on_return)


def _or_turned_down(key: str, act: Callable[..., T], item: object) -> T:
    """Take one step with a return; a refusal has undone the transaction, so the batch begins anew."""
    try:
        return act(item=item)
    except Refusal as refusal:
        raise TurnedDown(key, refusal) from refusal
