"""What two tables, or a table and the journal, both say is compared: each damage planted here is named by `cohong verify`."""

import pytest
from django.db import transaction
from portal_town import HOME, Town

from cohong.catalog import api as catalog
from cohong.catalog.import_runs import run_import
from cohong.kernel import clock, journal, parameters, privacy, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments
from cohong.portal.webhooks import services as webhooks
from cohong.retail import api as retail
from cohong.verify.audit import audit

HEADER = "listing key,category,title,currency,unit,SKU code,price,size"
FILE = f"{HEADER}\nk1,clothing.dress,导入的裙,CNY,piece,imp-s,199.00,s\n"

pytestmark = pytest.mark.django_db(transaction=True)


def found() -> dict[str, list[str]]:
    return {check.name: check.findings for check in audit() if not check.ok}


def fill(town: Town) -> None:
    """Have something for each check to look at."""
    skus = town.goods().sku_ids
    order_id = town.reviewed(skus[0])
    one(orders.settle(items=[orders.OnOrder(actor=SYSTEM, order_id=order_id)]))
    [review_id] = [row[0] for row in sets.fetch("select id from retail_review")]
    retail.answer_review(actor=town.seller, review_id=review_id, text="谢谢惠顾，欢迎再来。")
    retail.change_shop(
        actor=town.seller, seller_id=town.seller.party_id, draft=retail.ShopDraft(headline="真丝专家")
    )
    retail.put(actor=town.buyer, items=[retail.CartItem(skus[0], 1)])
    terms = orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")
    wish = retail.CheckoutWish(id=new_id(), address=HOME, invoice=terms)
    second = retail.checkout(actor=town.buyer, wish=wish).orders[0].order_id
    town.give(town.view(second).total.minor)
    one(orders.pay(items=[orders.PayOrder(actor=town.buyer, order_id=second)]))
    orders.record_invoice(
        item=orders.RecordInvoice(
            actor=town.seller, order_id=second, number="24442000000012345678", issued_on=clock.now().date()
        )
    )
    orders.send_message(
        item=orders.SendMessage(actor=town.buyer, id=new_id(), order_id=second, text="何时发货？")
    )
    dispute = orders.RaiseDispute(
        actor=town.buyer,
        id=new_id(),
        order_id=second,
        kind="not_received",
        text="没有收到",
        claimed_minor=100,
    )
    orders.raise_dispute(item=dispute)
    orders.withdraw_dispute(item=orders.OnDispute(actor=town.buyer, dispute_id=dispute.id))
    orders.offer_terms(
        actor=town.seller,
        seller_id=town.seller.party_id,
        payments=list(orders.PaymentKind),
        deliveries=[orders.DeliveryKind.SHIPMENT],
    )
    town.ask(skus[1])
    parties.set_parameter(actor=SYSTEM, name="orders.pay_hours", value=30, reason="春节")
    payments.set_fee(actor=SYSTEM, way="retail", basis_points=60)
    payments.set_rate(actor=SYSTEM, sell="HKD", buy="CNY", rate="0.92")
    import_id = catalog.check_import(
        actor=town.seller, seller_id=town.seller.party_id, file=FILE.encode(), filename="goods.csv"
    )
    catalog.start_import(actor=town.seller, import_id=import_id)
    run_import(str(import_id))
    endpoint_id, _secret = webhooks.open_endpoint(actor=town.seller, url="https://example.com/hooks")
    webhooks.send_test(actor=town.seller, endpoint_id=endpoint_id)
    journal.seal_all()
    for follower in journal.follower_names():
        while journal.follow(follower):
            pass


DAMAGES = {
    "orders: terms offered are those last stated": "update orders_offered_terms set deliveries = '{pick_up}'",
    "orders: purchase limits are those last stated": "update orders_purchase_limit set limit_minor = limit_minor + 1",
    "orders: disputes ended as their documents say": "update orders_dispute set claimed_minor = claimed_minor + 1",
    "orders: invoices bear the number last stated": "update orders_invoice set number = '24442000000012345679'",
    "orders: what was written is what was stated": "update orders_message set text = '{token}'",
    "retail: reviews say what was stated": "update retail_review set answer = '另一个回答'",
    "retail: every shop front was stated": "update retail_shop set headline = '别的'",
    "retail: approvals are sealed, stated and ordered": "update retail_approval set state = 'withdrawn', decided_at = now()",
    "retail: what was sold each day": "update retail_listing_day set quantity = quantity + 1",
    "retail: what was settled each day": "update retail_seller_day set settled = settled + 1",
    "retail: who bought from whom": "update retail_seller_buyer set last_day = last_day - 1",
    "retail: how soon goods left": "update retail_shipping_hours set hours = hours + 1",
    "parameters.stated": "update kernel_parameter set value = 31",
    "parameters.in_bounds": "update kernel_parameter set value = 1000000",
    "fees and exchange rates were stated": "update payments_fee_rate set basis_points = 61",
    "catalog.imports": "update catalog_import set made = 0",
    "webhooks.attempts_are_counted": "update portal_webhooks_delivery set attempts_made = 3",
}


def test_each_damage_is_named_and_nothing_else(town: Town):
    fill(town)
    parameters.forget()
    assert found() == {}
    token = privacy.encrypt("something else was never said")
    for name, damage in DAMAGES.items():
        with transaction.atomic():
            # Guards keep such things from happening by a slip; this looks at what would be found all the same.
            sets.run("set local session_replication_role = replica")
            assert sets.run(damage.replace("{token}", token)) > 0, name
            named = found()
            assert name in named, f"{name}: not found; {named}"
            assert len(named[name]) > 0
            allowed = {name, "parameters.stated"} if name == "parameters.in_bounds" else {name}
            assert set(named) == allowed, f"{name}: {named}"
            transaction.set_rollback(True)
    assert found() == {}
