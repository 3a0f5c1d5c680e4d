"""Money in and out through the sandbox bank, with each of its faults: where the money is, here and there."""

from datetime import timedelta

import pytest
from django.db import transaction
from payments_world import ACCOUNT, Town, acting_for, balance_of, held, incidents, issued, yuan

from cohong.kernel import clock, sets
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments import asking
from cohong.payments.api import BankAccount, MovementState
from cohong.payments.models import Movement
from cohong.payments.providers.protocol import Payment

OTHER_ACCOUNT = BankAccount(holder="张三", number="6222021111", bank_code="102100099996")
STARTED, OPEN, CLOSING, DONE, FAILED = MovementState

# --- in ----------------------------------------------------------------------------------------------------


def test_payment_waits_is_paid_and_lies_in_escrow(town: Town):
    order = new_id()
    started = town.start(order, description="瓷砖", return_url="http://127.0.0.1:1/orders/7")
    assert (started.state, started.amount, started.order_id) == (OPEN, yuan(10_000), order)
    assert started.pay_url == started.qr_text != ""
    assert held(order) == 0
    town.bank.press(started.pay_url)
    [notice] = town.notices(1)
    assert town.take([notice, notice]) == ["ok", "ok"]
    assert town.now(started).state is DONE
    assert held(order) == 10_000
    assert issued(order) == ["payments.started", "payments.received"]
    assert town.pursue(started).state is DONE
    assert town.bank.moved(started.id) == [10_000]


def test_top_up_comes_to_the_balance(town: Town):
    started = payments.start_top_up(actor=town.actor, party_id=town.party, amount=yuan(700))
    town.bank.press(started.pay_url)
    assert town.take(town.notices(1)) == ["ok"]
    assert balance_of(town.party) == (700, 0)
    assert issued(town.party) == ["payments.started", "payments.received"]


def test_same_payment_asked_for_twice_is_one(town: Town):
    order, id_ = new_id(), new_id()
    first = town.start(order, payment_id=id_)
    assert town.start(order, payment_id=id_) == first
    with pytest.raises(payments.TransferDiffers):
        town.start(order, 10_001, payment_id=id_)
    assert issued(order) == ["payments.started"]


def test_slow_bank_is_asked_again(town: Town):
    order = new_id()
    town.bank.tell("slow", seconds=0.6, match={"verb": "create"})
    with town.hasty():
        started = town.start(order)
    assert (started.state, started.pay_url) == (STARTED, "")
    assert town.queued(started.id) == 2  # the one that came with the intent, the one after the time-out
    asked = town.pursue(started)
    while (
        asked.state is STARTED
    ):  # the first request may still be under way: the bank has not seen the id yet
        asked = town.pursue(started)
    assert asked.state is OPEN
    assert asked.pay_url != ""
    assert town.bank.moved(started.id) == []


def test_bank_that_takes_the_money_and_never_answers(town: Town):
    order = new_id()
    town.bank.tell("auto_pay")
    town.bank.tell("lose_answer", seconds=1, match={"verb": "create"})
    with town.hasty():
        started = town.start(order)
    assert started.state is STARTED
    assert held(order) == 0
    assert town.pursue(started).state is DONE
    assert held(order) == 10_000
    assert town.take(town.notices(1)) == ["ok"]
    assert held(order) == 10_000
    assert town.bank.moved(started.id) == [10_000]
    assert issued(order).count("payments.received") == 1


@pytest.mark.parametrize("fault", ["fail", "busy", "cut", "fail_after", "garble", "wrong_signature"])
def test_bank_that_fails_is_asked_until_it_is_known(town: Town, fault: str):
    order = new_id()
    town.bank.tell("auto_pay", times=None)
    town.bank.tell(fault, match={"verb": "create"})
    started = town.start(order)
    assert started.state is STARTED
    town.bank.tell(fault, match={"verb": "query"}, times=2)
    for _ in range(2):
        assert town.pursue(started).state is STARTED
    assert town.pursue(started).state is DONE
    assert held(order) == 10_000
    assert town.bank.moved(started.id) == [10_000]


def test_bank_that_notifies_thrice(town: Town):
    order = new_id()
    town.bank.tell("notify_twice", copies=3)
    town.bank.press(town.start(order).pay_url)
    assert town.take(town.notices(3)) == ["ok"] * 3
    assert held(order) == 10_000
    assert issued(order) == ["payments.started", "payments.received"]


