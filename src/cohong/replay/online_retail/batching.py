"""Batches of planned trades, and what comes of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.parties.api import Actor, Role
from cohong.replay.online_retail.planned import (
    Planned,
    PlannedReturn,
    PlannedSale,
    RefusedLine,
    StockAdjustment,
)
from cohong.replay.online_retail.reader import LOCAL_ZONE

_LINES_LIMIT: Final = 20_000


class Batch(NamedTuple):
    """Planned items that one transaction carries out, at one moment (None: there is nothing to trade)."""

    items: list[Planned]
    moment: datetime | None


def batches(items: Iterable[Planned], *, most: int) -> Iterator[Batch]:
    """Cut a plan into batches of at most ``most`` trades, none of which spans two days."""
    batch: list[Planned] = []
    moment: datetime | None = None
    day: date | None = None
    trades = lines = 0
    for item in items:
        if not isinstance(item, RefusedLine):
            own = item.at.astimezone(LOCAL_ZONE).date()
            if trades and (own != day or trades >= most or lines >= _LINES_LIMIT):
                yield Batch(batch, moment)
                batch, moment, trades, lines = [], None, 0, 0
            day = own
            moment = item.at if moment is None else max(moment, item.at)
            trades += 1
        lines += item.file_lines
        batch.append(item)
    if batch:
        yield Batch(batch, moment)


@dataclass
class Done:
    """What came of a batch; it counts once the batch is committed.

    ``traded`` are orders and returns with their money in the database, in pence; ``freight_back`` is how
    much of an order's freight has gone back by now.
    """

    traded: list[tuple[PlannedSale | PlannedReturn, int]] = field(default_factory=list)
    adjusted: list[StockAdjustment] = field(default_factory=list)
    refused: list[tuple[Planned, str]] = field(default_factory=list)
    freight_back: dict[str, int] = field(default_factory=dict)
    new_orders: int = 0
    new_returns: int = 0


class TurnedDown(Exception):  # noqa: N818 - said as what happened
    """An act refused an item when others had been carried out: the batch is begun anew without it."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        self.key = key
        self.code = refusal.code
        super().__init__(key, refusal)


def acting(party_id: UUID) -> Actor:
    """Act for a party of the book, as its owner."""
    return Actor(party_id=party_id, roles=frozenset({Role.OWNER}))
