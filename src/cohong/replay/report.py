"""What a replay shows: its progress on standard error, its account as a table or as JSON."""

from datetime import timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, Self

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column, Table
from rich.text import Text

from cohong.replay.online_retail.executor import Account
from cohong.replay.words import _

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


# --- progress --------------------------------------------------------------------------------------------


class _Rate(ProgressColumn):
    """Lines a second: lately, or in all once they are done."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed or not task.fields["shows_rate"]:
            return Text("")
        return Text(_("{lines:,.0f} lines/s").format(lines=speed), no_wrap=True)


class _Remaining(ProgressColumn):
    """The time that is left at this rate; the time that it took once it is done."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        if task.finished_time is not None:
            return Text(
                str(timedelta(seconds=int(task.finished_time))), style="progress.elapsed", no_wrap=True
            )
        if left is None:
            return Text("")
        told = _("{time} left").format(time=timedelta(seconds=int(left)))
        return Text(told, style="progress.remaining", no_wrap=True)


class Bars:
    """Three bars on standard error: reading, setting up, trading. A ``Watcher``."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[count]}", table_column=Column(no_wrap=True)),
            _Rate(),
            _Remaining(),
            console=Console(stderr=True),
            speed_estimate_period=60,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def surveying(self, rows: int) -> None:
        """Show how many rows have been read."""
        self._show(_("Reading"), rows, None, count=f"{rows:,}")

    def staging(self, done: int, whole: int) -> None:
        """Show how many goods and buyers are there."""
        self._finish(_("Reading"))
        self._show(_("Goods and buyers"), done, whole, count=f"{done:,}/{whole:,}")

    def trading(self, lines: int, whole: int) -> None:
        """Show how many lines are accounted for."""
        self._show(_("Trading"), lines, whole, count=f"{lines:,}/{whole:,}", shows_rate=True)

    def _show(
        self, title: str, done: int, whole: int | None, *, count: str, shows_rate: bool = False
    ) -> None:
        if title not in self._tasks:
            self._tasks[title] = self._progress.add_task(
                title, total=whole, count=count, shows_rate=shows_rate
            )
        self._progress.update(self._tasks[title], completed=done, total=whole, count=count)

    def _finish(self, title: str) -> None:
        for task in self._progress.tasks:
            if task.description == title and not task.finished:
                self._progress.update(task.id, total=task.completed or 1, completed=task.completed or 1)


# --- the account -----------------------------------------------------------------------------------------


def as_json(account: Account) -> str:
    """Write the account as JSON: values in pounds with two decimals, and in pence under ``…_minor``."""
    refused = {
        reason: {"lines": count.lines, **_both("value", count.value_minor)}
        for reason, count in sorted(account.tally.refused.items())
    }
    told: dict[str, Any] = {
        "folder": account.fingerprint,
        "currency": "GBP",
        "lines": account.lines,
        "orders": account.tally.orders,
        "returns": account.tally.returns,
        "stock_adjustments": account.tally.stock_adjustments,
        "refused": refused,
        "refused_lines": account.tally.refused_lines,
    }
    for name, minor in _values(account).items():
        told |= _both(name, minor)
    told |= {
        "adds_up": account.adds_up,
        "new_orders": account.new_orders,
        "new_returns": account.new_returns,
        "seconds": round(account.seconds, 3),
        "orders_per_second": round(account.orders_per_second, 1),
    }
    return msgspec.json.format(_encoder.encode(told), indent=2).decode() + "\n"


def _both(name: str, minor: int) -> dict[str, Decimal | int]:
    return {name: Decimal(minor).scaleb(-2), f"{name}_minor": minor}


def _values(account: Account) -> dict[str, int]:
    return {
        "value_file": account.value_file,
        "value_sales": account.tally.sales.value_minor,
        "value_returns": account.tally.returned.value_minor,
        "value_refused": account.tally.value_refused,
        "value_ledger": account.value_ledger,
    }


def as_table(account: Account) -> None:
    """Print the account for people to read."""
    tally = account.tally
    table = Table(title=_("The order book, traded"), title_justify="left")
    table.add_column("")
    for title in (_("trades"), _("lines"), _("value, GBP")):
        table.add_column(title, justify="right")
    rows: list[tuple[str, int | None, int, int]] = [
        (_("Sales"), tally.orders, tally.sales.lines, tally.sales.value_minor),
        (_("Returns and refunds"), tally.returns, tally.returned.lines, tally.returned.value_minor),
        (_("Stock adjustments"), tally.stock_adjustments, tally.stock.lines, tally.stock.value_minor),
        (_("Refused"), None, tally.refused_lines, tally.value_refused),
        *((f"  {name}", None, one.lines, one.value_minor) for name, one in sorted(tally.refused.items())),
    ]
    for title, trades, lines, minor in rows:
        table.add_row(title, "" if trades is None else f"{trades:,}", f"{lines:,}", _pounds(minor))
    table.add_section()
    table.add_row(_("The files"), "", f"{account.lines:,}", _pounds(account.value_file))
    table.add_row(_("The ledger's settled transfers"), "", "", _pounds(account.value_ledger))
    console = Console()
    console.print(table)
    console.print(
        _(
            "{orders:,} orders and {returns:,} returns in {seconds:,.1f} s; {rate:,.0f} orders/s in trading."
        ).format(
            orders=account.new_orders,
            returns=account.new_returns,
            seconds=account.seconds,
            rate=account.orders_per_second,
        ),
        highlight=False,
    )


def _pounds(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-2):,.2f}"
