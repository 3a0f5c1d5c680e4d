"""The demo region builds itself through the acts: once, however often it is stopped, and it leaves nothing amiss."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.test import override_settings

from cohong.catalog import api as catalog
from cohong.demo import DEFAULT_SEED, companies, people
from cohong.demo.build import DEMO_PASSWORD, NotTheDemos, build, demo_users, who_can_sign_in, write_records
from cohong.demo.build.calendar import calendar
from cohong.demo.build.plan import chapters, plan
from cohong.demo.build.residents import Cast
from cohong.demo.build.scripts import SCRIPTS, Act
from cohong.demo.build.trading import Trader
from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import DisputeState, OrderState, ReturnState
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Kind, Mandate, Registration, Role
from trading import audits, counted

LISTINGS, TRADES = 20, len(SCRIPTS) + 3
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Stopped(Exception):  # noqa: N818 - it is no error, it is power failing
    pass


def build_small(progress=None) -> None:
    build(progress, listings=LISTINGS, trades=TRADES)


def stop_after(calls: int):
    left = calls

    def progress(*_step):
        nonlocal left
        left -= 1
        if not left:
            raise Stopped

    return progress


@pytest.fixture(scope="module")
def region(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Cast]:
    """A region whose build was stopped between its stages and in the middle of its trades."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        closing(connection),  # tests that follow may not use one, nor find one open
        override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=FAST),
        transaction.atomic(),
    ):
        for calls in (2, 20, 73, 100):
            with pytest.raises(Stopped):
                build_small(stop_after(calls))
        with pytest.raises(Stopped), pytest.MonkeyPatch.context() as patch:  # noqa: PT012 - the patch ends with it
            do, left = Trader.do, iter(range(130))

            def stop_in_mid_chapter(self, happening):
                do(self, happening)
                if next(left, None) is None:
                    raise Stopped

            patch.setattr(Trader, "do", stop_in_mid_chapter)
            build_small()
        build_small()
        yield Cast(DEFAULT_SEED)
        transaction.set_rollback(True)


def states(table: str) -> Counter[str]:
    return Counter(dict(sets.fetch(f"select state, count(*) from {table} group by state")))


def test_the_region_is_whole(region: Cast):
    everyone = companies.companies(DEFAULT_SEED)
    assert len([one for one in parties.regions() if one.parent_code == "440000"]) == 21
    assert len(parties.industries()) == 16
    assert len(parties.markets()) == 16
    assert {one.credit_code for one in parties.find(kind=Kind.ORGANISATION, limit=1000)} == {
        one.credit_code for one in everyone
    }
    assert len(parties.find(kind=Kind.PERSON, limit=1000)) == 40
    assert counted("parties_user") == people.PEOPLE_COUNT
    assert {carrier.code for carrier in logistics.carriers() if carrier.connected} == {"ZHL"}
    assert len(logistics.carriers()) == 3
    assert len({one.industry_code for one in catalog.categories()}) == 16


def test_everything_adds_up(region: Cast):
    assert audits() == []
    assert counted("kernel_leaf") == counted("kernel_document")


def test_building_again_changes_nothing(region: Cast):
    tables = (
        "kernel_document",
        "payments_transfer",
        "catalog_stock_movement",
        "orders_order",
        "procrastinate_jobs",
    )
    before = [counted(table) for table in tables]
    build_small()
    assert [counted(table) for table in tables] == before


