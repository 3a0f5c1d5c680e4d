"""Staff and keys of a company: who adds whom, what the table of duties promises, and a secret that is shown once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from portal_town import PASSWORD, Town

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.payments import api as payments
from cohong.portal.staff.duties import duties

Browse = Callable[..., Client]


def roles_of(town: Town, username: str) -> set[str]:
    found = parties.members(actor=town.seller, party_id=town.seller.party_id)
    return {one.role.value for one in found if one.username == username}


def test_people_are_added_changed_and_let_go(town: Town, browse: Browse):
    user_id = parties.sign_up(username="rice", password=PASSWORD)
    client = browse("sun")
    client.post("/merchant/staff/add/", {"username": "Rice", "role": ["sales", "nonsense"]})
    assert roles_of(town, "rice") == {"sales"}
    client.post(f"/merchant/staff/{user_id}/roles/", {"role": ["finance", "warehouse"]})
    assert roles_of(town, "rice") == {"finance", "warehouse"}
    client.post(f"/merchant/staff/{user_id}/roles/", {"end": "1", "role": ["finance"]})
    assert roles_of(town, "rice") == set()
    page = client.get("/merchant/staff/").content.decode()
    assert "Ended roles" in page
    for form in ({"username": "nobody", "role": "sales"}, {"username": "rice"}):
        answer = client.post("/merchant/staff/add/", form, follow=True)
        assert "notice-error" in answer.content.decode()
    assert roles_of(town, "rice") == set()


def test_the_last_owner_stays(town: Town, browse: Browse):
    client = browse("sun")
    answer = client.post(f"/merchant/staff/{town.seller.user_id}/roles/", {"end": "1"}, follow=True)
    assert "notice-error" in answer.content.decode()
    assert roles_of(town, "sun") == {"owner"}


def test_only_an_owner_gives_roles_and_looks_names_up(town: Town, browse: Browse):
    user_id = parties.sign_up(username="rice", password=PASSWORD)
    parties.set_roles(
        actor=town.seller, party_id=town.seller.party_id, user_id=user_id, roles=set(Role) - {Role.OWNER}
    )
    client = browse("rice")
    assert client.get("/merchant/staff/").status_code == 200
    before = roles_of(town, "rice")
    assert client.post(f"/merchant/staff/{user_id}/roles/", {"role": "owner"}).status_code == 403
    for name in ("moon", "nobody"):
        # The answer is the same whether there is such a user or not.
        answer = client.post("/merchant/staff/add/", {"username": name, "role": "sales"})
        assert answer.status_code == 403
    assert roles_of(town, "rice") == before
    assert roles_of(town, "moon") == set()
    # Whoever owns another company changes that one's staff only.
    browse("star").post(f"/merchant/staff/{user_id}/roles/", {"end": "1"})
    assert roles_of(town, "rice") == before


TRIED: dict[str, Callable[[Town, Actor], object]] = {
    "publish": lambda _town, who: catalog.create_listings(actor=who, seller_id=who.party_id, drafts=[]),
    "stock": lambda _town, who: catalog.open_location(
        actor=who, party_id=who.party_id, name=f"仓{new_id()}"[:40], region_code="440100"
    ),
    "address": lambda town, who: logistics.addresses_of(actor=who, shipment_ids=[town.tried_shipment]),
    "money": lambda _town, who: payments.statement(actor=who, party_id=who.party_id, limit=1),
    "own": lambda _town, who: parties.tokens(actor=who),
}


def test_the_table_of_duties_says_what_is_true(town: Town):
    order_id = town.shipped(town.goods().sku_ids[0])
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    town.tried_shipment = shipment.id
    table = {duty.code: duty for duty in duties()}
    for code, act in TRIED.items():
        for role, may in table[code].cells():
            actor = Actor(party_id=town.seller.party_id, user_id=new_id(), roles=frozenset({role}))
            allowed = True
            try:
                act(town, actor)
            except (NotAllowed, NotFound):
                allowed = False
            except Refusal:
                pass
            assert allowed is may, (code, role)
    assert table["ship"].roles == set(orders.SELLER_MAY["ship"])
    assert set(table) == {
        *TRIED,
        *("ship", "cancel", "decide", "receive", "refund", "buy", "pay", "accept", "return"),
    }


# --- tokens ----------------------------------------------------------------------------------------------


def test_a_tokens_secret_is_shown_once_and_works_until_it_is_revoked(town: Town, browse: Browse):
    client = browse("sun")
    until = f"{clock.now() + timedelta(days=30):%Y-%m-%d}"
    form = {"name": "仓储系统", "scope": ["orders:read", "catalog:read"], "until": until}
    answer = client.post("/merchant/tokens/issue/", form)
    [secret] = set(re.findall(r"chg_[0-9a-f]{8}_[\w-]{43}", answer.content.decode()))
    assert "no-store" in answer["Cache-Control"]
    assert secret not in client.get("/merchant/tokens/").content.decode()
    actor = parties.actor_for_token(text=secret)
    assert (actor.party_id, actor.scopes) == (town.seller.party_id, {"orders:read", "catalog:read"})
    [view] = parties.tokens(actor=town.seller)
    assert view.expires_at is not None
    assert f"{view.expires_at + timedelta(hours=8):%H:%M}" == "00:00"
    for stranger in ("moon", "star"):
        assert browse(stranger).post(f"/merchant/tokens/{view.id}/revoke/").status_code == 404
    client.post(f"/merchant/tokens/{view.id}/revoke/")
    with pytest.raises(parties.InvalidToken):
        parties.actor_for_token(text=secret)
    assert "revoked" in client.get("/merchant/tokens/").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"name": "x"},
        {"name": "x", "scope": "gold:write"},
        {"name": "", "scope": "orders:read"},
        {"name": "x", "scope": "orders:read", "until": "2020-01-01"},
        {"name": "x", "scope": "orders:read", "until": "2026-02-31"},
        {"name": "x", "scope": "orders:read", "until": "soon"},
    ],
)
def test_what_makes_no_token_is_told_and_kept(town: Town, browse: Browse, form: dict[str, str]):
    answer = browse("sun").post("/merchant/tokens/issue/", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in html
    assert f'value="{form["name"]}"' in html
    assert parties.tokens(actor=town.seller) == []


def test_tokens_are_the_owners_alone(town: Town, browse: Browse):
    user_id = parties.sign_up(username="rice", password=PASSWORD)
    parties.set_roles(
        actor=town.seller, party_id=town.seller.party_id, user_id=user_id, roles=set(Role) - {Role.OWNER}
    )
    client = browse("rice")
    assert client.get("/merchant/tokens/").status_code == 403
    form = {"name": "x", "scope": "orders:read"}
    assert client.post("/merchant/tokens/issue/", form).status_code == 403
    assert parties.tokens(actor=town.seller) == []
