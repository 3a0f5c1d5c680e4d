"""What the database itself refuses, whoever speaks to it; and many who speak at once."""

import random
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from cohong.kernel import sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.payments import api as payments
from cohong.payments.api import AccountKey, AccountKind, Fund, Refund, Settle, Transfer, TransferKind
from cohong.payments.kinds import SHARDS

BANK = named_id("tests.bank")


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def balance(party: UUID) -> UUID:
    return payments.account_id(AccountKind.BALANCE, party, "CNY")


def clearing(shard: int) -> UUID:
    return payments.account_id(AccountKind.CLEARING, BANK, "CNY", shard)


def deposit(party: UUID, minor: int, shard: int = 0) -> Transfer:
    return Transfer(
        id=new_id(),
        debit_account=clearing(shard),
        credit_account=balance(party),
        amount=yuan(minor),
        kind=TransferKind.DEPOSIT,
        reference=BANK,
    )


def payout(party: UUID, minor: int, shard: int = 0) -> Transfer:
    return Transfer(
        id=new_id(),
        debit_account=balance(party),
        credit_account=clearing(shard),
        amount=yuan(minor),
        kind=TransferKind.PAYOUT,
        reference=BANK,
        pending=True,
    )


def opened(*parties: UUID) -> None:
    payments.open_accounts(
        [
            *(AccountKey(AccountKind.BALANCE, party, "CNY") for party in parties),
            *(AccountKey(AccountKind.CLEARING, BANK, "CNY", shard) for shard in range(SHARDS)),
        ]
    )


@pytest.fixture
def party(db: None):
    who = new_id()
    opened(who)
    one(payments.transfer(transfers=[deposit(who, 500)]))
    return who


@pytest.mark.parametrize(
    "statement",
    [
        "update payments_transfer set amount_minor = 1",
        "delete from payments_transfer",
        "delete from payments_account",
        "update payments_account set currency = 'HKD'",
        "update payments_account set owner_id = id",
    ],
)
def test_what_is_written_stays(party: UUID, statement: str):
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        sets.run(statement)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("debits_posted = 501", "account_floor"),
        ("debits_pending = 501", "account_floor"),
        ("debits_posted = 300, debits_pending = 201", "account_floor"),
        ("credits_posted = -1, debits_posted = -1", "account_sums_can_be_counted"),
        ("credits_pending = 9007199254740991", "account_ceiling"),
        ("debits_posted = 4611686018427387904, credits_posted = 4611686018427387904", "account_sums"),
    ],
)
def test_no_account_goes_below_its_floor_or_beyond_its_ceiling(party: UUID, change: str, constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        sets.run(f"update payments_account set {change} where id = %s", (balance(party),))
    sets.run("update payments_account set debits_posted = 500 where id = %s", (balance(party),))


@pytest.mark.parametrize("change", ["credits_posted = 501", "credits_posted = 1, credits_pending = 500"])
def test_we_never_owe_more_than_lies_at_the_bank(party: UUID, change: str):
    with pytest.raises(IntegrityError, match="account_floor"), transaction.atomic():
        sets.run(f"update payments_account set {change} where id = %s", (clearing(0),))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"amount_minor": 0}, "transfer_amount"),
        ({"amount_minor": 2**53}, "transfer_amount"),
        ({"kind": "gift"}, "transfer_kind"),
        ({"mode": "post"}, "transfer_mode"),
        ({"pending_id": new_id()}, "transfer_mode"),
        ({"credit_account": BANK, "debit_account": BANK}, "transfer_between_two"),
    ],
)
def test_no_transfer_without_sense(party: UUID, values: dict[str, Any], constraint: str):
    row = {
        "id": new_id(),
        "debit_account": new_id(),
        "credit_account": new_id(),
        "amount_minor": 5,
        "currency": "CNY",
        "kind": "deposit",
        "reference": BANK,
        "mode": "posted",
        "at": "2026-01-01T00:00:00Z",
    } | values
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        sets.insert("payments_transfer", list(row), [list(row.values())])


def test_escrow_is_its_orders_account(party: UUID):
    for kind, owner, id_ in (("escrow", new_id(), new_id()), ("balance", (same := new_id()), same)):
        with pytest.raises(IntegrityError, match="account_of_an_order"), transaction.atomic():
            sets.run(
                "insert into payments_account values (%s, %s, %s, 'CNY', 0, 0, 0, 0, 0)", (id_, kind, owner)
            )


def test_taking_from_a_spread_account_gathers_what_lies_on_its_shards(party: UUID):
    opened(party)
    for shard in range(1, SHARDS):
        one(payments.transfer(transfers=[deposit(party, 10 * shard, shard)]))
    total = 500 + 10 * sum(range(SHARDS))
    out = payout(party, total, 3)
    one(payments.transfer(transfers=[out]))
    back = Transfer(
        **{
            **{name: getattr(out, name) for name in Transfer.__dataclass_fields__},
            "id": new_id(),
            "pending": False,
            "pending_id": out.id,
        }
    )
    one(payments.transfer(transfers=[back]))
    whole = payments.balances(account_ids=[clearing(5), balance(party)])
    assert [one.posted.minor for one in whole.values()] == [0, 0]
    gathered = sets.fetch("select sum(amount_minor), count(*) from payments_transfer where kind = 'gather'")
    assert gathered == [(total - 500, SHARDS - 1)]
    assert [one.name for one in payments.audit() if not one.ok] == []


