"""Approvals: above the limit another one decides, once, at prices not above what was asked; and nobody gets round it."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from retail_street import HOME, Street, cny

from cohong.kernel import clock, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.states import WrongState
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.retail import api as retail
from cohong.retail.api import ApprovalState, CartItem, CheckoutWish, KeptLine

pytestmark = pytest.mark.django_db(transaction=True)


class Office:
    """A company on the street: an owner, two of finance, one who buys up to 100 yuan, and one who only packs."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.party_id = street.buyer.party_id
        self.owner = self.person("olive", Role.OWNER)
        self.finance = self.person("fay", Role.FINANCE)
        self.second = self.person("finn", Role.FINANCE)
        self.buyer = self.person("ben", Role.PURCHASING)
        self.packer = self.person("paul", Role.WAREHOUSE)
        orders.set_purchase_limit(actor=self.owner, limit=cny(10_000))

    def person(self, name: str, *roles: Role) -> Actor:
        user_id = parties.sign_up(username=f"{name}-{new_id().hex[:8]}", password=None)
        for role in roles:
            parties.grant_membership(actor=SYSTEM, party_id=self.party_id, user_id=user_id, role=role)
        return parties.actor_for(user_id=user_id, party_id=self.party_id)

    def wish(self, **more: Any) -> CheckoutWish:
        return CheckoutWish(**{"id": new_id(), "address": HOME, **more})

    def fill(self, sku_id: UUID, quantity: int = 20) -> None:
        retail.put(actor=self.buyer, items=[CartItem(sku_id, quantity)])

    def ask(self, sku_id: UUID, quantity: int = 20, **more: Any) -> UUID:
        """Ask for so many; twenty at 9.00 come to 180.00, and to 216.00 with their freight."""
        self.fill(sku_id, quantity)
        return retail.request_approval(actor=self.buyer, wish=self.wish(**more), reason="秋季备货")

    def state(self, approval_id: UUID) -> ApprovalState:
        return retail.approval(actor=self.owner, approval_id=approval_id).view.state


@pytest.fixture
def office(street: Street) -> Office:
    return Office(street)


