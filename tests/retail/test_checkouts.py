"""Checkout: a cart becomes orders, all of them or none, once."""

import threading
from dataclasses import replace

import pytest
from django.db import connection
from retail_street import HOME, Street, cny

from cohong.catalog import api as catalog
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.retail import api as retail


def test_a_cart_of_two_sellers_becomes_two_orders_to_the_fen(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 12), (skirt, 3))
    done = street.checkout(note="请发新货")
    first, second = (orders.order(actor=street.buyer, order_id=one.order_id) for one in done.orders)
    # 12 x 9.00 and 4.8 kg from Guangzhou: 12.00 + 8 x 3.00; 3 x 10.00 and 1.2 kg from Foshan: 8.00 + 3.00
    assert (first.goods, first.freight, first.total) == (cny(10800), cny(3600), cny(14400))
    assert (second.goods, second.freight, second.total) == (cny(3000), cny(1100), cny(4100))
    assert [one.total for one in done.orders] == [cny(14400), cny(4100)]
    assert (first.seller_id, second.seller_id) == (street.anna.party_id, street.bella.party_id)
    assert (first.way, first.state, first.delivery) == ("retail", "placed", "shipment")
    assert orders.address(actor=street.buyer, order_id=first.id) == HOME
    assert (street.stock(dress), street.stock(skirt)) == ((100, 12), (100, 3))
    assert retail.count(actor=street.buyer) == 0
    assert retail.outcome(actor=street.buyer, checkout_id=done.id) == done


def test_what_is_short_is_named_and_nothing_is_placed(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙", stock=2)
    street.put((dress, 1), (skirt, 3))
    with pytest.raises(retail.StockShort) as refused:
        street.checkout()
    assert refused.value.code == "StockShort"
    assert refused.value.params == {"title": "半裙", "sku": str(skirt), "wanted": 3, "available": 2}
    assert street.orders() == []
    assert (street.stock(dress), street.stock(skirt)) == ((100, 0), (2, 0))
    assert retail.count(actor=street.buyer) == 2


def test_what_went_short_at_the_last_moment_is_named_too(street: Street, monkeypatch: pytest.MonkeyPatch):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙", stock=2)
    street.put((dress, 1), (skirt, 3))
    # As if the look at the stock had come just before somebody else's order.
    monkeypatch.setattr("cohong.retail.checkouts._check_lines", lambda _: None)
    with pytest.raises(retail.StockShort) as refused:
        street.checkout()
    assert refused.value.params == {"title": "半裙", "sku": str(skirt), "wanted": 3, "available": 2}
    assert street.orders() == []
    assert street.stock(dress) == (100, 0)


def test_a_line_that_cannot_be_ordered_is_named(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 1), (skirt, 1))
    listing_id = catalog.skus(ids=[skirt])[skirt].listing_id
    catalog.withdraw(actor=street.bella, listing_ids=[listing_id])
    with pytest.raises(retail.LineNotOrderable) as refused:
        street.checkout()
    assert (refused.value.params["title"], refused.value.params["problem"]) == ("半裙", "ListingNotPublished")
    assert street.orders() == []


def test_a_restricted_seller_stops_the_whole_checkout(street: Street):
    street.put((street.goods(street.anna, "裙"), 1), (street.goods(street.bella, "半裙"), 1))
    parties.restrict(
        actor=parties.SYSTEM,
        party_id=street.bella.party_id,
        restriction=parties.Restriction.TRADE,
        reason="查处中",
    )
    with pytest.raises(orders.TradeRestricted):
        street.checkout()
    assert street.orders() == []
    assert retail.count(actor=street.buyer) == 2


def test_the_same_checkout_is_made_once(street: Street):
    dress = street.goods(street.anna, "裙")
    street.put((dress, 2))
    wish = {"id": new_id(), "note": "一"}
    first = street.checkout(**wish)
    street.put((dress, 5))
    assert street.checkout(**wish) == first
    assert len(street.orders()) == 1
    assert retail.count(actor=street.buyer) == 1
    with pytest.raises(retail.CheckoutReused):
        street.checkout(**{**wish, "note": "二"})
    with pytest.raises(retail.CheckoutReused):
        street.checkout(**wish, address=replace_street("别处"))
    with pytest.raises(retail.CheckoutReused):
        retail.checkout(actor=street.other, wish=retail.CheckoutWish(address=HOME, **wish))
    with pytest.raises(retail.NoSuchCheckout):
        retail.outcome(actor=street.other, checkout_id=first.id)


def replace_street(text: str) -> logistics.Address:
    return logistics.Address(HOME.recipient, HOME.phone, HOME.region_code, text, HOME.postcode)


def test_an_empty_cart_is_not_checked_out(street: Street):
    with pytest.raises(retail.CartEmpty):
        street.checkout()


