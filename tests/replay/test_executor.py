"""The wholesaler's book traded for real: exact sums, refusals, and going on after whatever stopped it."""

import argparse
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.utils import OperationalError

from cohong.catalog import api as catalog
from cohong.cli import translations
from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Role
from cohong.payments import api as payments
from cohong.replay import command, words
from cohong.replay.online_retail import executor, trading
from cohong.replay.online_retail.batching import Batch
from cohong.replay.online_retail.book import Book, country_code, public_text
from cohong.replay.online_retail.executor import Account, BeingReplayed, replay
from cohong.replay.online_retail.reader import fingerprint
from trading import audits

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
UK = "United Kingdom"
FIRST, SECOND = "2010-12-01", "2010-12-02"

BOOK = (
    # A sale with carriage, a discount and a price finer than a penny: 15.30 + 0.16 + 18.00 - 1.00 = 32.46
    f"536365,A1,RED MUG,6,{FIRST} 08:26:00,2.55,17850,{UK}",
    f"536365,B2,PAPER STAR,3,{FIRST} 08:26:00,0.055,17850,{UK}",
    f"536365,POST,POSTAGE,1,{FIRST} 08:26:00,18.00,17850,{UK}",
    f"536365,D,Discount,-1,{FIRST} 08:26:00,1.00,17850,{UK}",
    # A walk-in's, with a gift: 25.00
    f"536366,A1,RED MUG,10,{FIRST} 09:00:00,2.50,,{UK}",
    f"536366,G3,CAKE TIN,1,{FIRST} 09:00:00,0,,{UK}",
    # Lost, given back with goods, part of the carriage given back
    f"536367,A1,lost,-2,{FIRST} 09:30:00,0,,{UK}",
    f"C536368,A1,RED MUG,-2,{FIRST} 10:00:00,2.55,17850,{UK}",
    f"C536369,POST,POSTAGE,-1,{FIRST} 10:05:00,10.00,17850,{UK}",
    # A service alone, money back without goods
    f"536371,M,Manual,2,{SECOND} 08:00:00,2.50,12345,EIRE",
    f"C536372,D,Discount,-1,{SECOND} 08:10:00,0.50,17850,{UK}",
    # No trade: not sold in the file, a fee, a row that is none
    f"C536373,Z9,VASE,-1,{SECOND} 08:20:00,3.00,17850,{UK}",
    f"C536374,AMAZONFEE,AMAZON FEE,-1,{SECOND} 08:30:00,7.77,,{UK}",
    f"536374,A1,RED MUG,one,{SECOND} 08:40:00,1.00,17850,{UK}",
    f"536375,B2,found,5,{SECOND} 08:50:00,0,,{UK}",
)
SALES, RETURNS, REFUSED = 3246 + 2500 + 500, -510 - 1000 - 50, -300 - 777


class Silence:
    def surveying(self, rows: int) -> None: ...

    def staging(self, done: int, whole: int) -> None: ...

    def trading(self, lines: int, whole: int) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, *BOOK)


