"""The order's life: each act's effect on state, money, stock and documents, and what it refuses."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.states import WrongState
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.payments import api as payments
from trading import HOME, Place, acting_for, audits, counted

# An act that is refused undoes its whole transaction, so each test works with real ones.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    return Place()


def cny(fen: int) -> Money:
    return Money(fen, "CNY")


def test_one_whole_trade(place: Place):
    sku, other = place.goods(10, 5, fen=250)
    place.give(10_000, place.buyer_id)
    deal = place.deal((sku, 4), (other, 1), fen=250, freight_minor=301, discount_minor=100)
    placed = one(orders.place(items=[deal]))
    assert placed.total == cny(1451)
    assert place.stock(sku) == (10, 4)
    view = place.view(deal.id)
    assert [line.total for line in view.lines] == [cny(1161), cny(290)]
    assert (view.state, view.due) == ("placed", cny(1451))

    assert place.pay(deal.id) == cny(1451)
    assert (place.escrow(deal.id), place.balance(place.buyer_id)) == (1451, 8549)
    shipped = place.ship(deal.id)
    assert (place.stock(sku), place.stock(other)) == ((6, 0), (4, 0))
    assert shipped.pick_up_code is None
    place.accept(deal.id)
    assert place.settle(deal.id) == cny(1451)
    # 0.60 % of 14.51 is 0.087: 9 fen
    assert (place.balance(place.seller_id), place.escrow(deal.id)) == (1442, 0)
    view = place.view(deal.id)
    assert (view.state, view.settled, view.fee) == ("settled", cny(1451), cny(9))
    assert place.kinds(deal.id) == [
        "orders.placed",
        "orders.paid",
        "orders.shipped",
        "orders.accepted",
        "orders.settled",
    ]
    chain = orders.evidence(actor=place.buyer, order_id=deal.id)
    assert [filed.envelope.answers for filed in chain[1:]] == [(filed.envelope.id,) for filed in chain[:-1]]
    assert audits() == []


def test_placing_again_gives_the_first_outcome(place: Place):
    [sku] = place.goods(10)
    deal = place.deal((sku, 4))
    first = one(orders.place(items=[deal]))
    assert orders.place(items=[deal, deal]) == [first, first]
    assert place.stock(sku) == (10, 4)
    assert counted("orders_order") == 1


def test_a_batch_gives_each_its_own_outcome(place: Place):
    [sku] = place.goods(5)
    deals = [place.deal((sku, 3)), place.deal((sku, 3)), place.deal((sku, 2)), place.deal((sku, 0))]
    outcomes = orders.place(items=deals)
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "Placed",
        "StockShort",
        "Placed",
        "BadQuantity",
    ]
    assert outcomes[1].params == {"sku": str(sku), "wanted": 3, "available": 2}
    assert place.stock(sku) == (5, 5)
    assert counted("orders_order") == 2
    assert counted("orders_line") == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"lines": ()}, orders.NoLines),
        ({"freight_minor": -1}, orders.BadSums),
        ({"discount_minor": 10_000}, orders.BadSums),
        ({"freight_minor": 1.5}, orders.BadSums),
        ({"delivery": orders.DeliveryTerms()}, orders.AddressMissing),
        ({"delivery": orders.DeliveryTerms(address=HOME, accept_days=0)}, orders.BadDeadline),
        ({"payment": orders.PaymentTerms(hours=0)}, orders.BadDeadline),
        ({"payment": orders.PaymentTerms(deposit_minor=5)}, orders.BadDeposit),
        (
            {"payment": orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=100)},
            orders.BadDeposit,
        ),
        ({"payment": orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT)}, orders.BadDeposit),
    ],
)
def test_a_deal_that_makes_no_sense_changes_nothing(place: Place, change, refusal):
    [sku] = place.goods(5)
    [outcome] = orders.place(items=[place.deal((sku, 1), **change)])
    assert isinstance(outcome, refusal)
    assert place.stock(sku) == (5, 0)
    assert counted("orders_order") == 0


def test_currencies_and_parties_are_checked(place: Place):
    [sku] = place.goods(5)
    outcomes = orders.place(
        items=[
            place.deal((sku, 1), currency="XYZ"),
            place.deal((sku, 1), buyer=place.seller),
            place.deal((sku, 1), seller_id=place.other_id),
            place.deal((sku, 1), actor=place.other),
        ]
    )
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "UnknownCurrency",
        "OwnGoods",
        "SellerDiffers",
        "NotYourOrder",
    ]
    assert place.stock(sku) == (5, 0)


def test_a_restricted_party_may_not_trade(place: Place):
    [sku] = place.goods(5)
    restriction = parties.restrict(
        actor=place.authority,
        party_id=place.seller_id,
        restriction=parties.Restriction.TRADE,
        reason="查处中",
    )
    assert orders.place(items=[place.deal((sku, 1))]) == [orders.TradeRestricted()]
    parties.lift_restriction(actor=place.authority, id=restriction, reason="已整改")
    place.place((sku, 1))


def test_held_listings_take_no_orders(place: Place):
    [sku] = place.goods(5)
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    catalog.hold_listing(actor=place.authority, listing_id=listing_id, reason="疑似假冒")
    [outcome] = orders.place(items=[place.deal((sku, 1))])
    assert isinstance(outcome, catalog.ListingHeld)


def test_paying_short_is_refused_and_moves_nothing(place: Place):
    [sku] = place.goods(5)
    place.give(99, place.buyer_id)
    order_id = place.place((sku, 1))
    item = orders.PayOrder(actor=place.buyer, order_id=order_id)
    [outcome] = orders.pay(items=[item])
    assert isinstance(outcome, payments.FundsShort)
    assert (place.balance(place.buyer_id), place.escrow(order_id)) == (99, 0)
    [outcome] = orders.pay(items=[orders.PayOrder(actor=place.buyer, order_id=order_id, from_balance=False)])
    assert outcome == orders.PaymentShort(missing=cny(100))
    place.give(1, place.buyer_id)
    assert orders.pay(items=[item, item]) == [cny(100), orders.NothingDue()]
    assert place.view(order_id).state == "ready"
    assert orders.pay(items=[item]) == [orders.NothingDue()]


def test_deposit_and_balance(place: Place):
    [sku] = place.goods(5)
    place.give(1000, place.buyer_id)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=90)
    order_id = place.place((sku, 3), payment=terms)
    assert place.pay(order_id) == cny(90)
    assert place.view(order_id).state == "deposited"
    with pytest.raises(WrongState):
        place.ship(order_id)
    assert place.pay(order_id) == cny(210)
    assert (place.view(order_id).state, place.escrow(order_id)) == ("ready", 300)


def test_a_forfeited_deposit_goes_to_the_seller(place: Place):
    [sku] = place.goods(5)
    place.give(1000, place.buyer_id)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=200)
    order_id = place.place((sku, 3), payment=terms)
    place.pay(order_id)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert orders.lapse_due() == 1
    assert (place.balance(place.seller_id), place.balance(place.buyer_id)) == (199, 800)
    assert (place.view(order_id).state, place.stock(sku)) == ("lapsed", (5, 0))
    assert audits() == []


def test_payment_on_delivery(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 2), payment=orders.PaymentTerms(kind=orders.PaymentKind.ON_DELIVERY))
    assert place.view(order_id).state == "ready"
    place.ship(order_id)
    with pytest.raises(orders.Unpaid):
        place.accept(order_id)
    with clock.at(clock.now() + timedelta(days=30)):
        assert orders.accept_due() == 0
    place.give(200, place.buyer_id)
    place.pay(order_id)
    place.accept(order_id)
    assert place.settle(order_id) == cny(200)


def test_goods_turned_away_at_the_door(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 2), payment=orders.PaymentTerms(kind=orders.PaymentKind.ON_DELIVERY))
    place.ship(order_id)
    [line] = place.view(order_id).lines
    with pytest.raises(orders.NotReturnable):
        place.send_back(order_id, orders.ReturnedLine(line_id=line.id, quantity=1))
    assert place.send_back(order_id, orders.ReturnedLine(line_id=line.id, quantity=2)) == cny(0)
    assert (place.view(order_id).state, place.stock(sku)) == ("cancelled", (5, 0))
    assert audits() == []


def test_pick_up_gives_a_code_and_needs_no_address(place: Place):
    [sku] = place.goods(5)
    place.give(1000, place.buyer_id)
    order_id = place.place((sku, 2), delivery=orders.DeliveryTerms(kind=orders.DeliveryKind.PICK_UP))
    place.pay(order_id)
    assert place.ship(order_id).pick_up_code is not None


def test_part_shipments(place: Place):
    one_sku, two_sku = place.goods(5, 5)
    place.give(1000, place.buyer_id)
    order_id = place.to("ready", (one_sku, 3), (two_sku, 2))
    first, second = place.view(order_id).lines
    place.ship(order_id, lines=((first.id, 2),))
    assert (place.view(order_id).state, place.stock(one_sku)) == ("part_shipped", (3, 1))
    for lines, refusal in (
        (((first.id, 2),), orders.PastOrdered),
        (((first.id, 0),), orders.BadQuantity),
        (((new_id(), 1),), orders.LineNotFound),
        (((first.id, 1), (first.id, 1)), orders.LineTwice),
        ((), orders.NothingToShip),
    ):
        with pytest.raises(refusal):
            place.ship(order_id, lines=lines)
    with pytest.raises(WrongState):
        place.accept(order_id)
    items = [
        orders.ShipOrder(
            actor=place.seller, order_id=order_id, shipment_id=new_id(), lines=((second.id, 2),)
        ),
        orders.ShipOrder(actor=place.seller, order_id=order_id, shipment_id=new_id()),
        orders.ShipOrder(actor=place.seller, order_id=order_id, shipment_id=new_id()),
    ]
    outcomes = orders.ship(items=items)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Shipped", "Shipped", "NothingToShip"]
    assert place.view(order_id).state == "shipped"
    again = one(orders.ship(items=items[:1]))
    assert again.waybill_number == outcomes[0].waybill_number
    assert (place.stock(one_sku), place.stock(two_sku)) == ((2, 0), (3, 0))
    assert audits() == []


def test_a_refused_consignment_leaves_the_others(place: Place):
    [sku] = place.goods(5)
    place.give(1000, place.buyer_id)
    good, bad = place.to("ready", (sku, 1)), place.to("ready", (sku, 1))
    outcomes = orders.ship(
        items=[
            orders.ShipOrder(actor=place.seller, order_id=bad, shipment_id=new_id(), carrier_id=new_id()),
            orders.ShipOrder(
                actor=place.seller, order_id=good, shipment_id=new_id(), carrier_id=place.carrier_id
            ),
        ]
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["UnknownCarrier", "Shipped"]
    assert (place.view(bad).state, place.view(good).state, place.stock(sku)) == ("ready", "shipped", (4, 1))


def test_unpaid_orders_lapse_and_give_back_their_stock(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 5))
    assert orders.lapse_due() == 0
    with clock.at(clock.now() + timedelta(hours=23)):
        assert orders.lapse_due() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert orders.lapse_due() == 1
        assert orders.lapse_due() == 0
    assert (place.view(order_id).state, place.stock(sku)) == ("lapsed", (5, 0))
    place.give(500, place.buyer_id)
    with pytest.raises(WrongState):
        place.pay(order_id)
    assert place.balance(place.buyer_id) == 500


def test_shipped_orders_are_accepted_by_themselves_and_settled(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.to("shipped", (sku, 5))
    assert orders.accept_due() == 0
    arrived = clock.now() + timedelta(days=4)
    with clock.at(arrived):
        place.deliver(order_id)
        journal.pump()
        assert place.view(order_id).accept_by == arrived + timedelta(days=10)
    with clock.at(arrived + timedelta(days=10, seconds=-1)):
        assert orders.accept_due() == 0
    with clock.at(arrived + timedelta(days=10, seconds=1)):
        assert orders.accept_due() == 1
        assert orders.settle_due() == 1
    assert place.view(order_id).state == "settled"
    file = orders.evidence(actor=place.buyer, order_id=order_id)
    assert [one.envelope.body.by_itself for one in file if one.envelope.kind == "orders.accepted"] == [True]


def test_goods_on_their_way_are_not_accepted_by_themselves(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.to("ready", (sku, 5))
    [line] = place.view(order_id).lines
    place.ship(order_id, lines=((line.id, 2),))
    place.deliver(order_id)
    shipped = clock.now()
    with clock.at(shipped):
        place.ship(order_id)
    with clock.at(shipped + timedelta(days=11)):
        # The second part is still underway: nobody can have looked at it.
        assert orders.accept_due() == 0
        assert place.view(order_id).accept_by == shipped + timedelta(days=40)
    with clock.at(shipped + timedelta(days=39)):
        assert orders.accept_due() == 0
    with clock.at(shipped + timedelta(days=40, seconds=1)):
        assert orders.accept_due() == 1


def test_what_arrives_unnoticed_by_the_deadline_counts_from_its_arrival(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.to("shipped", (sku, 5))
    arrived = clock.now() + timedelta(days=9)
    with clock.at(arrived):
        place.deliver(order_id)
    # Nobody sealed the delivery yet; the act asks for itself.
    with clock.at(arrived + timedelta(days=2)):
        assert orders.accept_due() == 0
    with clock.at(arrived + timedelta(days=10, seconds=1)):
        assert orders.accept_due() == 1


@pytest.mark.parametrize("state", ["placed", "ready"])
@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_cancelling_gives_all_back(place: Place, state: str, side: str):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.place((sku, 2))
    if state == "ready":
        place.pay(order_id)
    item = orders.OnOrder(actor=getattr(place, side), order_id=order_id, reason="买错了")
    assert one(orders.cancel(items=[item])) == cny(200 if state == "ready" else 0)
    assert (place.balance(place.buyer_id), place.stock(sku), place.view(order_id).state) == (
        500,
        (5, 0),
        "cancelled",
    )
    assert audits() == []


def test_cancelling_needs_a_reason_and_unshipped_goods(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.to("ready", (sku, 2))
    assert orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=order_id)]) == [
        orders.ReasonMissing()
    ]
    place.ship(order_id)
    [outcome] = orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=order_id, reason="迟了")])
    assert isinstance(outcome, WrongState)


def test_a_hold_stops_everything(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    order_id = place.to("shipped", (sku, 2))
    with pytest.raises(orders.ReasonMissing):
        orders.hold(actor=place.authority, order_id=order_id, reason=" ")
    hold_id = orders.hold(actor=place.authority, order_id=order_id, reason="纠纷")
    with pytest.raises(orders.OrderHeld):
        place.accept(order_id)
    with clock.at(clock.now() + timedelta(days=11)):
        assert orders.accept_due() == 0
    orders.lift_hold(actor=place.authority, hold_id=hold_id, reason="和解")
    with pytest.raises(orders.HoldNotFound):
        orders.lift_hold(actor=place.authority, hold_id=hold_id, reason="再来")
    place.accept(order_id)
    hold_id = orders.hold(actor=place.authority, order_id=order_id, reason="纠纷")
    assert orders.settle_due() == 0
    orders.lift_hold(actor=place.authority, hold_id=hold_id, reason="和解")
    assert orders.settle_due() == 1
    assert audits() == []


def test_a_held_order_gets_its_time_back(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=50, hours=24)
    order_id = place.place((sku, 2), payment=terms)
    place.pay(order_id)
    start = place.view(order_id).placed_at
    holds = []
    for hour, ends in ((1, 2), (20, 30), (25, 44)):  # an earlier one, and two that overlap: 1 and 24 hours
        with clock.at(start + timedelta(hours=hour)):
            holds.append((ends, orders.hold(actor=place.authority, order_id=order_id, reason="核查")))
        if ends == 2:
            with clock.at(start + timedelta(hours=2)):
                orders.lift_hold(actor=place.authority, hold_id=holds.pop()[1], reason="无误")
    for hour, hold_id in holds:
        with clock.at(start + timedelta(hours=hour)):
            orders.lift_hold(actor=place.authority, hold_id=hold_id, reason="无误")
    assert place.view(order_id).pay_by == start + timedelta(hours=24 + 1 + 24)
    with clock.at(start + timedelta(hours=48)):
        assert orders.lapse_due() == 0
        place.pay(order_id)
    assert place.view(order_id).state == "ready"


def test_one_impossible_price_or_address_refuses_its_own_order_only(place: Place):
    [sku] = place.goods(5)
    good = place.deal((sku, 1))
    line = orders.AgreedLine(
        line_id=new_id(), sku_id=sku, title="钢卷", quantity=1, unit_price_minor=2**60, goods_minor=100
    )
    dear = place.deal(lines=(line,))
    nowhere = place.deal((sku, 1), delivery=orders.DeliveryTerms(address=replace(HOME, region_code="广州")))
    outcomes = orders.place(items=[dear, good, nowhere])
    assert [type(outcome).__name__ for outcome in outcomes] == ["BadPrice", "Placed", "AddressFlawed"]
    assert place.stock(sku) == (5, 1)


def test_personal_data_is_sealed_and_shown_to_the_parties_only(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 1), note="请放门卫")
    assert orders.address(actor=place.seller, order_id=order_id) == HOME
    with pytest.raises(orders.OrderNotFound):
        orders.address(actor=place.other, order_id=order_id)
    stored = str(sets.fetch("select address_sealed, note from orders_order")) + str(
        sets.fetch("select canonical from kernel_document")
    )
    for secret in (HOME.recipient, HOME.phone, HOME.street, "门卫"):
        assert secret not in stored


def test_lists_show_own_orders_only_and_page(place: Place):
    [sku] = place.goods(50)
    ids = [place.place((sku, 1)) for _ in range(5)]
    first = orders.orders(actor=place.buyer, side="buyer", limit=3)
    rest = orders.orders(actor=place.buyer, side="buyer", before=first[-1].id, limit=3)
    assert [view.id for view in first + rest] == ids[::-1]
    assert len(orders.orders(actor=place.seller, side="seller", states=["placed"])) == 5
    assert orders.orders(actor=place.seller, side="buyer") == []
    assert orders.orders(actor=place.other, side="buyer") == []
    number = place.view(ids[0]).number
    assert orders.order_by_number(actor=place.buyer, number=number).id == ids[0]
    with pytest.raises(orders.OrderNotFound):
        orders.order_by_number(actor=place.other, number=number)


ROLES = {
    "place": {"buyer": {parties.Role.OWNER, parties.Role.PURCHASING}},
    "pay": {"buyer": {parties.Role.OWNER, parties.Role.PURCHASING, parties.Role.FINANCE}},
    "ship": {"seller": {parties.Role.OWNER, parties.Role.SALES, parties.Role.WAREHOUSE}},
    "accept": {"buyer": {parties.Role.OWNER, parties.Role.PURCHASING, parties.Role.WAREHOUSE}},
    "cancel": {
        "buyer": {parties.Role.OWNER, parties.Role.PURCHASING},
        "seller": {parties.Role.OWNER, parties.Role.SALES},
    },
    "settle": {},
    "lapse": {},
}


@pytest.mark.parametrize("act", list(ROLES))
def test_every_act_is_refused_to_every_role_that_may_not(place: Place, act: str):
    """For each act, every role of every side: exactly those in the table above get past the check."""
    [sku] = place.goods(500)
    place.give(100_000, place.buyer_id)
    sides = {"buyer": place.buyer_id, "seller": place.seller_id, "stranger": place.other_id}
    before = {
        "pay": "placed",
        "lapse": "placed",
        "cancel": "placed",
        "ship": "ready",
        "accept": "shipped",
        "settle": "accepted",
    }
    for side, party_id in sides.items():
        for role in parties.Role:
            for scopes in (None, frozenset({"orders:write"}), frozenset({"orders:read"})):
                actor = acting_for(party_id, role, scopes=scopes)
                may = role in ROLES[act].get(side, set()) and scopes != frozenset({"orders:read"})
                if act == "place":
                    deal = place.deal((sku, 1), actor=actor)
                    [outcome] = orders.place(items=[deal])
                else:
                    state = before[act]
                    order_id = place.place((sku, 1)) if state == "placed" else place.to(state, (sku, 1))
                    [outcome] = attempt(act, actor, order_id)
                assert (
                    not isinstance(outcome, parties.NotYours | orders.NotYourOrder | orders.OtherSidesAct)
                ) == may, (
                    side,
                    role,
                    scopes,
                    outcome,
                )


def attempt(act, actor, order_id):
    if act == "pay":
        return orders.pay(items=[orders.PayOrder(actor=actor, order_id=order_id)])
    if act == "ship":
        return orders.ship(items=[orders.ShipOrder(actor=actor, order_id=order_id, shipment_id=new_id())])
    return getattr(orders, act)(items=[orders.OnOrder(actor=actor, order_id=order_id, reason="因为")])


def test_the_service_that_was_bought_is_the_one_it_goes_by(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    delivery = orders.DeliveryTerms(address=HOME, carrier_id=place.carrier_id, service="express")
    order_id = place.place((sku, 1), delivery=delivery)
    place.pay(order_id)
    shipped = place.ship(order_id)
    view = logistics.shipments(ids=[shipped.shipment_id])[shipped.shipment_id]
    assert (view.carrier_id, view.service) == (place.carrier_id, "express")


def test_a_deposit_binds_the_buyer_and_the_seller_may_release_them(place: Place):
    [sku] = place.goods(5)
    place.give(500, place.buyer_id)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=50)
    order_id = place.place((sku, 2), payment=terms)
    place.pay(order_id)
    [outcome] = orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=order_id, reason="不要了")])
    assert isinstance(outcome, orders.OtherSidesAct)
    assert (place.view(order_id).state, place.escrow(order_id)) == ("deposited", 50)
    one(orders.cancel(items=[orders.OnOrder(actor=place.seller, order_id=order_id, reason="协商解除")]))
    assert (place.view(order_id).state, place.balance(place.buyer_id)) == ("cancelled", 500)
