"""Each kind of damage to money is named; and what a call of the ledger costs."""

from uuid import UUID

import pytest
from django.db import connection
from payments_world import ACCOUNT, Town, acting_for, is_sound, yuan

from cohong.kernel import sets
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments.api import AccountKind, Deposit, Fund, Settle
from cohong.payments.kinds import PLATFORM

Trade = dict[str, UUID]


@pytest.fixture
def trade(db: None) -> Trade:
    """A trade that has left traces of every kind."""
    buyer, seller, order = new_id(), new_id(), new_id()
    payments.deposit(
        actor=parties.SYSTEM, items=[Deposit(party_id=buyer, amount=yuan(1_000), reference=new_id())]
    )
    payments.fund(items=[Fund(order_id=order, payer_id=buyer, amount=yuan(800), reference=new_id())])
    settlement = new_id()
    payments.settle(
        items=[Settle(order_id=order, payee_id=seller, amount=yuan(500), fee=yuan(3), reference=settlement)]
    )
    out = payments.withdraw(actor=acting_for(seller), party_id=seller, amount=yuan(100), bank_account=ACCOUNT)
    is_sound()
    return {"buyer": buyer, "seller": seller, "order": order, "settlement": settlement, "out": out.id}


@pytest.fixture
def unguarded(db: None) -> None:
    """Take the guards away, as someone with the database in their hands can."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set local session_replication_role = replica")
        for table, name in sets.fetch(
            "select conrelid::regclass::text, conname from pg_constraint where contype = 'c'"
            " and conrelid::regclass::text in ('payments_account', 'payments_transfer', 'payments_movement')"
        ):
            cursor.execute(f'alter table {table} drop constraint "{name}"')
        cursor.execute("drop index if exists transfer_resolves_once")


def wrong() -> dict[str, list[str]]:
    return {one.name: one.findings for one in payments.audit() if not one.ok}


def account(party: UUID) -> UUID:
    return payments.account_id(AccountKind.BALANCE, party, "CNY")


ZERO, BALANCES = "ledger sums to zero", "ledger balances equal their transfers"


def test_balance_that_was_raised(trade: Trade, unguarded: None):
    sets.run(
        "update payments_account set credits_posted = credits_posted + 7 where id = %s",
        (account(trade["buyer"]),),
    )
    found = wrong()
    assert found[ZERO] == ["CNY: posted debits and credits differ by -7 minor units"]
    assert found[BALANCES] == [
        f"balance {account(trade['buyer'])}: balance (800, 1007, 0, 0), transfers (800, 1000, 0, 0)"
    ]
    assert set(found) == {ZERO, BALANCES}


def test_reservation_that_was_forgotten(trade: Trade, unguarded: None):
    sets.run("update payments_account set debits_pending = 0 where id = %s", (account(trade["seller"]),))
    found = wrong()
    assert found[ZERO] == ["CNY: pending debits and credits differ by -100 minor units"]
    assert set(found) == {ZERO, BALANCES}


def test_transfer_that_was_changed(trade: Trade, unguarded: None):
    sets.run("update payments_transfer set amount_minor = 498 where id = %s", (trade["settlement"],))
    assert {name: len(found) for name, found in wrong().items()} == {BALANCES: 2}


def test_transfer_that_was_removed(trade: Trade, unguarded: None):
    sets.run("delete from payments_transfer where id = %s", (trade["settlement"],))
    assert {name: len(found) for name, found in wrong().items()} == {BALANCES: 2}


def test_transfer_that_was_slipped_in(trade: Trade, unguarded: None):
    nobody = new_id()
    sets.run(
        "insert into payments_transfer (id, debit_account, credit_account, amount_minor, currency, kind,"
        " reference, mode, at) values (%s, %s, %s, 5, 'CNY', 'give_back', %s, 'posted', now())",
        (new_id(), account(trade["buyer"]), nobody, nobody),
    )
    found = wrong()
    assert f"no account {nobody}: balance (), transfers (0, 5, 0, 0)" in found[BALANCES]
    assert len(found["transfers are between their accounts"]) == 1


def test_account_below_its_floor(trade: Trade, unguarded: None):
    sets.run("update payments_account set debits_posted = 1001 where id = %s", (account(trade["buyer"]),))
    assert wrong()["no account is below its floor"] == [
        f"balance {account(trade['buyer'])} is below its floor"
    ]


def test_account_of_another_currency(trade: Trade, unguarded: None):
    sets.run("update payments_account set currency = 'HKD' where id = %s", (account(trade["seller"]),))
    found = wrong()
    assert len(found["transfers are between their accounts"]) == 2
    assert len(found[ZERO]) == 4


@pytest.mark.parametrize(("mode", "amount", "count"), [("post", 101, 1), ("void", 99, 1), ("post", 100, 0)])
def test_pending_transfer_resolved_wrongly(trade: Trade, unguarded: None, mode: str, amount: int, count: int):
    copied = "debit_account, credit_account, currency, kind, reference, now()"
    sets.run(
        "insert into payments_transfer (id, amount_minor, mode, pending_id, debit_account, credit_account,"
        f" currency, kind, reference, at) select %s, %s, %s, id, {copied}"
        " from payments_transfer where id = %s",
        (new_id(), amount, mode, trade["out"]),
    )
    found = wrong()
    assert len(found.get("pending transfers are resolved once", [])) == count
    assert len(found["movements agree with their transfers"]) == 1  # its state says that nothing is known yet


def test_pending_transfer_resolved_twice(trade: Trade, unguarded: None):
    for mode in ("post", "void"):
        sets.run(
            "insert into payments_transfer (id, amount_minor, mode, pending_id, debit_account,"
            " credit_account, currency, kind, reference, at) select %s, 100, %s, id, debit_account,"
            " credit_account, currency, kind, reference, now() from payments_transfer where id = %s",
            (new_id(), mode, trade["out"]),
        )
    assert wrong()["pending transfers are resolved once"] == [
        f"pending transfer {trade['out']} is resolved 2 times"
    ]


def test_movement_that_says_something_else(trade: Trade, unguarded: None):
    sets.run("update payments_movement set state = 'done' where id = %s", (trade["out"],))
    [finding] = wrong()["movements agree with their transfers"]
    assert finding.startswith("payout ")
    assert finding.endswith(" is done, its transfers say pending")


def test_exchange_of_which_a_half_is_gone(trade: Trade, unguarded: None):
    party = trade["buyer"]
    money = Money(500, "HKD")
    payments.deposit(
        actor=parties.SYSTEM, items=[Deposit(party_id=PLATFORM, amount=money, reference=new_id())]
    )
    payments.provide(actor=parties.SYSTEM, amount=money, reference=new_id())
    rate = payments.set_rate(actor=parties.SYSTEM, sell="CNY", buy="HKD", rate="1")
    done = payments.exchange(
        actor=acting_for(party), party_id=party, sell=yuan(100), buy_currency="HKD", rate_id=rate
    )
    is_sound()
    sets.run("delete from payments_transfer where id = %s", (done.id,))
    assert wrong()["exchanges are whole"] == [f"exchange {done.id} is not whole"]


def test_bank_account_in_clear(trade: Trade, unguarded: None):
    sets.run('update payments_movement set bank_account = \'{"number": "1"}\' where id = %s', (trade["out"],))
    [finding] = wrong()["bank accounts are encrypted"]
    assert finding.endswith("its bank account is not encrypted")


def test_flows_of_an_order_are_summed_from_transfers(town: Town):
    order, seller, nothing = new_id(), new_id(), new_id()
    paid = town.paid(order, 1_000)
    town.give(500)
    payments.steps(
        items=[
            Fund(order_id=order, payer_id=town.party, amount=yuan(200), reference=new_id()),
            Settle(order_id=order, payee_id=seller, amount=yuan(700), fee=yuan(7), reference=new_id()),
        ]
    )
    payments.refund(
        items=[
            payments.Refund(
                order_id=order,
                payer_id=town.party,
                payee_id=seller,
                from_escrow=yuan(50),
                from_payee=yuan(20),
                from_fees=yuan(2),
                reference=new_id(),
            )
        ]
    )
    payments.refund_to_source(actor=parties.SYSTEM, payment_id=paid.id, amount=yuan(30))
    flows = payments.flows_of(order_ids=[order, nothing])
    assert flows[nothing] == payments.Flows()
    assert flows[order] == payments.Flows(
        paid_in=1_200, settled=693, fee=7, refunded=50, returned=30, given_back=20, fee_returned=2
    )


@pytest.mark.django_db
def test_number_of_statements_does_not_grow_with_the_batch(monkeypatch: pytest.MonkeyPatch):
    taken: list[int] = []
    open_cursor = sets._cursor
    monkeypatch.setattr(sets, "_cursor", lambda: taken.append(1) or open_cursor())

    def statements(count: int) -> list[int]:
        parties_, orders = [new_id() for _ in range(count)], [new_id() for _ in range(count)]
        counts = []
        for act in (
            lambda: payments.deposit(
                actor=parties.SYSTEM,
                items=[Deposit(party_id=one, amount=yuan(100), reference=new_id()) for one in parties_],
            ),
            lambda: payments.fund(
                items=[
                    Fund(order_id=order, payer_id=one, amount=yuan(100), reference=new_id())
                    for order, one in zip(orders, parties_, strict=True)
                ]
            ),
            lambda: payments.settle(
                items=[
                    Settle(order_id=order, payee_id=one, amount=yuan(100), fee=yuan(1), reference=new_id())
                    for order, one in zip(orders, parties_, strict=True)
                ]
            ),
            lambda: payments.held(order_ids=orders),
        ):
            taken.clear()
            results = act()
            assert len(results) == count
            counts.append(len(taken))
        return counts

    assert statements(1) == statements(300) == [6, 5, 5, 1]
