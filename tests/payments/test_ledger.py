"""The ledger's acts, one by one, with exact figures."""

from typing import Any
from uuid import UUID

import pytest

from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import MAX_MINOR, Money
from cohong.payments import api as payments
from cohong.payments.api import AccountKey, AccountKind, Transfer, TransferKind

pytestmark = pytest.mark.django_db

BANK = named_id("tests.bank")


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def balance_of(party: UUID, currency: str = "CNY") -> UUID:
    return payments.account_id(AccountKind.BALANCE, party, currency)


def clearing(shard: int = 0, currency: str = "CNY") -> UUID:
    return payments.account_id(AccountKind.CLEARING, BANK, currency, shard)


def opened(*parties: UUID, currency: str = "CNY", shards: int = 1) -> None:
    payments.open_accounts(
        [
            *(AccountKey(AccountKind.BALANCE, party, currency) for party in parties),
            *(AccountKey(AccountKind.CLEARING, BANK, currency, shard) for shard in range(shards)),
        ]
    )


def top_up(party: UUID, minor: int, **more: Any) -> Transfer:
    more = {
        "id": new_id(),
        "debit_account": clearing(),
        "kind": TransferKind.DEPOSIT,
        "reference": BANK,
        **more,
    }
    return Transfer(credit_account=balance_of(party), amount=yuan(minor), **more)


def pay(source: UUID, target: UUID, minor: int, **more: Any) -> Transfer:
    more = {"id": new_id(), "kind": TransferKind.GIVE_BACK, "reference": BANK, **more}
    return Transfer(
        debit_account=balance_of(source), credit_account=balance_of(target), amount=yuan(minor), **more
    )


def do(*transfers: Transfer) -> list[Any]:
    return payments.transfer(transfers=transfers)


def figures(party: UUID) -> tuple[int, int, int]:
    balance = payments.balances(account_ids=[balance_of(party)])[balance_of(party)]
    return balance.posted.minor, balance.pending_in.minor, balance.pending_out.minor


@pytest.fixture
def ann():
    party = new_id()
    opened(party)
    do(top_up(party, 1000))
    return party


@pytest.fixture
def ben():
    party = new_id()
    opened(party)
    return party


def test_transfer_moves_and_tells(ann: UUID, ben: UUID):
    asked = pay(ann, ben, 300)
    [result] = do(asked)
    assert (result.id, result.amount) == (asked.id, yuan(300))
    assert figures(ann) == (700, 0, 0)
    assert figures(ben) == (300, 0, 0)


def test_batch_is_decided_in_its_order_and_greedily(ann: UUID, ben: UUID):
    first, too_much, fits, back = (
        pay(ann, ben, 900),
        pay(ann, ben, 200),
        pay(ann, ben, 100),
        pay(ben, ann, 1000),
    )
    results = do(first, too_much, fits, back)
    assert results[1] == payments.FundsShort(account=balance_of(ann), wanted=yuan(200), available=yuan(100))
    assert [getattr(one, "id", None) for one in results] == [first.id, None, fits.id, back.id]
    assert figures(ann) == (1000, 0, 0)
    assert figures(ben) == (0, 0, 0)


def test_same_id_same_content_is_the_first_outcome(ann: UUID, ben: UUID):
    asked = pay(ann, ben, 400)
    first = do(asked)
    assert do(asked, asked) == first * 2
    assert figures(ann) == (600, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": yuan(401)},
        {"reference": new_id()},
        {"group": new_id()},
        {"pending": True},
        {"kind": TransferKind.SELL},
    ],
)
def test_same_id_other_content_is_refused(ann: UUID, ben: UUID, change: dict[str, Any]):
    asked = pay(ann, ben, 400)
    do(asked)
    fields = {name: getattr(asked, name) for name in Transfer.__dataclass_fields__} | change
    assert do(Transfer(**fields)) == [payments.TransferDiffers(id=asked.id)]
    assert figures(ann) == (600, 0, 0)


def test_pending_reserves_then_is_posted(ann: UUID, ben: UUID):
    hold = pay(ann, ben, 600, pending=True)
    do(hold)
    assert figures(ann) == (1000, 0, 600)
    assert figures(ben) == (0, 600, 0)
    assert do(pay(ann, ben, 401)) == [
        payments.FundsShort(account=balance_of(ann), wanted=yuan(401), available=yuan(400))
    ]
    post = pay(ann, ben, 600, pending_id=hold.id)
    [posted] = do(post)
    assert posted.amount == yuan(600)
    assert (figures(ann), figures(ben)) == ((400, 0, 0), (600, 0, 0))
    assert do(post) == [posted]
    assert do(pay(ann, ben, 600, pending_id=hold.id, void=True)) == [
        payments.PendingResolved(id=hold.id, how="post")
    ]


def test_pending_posted_for_less_frees_the_rest(ann: UUID, ben: UUID):
    hold = pay(ann, ben, 600, pending=True)
    do(hold, pay(ann, ben, 250, pending_id=hold.id))
    assert (figures(ann), figures(ben)) == ((750, 0, 0), (250, 0, 0))


def test_pending_voided_frees_all(ann: UUID, ben: UUID):
    hold = pay(ann, ben, 600, pending=True)
    do(hold)
    do(pay(ann, ben, 600, pending_id=hold.id, void=True))
    assert (figures(ann), figures(ben)) == ((1000, 0, 0), (0, 0, 0))
    assert do(pay(ann, ben, 600, pending_id=hold.id)) == [payments.PendingResolved(id=hold.id, how="void")]