def write(folder: Path, *rows: str) -> Path:
    folder = folder / "book"
    folder.mkdir()
    (folder / "all.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    return folder


def run(folder: Path, *, most: int = 250) -> Account:
    return replay(folder, watcher=Silence(), most=most)


def book_of(folder: Path) -> Book:
    return Book(fingerprint(folder))


def seller_of(folder: Path) -> Actor:
    return Actor(party_id=book_of(folder).seller_id, roles=frozenset({Role.OWNER}))


def sold(folder: Path) -> list[orders.OrderView]:
    """Return the orders, the oldest first."""
    return orders.orders(actor=seller_of(folder), side="seller")[::-1]


def everything() -> dict[str, int]:
    """Count the rows of every table, and of what changes in place sum something up."""
    counted = {}
    for table in connection.introspection.table_names():
        [(rows,)] = sets.fetch(f'select count(*) from "{table}"')
        counted[table] = rows
    for table, column in (
        ("payments_account", "credits_posted"),
        ("catalog_stock", "on_hand"),
        ("orders_order", "refunded_minor"),
        ("orders_line", "returned"),
    ):
        [(total,)] = sets.fetch(f"select coalesce(sum({column}), 0)::bigint from {table}")
        counted[f"{table}.{column}"] = total
    return counted


def figures(account: Account) -> dict[str, Any]:
    tally = account.tally
    return {
        "orders": tally.orders,
        "returns": tally.returns,
        "stock": tally.stock_adjustments,
        "refused": {reason: (one.lines, one.value_minor) for reason, one in tally.refused.items()},
        "values": (
            account.value_file,
            tally.sales.value_minor,
            tally.returned.value_minor,
            tally.value_refused,
            account.value_ledger,
        ),
        "lines": (account.lines, tally.lines),
    }


WHOLE = {
    "orders": 3,
    "returns": 3,
    "stock": 2,
    "refused": {"SaleNotInFile": (1, -300), "MarketplaceFee": (1, -777), "BadRow": (1, 0)},
    "values": (SALES + RETURNS + REFUSED, SALES, RETURNS, REFUSED, SALES + RETURNS),
    "lines": (15, 15),
}


# --- what is traded --------------------------------------------------------------------------------------


def test_the_whole_book_is_traded_and_accounted_for(folder: Path):
    account = run(folder)
    assert figures(account) == WHOLE
    assert (account.adds_up, account.new_orders, account.new_returns) == (True, 3, 3)
    assert audits() == []
    # Three sales with five documents each; the returns with goods have four and those without three.
    [(documents,)] = sets.fetch("select count(*) from kernel_document where kind like 'orders.%%'", ())
    assert documents == 3 * 5 + 4 + 3 + 3
    assert everything()["kernel_leaf"] == everything()["kernel_document"]


def test_an_order_is_the_invoice_at_the_files_prices_and_dates(folder: Path):
    run(folder)
    first, walk_in, service = sold(folder)
    assert [order.total.minor for order in (first, walk_in, service)] == [3246, 2500, 500]
    assert {order.state for order in (first, walk_in, service)} == {"settled"}
    assert [(line.title, line.quantity, line.unit_price.minor, line.goods.minor) for line in first.lines] == [
        ("RED MUG", 6, 255, 1530),
        ("PAPER STAR", 3, 6, 16),
    ]
    assert (first.freight.minor, first.discount.minor, first.way) == (1800, 100, "wholesale")
    assert [(line.title, line.goods.minor) for line in walk_in.lines] == [("RED MUG", 2500), ("CAKE TIN", 0)]
    assert [str(order.placed_at.date()) for order in (first, walk_in, service)] == [FIRST, FIRST, SECOND]
    # The id carries the invoice's own minute: 2010-12-01 08:26 UTC.
    assert first.id.int >> 80 == 1_291_191_960_000
    buyers = [parties.party(party_id=order.buyer_id) for order in (first, walk_in, service)]
    assert [(one.name, one.country, one.kind) for one in buyers] == [
        ("Customer 17850", "GB", "organisation"),
        ("Walk-in, United Kingdom", "GB", "person"),
        ("Customer 12345", "IE", "organisation"),
    ]


def test_returns_give_back_goods_and_money_of_the_right_lines(folder: Path):
    run(folder)
    first = sold(folder)[0]
    mug, star = first.lines
    # 2 mugs for 5.10, 10.00 of the carriage, and 0.50 of the lines' own money.
    assert (mug.returned, mug.refunded.minor + star.refunded.minor) == (2, 1560)
    assert first.refunded.minor == 1560
    found = orders.returns(actor=seller_of(folder), order_id=first.id)
    assert [(one.goods_back, one.amount.minor, one.state, one.reason) for one in found] == [
        (True, 510, "refunded", "Credit note C536368"),
        (False, 1000, "refunded", "Credit note C536369"),
        (False, 50, "refunded", "Credit note C536372"),
    ]


def test_stock_is_what_the_book_leaves(folder: Path):
    run(folder)
    book = book_of(folder)
    skus = {code: book.sku_id(code) for code in ("A1", "B2", "G3", "M")}
    stock = catalog.stock_of(sku_ids=skus.values())
    # All that ever leaves was there at the beginning; what came back or was found is left.
    assert {code: (stock[id_].on_hand, stock[id_].reserved) for code, id_ in skus.items()} == {
        "A1": (2, 0),
        "B2": (5, 0),
        "G3": (0, 0),
        "M": (0, 0),
    }
    views = catalog.skus(ids=skus.values())
    assert {code: views[id_].tiers[0].unit_price_minor for code, id_ in skus.items()} == {
        "A1": 255,
        "B2": 6,
        "G3": 1,
        "M": 250,
    }
    moved = catalog.movements(actor=seller_of(folder), sku_id=skus["A1"], limit=50)
    assert sorted((one.kind, one.quantity, one.reason) for one in moved if one.kind == "write_off") == [
        ("write_off", -2, "Written off: lost")
    ]


def test_buyers_pay_what_is_due_and_keep_what_they_got_back(folder: Path):
    run(folder)
    first, walk_in, _ = sold(folder)
    [balance] = payments.party_balances(party_id=first.buyer_id)
    assert balance.posted == Money(1560, "GBP")
    assert [one.posted.minor for one in payments.party_balances(party_id=walk_in.buyer_id)] == [0]
    # Less the platform's 0.60 %: 0.19 + 0.15 + 0.03, of which the returns gave back 0.09.
    [earned] = payments.party_balances(party_id=book_of(folder).seller_id)
    assert earned.posted.minor == SALES + RETURNS - 37 + 9


def test_the_ledgers_sum_is_the_sellers_own(folder: Path):
    run(folder)
    assert payments.settled_value(payee_id=sold(folder)[0].buyer_id, currency="GBP") == Money(0, "GBP")
    assert payments.settled_value(payee_id=book_of(folder).seller_id, currency="EUR") == Money(0, "EUR")


def test_carriage_given_back_leaves_the_goods_their_own_money(tmp_path: Path):
    folder = write(
        tmp_path,
        f"1,A1,MUG,1,{FIRST} 08:00:00,1.00,7,{UK}",
        f"1,B2,STAR,1,{FIRST} 08:00:00,1.00,7,{UK}",
        f"1,POST,POSTAGE,2,{FIRST} 08:00:00,0.51,7,{UK}",
        f"C2,POST,POSTAGE,-1,{FIRST} 09:00:00,0.51,7,{UK}",
        f"C3,POST,POSTAGE,-1,{SECOND} 09:00:00,0.51,7,{UK}",
        f"C4,A1,MUG,-1,{SECOND} 10:00:00,1.00,7,{UK}",
        f"C4,B2,STAR,-1,{SECOND} 10:00:00,1.00,7,{UK}",
    )
    account = run(folder)
    assert (account.tally.returns, account.tally.refused, account.value_ledger) == (3, {}, 0)
    assert [line.refunded.minor for line in sold(folder)[0].lines] == [151, 151]


def test_a_very_long_invoice_is_one_order_in_one_package(tmp_path: Path):
    folder = write(tmp_path, *(f"1,A{n},MUG {n},1,{FIRST} 08:00:00,1.00,7,{UK}" for n in range(1_114)))
    account = run(folder)
    assert (account.tally.orders, account.tally.refused, account.value_ledger) == (1, {}, 111_400)


def test_a_book_may_hold_what_must_not_be_published(tmp_path: Path):
    folder = write(
        tmp_path,
        f"1,A1,Ring 13812345678,1,{FIRST} 08:00:00,1.00,13912345678,Ruritania",
        f"1,13712345678,MUG\x85,1,{FIRST} 08:00:00,1.00,13912345678,Ruritania",
        f"2,A1,call 13812345678,-1,{FIRST} 09:00:00,0,,{UK}",
        f"C3,A1,Ring,-1,{FIRST} 10:00:00,1.00,13912345678,Ruritania",
    )
    account = run(folder)
    assert figures(account)["values"] == (100, 200, -100, 0, 100)
    assert audits() == []


@pytest.mark.parametrize(
    ("country", "code"),
    [(UK, "GB"), ("EIRE", "IE"), ("France", "FR"), ("RSA", "ZA"), ("Unspecified", "ZZ"), ("", "ZZ")],
)
def test_countries_as_the_book_writes_them(country: str, code: str):
    assert country_code(country) == code


def test_a_text_that_may_not_be_public_keeps_its_own_mark():
    assert public_text("RED  MUG\x00", otherwise="Goods") == "RED MUG"
    marks = {public_text(text, otherwise="Goods") for text in ("13812345678", "13912345678", "")}
    assert len(marks) == 3
    assert all(mark.startswith("Goods ") and not any(map(str.isdigit, mark)) for mark in marks)


def test_a_folder_without_a_readable_row(tmp_path: Path):
    assert figures(run(write(tmp_path)))["lines"] == (0, 0)
    assert run(tmp_path / "book").adds_up


# --- going on --------------------------------------------------------------------------------------------


class Crash(Exception):  # noqa: N818
    """The process is killed here."""


@pytest.mark.parametrize("most", [1, 3, 250])
def test_a_second_run_changes_nothing(folder: Path, most: int):
    run(folder, most=most)
    before = everything()
    account = run(folder)
    assert (figures(account), account.new_orders, account.new_returns) == (WHOLE, 0, 0)
    assert everything() == before


def crash_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    trade = trading.Trader.trade
    done = iter(range(batches))

    def crashing(self: trading.Trader, batch: Batch) -> None:
        if next(done, None) is None:
            raise Crash
        trade(self, batch)

    monkeypatch.setattr(trading.Trader, "trade", crashing)


@pytest.mark.parametrize("batches", range(8))
def test_killed_between_two_batches_it_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch, batches: int):
    with monkeypatch.context() as patch:
        crash_after(patch, batches)
        with pytest.raises(Crash):
            run(folder, most=1)
    assert figures(run(folder, most=2)) == WHOLE
    assert audits() == []


