"""The cart: lines across sellers, priced anew at each look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from retail_street import Street, cny

from cohong.catalog import api as catalog
from cohong.kernel import parameters
from cohong.kernel.errors import BadInput
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import api as retail
from cohong.retail import rules


def test_lines_of_several_sellers_and_currencies_fall_into_parcels(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    coat = street.goods(street.anna, "大衣", currency="USD", tiers=((1, 4550),))
    street.put((dress, 10), (skirt, 1))
    street.put((coat, 2))
    view = street.look()
    assert [
        (parcel.seller_id, parcel.currency, parcel.goods, parcel.weight_grams) for parcel in view.parcels
    ] == [
        (street.anna.party_id, "CNY", cny(9000), 4000),
        (street.bella.party_id, "CNY", cny(1000), 400),
        (street.anna.party_id, "USD", Money(9100, "USD"), 800),
    ]
    assert view.goods == (cny(10000), Money(9100, "USD"))
    assert view.ready
    assert retail.count(actor=street.buyer) == 3


def test_putting_sets_and_adding_adds(street: Street):
    dress = street.goods(street.anna, "裙")
    street.put((dress, 3))
    street.put((dress, 4))
    retail.add(actor=street.buyer, items=[retail.CartItem(dress, 5), retail.CartItem(dress, 1)])
    [line] = street.look().lines
    # ten of them: the second tier
    assert (line.quantity, line.unit_price, line.goods) == (10, cny(900), cny(9000))
    street.put((dress, 0))
    assert street.look().lines == ()
    with pytest.raises(retail.NoSuchLine):
        retail.remove(actor=street.buyer, sku_id=dress)


def test_a_changed_price_is_flagged_until_it_is_agreed_to(street: Street):
    dress = street.goods(street.anna, "裙")
    street.put((dress, 2))
    street.reprice(street.anna, dress, 1250)
    [line] = street.look().lines
    assert (line.price_changed, line.agreed_price, line.unit_price) == (True, cny(1000), cny(1250))
    assert not street.look().ready
    with pytest.raises(retail.PriceChanged) as refused:
        street.checkout()
    assert refused.value.params == {"title": "裙", "sku": str(dress), "was": cny(1000), "now": cny(1250)}
    retail.agree_prices(actor=street.buyer)
    assert street.look().ready
    assert street.checkout().orders[0].total == cny(2500 + 1200)


def test_what_is_short_or_gone_is_flagged(street: Street):
    dress, skirt = street.goods(street.anna, "裙", stock=3), street.goods(street.bella, "半裙")
    street.put((dress, 4), (skirt, 1))
    catalog.withdraw(actor=street.bella, listing_ids=[catalog.skus(ids=[skirt])[skirt].listing_id])
    view = street.look()
    [short], [gone] = view.parcels[0].lines, view.unpriced
    assert short.problem == retail.StockShort(title="裙", sku=str(dress), wanted=4, available=3)
    assert (gone.title, gone.problem.code, gone.unit_price) == ("半裙", "ListingNotPublished", None)
    assert not view.ready


def test_what_makes_no_sense_is_refused_and_changes_nothing(street: Street):
    dress = street.goods(street.anna, "裙", min_order=2, multiple=2)
    street.put((dress, 2))
    for items, refusal in (
        ([(dress, 1)], catalog.BelowMinimum),
        ([(dress, 3)], catalog.NotMultiple),
        ([(dress, 4), (new_id(), 1)], catalog.NoSuchSku),
    ):
        with pytest.raises(refusal):
            street.put(*items)
    for quantity in (-2, True, 1.5, 10**13):
        with pytest.raises(BadInput) as refused:
            street.put((dress, quantity))
        assert refused.value.code == "NotAWholeNumber"
    with pytest.raises(orders.OwnGoods):
        street.put((dress, 2), actor=street.anna)
    [line] = street.look().lines
    assert line.quantity == 2


def test_a_cart_has_an_end(street: Street, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parameters, "value", lambda _: 1)
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    street.put((dress, 1))
    with pytest.raises(retail.CartFull):
        street.put((skirt, 1))
    assert retail.count(actor=street.buyer) == 1


def test_each_user_and_party_has_its_own_cart(street: Street):
    dress = street.goods(street.anna, "裙")
    street.put((dress, 1))
    colleague = Actor(party_id=street.buyer.party_id, user_id=new_id(), roles=frozenset({Role.PURCHASING}))
    token = Actor(
        party_id=street.buyer.party_id,
        roles=frozenset({Role.OWNER}),
        scopes=frozenset({"orders:read", "orders:write"}),
    )
    assert [retail.count(actor=one) for one in (street.buyer, colleague, token, street.other)] == [1, 0, 0, 0]


@pytest.mark.parametrize("role", [Role.SALES, Role.FINANCE, Role.WAREHOUSE, Role.SERVICE])
def test_only_purchasing_fills_a_cart(street: Street, role: Role):
    dress = street.goods(street.anna, "裙")
    actor = Actor(party_id=street.buyer.party_id, user_id=street.buyer.user_id, roles=frozenset({role}))
    wish = retail.CheckoutWish(id=new_id())
    for act in (
        lambda: retail.put(actor=actor, items=[retail.CartItem(dress, 1)]),
        lambda: retail.add(actor=actor, items=[retail.CartItem(dress, 1)]),
        lambda: retail.remove(actor=actor, sku_id=dress),
        lambda: retail.agree_prices(actor=actor),
        lambda: retail.checkout(actor=actor, wish=wish),
    ):
        with pytest.raises(parties.NotYours):
            act()


def test_a_look_takes_a_fixed_number_of_statements(street: Street, statements: list[str]):
    for number in range(12):
        street.put((street.goods(street.anna if number % 2 else street.bella, f"裙{number}"), 1))
    statements.clear()
    view = street.look(region_code="440300")
    assert len(statements) == 5
    assert len(view.lines) == 12


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10**6), st.integers(0, 10**6)), max_size=20))
def test_parcels_lose_nothing(lines: list[tuple[int, int, int]]):
    sellers = [new_id() for _ in range(4)]
    views = [
        retail.LineView(
            sku_id=new_id(),
            listing_id=None,
            seller_id=sellers[seller],
            title="",
            sku_code="",
            unit="",
            quantity=quantity,
            unit_price=cny(price),
            agreed_price=cny(price),
            available=quantity,
            weight_grams=1,
            added_at=None,
        )
        for seller, quantity, price in lines
    ]
    parcels, unpriced = rules.parcels(views)
    assert unpriced == ()
    assert sum(parcel.goods.minor for parcel in parcels) == sum(
        quantity * price for _, quantity, price in lines
    )
    assert sorted(line.sku_id for parcel in parcels for line in parcel.lines) == sorted(
        view.sku_id for view in views
    )
    assert len({parcel.seller_id for parcel in parcels}) == len(parcels)