def test_the_chosen_delivery_is_the_one_that_is_paid(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 1), (skirt, 1))
    offers = street.look(region_code="440300").parcels[0].offers
    assert [(one.kind.value, one.carrier_id, one.service, one.price) for one in offers] == [
        ("shipment", street.carrier.party_id, "express", cny(1200)),
        ("pick_up", None, "", cny(0)),
    ]
    pick_up = retail.DeliveryChoice(
        seller_id=street.anna.party_id, currency="CNY", kind=orders.DeliveryKind.PICK_UP
    )
    express = retail.DeliveryChoice(
        seller_id=street.bella.party_id, currency="CNY", carrier_id=street.carrier.party_id, service="express"
    )
    for choices, refusal in (
        ((pick_up, pick_up), retail.DeliveryTwice),
        ((replace(express, service="city"),), retail.NotOffered),
        ((replace(express, carrier_id=None, service=""),), retail.NotOffered),
    ):
        with pytest.raises(refusal):
            street.checkout(delivery=choices)
    done = street.checkout(delivery=(pick_up, express))
    assert [one.total for one in done.orders] == [cny(1000), cny(1800)]
    delivered = {view.id: view.delivery for view in street.orders()}
    assert [delivered[one.order_id] for one in done.orders] == ["pick_up", "shipment"]


def test_goods_that_no_tariff_covers_are_the_sellers_to_bring(street: Street):
    abroad = street.goods(street.anna, "大衣", currency="USD", tiers=((1, 4550),))
    ticket = street.goods(street.bella, "参观券", weight_grams=0)
    street.put((abroad, 1), (ticket, 1))
    for parcel in street.look(region_code="440300").parcels:
        assert [(one.kind.value, one.carrier_id, one.price.minor) for one in parcel.offers] == [
            ("shipment", None, 0),
            ("pick_up", None, 0),
        ]
    done = street.checkout()
    assert [one.total for one in done.orders] == [Money(4550, "USD"), cny(1000)]


def test_without_an_address_everything_is_picked_up(street: Street):
    street.put((street.goods(street.anna, "裙"), 1))
    done = street.checkout(address=None)
    view = orders.order(actor=street.buyer, order_id=done.orders[0].order_id)
    assert (view.delivery, view.total) == ("pick_up", cny(1000))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipient": " "}, "AddressFlawed"),
        ({"street": "长" * 301}, "AddressFlawed"),
        ({"region_code": "999999"}, "RegionUnknown"),
        ({"phone": "12"}, "PhoneInvalid"),
    ],
)
def test_an_address_that_no_carrier_could_take_is_refused(street: Street, change: dict[str, str], code: str):
    street.put((street.goods(street.anna, "裙"), 1))
    given = {name: getattr(HOME, name) for name in HOME.__struct_fields__}
    with pytest.raises(Refusal) as refused:
        street.checkout(address=logistics.Address(**{**given, **change}))
    assert refused.value.code == code
    assert street.orders() == []


def test_a_total_that_moved_is_refused(street: Street):
    street.put((street.goods(street.anna, "裙"), 1))
    street.tariff(first_minor=1300)
    with pytest.raises(retail.TotalChanged) as refused:
        street.checkout(expected=(cny(2200),))
    assert refused.value.params == {"was": cny(2200), "now": cny(2300)}
    with pytest.raises(retail.TotalChanged):
        street.checkout(expected=(cny(2300), Money(1, "USD")))
    assert street.checkout(expected=(cny(2300),)).orders[0].total == cny(2300)


def test_a_deposit_must_fit_and_spoils_nothing_if_not(street: Street):
    street.put((street.goods(street.anna, "裙"), 1))
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=500)
    with pytest.raises(orders.TermsNotOffered):  # its seller never said that deposits will do
        street.checkout(payment=terms)
    orders.offer_terms(
        actor=street.anna,
        seller_id=street.anna.party_id,
        payments=orders.PaymentKind,
        deliveries=orders.DeliveryKind,
    )
    with pytest.raises(orders.BadDeposit):
        street.checkout(payment=orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=9_999))
    done = street.checkout(payment=terms)
    assert orders.order(actor=street.buyer, order_id=done.orders[0].order_id).due == cny(500)


def test_impatient_buyers_order_once(street: Street):
    dress = street.goods(street.anna, "裙")
    street.put((dress, 2))
    wish = retail.CheckoutWish(id=new_id(), address=HOME)
    results: list[object] = []

    def press() -> None:
        try:
            results.append(retail.checkout(actor=street.buyer, wish=wish))
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(8)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(results) == 8
    assert len(set(results)) == 1
    assert len(street.orders()) == 1
    assert street.stock(dress) == (100, 2)


def test_a_checkout_is_never_rewritten(street: Street):
    street.put((street.goods(street.anna, "裙"), 1))
    street.checkout()
    with pytest.raises(Exception, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute("update retail_checkout set asked = ''")