def test_notification_that_overtakes_the_answer(town: Town):
    order, id_ = new_id(), new_id()
    taken: list[str] = []
    # The bank waits with its answer until the notification is accepted.
    town.bank.tell("success_first", match={"payment_id": id_})
    started = town.start(order, payment_id=id_)
    assert started.state is OPEN  # what the overtaken answer says
    taken += town.take(town.notices(1))
    assert town.now(started).state is DONE
    with transaction.atomic():  # the overtaken answer once more, now that all is known
        assert payments.payment(actor=town.actor, payment_id=id_).state is DONE
    assert taken == ["ok"]
    assert held(order) == 10_000


def test_notifications_in_the_wrong_order(town: Town):
    order = new_id()
    town.bank.tell("notify_overtaken", match={"verb": "notify", "kind": "payment"})
    started = town.paid(order)
    back = payments.send_back(order_id=order, payment_id=started.id)
    assert back.state is DONE
    returned, paid = town.notices(2)
    assert b'"kind":"refund"' in returned.body.replace(b" ", b"")
    assert town.take([returned, paid, returned]) == ["ok"] * 3
    assert held(order) == 0
    assert (town.bank.moved(started.id), town.bank.moved(back.id)) == ([10_000], [-10_000])
    assert issued(order) == [
        "payments.started",
        "payments.received",
        "payments.started",
        "payments.returned",
    ]


def test_notification_with_a_wrong_signature_is_not_believed(town: Town):
    order = new_id()
    town.bank.tell("wrong_signature", match={"verb": "notify"})
    started = town.start(order)
    town.bank.press(started.pay_url)
    [forged] = town.notices(1)
    assert town.take([forged]) == ["BadSignature"]
    assert town.take_one({}, forged.body) == "BadSignature"
    assert (town.now(started).state, held(order)) == (OPEN, 0)
    assert town.pursue(started).state is DONE


def test_notification_of_a_payment_that_is_not_ours_is_refused(town: Town):
    stranger = Payment(
        payment_id=new_id(),
        number="X",
        amount=yuan(5),
        description="",
        notify_url=town.receiver.url,
        return_url="",
    )
    client = town.bank.provider()
    town.bank.tell("auto_pay")
    client.create(stranger)
    client.close_connections()
    [notice] = town.notices(1)
    assert town.take([notice, notice]) == ["NoSuchPayment"] * 2
    assert incidents() == [("unknown_movement", "payment 0.05 CNY")]


def test_declined_payment_has_failed_for_good(town: Town):
    order = new_id()
    started = town.start(order)
    town.bank.press(started.pay_url, "decline")
    assert town.take(town.notices(1)) == ["ok"]
    failed = town.now(started)
    assert (failed.state, failed.failure) == (FAILED, "declined")
    assert held(order) == 0
    assert issued(order) == ["payments.started", "payments.failed"]


# --- given up ----------------------------------------------------------------------------------------------


def test_closed_payment_cannot_be_paid(town: Town):
    started = town.start()
    closed = payments.close_payment(actor=town.actor, payment_id=started.id)
    assert (closed.state, closed.failure) == (FAILED, "closed")
    town.bank.press(started.pay_url)
    assert town.bank.moved(started.id) == []
    assert payments.close_payment(actor=town.actor, payment_id=started.id) == closed


def test_payment_that_comes_after_we_gave_up_is_booked_and_can_be_sent_back(town: Town):
    order = new_id()
    started = town.start(order)
    town.bank.press(started.pay_url)
    late = payments.close_payment(actor=town.actor, payment_id=started.id)
    assert late.state is DONE
    assert held(order) == 10_000
    back = payments.send_back(order_id=order, payment_id=started.id)
    assert payments.send_back(order_id=order, payment_id=started.id) == back
    assert (back.state, back.amount, held(order)) == (DONE, yuan(10_000), 0)
    assert town.bank.moved(back.id) == [-10_000]
    assert town.bank.balance("CNY") == 0


def test_giving_up_while_nobody_knows(town: Town):
    order = new_id()
    town.bank.tell("auto_pay")
    town.bank.tell("fail_after", match={"verb": "create"})
    town.bank.tell("fail", match={"verb": "close"}, times=2)
    started = town.start(order)
    assert payments.close_payment(actor=town.actor, payment_id=started.id).state is CLOSING
    assert town.pursue(started).state is CLOSING
    assert town.pursue(started).state is DONE
    assert held(order) == 10_000


