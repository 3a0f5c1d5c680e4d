"""Escrow's steps: what orders does with money."""

from uuid import UUID

import pytest

from cohong.kernel.errors import one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.payments import api as payments
from cohong.payments.api import AccountKey, AccountKind, Fund, Refund, Settle, Transfer, TransferKind
from cohong.payments.kinds import PLATFORM

pytestmark = pytest.mark.django_db

BANK = named_id("tests.bank")


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def has(party: UUID) -> int:
    account = payments.account_id(AccountKind.BALANCE, party, "CNY")
    found = payments.balances(account_ids=[account])
    return found[account].posted.minor if found else 0


def fees() -> int:
    account = payments.account_id(AccountKind.FEES, PLATFORM, "CNY")
    found = payments.balances(account_ids=[account])
    return found[account].posted.minor if found else 0


def rich(minor: int) -> UUID:
    party = new_id()
    balance, clearing = (
        AccountKey(AccountKind.BALANCE, party, "CNY"),
        AccountKey(AccountKind.CLEARING, BANK, "CNY"),
    )
    payments.open_accounts([balance, clearing])
    deposit = Transfer(
        id=new_id(),
        debit_account=clearing.id,
        credit_account=balance.id,
        amount=yuan(minor),
        kind=TransferKind.DEPOSIT,
        reference=BANK,
    )
    one(payments.transfer(transfers=[deposit]))
    return party


def fund(order: UUID, payer: UUID, minor: int) -> Fund:
    return Fund(order_id=order, payer_id=payer, amount=yuan(minor), reference=new_id())


def settle(order: UUID, payee: UUID, minor: int, fee: int) -> Settle:
    return Settle(order_id=order, payee_id=payee, amount=yuan(minor), fee=yuan(fee), reference=new_id())


def refund(order: UUID, payer: UUID, payee: UUID, *sums: int) -> Refund:
    escrow, own, fee = sums
    return Refund(
        order_id=order,
        payer_id=payer,
        payee_id=payee,
        from_escrow=yuan(escrow),
        from_payee=yuan(own),
        from_fees=yuan(fee),
        reference=new_id(),
    )


def test_life_of_an_escrow():
    order, buyer, seller = new_id(), rich(10_000), new_id()
    assert payments.held(order_ids=[order]) == {}
    step = fund(order, buyer, 8_000)
    assert payments.fund(items=[step]) == [None]
    assert payments.fund(items=[step]) == [None]
    assert payments.held(order_ids=[order]) == {order: yuan(8_000)}
    assert payments.escrow_id(order) == order
    settled = settle(order, seller, 5_000, 30)
    assert payments.settle(items=[settled, settled]) == [None, None]
    assert payments.held(order_ids=[order, new_id()]) == {order: yuan(3_000)}
    assert (has(buyer), has(seller), fees()) == (2_000, 4_970, 30)
    back = refund(order, buyer, seller, 3_000, 970, 30)
    assert payments.refund(items=[back]) == [None]
    assert payments.refund(items=[back]) == [None]
    assert payments.held(order_ids=[order]) == {order: yuan(0)}
    assert (has(buyer), has(seller), fees()) == (6_000, 4_000, 0)


def test_each_item_has_its_own_outcome():
    orders, buyer = [new_id() for _ in range(3)], rich(100)
    outcomes = payments.fund(
        items=[fund(orders[0], buyer, 60), fund(orders[1], buyer, 50), fund(orders[2], buyer, 40)]
    )
    account = payments.account_id(AccountKind.BALANCE, buyer, "CNY")
    assert outcomes == [None, payments.FundsShort(account=account, wanted=yuan(50), available=yuan(40)), None]
    assert has(buyer) == 0


def test_settlement_is_whole_or_not_at_all():
    order, buyer, seller = new_id(), rich(1_000), new_id()
    payments.fund(items=[fund(order, buyer, 1_000)])
    assert payments.settle(items=[settle(order, seller, 1_001, 100)]) == [
        payments.FundsShort(account=order, wanted=yuan(100), available=yuan(99))
    ]
    assert payments.settle(items=[settle(order, seller, 100, 101)]) == [
        payments.FeeExceedsAmount(fee=yuan(101), amount=yuan(100))
    ]
    assert payments.held(order_ids=[order]) == {order: yuan(1_000)}
    assert (has(seller), fees()) == (0, 0)
    assert payments.settle(items=[settle(order, seller, 400, 0), settle(order, seller, 600, 600)]) == [
        None,
        None,
    ]
    assert (has(seller), fees()) == (400, 600)


