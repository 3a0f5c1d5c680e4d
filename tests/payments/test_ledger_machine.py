"""The ledger against a plain model of it: any transfers, in any order, repeated, differing, linked,
pending."""

import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from payments_world import is_sound

from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.payments import api as payments
from cohong.payments.api import AccountKey, AccountKind, Transfer, TransferKind
from cohong.payments.kinds import SHARDS, shards_of

BANK = named_id("tests.bank")
KINDS = {
    TransferKind.DEPOSIT: ("clearing", "balance"),
    TransferKind.GIVE_BACK: ("balance", "balance"),
    TransferKind.FUND: ("balance", "escrow"),
    TransferKind.SETTLEMENT: ("escrow", "balance"),
    TransferKind.PAYOUT: ("balance", "clearing"),
    TransferKind.FEE: ("escrow", "fees"),
    TransferKind.FEE_REFUND: ("fees", "balance"),
}


@dataclass(eq=False)
class Account:
    """An account as a person would note it down: what is there, what is coming, what is promised away."""

    kind: str
    currency: str
    there: int = 0
    coming: int = 0
    promised: int = 0


@dataclass
class Model:
    """What the ledger should say. Shards are no matter of the model: it knows whole accounts only."""

    accounts: dict[UUID, Account] = field(default_factory=dict)
    made: dict[UUID, Transfer] = field(default_factory=dict)
    resolved: dict[UUID, str] = field(default_factory=dict)

    def take(self, batch: list[Transfer]) -> list[str]:
        outcomes: list[str] = [""] * len(batch)
        done: set[UUID] = set()
        for place, asked in enumerate(batch):
            if asked.group is None:
                outcomes[place] = self.unit([asked])[0]
            elif asked.group not in done:
                done.add(asked.group)
                places = [at for at, other in enumerate(batch) if other.group == asked.group]
                for at, outcome in zip(places, self.unit([batch[at] for at in places]), strict=True):
                    outcomes[at] = outcome
        return outcomes

    def unit(self, unit: list[Transfer]) -> list[str]:
        before = copy.deepcopy((self.accounts, self.made, self.resolved))
        made_before = any(asked.id in self.made for asked in unit)
        for place, asked in enumerate(unit):
            stranger = asked.group is not None and made_before and asked.id not in self.made
            outcome = "TransferDiffers" if stranger else self.one(asked)
            if outcome != "ok":
                self.accounts, self.made, self.resolved = before
                return [outcome if at == place else "LinkedFailed" for at in range(len(unit))]
        return ["ok"] * len(unit)

    def one(self, asked: Transfer) -> str:
        if asked.id in self.made:
            return "ok" if self.plain(self.made[asked.id]) == self.plain(asked) else "TransferDiffers"
        if asked.amount.minor <= 0:
            return "AmountNotPositive"
        debit, credit = (
            self.accounts.get(shards_of(one)[0]) for one in (asked.debit_account, asked.credit_account)
        )
        if debit is None or credit is None:
            return "NoSuchAccount"
        if KINDS[asked.kind] != (debit.kind, credit.kind) or debit is credit:
            return "WrongAccount"
        if {debit.currency, credit.currency} != {asked.amount.currency}:
            return "CurrencyMismatch"
        outcome = self.resolve(asked, debit, credit) if asked.pending_id else self.move(asked, debit, credit)
        if outcome == "ok":
            self.made[asked.id] = asked
        return outcome

    @staticmethod
    def plain(asked: Transfer) -> tuple[Any, ...]:
        accounts = (shards_of(asked.debit_account)[0], shards_of(asked.credit_account)[0])
        return (*accounts, asked.amount, asked.kind, asked.group, asked.mode, asked.pending_id)

    def move(self, asked: Transfer, debit: Account, credit: Account) -> str:
        amount = asked.amount.minor
        # Clearing is what the platform has: debits add to it. All others are what it owes: credits add to
        # them.
        givers = [
            one
            for one, takes in ((debit, debit.kind != "clearing"), (credit, credit.kind == "clearing"))
            if takes
        ]
        getters = [one for one in (debit, credit) if one not in givers]
        if any(one.there - one.promised < amount for one in givers):
            return "FundsShort"
        for one in givers:
            if asked.pending:
                one.promised += amount
            else:
                one.there -= amount
        for one in getters:
            if asked.pending:
                one.coming += amount
            else:
                one.there += amount
        return "ok"

    def resolve(self, asked: Transfer, debit: Account, credit: Account) -> str:
        held = self.made.get(asked.pending_id)
        if held is None or not held.pending or held.kind != asked.kind:
            return "NoSuchPending"
        if self.plain(held)[:2] != self.plain(asked)[:2]:
            return "NoSuchPending"
        if held.id in self.resolved:
            return "PendingResolved"
        reserved, amount = held.amount.minor, asked.amount.minor
        if amount > reserved or (asked.void and amount < reserved):
            return "PendingExceeded"
        self.resolved[held.id] = asked.mode
        for one, gives in ((debit, debit.kind != "clearing"), (credit, credit.kind == "clearing")):
            if gives:
                one.promised -= reserved
                one.there -= 0 if asked.void else amount
            else:
                one.coming -= reserved
                one.there += 0 if asked.void else amount
        return "ok"