def test_payment_that_nobody_pays_is_closed_after_a_day(town: Town):
    started = town.start()
    with clock.at(clock.now() + timedelta(hours=23)):
        assert town.pursue(started).state is OPEN
    with clock.at(clock.now() + timedelta(hours=25)):
        assert town.pursue(started).state is FAILED


# --- back and out ------------------------------------------------------------------------------------------


def test_returns_are_no_more_than_was_paid(town: Town):
    order = new_id()
    waiting = town.start(order, 500)
    with pytest.raises(payments.NotReceived):
        payments.refund_to_source(actor=parties.SYSTEM, payment_id=waiting.id)
    paid = town.paid(order)
    back = {"actor": parties.SYSTEM, "payment_id": paid.id}
    assert payments.refund_to_source(**back, amount=yuan(4_000)).state is DONE
    with pytest.raises(payments.ReturnExceeds) as refused:
        payments.refund_to_source(**back, amount=yuan(6_001))
    assert refused.value.params == {"left": yuan(6_000)}
    with pytest.raises(payments.CurrencyMismatch):
        payments.refund_to_source(**back, amount=Money(1, "HKD"))
    with pytest.raises(payments.AmountNotPositive):
        payments.refund_to_source(**back, amount=yuan(0))
    assert payments.refund_to_source(**back).amount == yuan(6_000)
    with pytest.raises(payments.ReturnExceeds):
        payments.refund_to_source(**back)
    with pytest.raises(payments.NoSuchPayment):
        payments.refund_to_source(actor=parties.SYSTEM, payment_id=new_id())
    with pytest.raises(payments.NoSuchPayment):
        payments.send_back(order_id=new_id(), payment_id=paid.id)
    assert held(order) == 0
    assert town.bank.balance("CNY") == 0


def test_return_that_the_bank_refuses_leaves_the_money_in_escrow(town: Town):
    order = new_id()
    paid = town.paid(order)
    town.bank.tell("decline", match={"verb": "refund"})
    failed = payments.send_back(order_id=order, payment_id=paid.id)
    assert (failed.state, failed.failure) == (FAILED, "declined")
    assert held(order) == 10_000
    assert issued(order)[-1] == "payments.failed"


def test_return_of_money_that_is_no_longer_in_escrow_is_refused(town: Town):
    order = new_id()
    paid = town.paid(order)
    fee = yuan(0)
    step = payments.Settle(order_id=order, payee_id=new_id(), amount=yuan(9_000), fee=fee, reference=new_id())
    assert payments.settle(items=[step]) == [None]
    with pytest.raises(payments.FundsShort):
        payments.send_back(order_id=order, payment_id=paid.id)
    assert held(order) == 1_000
    assert Movement.objects.filter(kind="return").count() == 0


def test_withdrawal_is_reserved_then_leaves(town: Town):
    town.give(1_000)
    town.bank.tell("settle_later", seconds=0.2)
    out = town.withdraw(600)
    assert (out.state, out.bank_account) == (OPEN, "102100099996 ****2345")
    assert balance_of(town.party) == (1_000, 600)
    with pytest.raises(payments.FundsShort):
        town.withdraw(401)
    assert town.take(town.notices(1)) == ["ok"]
    assert town.now(out).state is DONE
    assert balance_of(town.party) == (400, 0)
    assert town.bank.moved(out.id) == [-600]
    assert issued(town.party) == ["payments.deposited", "payments.started", "payments.paid_out"]


@pytest.mark.parametrize(
    "fault", ["lose_answer", "fail_after", "cut", "garble", "wrong_signature", "fail", "slow"]
)
def test_withdrawal_whose_outcome_is_not_known_stays_reserved(town: Town, fault: str):
    town.give(1_000)
    town.bank.tell(fault, match={"verb": "pay_out"}, seconds=0.5)
    with town.hasty():
        out = town.withdraw(600)
    assert out.state is STARTED
    assert balance_of(town.party) == (1_000, 600)
    town.settle_all()
    assert town.now(out).state is DONE
    assert balance_of(town.party) == (400, 0)
    assert town.bank.moved(out.id) == [-600]


def test_withdrawal_that_the_bank_refuses_is_free_again(town: Town):
    town.give(1_000)
    nowhere = BankAccount(holder="某人", number="6222020000000000000", bank_code="102100099996")
    out = town.withdraw(600, bank_account=nowhere)
    assert (out.state, out.failure) == (FAILED, "account_invalid")
    assert balance_of(town.party) == (1_000, 0)
    assert town.bank.moved(out.id) == []


