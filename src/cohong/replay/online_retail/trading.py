"""Carries planned trades out through the doors' acts, a batch at a time, and counts what came of them.

A batch is one transaction: it is done or it is not, whatever kills whom. Before it trades, it asks which of
its orders and returns are there already and in which state, and goes on from there; so a batch that was
done is passed over with two questions, and batches may be cut otherwise in the next run.

Within a batch all sales go through their life first (place, pay, ship, accept, settle, each act once for
all), then the returns one by one, then the stock adjustments. A return's sale is planned before it, so it
is always shipped by then.

All of a batch happens at one moment, the latest of its invoices'. A batch never spans two days.
"""

from collections.abc import Sequence
from typing import Final

import psycopg
from django.db import transaction
from django.db.utils import OperationalError

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.replay.online_retail.batching import Batch, Done, TurnedDown
from cohong.replay.online_retail.book import public_text
from cohong.replay.online_retail.planned import (
    PlannedReturn,
    PlannedSale,
    RefusedLine,
    StockAdjustment,
    StockReason,
    Tally,
)
from cohong.replay.online_retail.returns import Returns
from cohong.replay.online_retail.sales import Sales
from cohong.replay.online_retail.staging import Scene

_TRIES: Final = 5
_REASON_LENGTH_MAX: Final = 200
_STOCK_REASONS: Final = {
    StockReason.WRITTEN_OFF: "Written off",
    StockReason.FOUND: "Found",
    StockReason.GIFT: "Given away",
}


class Trader:
    """Trades batches in turn; ``tally`` adds up what is in the database, whichever run put it there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._sales = Sales(scene)
        self._returns = Returns(scene)
        self.tally = Tally()
        self.new_orders = 0
        self.new_returns = 0

    def trade(self, batch: Batch) -> None:
        """Carry a batch out. An item that an act refuses is counted as refused, by the refusal's code."""
        turned_down: dict[str, str] = {}
        tries = 0
        while True:
            try:
                done = self._attempt(batch, turned_down)
            except TurnedDown as refused:
                turned_down[refused.key] = refused.code
            except OperationalError as error:
                # Others may trade on the same platform; whoever is chosen to give way begins again.
                tries += 1
                if tries == _TRIES or not isinstance(
                    error.__cause__, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
                ):
                    raise
            else:
                break
        self._count(done)

    def _attempt(self, batch: Batch, turned_down: dict[str, str]) -> Done:
        done = Done()
        sales: list[PlannedSale] = []
        returns: list[PlannedReturn] = []
        adjustments: list[StockAdjustment] = []
        for item in batch.items:
            match item:
                case RefusedLine():
                    done.refused.append((item, item.reason))
                case _ if item.key in turned_down:
                    done.refused.append((item, turned_down[item.key]))
                case PlannedSale():
                    sales.append(item)
                case PlannedReturn():
                    returns.append(item)
                case StockAdjustment():
                    adjustments.append(item)
        if batch.moment is not None:
            with clock.at(batch.moment), transaction.atomic():
                self._sales.sell(sales, done)
                self._returns.give_back(returns, done)
                self._adjust(adjustments, done)
        return done

    def _count(self, done: Done) -> None:
        for trade, minor in done.traded:
            if isinstance(trade, PlannedSale):
                self.tally.orders += 1
                self.tally.sales.add(trade.file_lines, minor)
            else:
                self.tally.returns += 1
                self.tally.returned.add(trade.file_lines, -minor)
        for adjustment in done.adjusted:
            self.tally.add(adjustment)
        for item, reason in done.refused:
            self.tally.refuse(item, reason)
        self._returns.count(done)
        self.new_orders += done.new_orders
        self.new_returns += done.new_returns

    def _adjust(self, adjustments: Sequence[StockAdjustment], done: Done) -> None:
        """Book what came and what went without a trade; each is booked once, however often this is done."""
        for act, some in (
            (catalog.receive_stock, [one for one in adjustments if one.quantity > 0]),
            (catalog.write_off, [one for one in adjustments if one.quantity < 0]),
        ):
            results = act(actor=self._scene.seller, items=[self._stock_item(one) for one in some])
            for adjustment, refusal in zip(some, results, strict=True):
                if refusal is None:
                    done.adjusted.append(adjustment)
                else:
                    done.refused.append((adjustment, refusal.code))

    def _stock_item(self, adjustment: StockAdjustment) -> catalog.StockItem:
        reason = _STOCK_REASONS[adjustment.reason]
        if adjustment.note:
            reason = f"{reason}: {public_text(adjustment.note, otherwise='note')}"[:_REASON_LENGTH_MAX]
        return catalog.StockItem(
            self._scene.book.sku_id(adjustment.stock_code),
            self._scene.location_id,
            abs(adjustment.quantity),
            reason,
            self._scene.book.step_id(adjustment.key, adjustment.at),
        )
