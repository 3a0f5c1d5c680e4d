"""Replays a folder: surveys it, sets the scene, trades the plan, and draws up the account.

A run that was killed is simply started again: what is in the database stays, the rest follows. One folder is
replayed by one process at a time.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import msgspec
from django.db import DatabaseError

from cohong.kernel import journal, sets
from cohong.payments import api as payments
from cohong.replay.online_retail.batching import batches
from cohong.replay.online_retail.book import Book
from cohong.replay.online_retail.plan import plan
from cohong.replay.online_retail.planned import Tally
from cohong.replay.online_retail.reader import CURRENCY, fingerprint, read_folder
from cohong.replay.online_retail.staging import stage
from cohong.replay.online_retail.survey import Survey, survey
from cohong.replay.online_retail.trading import Trader

MOST_TRADES: Final = 250
"""How many trades one transaction carries out, unless told otherwise."""

_LOCK_WAIT_S: Final = 30.0
_LOCK_AGAIN_S: Final = 0.2


class BeingReplayed(Exception):  # noqa: N818 - said as what happened
    """Another process replays this folder."""


class Watcher(Protocol):
    """Hears how far a replay is."""

    def surveying(self, rows: int) -> None:
        """So many rows have been read; each is read twice."""

    def staging(self, done: int, whole: int) -> None:
        """So many goods and buyers are there, of so many."""

    def trading(self, lines: int, whole: int) -> None:
        """So many lines of the files are accounted for, of so many."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a replay. Values are signed pence.

    ``lines`` and ``value_file`` come from the files' rows alone; ``tally`` from the orders and returns in
    the database; ``value_ledger`` from settled transfers alone. ``new_orders`` and ``new_returns`` are this
    run's own.
    """

    fingerprint: str
    lines: int
    value_file: int
    tally: Tally
    value_ledger: int
    new_orders: int
    new_returns: int
    seconds: float
    trading_seconds: float

    @property
    def value_traded(self) -> int:
        """What sales came to, less what was given back."""
        return self.tally.sales.value_minor + self.tally.returned.value_minor

    @property
    def adds_up(self) -> bool:
        """Tell whether every line is accounted for, and every penny, in the files and in the ledger."""
        return (
            self.lines == self.tally.lines
            and self.value_file == self.value_traded + self.tally.value_refused
            and self.value_ledger == self.value_traded
        )

    @property
    def orders_per_second(self) -> float:
        """How fast this run traded, setting up not counted."""
        return self.new_orders / self.trading_seconds if self.trading_seconds else 0.0


def replay(folder: Path, *, watcher: Watcher, most: int = MOST_TRADES) -> Account:
    """Replay a folder, ``most`` trades to a transaction. Raises ``BadFile`` and ``BeingReplayed``."""
    started = time.monotonic()
    book = Book(fingerprint(folder))
    with _alone(book):
        found = survey(folder, progress=watcher.surveying)
        scene = stage(book, found, watcher.staging)
        trading_started = time.monotonic()
        trader = Trader(scene)
        with _few_collections():
            _trade(folder, found, trader, watcher, most)
        ended = time.monotonic()
        ledger = payments.settled_value(payee_id=book.seller_id, currency=CURRENCY)
    return Account(
        fingerprint=book.fingerprint,
        lines=found.lines,
        value_file=found.value_minor,
        tally=trader.tally,
        value_ledger=ledger.minor,
        new_orders=trader.new_orders,
        new_returns=trader.new_returns,
        seconds=time.monotonic() - started,
        trading_seconds=ended - trading_started,
    )


def _trade(folder: Path, found: Survey, trader: Trader, watcher: Watcher, most: int) -> None:
    """Trade the plan; seal the documents as it goes, for a worker need not be running beside a replay."""
    watcher.trading(0, found.lines)
    made = 0
    for batch in batches(plan(read_folder(folder), found.expected), most=most):
        trader.trade(batch)
        if trader.new_orders > made:
            made = trader.new_orders
            journal.seal()
        watcher.trading(trader.tally.lines, found.lines)
    # What a run that was killed left behind, too.
    journal.seal_all()


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector look seldom.

    A batch makes some hundred thousand objects that all live to its end; looking through them again and again
    finds nothing and takes a quarter of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _alone(book: Book) -> Iterator[None]:
    """Keep others from replaying the same folder meanwhile.

    The database drops the lock with the connection. A run that was killed a moment ago may still have its
    last statement at work there; it is waited for.
    """
    deadline = time.monotonic() + _LOCK_WAIT_S
    while not sets.fetch("select pg_try_advisory_lock(%s)", (book.lock_key,))[0][0]:
        if time.monotonic() > deadline:
            raise BeingReplayed
        time.sleep(_LOCK_AGAIN_S)
    try:
        yield
    finally:
        # A connection that broke has let go of the lock by itself.
        with suppress(DatabaseError):
            sets.fetch("select pg_advisory_unlock(%s)", (book.lock_key,))