ACTS: list[tuple[Any, str]] = [
    (orders, "place"),
    (payments, "deposit"),
    (orders, "pay"),
    (orders, "ship"),
    (orders, "accept"),
    (orders, "settle"),
    (orders, "request_return"),
    (orders, "approve_return"),
    (orders, "receive_return"),
    (orders, "refund"),
    (catalog, "write_off"),
]


def crash_within(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Crash right after the act was done for the first time."""
    act: Callable[..., Any] = getattr(module, name)

    def crashing(**given: Any) -> Any:
        act(**given)
        raise Crash

    patch.setattr(module, name, crashing)


@pytest.mark.parametrize(("module", "name"), ACTS, ids=[name for _, name in ACTS])
def test_killed_within_a_batch_nothing_of_it_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
):
    with monkeypatch.context() as patch:
        crash_within(patch, module, name)
        with pytest.raises(Crash):
            run(folder)
    assert sold(folder) == []
    account = run(folder)
    assert (figures(account), account.new_orders, account.new_returns) == (WHOLE, 3, 3)
    assert audits() == []


@pytest.mark.parametrize(("module", "name"), ACTS, ids=[name for _, name in ACTS])
def test_what_was_left_half_done_is_brought_to_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
):
    # Were each act its own transaction, a batch could stop between any two.
    with monkeypatch.context() as patch:
        patch.setattr(trading, "transaction", SimpleNamespace(atomic=nullcontext))
        crash_within(patch, module, name)
        with pytest.raises(Crash):
            run(folder)
    assert figures(run(folder)) == WHOLE
    assert audits() == []


def test_goods_and_buyers_are_set_up_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        crash_within(patch, parties, "register_many")
        with pytest.raises(Crash):
            run(folder)
    with monkeypatch.context() as patch:
        crash_within(patch, catalog, "create_listings")
        with pytest.raises(Crash):
            run(folder)
    assert figures(run(folder)) == WHOLE


def test_another_folder_is_another_sellers_book(folder: Path, tmp_path: Path):
    run(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "renamed.CSV").write_bytes((folder / "all.csv").read_bytes())
    assert run(other).new_orders == 0  # the same lines under another name
    (other / "more.csv").write_text(f"{HEADER}\n9,A1,RED MUG,1,{SECOND} 12:00:00,9.00,17850,{UK}\n")
    account = run(other)
    assert (account.new_orders, account.adds_up) == (4, True)
    assert figures(run(folder)) == WHOLE


# --- what acts refuse ------------------------------------------------------------------------------------


def test_what_an_act_refuses_is_refused_by_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        crash_after(patch, 0)
        with pytest.raises(Crash):
            run(folder)
    supervision = Actor(party_id=SYSTEM.party_id, mandates=frozenset({Mandate.SUPERVISION}))
    barred = book_of(folder).buyer_id("17850", UK)
    parties.restrict(
        actor=supervision, party_id=barred, restriction=parties.Restriction.TRADE, reason="sanction"
    )
    account = run(folder)
    assert figures(account)["refused"] == {
        **WHOLE["refused"],
        "TradeRestricted": (4, 3246),
        "OrderNotFound": (3, -1560),
    }
    assert (account.adds_up, account.tally.orders, account.value_ledger) == (True, 2, 3000)


def test_a_refused_return_does_not_keep_its_batch_from_being_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        crash_after(patch, 1)
        with pytest.raises(Crash):
            run(folder, most=1)
    [order] = sold(folder)
    supervision = Actor(party_id=SYSTEM.party_id, mandates=frozenset({Mandate.SUPERVISION}))
    hold_id = orders.hold(actor=supervision, order_id=order.id, reason="dispute")
    account = run(folder)
    assert figures(account)["refused"] == {**WHOLE["refused"], "OrderHeld": (3, -1560)}
    assert (account.adds_up, account.tally.orders, account.tally.stock_adjustments) == (True, 3, 2)
    orders.lift_hold(actor=supervision, hold_id=hold_id, reason="settled")
    assert figures(run(folder)) == WHOLE


def test_a_step_that_fails_for_one_order_leaves_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch):
    deposit = payments.deposit

    def refusing(*, actor: Actor, items: list[payments.Deposit]) -> list[Any]:
        results = deposit(actor=actor, items=items)
        unlucky = [item.amount.minor == 2500 for item in items]
        return [payments.AccountFull() if bad else one for bad, one in zip(unlucky, results, strict=True)]

    monkeypatch.setattr(payments, "deposit", refusing)
    account = run(folder)
    assert figures(account)["refused"]["AccountFull"] == (2, 2500)
    assert (account.adds_up, account.tally.orders) == (True, 2)
    assert audits() == []


# --- the database and others -----------------------------------------------------------------------------


def another_connection() -> psycopg.Connection:
    params = connection.get_connection_params()
    same = {key: params[key] for key in ("dbname", "user", "host") if key in params}
    return psycopg.connect(**same, autocommit=True)


def test_who_gives_way_in_a_deadlock_begins_again(folder: Path, monkeypatch: pytest.MonkeyPatch):
    settle, failures = orders.settle, iter(range(2))

    def colliding(**given: Any) -> Any:
        if next(failures, None) is not None:
            raise OperationalError from psycopg.errors.DeadlockDetected()
        return settle(**given)

    monkeypatch.setattr(orders, "settle", colliding)
    assert figures(run(folder)) == WHOLE


def test_one_folder_is_replayed_by_one_process(folder: Path, monkeypatch: pytest.MonkeyPatch):
    with another_connection() as other, monkeypatch.context() as patch:
        patch.setattr(executor, "_LOCK_WAIT_S", 0)
        other.execute("select pg_advisory_lock(%s)", (book_of(folder).lock_key,))
        with pytest.raises(BeingReplayed):
            run(folder)
    assert run(folder).adds_up
    assert run(folder).adds_up  # a run that ended holds nothing


# --- the command -----------------------------------------------------------------------------------------


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["online-retail", *words]))


def test_the_account_as_json(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert call(str(folder), "--json", "--batch", "2") == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert '"value_refused": -10.77,' in text
    assert '"value_ledger": 46.86,' in text
    assert {
        name: told[name] for name in told if name.startswith("value_") and not name.endswith("_minor")
    } == {
        "value_file": 36.09,
        "value_sales": 62.46,
        "value_returns": -15.6,
        "value_refused": -10.77,
        "value_ledger": 46.86,
    }
    assert told["value_sales_minor"] + told["value_returns_minor"] + told["value_refused_minor"] == 3609
    assert (told["lines"], told["orders"], told["returns"], told["stock_adjustments"]) == (15, 3, 3, 2)
    assert told["refused"]["MarketplaceFee"] == {"lines": 1, "value": -7.77, "value_minor": -777}
    assert (told["refused_lines"], told["adds_up"], told["new_orders"]) == (3, True, 3)
    assert told["seconds"] > 0
    assert told["orders_per_second"] > 0


def test_the_account_as_a_table(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LANGUAGE", "en")
    assert call(str(folder)) == 0
    out = capsys.readouterr().out
    assert "62.46" in out
    assert "MarketplaceFee" in out
    assert "3 orders and 3 returns" in out


@pytest.mark.parametrize(
    ("language", "told"),
    [("en_GB.UTF-8", "is not a folder."), ("zh_CN.UTF-8", "不是文件夹。"), ("zh_HK.UTF-8", "不是資料夾。")],
)
def test_a_folder_that_is_none(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    told: str,
):
    for source in Path(words.__file__).parent.glob("locale/*/LC_MESSAGES/django.po"):
        translations._compile(source, source.with_suffix(".mo"))
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_MESSAGES", language)
    assert call(str(tmp_path / "nowhere")) == 2
    assert told in capsys.readouterr().err


def test_files_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LANGUAGE", "en")
    assert call(str(tmp_path)) == 2
    (tmp_path / "a.csv").write_text("")
    assert call(str(tmp_path)) == 2
    (tmp_path / "a.csv").write_text("InvoiceNo,StockCode\n")
    assert call(str(tmp_path)) == 2
    told = capsys.readouterr().err
    assert "no CSV files in" in told
    assert "a.csv is empty" in told
    assert "a.csv lacks these columns: Description, Quantity," in told
    assert parties.parties(ids=[UUID(int=0)]) == {}


def test_a_database_that_lacks_migrations_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LANGUAGE", "en")
    [(name, applied)] = sets.fetch(
        "delete from django_migrations where app = 'sessions' returning name, applied"
    )
    try:
        assert call(str(folder)) == 2
        assert "lacks 1 migrations" in capsys.readouterr().err
    finally:
        sets.run(
            "insert into django_migrations (app, name, applied) values ('sessions', %s, %s)", (name, applied)
        )
    assert parties.parties(ids=[book_of(folder).seller_id]) == {}


def test_a_database_that_goes_away_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LANGUAGE", "en")

    def gone(**_given: Any) -> None:
        [(backend,)] = sets.fetch("select pg_backend_pid()")
        with another_connection() as other:
            other.execute("select pg_terminate_backend(%s, 5000)", (backend,))
        sets.fetch("select 1")

    with monkeypatch.context() as patch:
        patch.setattr(orders, "accept", gone)
        assert call(str(folder), "--json") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "The database went away" in told.err
    assert "Start the replay again" in told.err
    assert call(str(folder), "--json") == 0
    assert json.loads(capsys.readouterr().out)["new_orders"] == 3
