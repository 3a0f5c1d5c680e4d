"""Deposits, fees and the exchange of currencies: exact figures, named rounding, and who may set what."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments_world import acting_for, balance_of, is_sound, issued, yuan

from cohong.kernel.ids import new_id
from cohong.kernel.money import EXPONENTS, Money, UnknownCurrency
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments import rules
from cohong.payments.api import AccountKind, Deposit
from cohong.payments.kinds import PLATFORM

pytestmark = pytest.mark.django_db

SYSTEM = parties.SYSTEM


def give(party: UUID, minor: int, currency: str = "CNY") -> None:
    item = Deposit(party_id=party, amount=Money(minor, currency), reference=new_id())
    assert payments.deposit(actor=SYSTEM, items=[item]) == [None]


# --- deposits ----------------------------------------------------------------------------------------------


def test_deposits_are_booked_once_for_their_reference():
    ann, ben = new_id(), new_id()
    first = Deposit(party_id=ann, amount=yuan(500), reference=new_id())
    second = Deposit(party_id=ben, amount=yuan(70), reference=new_id())
    assert payments.deposit(actor=SYSTEM, items=[first, second, first]) == [None, None, None]
    assert payments.deposit(actor=SYSTEM, items=[first]) == [None]
    other = Deposit(party_id=ann, amount=yuan(501), reference=first.reference)
    zero = Deposit(party_id=ann, amount=yuan(0), reference=new_id())
    assert payments.deposit(actor=SYSTEM, items=[other, zero]) == [
        payments.TransferDiffers(id=first.reference),
        payments.AmountNotPositive(),
    ]
    assert (balance_of(ann), balance_of(ben)) == ((500, 0), (70, 0))
    assert (issued(ann), issued(ben)) == (["payments.deposited"], ["payments.deposited"])
    assert payments.deposit(actor=SYSTEM, items=[]) == []
    is_sound()


# --- fees --------------------------------------------------------------------------------------------------


def test_fee_is_sixty_basis_points_until_it_is_set():
    assert payments.fee_for(amount=yuan(10_000), way="retail") == yuan(60)
    payments.set_fee(actor=SYSTEM, way="exchange", basis_points=5)
    payments.set_fee(actor=SYSTEM, way="", basis_points=100)
    payments.set_fee(actor=SYSTEM, way="exchange", basis_points=7)
    items = [(yuan(10_000), "retail"), (yuan(10_000), "exchange"), (Money(10_000, "GBP"), "exchange")]
    assert payments.fees_for(items=items) == [yuan(100), yuan(7), Money(7, "GBP")]
    assert payments.fee_rates(ways=["exchange", "x"]) == {"exchange": 7, "x": 100}
    assert issued(PLATFORM) == ["payments.fees_set"] * 3


@pytest.mark.parametrize(("minor", "fee"), [(83, 0), (84, 1), (250, 2), (417, 3), (583, 3), (584, 4)])
def test_fee_is_rounded_half_to_even(minor: int, fee: int):
    assert payments.fee_for(amount=yuan(minor), way="") == yuan(fee)


def test_fee_that_is_no_fee_is_refused():
    for wrong in (-1, 10_001, 1.5, True):
        with pytest.raises(payments.BadFeeRate):
            payments.set_fee(actor=SYSTEM, way="retail", basis_points=wrong)
    with pytest.raises(payments.BadText):
        payments.set_fee(actor=SYSTEM, way="x" * 65, basis_points=1)


# --- exchange ----------------------------------------------------------------------------------------------


def liquid(minor: int, currency: str) -> None:
    give(PLATFORM, minor, currency)
    payments.provide(actor=SYSTEM, amount=Money(minor, currency), reference=new_id())


def test_exchange_moves_both_sides_at_the_quoted_rate():
    ann = new_id()
    give(ann, 10_001)
    liquid(50_000, "HKD")
    payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="1.0871")
    quote = payments.quote(sell=yuan(10_001), buy_currency="HKD")
    assert (quote.buy, quote.rate) == (Money(10_872, "HKD"), "1.0871")  # 10 872.0871, rounded down
    asked = {
        "actor": acting_for(ann),
        "party_id": ann,
        "sell": yuan(10_001),
        "buy_currency": "HKD",
        "rate_id": quote.rate_id,
        "exchange_id": new_id(),
    }
    done = payments.exchange(**asked)
    assert (done.sold, done.bought) == (yuan(10_001), Money(10_872, "HKD"))
    payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="2")
    assert payments.exchange(**asked) == done  # the first outcome, though the rate is an old one now
    assert (balance_of(ann), balance_of(ann, "HKD")) == ((0, 0), (10_872, 0))
    pools = [payments.account_id(AccountKind.EXCHANGE, PLATFORM, one) for one in ("CNY", "HKD")]
    found = payments.balances(account_ids=pools)
    assert [found[one].posted for one in pools] == [yuan(10_001), Money(39_128, "HKD")]
    assert issued(ann) == ["payments.deposited", "payments.exchanged"]
    is_sound()


def test_exchange_at_a_rate_that_does_not_hold_any_more_is_refused():
    ann = new_id()
    give(ann, 100)
    liquid(50_000, "HKD")
    old = payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="1.1")
    other = payments.set_rate(actor=SYSTEM, sell="CNY", buy="MOP", rate="1.1")
    payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="1.2")
    asked = {"actor": acting_for(ann), "party_id": ann, "sell": yuan(100), "buy_currency": "HKD"}
    with pytest.raises(payments.RateChanged):
        payments.exchange(**asked, rate_id=old)
    for unknown in (other, new_id()):
        with pytest.raises(payments.NoRate):
            payments.exchange(**asked, rate_id=unknown)
    assert balance_of(ann) == (100, 0)


def test_neither_side_of_an_exchange_goes_below_zero():
    ann = new_id()
    give(ann, 100)
    liquid(109, "HKD")
    rate = payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="1.1")
    asked = {"actor": acting_for(ann), "party_id": ann, "buy_currency": "HKD", "rate_id": rate}
    with pytest.raises(payments.FundsShort) as refused:
        payments.exchange(**asked, sell=yuan(100))
    assert refused.value.params["available"] == Money(109, "HKD")
    with pytest.raises(payments.FundsShort) as refused:
        payments.exchange(**asked, sell=yuan(101))
    assert refused.value.params["available"] == yuan(100)
    with pytest.raises(payments.AmountNotPositive):
        payments.exchange(**asked, sell=yuan(0))
    assert (balance_of(ann), balance_of(ann, "HKD")) == ((100, 0), (0, 0))
    assert payments.exchange(**asked, sell=yuan(99)).bought == Money(108, "HKD")
    is_sound()


def test_too_little_to_become_anything_is_refused():
    payments.set_rate(actor=SYSTEM, sell="CNY", buy="JPY", rate="20.5")
    assert payments.quote(sell=yuan(5), buy_currency="JPY").buy == Money(1, "JPY")
    with pytest.raises(payments.TooLittle):
        payments.quote(sell=yuan(4), buy_currency="JPY")
    with pytest.raises(payments.NoRate):
        payments.quote(sell=yuan(4), buy_currency="USD")


@pytest.mark.parametrize(
    "rate", ["0", "-1", "x", "", "NaN", "Infinity", "1.12345678901", "12345678901", 1.5, "1e99"]
)
def test_rate_that_is_no_rate_is_refused(rate: str):
    with pytest.raises(payments.BadRate):
        payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate=rate)


def test_rates_are_between_two_currencies_there_are():
    with pytest.raises(payments.BadRate):
        payments.set_rate(actor=SYSTEM, sell="CNY", buy="CNY", rate="1")
    with pytest.raises(UnknownCurrency):
        payments.set_rate(actor=SYSTEM, sell="CNY", buy="XXX", rate="1")


def test_only_the_platform_sets_rates_and_fees_and_provides():
    for actor in (acting_for(new_id()), acting_for(PLATFORM)):
        with pytest.raises(parties.MandateMissing):
            payments.set_rate(actor=actor, sell="CNY", buy="HKD", rate="1")
        with pytest.raises(parties.MandateMissing):
            payments.set_fee(actor=actor, way="", basis_points=1)
        with pytest.raises(parties.MandateMissing):
            payments.provide(actor=actor, amount=yuan(1), reference=new_id())
        with pytest.raises(parties.MandateMissing):
            payments.deposit(actor=actor, items=[])
    rate = payments.set_rate(actor=SYSTEM, sell="CNY", buy="HKD", rate="1")
    with pytest.raises(parties.NotYours):
        payments.exchange(
            actor=acting_for(new_id()), party_id=new_id(), sell=yuan(1), buy_currency="HKD", rate_id=rate
        )


@given(
    minor=st.integers(1, 10**8),  # at most 10**8 yen at 9999, in fils: within what a Money can say
    rate=st.decimals("0.0000000001", "9999", places=10),
    sell=st.sampled_from(["CNY", "JPY", "KWD", "GBP"]),
    buy=st.sampled_from(["HKD", "JPY", "KWD", "USD"]),
)
def test_exchange_gives_never_more_than_the_rate_and_less_than_one_unit_less(
    minor: int, rate: Decimal, sell: str, buy: str
):
    exact = Decimal(minor).scaleb(-EXPONENTS[sell]) * rate * 10 ** EXPONENTS[buy]
    bought = rules.exchanged(Money(minor, sell), buy, rate).minor
    assert bought <= exact < bought + 1