def refused(act: Callable[..., Any], **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(**more)
    return caught.value.code


def kinds(approval_id: UUID) -> list[str]:
    return [
        row[0]
        for row in sets.fetch(
            "select kind from kernel_document where subject = %s order by id", (approval_id,)
        )
    ]


def test_what_is_above_the_limit_is_asked_for_approved_and_ordered(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    office.fill(dress)
    wish = office.wish(notes=((street.anna.party_id, "请开箱验货"),))
    assert refused(retail.checkout, actor=office.buyer, wish=wish) == "ApprovalNeeded"
    assert (retail.count(actor=office.buyer), street.stock(dress)) == (1, (100, 0))
    asked = retail.request_approval(actor=office.buyer, wish=wish, reason=" 秋季\n备货 ")
    assert asked == wish.id
    assert retail.request_approval(actor=office.buyer, wish=wish, reason="again") == asked
    assert (retail.count(actor=office.buyer), street.stock(dress)) == (0, (100, 0))
    [(sealed,)] = sets.fetch("select sealed from retail_approval")
    assert privacy.is_encrypted(sealed)

    file = retail.approval(actor=office.finance, approval_id=asked)
    assert (file.view.reason, file.view.requested_by, file.view.totals) == (
        "秋季 备货",
        office.buyer.user_id,
        (cny(18_000 + 5_400),),
    )
    assert file.address is not None
    assert file.address.recipient == "陈**"
    assert file.now[dress].unit_price == cny(900)
    assert (retail.awaiting_approval(actor=office.finance), retail.awaiting_approval(actor=office.buyer)) == (
        1,
        0,
    )

    done = retail.approve(actor=office.finance, approval_id=asked)
    [placed] = done.orders
    assert placed.total == cny(23_400)
    assert street.stock(dress) == (100, 20)
    assert office.state(asked) is ApprovalState.APPROVED
    assert retail.outcome(actor=office.buyer, checkout_id=asked) == done
    assert retail.checkout(actor=office.buyer, wish=wish) == done
    [filed] = orders.evidence(actor=office.buyer, order_id=placed.order_id)
    assert filed.envelope.body.approved_by == office.finance.user_id
    assert kinds(asked) == ["retail.approval_requested", "retail.approval_decided"]
    assert [finding for check in retail.audit() for finding in check.findings] == []
    assert refused(retail.reject, actor=office.owner, approval_id=asked, reason="too late") == "WrongState"


def test_only_another_one_of_the_company_who_may_decides(street: Street, office: Office):
    asked = office.ask(street.goods(street.anna, "裙"))
    both = office.person("bea", Role.PURCHASING, Role.FINANCE)
    token = Actor(party_id=office.party_id, roles=frozenset({Role.OWNER}), scopes=frozenset({"orders:write"}))
    for actor, code in (
        (office.buyer, "ApproverUnfit"),
        (office.packer, "ApproverUnfit"),
        (token, "ApproverUnfit"),
        (street.other, "NoSuchApproval"),
        (street.anna, "NoSuchApproval"),
    ):
        assert refused(retail.approve, actor=actor, approval_id=asked) == code
        assert refused(retail.reject, actor=actor, approval_id=asked, reason="no way") == code
    assert refused(retail.withdraw, actor=office.finance, approval_id=asked) == "NotYours"
    assert refused(retail.withdraw, actor=street.other, approval_id=asked) == "NoSuchApproval"
    # Who has both roles does not approve what they asked for themselves.
    retail.put(actor=both, items=[CartItem(street.goods(street.bella, "半裙"), 20)])
    own = retail.request_approval(actor=both, wish=office.wish(), reason="备货")
    assert refused(retail.approve, actor=both, approval_id=own) == "ApproverUnfit"
    assert retail.approve(actor=both, approval_id=asked).orders
    assert retail.approve(actor=office.owner, approval_id=own).orders


def test_others_see_nothing_of_it(street: Street, office: Office):
    asked = office.ask(street.goods(street.anna, "裙"))
    colleague = office.person("bob", Role.PURCHASING)
    assert [view.id for view in retail.approvals(actor=office.finance)] == [asked]
    assert [view.id for view in retail.approvals(actor=office.buyer)] == [asked]
    assert retail.approvals(actor=colleague) == []
    assert refused(retail.approval, actor=colleague, approval_id=asked) == "NoSuchApproval"
    assert refused(retail.approvals, actor=office.packer) == "NotYours"
    for stranger in (street.other, street.anna):
        assert retail.approvals(actor=stranger) == []
        assert refused(retail.approval, actor=stranger, approval_id=asked) == "NoSuchApproval"
    [(visible,)] = sets.fetch("select visible_to from kernel_document where subject = %s", (asked,))
    assert visible == [office.party_id]


def test_prices_are_those_of_the_moment_and_never_above_what_was_asked(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    asked = office.ask(dress)
    street.reprice(street.anna, dress, 950)
    assert refused(retail.approve, actor=office.finance, approval_id=asked) == "DearerThanApproved"
    assert (office.state(asked), street.stock(dress)) == (ApprovalState.REQUESTED, (100, 0))
    street.reprice(street.anna, dress, 800)
    street.tariff(first_minor=1300)
    assert refused(retail.approve, actor=office.finance, approval_id=asked) == "FreightDearer"
    street.tariff(first_minor=1100)
    [placed] = retail.approve(actor=office.finance, approval_id=asked).orders
    assert placed.total == cny(16_000 + 5_300)


def test_what_is_gone_meanwhile_is_said_and_the_request_stands(street: Street, office: Office):
    dress = street.goods(street.anna, "裙", stock=20)
    asked = office.ask(dress)
    street.put((dress, 1))
    street.checkout()
    assert refused(retail.approve, actor=office.finance, approval_id=asked) == "StockShort"
    gone = office.ask(street.goods(street.bella, "半裙"))
    parties.end_membership(
        actor=office.owner, party_id=office.party_id, user_id=office.buyer.user_id, role=Role.PURCHASING
    )
    assert refused(retail.approve, actor=office.finance, approval_id=gone) == "RequesterGone"
    assert office.state(gone) is ApprovalState.REQUESTED


def test_rejected_withdrawn_and_expired(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    rejected, withdrawn, expired = office.ask(dress), office.ask(dress), office.ask(dress)
    assert refused(retail.reject, actor=office.finance, approval_id=rejected, reason=" ") == "TextMissing"
    retail.reject(actor=office.finance, approval_id=rejected, reason="预算已用完")
    assert retail.approval(actor=office.buyer, approval_id=rejected).view.decision == "预算已用完"
    office.fill(dress, 1)
    retail.withdraw(actor=office.buyer, approval_id=withdrawn)
    [line] = retail.look(actor=office.buyer).lines
    assert line.quantity == 21
    sets.run(
        "update retail_approval set expires_at = %s where id = %s", (clock.now() - timedelta(1), expired)
    )
    assert refused(retail.approve, actor=office.finance, approval_id=expired) == "ApprovalExpired"
    assert (retail.expire_approvals(), retail.expire_approvals()) == (1, 0)
    states = [office.state(one) for one in (rejected, withdrawn, expired)]
    assert states == [ApprovalState.REJECTED, ApprovalState.WITHDRAWN, ApprovalState.EXPIRED]
    for one in (rejected, withdrawn, expired):
        assert refused(retail.approve, actor=office.finance, approval_id=one) == "WrongState"
    assert street.orders() == []


def test_two_approvers_at_once_make_one_order(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    asked = office.ask(dress)
    results: list[object] = []

    def press(actor: Actor) -> None:
        try:
            results.append(retail.approve(actor=actor, approval_id=asked))
        except WrongState as refusal:
            results.append(refusal)
        finally:
            connection.close()

    presses = [
        threading.Thread(target=press, args=(one,)) for one in (office.finance, office.second, office.owner)
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(type(one).__name__ for one in results) == ["CheckedOut", "WrongState", "WrongState"]
    assert (len(street.orders()), street.stock(dress)) == (1, (100, 20))


def test_what_needs_no_approval_is_not_asked_for(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    office.fill(dress, 1)
    wish = office.wish()
    assert (
        refused(retail.request_approval, actor=office.buyer, wish=wish, reason="why not")
        == "NoApprovalNeeded"
    )
    retail.put(actor=office.owner, items=[CartItem(dress, 20)])
    assert (
        refused(retail.request_approval, actor=office.owner, wish=wish, reason="why not")
        == "NoApprovalNeeded"
    )
    assert retail.checkout(actor=office.owner, wish=wish).orders[0].total == cny(23_400)
    office.fill(dress, 20)
    assert (
        refused(retail.request_approval, actor=office.buyer, wish=wish, reason="why not") == "CheckoutReused"
    )
    assert (
        refused(retail.request_approval, actor=office.buyer, wish=office.wish(), reason="") == "TextMissing"
    )
    said = "call 13812345678"
    assert (
        refused(retail.request_approval, actor=office.buyer, wish=office.wish(), reason=said)
        == "PersonalDataInText"
    )
    asked = office.ask(dress)
    office.fill(dress, 1)
    again = office.wish(id=asked)
    assert refused(retail.checkout, actor=office.buyer, wish=again) == "CheckoutReused"


def test_only_the_chosen_lines_are_ordered_each_with_its_word_and_the_invoice(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 2), (skirt, 1))
    retail.pick(actor=street.buyer, sku_ids=[skirt])
    assert {line.sku_id: line.picked for line in street.look().lines} == {dress: False, skirt: True}
    assert refused(
        retail.checkout, actor=street.buyer, wish=CheckoutWish(id=new_id(), sku_ids=(new_id(),))
    ) == ("NothingPicked")
    invoice = orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")
    notes = ((street.bella.party_id, "轻放"),)
    done = street.checkout(sku_ids=(skirt,), notes=notes, invoice=invoice)
    assert [one.seller_id for one in done.orders] == [street.bella.party_id]
    assert [line.sku_id for line in street.look().lines] == [dress]
    kept = orders.invoice(actor=street.buyer, order_id=done.orders[0].order_id)
    assert kept is not None
    assert kept.terms.title == "陈小明"


def test_a_guests_cart_is_taken_over_once(street: Street):
    dress, own = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 2))
    cart_id, now = new_id(), clock.now()
    lines = [
        KeptLine(sku_id=sku_id, quantity=3, agreed_price=cny(950), added_at=now, picked=False)
        for sku_id in (dress, own, new_id())
    ]
    view = retail.price(lines=lines[:2], region_code="440300")
    assert [len(parcel.offers) for parcel in view.parcels] == [2, 2]
    assert all(line.price_changed for line in view.lines)

    def merge() -> None:
        try:
            retail.merge(actor=street.buyer, cart_id=cart_id, lines=lines)
        finally:
            connection.close()

    windows = [threading.Thread(target=merge) for _ in range(4)]
    for one in windows:
        one.start()
    for one in windows:
        one.join()
    found = {line.sku_id: (line.quantity, line.agreed_price, line.picked) for line in street.look().lines}
    assert found == {dress: (5, cny(950), False), own: (3, cny(950), False)}
    assert retail.merge(actor=street.bella, cart_id=new_id(), lines=lines[:2]) == 1
    assert (
        refused(
            retail.merge,
            actor=Actor(party_id=street.buyer.party_id, user_id=new_id(), roles=frozenset({Role.SALES})),
            cart_id=new_id(),
            lines=lines,
        )
        == "NotYours"
    )


def test_a_companys_system_asks_and_does_not_decide_over_http(street: Street, office: Office):
    dress = street.goods(street.anna, "裙")
    _, secret = parties.issue_token(actor=office.owner, name="erp", scopes=["orders:read", "orders:write"])

    def call(method: str, path: str, body: Any = None) -> Any:
        return Client().generic(
            method,
            f"/api/v1/retail{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": new_id().hex},
        )

    address = {
        name: getattr(HOME, name) for name in ("recipient", "phone", "region_code", "street", "postcode")
    }
    assert call("PUT", f"/cart/lines/{dress}", {"quantity": 20}).status_code == 200
    answer = call("POST", "/checkouts", {"address": address, "approved_by": str(office.owner.user_id)})
    assert (answer.status_code, answer.json()["code"]) == (409, "ApprovalNeeded")
    asked = call("POST", "/approvals", {"address": address, "reason": "备货"})
    assert (asked.status_code, asked.json()["state"]) == (201, "requested")
    assert asked.json()["totals"] == [{"minor": 23_400, "currency": "CNY"}]
    path = f"/approvals/{asked.json()['id']}"
    assert call("POST", f"{path}/approve").status_code == 404
    assert street.orders() == []
    done = retail.approve(actor=office.owner, approval_id=UUID(asked.json()["id"]))
    assert call("GET", path).json()["order_ids"] == [str(done.orders[0].order_id)]
    assert call("POST", f"{path}/withdraw").status_code == 409
    assert [one["state"] for one in call("GET", "/approvals").json()] == ["approved"]


# --- whatever the order of steps -------------------------------------------------------------------------

LIMIT, STOCK = 3_000, 60


class Desk(RuleBasedStateMachine):
    """One SKU at 10.00 (9.00 from ten on) that is picked up; a limit of 30.00; a model of what stands where."""

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.street = Street()
        self.office = Office(self.street)
        orders.set_purchase_limit(actor=self.office.owner, limit=cny(LIMIT))
        self.sku = self.street.goods(self.street.anna, "裙", stock=STOCK)
        self.model: dict[UUID, tuple[str, int, int]] = {}
        self.ordered = 0
        self.cart = 0
        self.price = None

    def attempt(self, act: Callable[..., Any], **more: Any) -> Any:
        try:
            with transaction.atomic():
                return act(**more)
        except Refusal as refusal:
            return refusal

    def unit(self, quantity: int) -> int:
        if self.price is not None:
            return self.price
        return 900 if quantity >= 10 else 1000

    @rule(quantity=st.integers(1, 25))
    def fill(self, quantity: int) -> None:
        self.office.fill(self.sku, quantity)
        self.cart = quantity

    @rule(fen=st.sampled_from([700, 900, 1000, 1300]))
    def reprice(self, fen: int) -> None:
        self.street.reprice(self.street.anna, self.sku, fen)
        self.price = fen
        retail.agree_prices(actor=self.office.buyer)

    def wish(self) -> CheckoutWish:
        return CheckoutWish(id=new_id())

    @rule()
    def order(self) -> None:
        done = self.attempt(retail.checkout, actor=self.office.buyer, wish=self.wish())
        total = self.cart * self.unit(self.cart)
        if isinstance(done, Refusal):
            short = self.cart > STOCK - self.ordered
            codes = (
                {"StockShort"}
                if short and self.cart
                else {"CartEmpty" if not self.cart else "ApprovalNeeded"}
            )
            assert done.code in codes
            assert not self.cart or short or total > LIMIT
        else:
            assert total <= LIMIT
            self.ordered += self.cart
            self.cart = 0

    @rule(target=asked)
    def ask(self) -> Any:
        wish = self.wish()
        done = self.attempt(retail.request_approval, actor=self.office.buyer, wish=wish, reason="备货")
        total = self.cart * self.unit(self.cart)
        if isinstance(done, Refusal):
            assert done.code in {"CartEmpty", "NoApprovalNeeded", "StockShort"}
            assert not self.cart or total <= LIMIT or self.cart > STOCK - self.ordered
            return multiple()
        assert total > LIMIT
        self.model[wish.id] = ("requested", self.cart, self.unit(self.cart))
        self.cart = 0
        return wish.id

    @rule(one=asked, by=st.sampled_from(["owner", "finance", "second", "buyer", "packer"]))
    def approve(self, one: UUID, by: str) -> None:
        actor = getattr(self.office, by)
        done = self.attempt(retail.approve, actor=actor, approval_id=one)
        state, quantity, then = self.model[one]
        if isinstance(done, Refusal):
            expected = (
                "ApproverUnfit"
                if by in ("buyer", "packer")
                else "WrongState"
                if state != "requested"
                else None
            )
            if expected is None:
                assert done.code in {"StockShort", "DearerThanApproved"}
                assert quantity > STOCK - self.ordered or self.unit(quantity) > then
            else:
                assert done.code == expected
            return
        assert (state, by in ("buyer", "packer")) == ("requested", False)
        assert self.unit(quantity) <= then
        assert done.orders[0].total == cny(quantity * self.unit(quantity))
        self.model[one] = ("approved", quantity, then)
        self.ordered += quantity

    @rule(one=asked, act=st.sampled_from(["reject", "withdraw"]))
    def end(self, one: UUID, act: str) -> None:
        if act == "reject":
            done = self.attempt(retail.reject, actor=self.office.second, approval_id=one, reason="不批")
        else:
            done = self.attempt(retail.withdraw, actor=self.office.buyer, approval_id=one)
        state, quantity, then = self.model[one]
        assert isinstance(done, WrongState) == (state != "requested")
        if state == "requested":
            self.model[one] = ("rejected" if act == "reject" else "withdrawn", quantity, then)
            if act == "withdraw":
                self.cart += quantity
                # The price that was agreed to stays beside the line; the buyer looks again.
                retail.agree_prices(actor=self.office.buyer)

    @invariant()
    def all_agrees(self) -> None:
        views = {view.id: view for view in retail.approvals(actor=self.office.owner)}
        assert {id_: view.state.value for id_, view in views.items()} == {
            id_: state for id_, (state, _, _) in self.model.items()
        }
        assert self.street.stock(self.sku) == (STOCK, self.ordered)
        placed = self.street.orders()
        assert sum(line.quantity for view in placed for line in view.lines) == self.ordered
        for view in placed:
            if view.total.minor > LIMIT:
                assert any(view.id in one.order_ids for one in views.values())
        assert sum(line.quantity for line in retail.look(actor=self.office.buyer).lines) == self.cart
        assert [finding for check in retail.audit() for finding in check.findings] == []


def test_whatever_the_steps_nothing_above_the_limit_is_ordered_without_another_ones_word():
    Desk.TestCase.settings = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Desk.TestCase().runTest()


def test_a_currency_without_a_limit_needs_approval_in_the_shop_too(street: Street, office: Office):
    dress = street.goods(street.anna, "裙", currency="HKD")
    office.fill(dress, 1)
    with pytest.raises(orders.ApprovalNeeded) as caught:
        retail.checkout(actor=office.buyer, wish=office.wish())
    assert caught.value.params["limit"] == Money(0, "HKD")
    asked = retail.request_approval(actor=office.buyer, wish=office.wish(), reason="样品")
    assert retail.approve(actor=office.owner, approval_id=asked).orders[0].total == Money(1000, "HKD")