def test_withdrawal_takes_what_lies_on_many_shards(town: Town):
    for _ in range(30):
        town.give(100)
    out = town.withdraw(3_000)
    assert (out.state, balance_of(town.party)) == (DONE, (0, 0))


def test_same_withdrawal_asked_for_twice_is_one(town: Town):
    town.give(1_000)
    id_ = new_id()
    first = town.withdraw(600, payout_id=id_)
    assert town.withdraw(600, payout_id=id_) == first
    with pytest.raises(payments.TransferDiffers):
        town.withdraw(600, payout_id=id_, bank_account=OTHER_ACCOUNT)
    assert balance_of(town.party) == (400, 0)


def test_bank_account_is_kept_in_cipher_only(town: Town):
    town.give(1_000)
    out = town.withdraw(600)
    [(kept,)] = sets.fetch("select bank_account from payments_movement where id = %s", (out.id,))
    assert ACCOUNT.number not in kept
    assert ACCOUNT.holder not in kept
    assert Movement.objects.get(id=out.id).bank_account["number"] == ACCOUNT.number


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"holder": " "}, "holder"),
        ({"holder": "a" * 101}, "holder"),
        ({"number": "12"}, "number"),
        ({"number": "6222-0200"}, "number"),
        ({"bank_code": "1"}, "bank_code"),
        ({"bank_name": "x\ny"}, "bank_name"),
    ],
)
def test_bank_account_that_can_be_none_is_refused(town: Town, change: dict[str, str], field: str):
    town.give(1_000)
    fields = {"holder": ACCOUNT.holder, "number": ACCOUNT.number, "bank_code": ACCOUNT.bank_code} | change
    with pytest.raises(payments.BadBankAccount) as refused:
        town.withdraw(600, bank_account=BankAccount(**fields))
    assert refused.value.params == {"field": field}
    assert balance_of(town.party) == (1_000, 0)


# --- who may, and what cannot be ---------------------------------------------------------------------------


def test_only_those_who_may(town: Town):
    town.give(1_000)
    paid = town.paid(new_id())
    clerk = acting_for(town.party, parties.Role.WAREHOUSE, parties.Role.SALES, parties.Role.SERVICE)
    stranger = acting_for(new_id())
    reader = acting_for(town.party, parties.Role.FINANCE, scopes=frozenset({"payments:read"}))
    for actor in (clerk, stranger, reader):
        for attempt in (
            lambda who: payments.withdraw(
                actor=who, party_id=town.party, amount=yuan(1), bank_account=ACCOUNT
            ),
            lambda who: payments.start_top_up(actor=who, party_id=town.party, amount=yuan(1)),
            lambda who: payments.start_payment(
                actor=who, order_id=new_id(), payer_id=town.party, amount=yuan(1)
            ),
            lambda who: payments.close_payment(actor=who, payment_id=paid.id),
            lambda who: payments.refund_to_source(actor=who, payment_id=paid.id),
            lambda who: payments.deposit(actor=who, items=[]),
            lambda who: payments.reconcile(actor=who, day=clock.now().date()),
            lambda who: payments.incidents(actor=who, limit=1),
        ):
            with pytest.raises(parties.NotYours.__mro__[1]):
                attempt(actor)
    for actor in (clerk, stranger):
        with pytest.raises(payments.NoSuchPayment):
            payments.payment(actor=actor, payment_id=paid.id)
        with pytest.raises(parties.NotYours):
            payments.statement(actor=actor, party_id=town.party, limit=10)
        with pytest.raises(parties.NotYours):
            payments.payments_of(actor=actor, party_id=town.party, limit=10)
    assert payments.payment(actor=reader, payment_id=paid.id).id == paid.id
    assert balance_of(town.party) == (1_000, 0)


def test_restricted_party_is_not_paid_out(town: Town):
    parties.register_many(
        actor=parties.SYSTEM,
        items=[
            parties.Registration(id=town.party, kind=parties.Kind.ORGANISATION, name="某厂", country="GB")
        ],
    )
    town.give(1_000)
    hold = parties.restrict(
        actor=parties.SYSTEM, party_id=town.party, restriction=parties.Restriction.PAYOUT, reason="纠纷"
    )
    with pytest.raises(payments.PayoutRestricted):
        town.withdraw(1)
    parties.lift_restriction(actor=parties.SYSTEM, id=hold, reason="已解决")
    assert town.withdraw(1).state is DONE