THREADS, CALLS = 8, 60


class Traffic:
    """Random calls over few accounts, from many threads."""

    def __init__(self) -> None:
        self.parties, self.orders = [new_id() for _ in range(4)], [new_id() for _ in range(6)]
        self.failures: list[BaseException] = []
        self.gate = threading.Barrier(THREADS)

    def work(self, seed: int) -> None:
        try:
            chance = random.Random(seed)
            self.gate.wait()
            for _ in range(CALLS):
                self.call(chance)
        except BaseException as failure:  # noqa: BLE001 - told to the test
            self.failures.append(failure)
        finally:
            connection.close()

    def call(self, chance: random.Random) -> None:
        if chance.random() < 0.4:
            payments.steps(items=[self.step(chance) for _ in range(chance.randint(1, 6))])
            return
        group = new_id()
        batch = [self.transfer(chance, group) for _ in range(chance.randint(1, 6))]
        with transaction.atomic():
            payments.open_accounts([AccountKey(AccountKind.BALANCE, chance.choice(self.parties), "CNY")])
            payments.transfer(transfers=batch)

    def transfer(self, chance: random.Random, group: UUID) -> Transfer:
        source, target = chance.sample(self.parties, 2)
        match chance.choice(["move", "in", "out"]):
            case "in":
                return deposit(source, chance.randint(1, 50), chance.randrange(SHARDS))
            case "out":
                return payout(source, chance.randint(1, 3_000), chance.randrange(SHARDS))
            case _:
                return Transfer(
                    id=new_id(),
                    debit_account=balance(source),
                    credit_account=balance(target),
                    amount=yuan(chance.randint(1, 4_000)),
                    kind=TransferKind.GIVE_BACK,
                    reference=BANK,
                    group=group if chance.random() < 0.5 else None,
                )

    def step(self, chance: random.Random) -> payments.Step:
        order, minor = chance.choice(self.orders), chance.randint(10, 900)
        buyer, seller = chance.sample(self.parties, 2)
        match chance.randrange(3):
            case 0:
                return Fund(order_id=order, payer_id=buyer, amount=yuan(minor), reference=new_id())
            case 1:
                fee = yuan(minor // 10)
                return Settle(
                    order_id=order, payee_id=seller, amount=yuan(minor), fee=fee, reference=new_id()
                )
            case _:
                return Refund(
                    order_id=order,
                    payer_id=buyer,
                    payee_id=seller,
                    from_escrow=yuan(minor // 2),
                    from_payee=yuan(minor // 3),
                    from_fees=yuan(minor // 20),
                    reference=new_id(),
                )


@pytest.mark.django_db(transaction=True)
def test_many_at_once_neither_deadlock_nor_lose_a_fen():
    traffic = Traffic()
    opened(*traffic.parties)
    payments.transfer(transfers=[deposit(party, 10_000) for party in traffic.parties])
    threads = [threading.Thread(target=traffic.work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert traffic.failures == []
    assert [(one.name, one.findings) for one in payments.audit() if not one.ok] == []
    [(moved,)] = sets.fetch("select count(*) from payments_transfer")
    assert moved > THREADS * CALLS // 2


@pytest.mark.django_db(transaction=True)
def test_same_transfer_sent_by_many_at_once_is_made_once():
    ann, ben, eve = new_id(), new_id(), new_id()
    opened(ann, ben, eve)
    payments.transfer(transfers=[deposit(ann, 1_000), deposit(eve, 1_000)])
    id_ = new_id()
    outcomes: list[object] = []
    gate = threading.Barrier(6)

    def send(source: UUID) -> None:
        try:
            asked = Transfer(
                id=id_,
                debit_account=balance(source),
                credit_account=balance(ben) if source == ann else balance(new),
                amount=yuan(700),
                kind=TransferKind.GIVE_BACK,
                reference=BANK,
            )
            gate.wait()
            try:
                outcomes.extend((source, result) for result in payments.transfer(transfers=[asked]))
            except Refusal as refusal:
                outcomes.append((source, refusal))
        finally:
            connection.close()

    new = new_id()
    opened(new)
    threads = [threading.Thread(target=send, args=(source,)) for source in [ann, ann, ann, eve, eve, eve]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = {source for source, result in outcomes if not isinstance(result, Refusal)}
    assert len(made) == 1
    assert all(
        isinstance(result, payments.TransferDiffers) for source, result in outcomes if source not in made
    )
    assert len(outcomes) == 6
    found = payments.balances(account_ids=[balance(ann), balance(eve)])
    assert sorted(one.posted.minor for one in found.values()) == [300, 1_000]