def test_what_was_planned_has_happened_once(region: Cast):
    here = calendar(DEFAULT_SEED)
    story = plan(DEFAULT_SEED, listings=LISTINGS, trades=TRADES, built=here.built, since=here.trading)
    placed = [one for one in story if one.act is Act.PLACE]
    assert len(placed) == TRADES
    kinds = Counter(dict(sets.fetch("select kind, count(*) from kernel_document group by kind")))
    # A cart with goods of several sellers becomes several orders, which then live alike.
    orders_of = {one.trade.number: len({line.listing.seller for line in one.trade.lines}) for one in placed}
    acts: Counter[Act] = Counter()
    for one in story:
        acts[one.act] += orders_of[one.trade.number]
    # What was approved is ordered and paid beside the plan.
    approved = [
        order_id
        for (ids,) in sets.fetch("select order_ids from retail_approval where state = 'approved'")
        for order_id in ids
    ]
    assert kinds["orders.placed"] == acts[Act.PLACE] + len(approved) == counted("orders_order")
    assert kinds["orders.paid"] == acts[Act.PAY] + len(approved)
    assert kinds["orders.shipped"] == acts[Act.SHIP] + acts[Act.SHIP_HALF]
    assert kinds["orders.settled"] == acts[Act.SETTLE]
    assert kinds["orders.refunded"] == sum(
        acts[one] for one in (Act.REFUND, Act.AGREE_DISPUTE, Act.DECIDE_PART)
    )
    assert kinds["orders.message_sent"] == acts[Act.WRITE] + acts[Act.REPLY]
    assert kinds["orders.dispute_raised"] == acts[Act.DISPUTE] == counted("orders_dispute")


def test_companies_buy_with_limits_and_ask_for_more(region: Cast):
    buyers = [company for company in companies.companies(DEFAULT_SEED) if not company.sells]
    for company in buyers:
        owner = region.acting(company.slug)
        assert len(orders.purchase_limits(actor=owner)) == 1
        assert len(logistics.addresses(actor=owner)) == 2
        assert {one.terms.tax_number for one in orders.invoice_profiles(actor=owner)} == {company.credit_code}
    asked = states("retail_approval")
    assert asked["requested"] >= 1
    assert {"approved", "rejected", "withdrawn"} <= set(asked)
    wanted, issued = sets.fetch("select count(*), count(*) filter (where number <> '') from orders_invoice")[
        0
    ]
    assert 0 < issued < wanted


def test_orders_stand_in_every_state(region: Cast):
    assert set(states("orders_order")) == set(OrderState.values)
    assert set(states("orders_return")) == set(ReturnState.values)
    assert set(states("orders_dispute")) == set(DisputeState.values)
    assert {"collected", "delivered", "in_transit", "out_for_delivery", "ready", "returned"} <= set(
        states("logistics_shipment")
    )


def test_supervision_holds_an_order_and_a_listing(region: Cast):
    assert [
        count
        for (count,) in sets.fetch(
            "select hold_count from orders_order o where hold_count > 0"
            " and not exists (select 1 from orders_dispute d where d.order_id = o.id)"
        )
    ] == [1]
    [(held,)] = sets.fetch("select id from catalog_listing where open_holds > 0")
    [hold] = catalog.holds(actor=SYSTEM, listing_id=held)
    assert hold.placed_by == region.parties["market-supervision"]


def test_every_listing_is_on_offer_with_its_picture_and_its_stock(region: Cast):
    ids = [row[0] for row in sets.fetch("select id from catalog_listing")]
    written_off = {
        row[0] for row in sets.fetch("select sku_id from catalog_stock_movement where kind = 'write_off'")
    }
    views = catalog.listings(ids=ids)
    assert len(views) == LISTINGS
    assert len({view.industry_code for view in views.values()}) >= 14
    for view in views.values():
        assert view.state == "published"
        assert len(view.pictures) == 1
        stock = catalog.stock_of(sku_ids=[sku.id for sku in view.skus])
        gone = {one.sku_id for one in stock.values() if not one.on_hand}
        assert gone <= written_off


def test_the_history_is_sixty_days_long_and_ends_now(region: Cast):
    [(first, last)] = sets.fetch("select min(placed_at), max(placed_at) from orders_order")
    built = calendar(DEFAULT_SEED).built
    assert built - timedelta(days=60) <= first < built - timedelta(days=30)
    assert built - timedelta(days=1) < last < built
    [(latest,)] = sets.fetch("select max(issued_at) from kernel_document")
    assert latest <= built
    # Nothing that is still open is overdue as soon as the worker starts.
    assert (
        sets.fetch("select 1 from orders_order where pay_by <= %s or accept_by <= %s", (built, built)) == []
    )