ITEM = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*KINDS, TransferKind.DEPOSIT, TransferKind.DEPOSIT, TransferKind.FUND]),
        "from": st.integers(0, 3),
        "to": st.integers(0, 3),
        "shard": st.integers(0, SHARDS - 1),
        "amount": st.one_of(st.integers(1, 60), st.integers(-1, 300)),
        "pending": st.sampled_from([False, False, True]),
        "group": st.sampled_from([None, None, None, 0, 1]),
        "odd": st.sampled_from([*[""] * 12, "other kind", "other currency", "no account"]),
    }
)


class Ledger(RuleBasedStateMachine):
    """Each example has accounts of its own and is taken back at its end."""

    @initialize()
    def start(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = Model()
        self.history: list[Transfer] = []
        parties = [(new_id(), "CNY"), (new_id(), "CNY"), (new_id(), "CNY"), (new_id(), "HKD")]
        keys = {
            "balance": [AccountKey(AccountKind.BALANCE, *party) for party in parties],
            "escrow": [AccountKey(AccountKind.ESCROW, new_id(), one) for _, one in parties],
        }
        for name, kind in (("clearing", AccountKind.CLEARING), ("fees", AccountKind.FEES)):
            owner = new_id()
            spread = {
                one: [AccountKey(kind, owner, one, at) for at in range(SHARDS)] for one in ("CNY", "HKD")
            }
            keys[name] = [*spread["CNY"], *spread["HKD"]]
        payments.open_accounts([key for some in keys.values() for key in some])
        self.names = {
            name: [[key.id for key in some if key.currency == one] for one in ("CNY", "HKD")]
            for name, some in keys.items()
        }
        for name, some in keys.items():
            for key in some:
                self.model.accounts.setdefault(shards_of(key.id)[0], Account(name, key.currency))
        plain = {"kind": TransferKind.DEPOSIT, "amount": 400, "pending": False, "group": None, "odd": ""}
        self.send([self.make({**plain, "from": at, "to": at, "shard": at}, []) for at in range(4)])

    def pick(self, name: str, item: dict[str, Any], which: str) -> UUID:
        """Take one of the accounts of that kind: the fourth is in the other currency."""
        index = item[which]
        rows = self.names[name][1 if index == 3 else 0]
        return rows[(item["shard"] if len(rows) > 3 else index) % len(rows)]

    def make(self, item: dict[str, Any], groups: list[UUID]) -> Transfer:
        debit_kind, credit_kind = KINDS[item["kind"]]
        debit = self.pick(debit_kind, item, "from")
        # An account of the same currency on the other side, unless it is to be odd.
        other = (
            item
            if item["odd"] == "other currency"
            else {**item, "to": 3 if item["from"] == 3 else item["to"] % 3}
        )
        credit = new_id() if item["odd"] == "no account" else self.pick(credit_kind, other, "to")
        kind = TransferKind.GIVE_BACK if item["odd"] == "other kind" else item["kind"]
        return Transfer(
            id=new_id(),
            debit_account=debit,
            credit_account=credit,
            amount=Money(item["amount"], "HKD" if item["from"] == 3 else "CNY"),
            kind=kind,
            reference=BANK,
            group=None if item["group"] is None else groups[item["group"]],
            pending=item["pending"],
        )

    def send(self, batch: list[Transfer]) -> None:
        said = payments.transfer(transfers=batch)
        told = [one.code if isinstance(one, Refusal) else "ok" for one in said]
        assert told == self.model.take(batch)
        for asked, one in zip(batch, said, strict=True):
            if not isinstance(one, Refusal):
                assert (one.id, one.amount) == (asked.id, asked.amount)
        self.history += [asked for asked, outcome in zip(batch, told, strict=True) if outcome == "ok"]

    @rule(items=st.lists(ITEM, min_size=1, max_size=6))
    def transfers(self, items: list[dict[str, Any]]) -> None:
        groups = [new_id(), new_id()]
        self.send([self.make(item, groups) for item in items])

    @rule(
        which=st.lists(st.integers(0, 200), min_size=1, max_size=3),
        less=st.one_of(st.just(0), st.integers(-1, 30)),
        void=st.booleans(),
        grouped=st.booleans(),
    )
    def resolve(self, which: list[int], less: int, void: bool, grouped: bool) -> None:
        held = [
            one for one in self.history if one.pending and one.id not in self.model.resolved
        ] or self.history
        group = new_id() if grouped else None
        chosen = [held[at % len(held)] for at in which] if held else []
        self.send(
            [
                Transfer(
                    id=new_id(),
                    debit_account=one.debit_account,
                    credit_account=one.credit_account,
                    amount=one.amount if void else Money(one.amount.minor - less, one.amount.currency),
                    kind=one.kind,
                    reference=one.reference,
                    group=group,
                    pending_id=one.id,
                    void=void,
                )
                for one in chosen
            ]
        )

    @rule(
        which=st.lists(st.integers(0, 200), min_size=1, max_size=4),
        change=st.sampled_from(["", "", "amount", "group", "pending", "accounts", "shard"]),
        item=ITEM,
    )
    def repeat(self, which: list[int], change: str, item: dict[str, Any]) -> None:
        if not self.history:
            return
        batch = [self.history[at % len(self.history)] for at in which]
        first = batch[0]
        fields = {name: getattr(first, name) for name in Transfer.__dataclass_fields__}
        siblings = shards_of(first.debit_account)
        changed = {
            "": {},
            "amount": {"amount": Money(first.amount.minor + 1, first.amount.currency)},
            "group": {"group": new_id()},
            "pending": {"pending": not first.pending, "pending_id": None, "void": False},
            "accounts": {"debit_account": first.credit_account, "credit_account": first.debit_account},
            # The shard that was taken is not part of what was asked for.
            "shard": {"debit_account": siblings[item["shard"] % len(siblings)]},
        }[change]
        self.send([Transfer(**{**fields, **changed}), *batch[1:], self.make({**item, "group": None}, [])])

    @invariant()
    def balances_are_the_models(self) -> None:
        if not hasattr(self, "model"):
            return
        found = payments.balances(account_ids=list(self.model.accounts))
        for id_, one in self.model.accounts.items():
            said = found[id_]
            assert (said.posted.minor, said.pending_in.minor, said.pending_out.minor) == (
                one.there,
                one.coming,
                one.promised,
            )
            assert said.available.minor >= 0

    @invariant()
    def each_currency_sums_to_zero_and_balances_are_their_transfers(self) -> None:
        assert (
            sets.fetch(
                "select currency from payments_account group by currency"
                " having sum(debits_posted) <> sum(credits_posted)"
                " or sum(debits_pending) <> sum(credits_pending)"
            )
            == []
        )
        moved = sets.fetch(
            "select t.debit_account, t.credit_account, t.amount_minor, t.mode, p.amount_minor"
            " from payments_transfer t left join payments_transfer p on p.id = t.pending_id"
        )
        sums: dict[UUID, list[int]] = {}
        for debit, credit, amount, mode, reserved in moved:
            posted = amount if mode in ("posted", "post") else 0
            waiting = {"pending": amount, "posted": 0}.get(mode, -(reserved or 0))
            for place, account in enumerate((debit, credit)):
                of = sums.setdefault(account, [0, 0, 0, 0])
                of[place] += posted
                of[place + 2] += waiting
        kept = sets.fetch(
            "select id, debits_posted, credits_posted, debits_pending, credits_pending from payments_account"
        )
        assert {id_: of for id_, *of in kept if any(of)} == {id_: of for id_, of in sums.items() if any(of)}

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            is_sound()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_ledger_is_its_model():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=80,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