def test_pending_is_resolved_within_its_limits(ann: UUID, ben: UUID):
    hold, plain, unknown = pay(ann, ben, 600, pending=True), pay(ann, ben, 100), new_id()
    do(hold, plain)
    assert do(
        pay(ann, ben, 601, pending_id=hold.id),
        pay(ann, ben, 599, pending_id=hold.id, void=True),
        pay(ann, ben, 100, pending_id=plain.id),
        pay(ann, ben, 100, pending_id=unknown),
        pay(ben, ann, 600, pending_id=hold.id),
        pay(ann, ben, 600, pending_id=hold.id, reference=ann),
    ) == [
        payments.PendingExceeded(pending=yuan(600), wanted=yuan(601)),
        payments.PendingExceeded(pending=yuan(600), wanted=yuan(599)),
        payments.NoSuchPending(id=plain.id),
        payments.NoSuchPending(id=unknown),
        payments.NoSuchPending(id=hold.id),
        payments.NoSuchPending(id=hold.id),
    ]
    assert (figures(ann), figures(ben)) == ((900, 0, 600), (100, 600, 0))


def test_group_happens_all_or_none(ann: UUID, ben: UUID):
    group = new_id()
    good, bad = pay(ann, ben, 900, group=group), pay(ann, ben, 200, group=group)
    alone = pay(ann, ben, 150)
    results = do(good, alone, bad)
    assert results[0] == payments.LinkedFailed(id=good.id)
    assert results[1].id == alone.id
    assert results[2] == payments.FundsShort(account=balance_of(ann), wanted=yuan(200), available=yuan(100))
    assert (figures(ann), figures(ben)) == ((850, 0, 0), (150, 0, 0))


def test_group_may_be_tried_again_and_repeated(ann: UUID, ben: UUID):
    group = new_id()
    out, more = pay(ann, ben, 900, group=group), pay(ann, ben, 200, group=group)
    do(out, more)
    do(top_up(ann, 100))
    first = do(out, more)
    assert [one.id for one in first] == [out.id, more.id]
    assert do(out, more) == first
    assert do(more) == first[1:]
    stranger = pay(ben, ann, 1, group=group)
    assert do(out, stranger) == [payments.LinkedFailed(id=out.id), payments.TransferDiffers(id=stranger.id)]
    assert (figures(ann), figures(ben)) == ((0, 0, 0), (1100, 0, 0))


def test_what_makes_no_sense_is_refused_and_changes_nothing(ann: UUID, ben: UUID):
    stranger = new_id()
    dollars = new_id()
    payments.open_accounts([AccountKey(AccountKind.BALANCE, dollars, "USD")])
    usd = payments.account_id(AccountKind.BALANCE, dollars, "USD")
    assert do(
        pay(ann, ben, 0),
        pay(ann, ben, -5),
        pay(ann, stranger, 5),
        pay(ann, ann, 5),
        pay(ann, ben, 5, kind=TransferKind.FUND),
        pay(ann, ben, 5, kind=TransferKind.GATHER),
        Transfer(
            id=new_id(),
            debit_account=balance_of(ann),
            credit_account=usd,
            amount=yuan(5),
            kind=TransferKind.GIVE_BACK,
            reference=BANK,
        ),
    ) == [
        payments.AmountNotPositive(),
        payments.AmountNotPositive(),
        payments.NoSuchAccount(account=balance_of(stranger)),
        payments.WrongAccount(kind="give_back"),
        payments.WrongAccount(kind="fund"),
        payments.WrongAccount(kind="gather"),
        payments.CurrencyMismatch(currency="CNY"),
    ]
    assert (figures(ann), figures(ben)) == ((1000, 0, 0), (0, 0, 0))


def test_transfer_cannot_both_reserve_and_resolve():
    with pytest.raises(ValueError, match="reserves"):
        pay(new_id(), new_id(), 1, pending=True, pending_id=new_id())
    with pytest.raises(ValueError, match="reserves"):
        pay(new_id(), new_id(), 1, void=True)


def test_account_takes_no_more_than_can_be_counted(ann: UUID, ben: UUID):
    [result] = do(top_up(ben, MAX_MINOR))
    assert result == payments.AccountFull(account=clearing())
    do(pay(ann, ben, 1000))
    payments.open_accounts([AccountKey(AccountKind.CLEARING, BANK, "CNY", 1)])
    other = clearing(1)
    assert do(top_up(ben, MAX_MINOR - 999, debit_account=other)) == [
        payments.AccountFull(account=balance_of(ben))
    ]
    [most] = do(top_up(ben, MAX_MINOR - 1000, debit_account=other))
    assert most.amount == yuan(MAX_MINOR - 1000)
    assert figures(ben) == (MAX_MINOR, 0, 0)
    assert isinstance(do(top_up(ben, 1))[0], payments.AccountFull)


def test_currencies_do_not_touch_each_other(ann: UUID):
    opened(ann, currency="HKD")
    do(
        Transfer(
            id=new_id(),
            debit_account=clearing(currency="HKD"),
            credit_account=balance_of(ann, "HKD"),
            amount=Money(77, "HKD"),
            kind=TransferKind.DEPOSIT,
            reference=BANK,
        )
    )
    assert [str(one.posted) for one in payments.party_balances(party_id=ann)] == ["10.00 CNY", "0.77 HKD"]