def test_those_who_are_named_can_sign_in_and_have_their_roles(region: Cast):
    users = {user.username: user for user in demo_users()}
    assert len(users) == 12
    for user in users.values():
        assert user.password == DEMO_PASSWORD
        found = authenticate(username=user.username, password=user.password)
        assert found is not None
        assert found.email.endswith("@demo.invalid")
        assert parties.parties_of(user_id=found.pk)
    purchasing = authenticate(username="buyer-purchasing", password=DEMO_PASSWORD)
    actor = parties.actor_for(user_id=purchasing.pk, party_id=region.parties["rongji"])
    assert actor.roles == {Role.PURCHASING, Role.WAREHOUSE}
    officer = authenticate(username="supervision", password=DEMO_PASSWORD)
    [office] = parties.parties_of(user_id=officer.pk)
    assert office.mandates == {Mandate.SUPERVISION}
    said = "\n".join(who_can_sign_in())
    assert all(username in said for username in users)
    assert DEMO_PASSWORD in said


def test_nobody_else_can_sign_in(region: Cast):
    [(count,)] = sets.fetch("select count(*) from parties_user where password not like '!%%'")
    assert count == 12


def test_companies_wait_to_be_confirmed_by_the_register(region: Cast):
    found = Counter(one.state.value for one in parties.find(kind=Kind.ORGANISATION, limit=1000))
    assert found == {"confirming": len(region.parties) - 40 - 4 - 2, "unconfirmed": 2}


def test_the_register_knows_everybody_and_one_of_them_otherwise(tmp_path: Path):
    lines = [json.loads(line) for line in write_records(tmp_path / "records.jsonl").read_text().splitlines()]
    firms = {line["code"]: line for line in lines if "code" in line}
    assert len(lines) - len(firms) == people.PEOPLE_COUNT
    heads = {one.company: one.name.zh_hans for one in people.people(DEFAULT_SEED) if "owner" in one.roles}
    differing = [
        one.slug
        for one in companies.companies(DEFAULT_SEED)
        if firms[one.credit_code]["legal_representative"] != heads[one.slug]
    ]
    assert differing == ["puyi"]


@pytest.mark.django_db
def test_it_refuses_a_database_that_holds_somebodys_data():
    parties.register_many(actor=SYSTEM, items=[Registration(id=new_id(), name="真实公司")])
    before = counted("kernel_document")
    with pytest.raises(NotTheDemos):
        build_small()
    assert counted("kernel_document") == before


def test_a_chapter_begins_with_an_order_and_nothing_is_lost():
    now = clock.now()
    story = plan(DEFAULT_SEED, listings=68, trades=120, built=now, since=now - timedelta(days=60))
    cut = chapters(story, least=50)
    assert [one for chapter in cut for one in chapter] == story
    assert all(chapter[0].act is Act.PLACE for chapter in cut)
    assert all(len(chapter) >= 50 for chapter in cut[:-1])
    assert story == plan(DEFAULT_SEED, listings=68, trades=120, built=now, since=now - timedelta(days=60))


def test_what_an_order_comes_to_suits_its_goods():
    now = clock.now()
    story = plan(DEFAULT_SEED, listings=600, trades=360, built=now, since=now - timedelta(days=60))
    worth: dict[str, list[int]] = {}
    for one in story:
        if one.act is Act.PLACE and (line := one.trade.lines[0]).listing.currency == "CNY":
            yuan = line.quantity * line.sku.tiers[0].unit_price_minor // 100
            worth.setdefault(line.listing.category.partition(".")[0], []).append(yuan)
    assert set(worth) == {industry for industry in worth if max(worth[industry]) <= 400_000}
    assert len(worth) == 16
    assert all(1_500 <= yuan <= 100_000 for yuan in worth["steel"])
    assert sorted(worth["clothing"])[len(worth["clothing"]) // 2] < 10_000