def test_what_cannot_be_paid_for_is_refused_before_anyone_is_asked(town: Town):
    order = new_id()
    balance = payments.account_id(payments.AccountKind.BALANCE, town.party, "CNY")
    town.start(order)
    for wrong, refusal in (
        ({"order": balance}, payments.NotAnOrder),
        ({"minor": 0}, payments.AmountNotPositive),
        ({"minor": -1}, payments.AmountNotPositive),
        ({"description": "x" * 201}, payments.BadText),
        ({"description": "a\nb"}, payments.BadText),
        ({"return_url": "javascript:alert(1)"}, payments.BadText),
        ({"provider": "nobody"}, payments.NoSuchProvider),
    ):
        with pytest.raises(refusal):
            town.start(**{"order": order, **wrong})
    with pytest.raises(payments.CurrencyMismatch):
        payments.start_payment(actor=town.actor, order_id=order, payer_id=town.party, amount=Money(1, "HKD"))
    assert Movement.objects.count() == 1


# --- in between --------------------------------------------------------------------------------------------


def test_no_provider_is_called_inside_a_transaction(town: Town):
    order = new_id()
    with transaction.atomic():
        started = town.start(order)
        assert (started.state, started.pay_url) == (STARTED, "")
    assert town.queued(started.id) == 1
    asking.pursue(movement_id=started.id)  # as its job does: it is due at once
    assert town.now(started).state is OPEN


def test_intent_survives_a_crash_before_the_call(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.give(1_000)
    id_ = new_id()

    def die(**_arguments: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(asking, "pursue", die)
        with pytest.raises(SystemExit):
            town.withdraw(600, payout_id=id_)
    assert balance_of(town.party) == (1_000, 600)
    assert town.queued(id_) == 1
    asking.pursue(movement_id=id_)
    assert balance_of(town.party) == (1_000, 600)  # not due yet: the call might still be under way
    with clock.at(clock.now() + timedelta(seconds=6)):
        asking.pursue(movement_id=id_)
    assert balance_of(town.party) == (400, 0)


def test_bank_that_is_away_and_comes_back(town: Town):
    order = new_id()
    town.bank.stop()
    started = town.start(order)
    assert started.state is STARTED
    assert town.pursue(started).state is STARTED
    town.bank.start()
    assert town.pursue(started).state is OPEN


def test_what_was_not_asked_about_in_time_is_queued_again(town: Town):
    started = town.start()
    before = town.queued(started.id)
    assert asking.pursue_overdue() == 0
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert asking.pursue_overdue() == 1
    assert town.queued(started.id) == before + 1
    town.bank.press(started.pay_url, "decline")
    town.pursue(started)
    with clock.at(clock.now() + timedelta(days=6)):
        assert asking.pursue_overdue() == 0


def test_reconciliation_books_what_we_waited_for_and_names_what_differs(town: Town):
    order = new_id()
    town.bank.tell("never_notify", times=None)
    waiting = town.start(order, 300)
    town.bank.press(waiting.pay_url)
    agreed = town.paid(new_id(), 200)
    client = town.bank.provider()
    town.bank.tell("auto_pay")
    stranger = new_id()
    client.create(
        Payment(payment_id=stranger, number="X", amount=yuan(5), description="", notify_url="", return_url="")
    )
    client.close_connections()
    today = clock.now().date()
    found = payments.reconcile(actor=parties.SYSTEM, day=today)
    assert held(order) == 300
    assert found.agreed == 2
    assert [(one.movement_id, one.ours, one.theirs) for one in found.differences] == [
        (stranger, None, yuan(5))
    ]
    assert incidents() == [("statement_differs", f"{today} ours None theirs 0.05 CNY")]
    Movement.objects.filter(id=agreed.id).update(happened_at=clock.now() - timedelta(days=3))
    missing = payments.reconcile(actor=parties.SYSTEM, day=today)
    assert {(one.movement_id, one.ours) for one in missing.differences} == {
        (stranger, None),
        (agreed.id, None),
    }


def test_send_back_has_one_id_for_each_payment(town: Town):
    order = new_id()
    paid = town.paid(order)
    back = payments.send_back(order_id=order, payment_id=paid.id)
    assert back.id == named_id("payments.send_back", paid.id)
    assert payments.payments_for(order_ids=[order]) == {order: [paid, back]}
