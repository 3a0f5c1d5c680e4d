"""Everything that the house keeps encrypted comes under a new key, and works without the old one."""

import io
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from PIL import Image
from portal_town import HOME, Town

from cohong.cli.main import main
from cohong.kernel import clock, privacy, rotation, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.portal.webhooks import services as webhooks
from cohong.retail import api as retail

NEW = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE="
RESIDENT = "11010519491231002X"
TERMS = orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")


def fill(town: Town) -> UUID:
    """Have something in every encrypted column."""
    skus = town.goods().sku_ids
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "PNG")
    parties.change_details(
        actor=town.buyer,
        party_id=town.buyer.party_id,
        legal_representative="陈小明",
        phone="13812345678",
        address="南山区海德三道 15 号",
    )
    parties.register_person(user_id=None, name="陈小明", phone="13812345678", resident_id=RESIDENT)
    logistics.save_address(actor=town.buyer, address=HOME)
    orders.save_invoice_profile(actor=town.buyer, terms=TERMS)
    retail.put(actor=town.buyer, items=[retail.CartItem(skus[0], 1)])
    wish = retail.CheckoutWish(id=new_id(), address=HOME, note="轻放", invoice=TERMS)
    order_id = retail.checkout(actor=town.buyer, wish=wish).orders[0].order_id
    town.give(town.view(order_id).total.minor)
    one(orders.pay(items=[orders.PayOrder(actor=town.buyer, order_id=order_id)]))
    one(orders.ship(items=[orders.ShipOrder(actor=town.seller, order_id=order_id, shipment_id=new_id())]))
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    event = logistics.TrackingEvent(
        id=new_id(), waybill_number=shipment.waybill_number, kind="picked_up", at=clock.now(), note="李四收件"
    )
    one(logistics.record_events(actor=town.carrier, items=[event]))
    orders.send_message(
        item=orders.SendMessage(
            actor=town.buyer, id=new_id(), order_id=order_id, text="何时到？", pictures=(picture.getvalue(),)
        )
    )
    orders.raise_dispute(
        item=orders.RaiseDispute(
            actor=town.buyer,
            id=new_id(),
            order_id=order_id,
            kind="not_received",
            text="没有收到",
            claimed_minor=100,
        )
    )
    town.shipped(skus[0], pick_up=True)
    webhooks.open_endpoint(actor=town.seller, url="https://example.com/hooks")
    Authenticator.objects.create(
        user_id=town.buyer.user_id, type="totp", data={"secret": privacy.encrypt("TOTPSECRET")}
    )
    town.give(10_000)
    payments.withdraw(
        actor=town.buyer,
        party_id=town.buyer.party_id,
        amount=Money(100, "CNY"),
        bank_account=payments.BankAccount(
            holder="深圳商行", number="6222020000000012345", bank_code="102100099996"
        ),
    )
    sets.run(
        "insert into kernel_idempotency_key (owner, key, request_digest, status, content_type, answer, made_at)"
        " values (%s, 'k', 'd', 200, 'text/plain', %s, now())",
        (town.buyer.party_id, privacy.encrypt("answer").encode()),
    )
    town.ask(skus[1])
    return order_id


def counted(place: int) -> dict[str, int]:
    return {one.table: one.under.get(place, 0) for one in rotation.survey()}


def test_all_that_is_kept_works_under_the_new_key_alone(
    town: Town, settings: Any, capsys: pytest.CaptureFixture[str]
):
    order_id = fill(town)
    before = counted(0)
    assert min(before.values()) > 0, "a table whose encrypted columns this test does not fill"
    settings.COHONG_DATA_KEYS = [NEW, *settings.COHONG_DATA_KEYS]
    rotation.reencrypt()
    assert counted(0) == before
    assert sum(one.behind + one.unreadable for one in rotation.survey()) == 0

    settings.COHONG_DATA_KEYS = [NEW]
    assert main(["verify"]) == 0, capsys.readouterr().out
    assert [message.text for message in orders.messages(actor=town.seller, order_id=order_id)] == ["何时到？"]
    [factor] = Authenticator.objects.all()
    assert privacy.decrypt(factor.data["secret"]) == "TOTPSECRET"
    # What is found by a keyed index is found still: the same is kept once.
    logistics.save_address(actor=town.buyer, address=HOME)
    assert len(logistics.addresses(actor=town.buyer)) == 1
    orders.save_invoice_profile(actor=town.buyer, terms=TERMS)
    assert len(orders.invoice_profiles(actor=town.buyer)) == 1
    with pytest.raises(parties.AlreadyRegistered):
        parties.register_person(user_id=None, name="陈小明", phone="13812345679", resident_id=RESIDENT)
