"""A period's statement: it adds up to the ledger, whatever happened and wherever the period is cut."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cohong.kernel import clock
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Role
from cohong.payments import api as payments
from trading import Place, acting_for

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.fixture
def place(transactional_db: None) -> Place:
    return Place()


def of(place: Place, start: datetime, end: datetime) -> payments.Period:
    return payments.period(actor=place.seller, party_id=place.seller_id, currency="CNY", start=start, end=end)


def test_a_month_shows_what_came_in_what_it_cost_and_what_was_given_back(place: Place):
    [sku] = place.goods(100, fen=1000)
    with clock.at(START + timedelta(days=3)):
        place.give(50_000, place.buyer_id)
        order_id = place.to("settled", (sku, 4), fen=1000)
    with clock.at(START + timedelta(days=40)):
        place.send_back(order_id, payments_line := _line(place, order_id, 1))
    first = of(place, START, START + timedelta(days=31))
    second = of(place, START + timedelta(days=31), START + timedelta(days=59))
    assert (first.opening.minor, first.closing.minor) == (0, 3976)
    assert [(line.kind, line.amount.minor, line.fee.minor) for line in first.lines] == [
        ("settlement", 3976, 24)
    ]
    assert first.lines[0].reference == order_id
    assert (second.opening.minor, second.closing.minor) == (3976, 2982)
    assert [(line.kind, line.amount.minor, line.fee.minor) for line in second.lines] == [
        ("give_back", -994, -6)
    ]
    assert payments_line.quantity == 1
    assert payments.months_of(actor=place.seller, party_id=place.seller_id, zone=ZONE) == [
        ("CNY", datetime(2026, 2, 1, tzinfo=UTC).date()),
        ("CNY", datetime(2026, 1, 1, tzinfo=UTC).date()),
    ]


def _line(place: Place, order_id, quantity: int):
    from cohong.orders import api as orders  # noqa: PLC0415 - one place needs it

    [line] = place.view(order_id).lines
    return orders.ReturnedLine(line_id=line.id, quantity=quantity)


def test_what_is_only_reserved_has_not_moved(place: Place):
    with clock.at(START):
        place.give(10_000, place.seller_id)
        bank = payments.BankAccount(holder="南沙钢厂", number="6222021234567890", bank_code="102100099996")
        payments.withdraw(
            actor=place.seller, party_id=place.seller_id, amount=Money(4_000, "CNY"), bank_account=bank
        )
    found = of(place, START, START + timedelta(days=1))
    assert (found.opening.minor, found.closing.minor, len(found.lines)) == (0, 10_000, 1)


def test_it_is_for_the_partys_finance_alone(place: Place):
    asked = {"party_id": place.seller_id, "currency": "CNY", "start": START, "end": START}
    payments.period(actor=acting_for(place.seller_id, Role.FINANCE), **asked)
    reader = acting_for(place.seller_id, scopes=frozenset({"payments:read"}))
    payments.period(actor=reader, **asked)
    for actor in (place.other, acting_for(place.seller_id, Role.SALES), place.authority):
        with pytest.raises(parties.NotYours):
            payments.period(actor=actor, **asked)
        with pytest.raises(parties.NotYours):
            payments.months_of(actor=actor, party_id=place.seller_id, zone=ZONE)
    with pytest.raises(parties.ScopeMissing):
        payments.period(actor=acting_for(place.seller_id, scopes=frozenset({"orders:read"})), **asked)


Steps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 2_000), st.integers(0, 99)), min_size=1, max_size=12
)


@hypothesis_settings(max_examples=15, deadline=None)
@given(steps=Steps, cuts=st.lists(st.integers(0, 100), min_size=1, max_size=4, unique=True))
@pytest.mark.django_db
def test_periods_join_and_add_up_to_the_ledger(steps, cuts):
    """Whatever is booked, in whatever order the clock said, and wherever the time is cut."""
    seller, buyer = new_id(), new_id()
    actor = acting_for(seller)
    for kind, minor, day in steps:
        with clock.at(START + timedelta(days=day)):
            _book(kind, minor, seller, buyer)
    edges = [START - timedelta(days=1), *(START + timedelta(days=cut) for cut in sorted(cuts))]
    edges.append(START + timedelta(days=101))
    found = [
        payments.period(actor=actor, party_id=seller, currency="CNY", start=start, end=end)
        for start, end in itertools.pairwise(edges)
    ]
    assert found[0].opening.minor == 0
    for before, after in itertools.pairwise(found):
        assert before.closing == after.opening
    lines = [line for period in found for line in period.lines]
    account = payments.account_id(payments.AccountKind.BALANCE, seller, "CNY")
    balance = payments.balances(account_ids=[account]).get(account)
    assert found[-1].closing.minor == (balance.posted.minor if balance else 0)
    assert sum(line.amount.minor for line in lines) == found[-1].closing.minor
    assert len({line.id for line in lines}) == len(lines)


def _book(kind: int, minor: int, seller, buyer) -> None:
    def give(party, amount: int) -> None:
        item = payments.Deposit(party_id=party, amount=Money(amount, "CNY"), reference=new_id())
        assert payments.deposit(actor=parties.SYSTEM, items=[item]) == [None]

    order_id, cny, fee = new_id(), Money(minor, "CNY"), Money(minor // 10, "CNY")
    if kind == 0:
        give(seller, minor)
        return
    give(buyer, minor)
    one(
        payments.fund(
            items=[payments.Fund(order_id=order_id, payer_id=buyer, amount=cny, reference=new_id())]
        )
    )
    step = payments.Settle(order_id=order_id, payee_id=seller, amount=cny, fee=fee, reference=new_id())
    one(payments.settle(items=[step]))
    if kind > 1:
        back = payments.Refund(
            order_id=order_id,
            payer_id=buyer,
            payee_id=seller,
            from_escrow=Money(0, "CNY"),
            from_payee=Money(minor - fee.minor, "CNY"),
            from_fees=fee,
            reference=new_id(),
        )
        one(payments.refund(items=[back]))