def test_refund_needs_what_the_payee_has():
    order, buyer, seller = new_id(), rich(1_000), new_id()
    payments.fund(items=[fund(order, buyer, 1_000)])
    payments.settle(items=[settle(order, seller, 900, 9)])
    assert payments.refund(items=[refund(order, buyer, seller, 100, 892, 9)]) == [
        payments.FundsShort(
            account=payments.account_id(AccountKind.BALANCE, seller, "CNY"),
            wanted=yuan(892),
            available=yuan(891),
        )
    ]
    assert payments.held(order_ids=[order]) == {order: yuan(100)}
    assert (has(buyer), has(seller), fees()) == (0, 891, 9)


def test_steps_of_all_kinds_go_into_one_call():
    order, buyer, seller = new_id(), rich(500), new_id()
    assert payments.steps(
        items=[
            fund(order, buyer, 500),
            settle(order, seller, 300, 3),
            refund(order, buyer, seller, 200, 97, 3),
        ]
    ) == [None, None, None]
    assert (has(buyer), has(seller), fees()) == (300, 200, 0)
    assert payments.held(order_ids=[order]) == {order: yuan(0)}


def test_repeat_with_another_content_is_refused():
    order, buyer, seller = new_id(), rich(500), new_id()
    first = settle(order, seller, 100, 1)
    payments.fund(items=[fund(order, buyer, 500)])
    payments.settle(items=[first])
    for amount, fee in ((100, 0), (99, 0), (100, 2), (101, 1), (100, 100)):
        changed = Settle(
            order_id=order, payee_id=seller, amount=yuan(amount), fee=yuan(fee), reference=first.reference
        )
        [outcome] = payments.settle(items=[changed])
        assert isinstance(outcome, payments.TransferDiffers), (amount, fee)
    assert (has(seller), fees()) == (99, 1)


def test_amounts_of_nothing_or_less_are_refused():
    order, buyer, seller = new_id(), rich(500), new_id()
    nothing = payments.AmountNotPositive()
    assert payments.fund(items=[fund(order, buyer, 0), fund(order, buyer, -1)]) == [nothing, nothing]
    assert payments.refund(
        items=[refund(order, buyer, seller, 0, 0, 0), refund(order, buyer, seller, 5, -5, 0)]
    ) == [
        nothing,
        nothing,
    ]


def test_currencies_of_one_step_agree():
    order, buyer, seller = new_id(), rich(500), new_id()
    payments.fund(items=[fund(order, buyer, 500)])
    mixed = Settle(order_id=order, payee_id=seller, amount=yuan(10), fee=Money(1, "HKD"), reference=new_id())
    dollars = Settle(
        order_id=order, payee_id=seller, amount=Money(10, "HKD"), fee=Money(0, "HKD"), reference=new_id()
    )
    assert payments.settle(items=[mixed, dollars]) == [payments.CurrencyMismatch(currency="HKD")] * 2


def test_somebodys_balance_cannot_be_named_as_an_order():
    victim, thief, newcomer = rich(700), rich(100), new_id()
    for account in (
        payments.account_id(AccountKind.BALANCE, victim, "CNY"),
        payments.account_id(AccountKind.BALANCE, newcomer, "CNY"),
        payments.account_id(AccountKind.FEES, PLATFORM, "CNY"),
    ):
        assert (
            payments.steps(
                items=[
                    fund(account, thief, 1),
                    settle(account, thief, 70, 0),
                    refund(account, thief, victim, 7, 0, 0),
                ]
            )
            == [payments.NotAnOrder(order_id=account)] * 3
        )
    assert (has(victim), has(thief)) == (700, 100)


def test_fees_are_given_back_from_whichever_shards_hold_them():
    buyer, seller = rich(10_000), new_id()
    orders = [new_id() for _ in range(40)]
    payments.fund(items=[fund(order, buyer, 100) for order in orders])
    for order in orders:  # one call each, so that the fees lie spread
        assert payments.settle(items=[settle(order, seller, 100, 10)]) == [None]
    assert fees() == 400
    assert payments.refund(items=[refund(orders[0], buyer, seller, 0, 0, 399)]) == [None]
    assert fees() == 1
    [short] = payments.refund(items=[refund(orders[0], buyer, seller, 0, 0, 2)])
    assert isinstance(short, payments.FundsShort)
    assert (short.params["wanted"], short.params["available"]) == (yuan(2), yuan(1))


def test_nothing_to_do_is_nothing_done():
    assert payments.steps(items=[]) == []
    assert payments.transfer(transfers=[]) == []
