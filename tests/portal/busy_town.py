"""A town in which something has happened for every page to show; and where each page is."""

import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from PIL import Image
from portal_town import HOME, Town

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.portal.notices.mailing import token_for
from cohong.portal.webhooks import services as webhooks
from cohong.retail import api as retail


def picture() -> bytes:
    """Draw a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Trades:
    """What was traded: one listing, and orders of it in several states."""

    listing_id: UUID
    sku_ids: tuple[UUID, ...]
    order_id: UUID
    accepted: UUID
    checkout_id: UUID
    unpaid: UUID
    paid_checkout: UUID
    asked: UUID
    dispute: UUID
    shown_picture: UUID
    document: UUID


def addresses(town: Town) -> dict[str, str]:
    """Build something for every page to show, and say where each is."""
    trades = _trade(town)
    return {
        **_of_the_market(town, trades),
        **_of_the_account(town),
        **_of_the_buyer(town, trades),
        **_of_the_company(trades),
        **_of_the_seller(town, trades),
        **_of_the_sellers_books(town),
        "design": "/design/",
    }


# --- what has happened ------------------------------------------------------------------------------------


def _trade(town: Town) -> Trades:
    ids = town.goods()
    for number in range(6):
        town.goods(f"半裙{number}")
    first = ids.sku_ids[0]
    order_id = town.shipped(first, 3)
    for _ in range(3):
        town.paid(first, 2)
    town.shipped(first, 1, pick_up=True)
    dispute = _quarrel(town, order_id, town.shipped(first, 2))
    shown = _talk(town, order_id)
    accepted = town.reviewed(first)
    journal.pump()
    retail.put(actor=town.buyer, items=[retail.CartItem(first, 1)])
    made = retail.checkout(actor=town.buyer, wish=retail.CheckoutWish(id=new_id()))
    retail.put(actor=town.buyer, items=[retail.CartItem(sku_id, 2) for sku_id in ids.sku_ids])
    document = orders.evidence(actor=town.buyer, order_id=order_id)[1].envelope.id
    paid_checkout = town.done_checkout()
    return Trades(
        listing_id=ids.listing_id,
        sku_ids=tuple(ids.sku_ids),
        order_id=order_id,
        accepted=accepted,
        checkout_id=made.id,
        unpaid=made.orders[0].order_id,
        paid_checkout=paid_checkout,
        asked=town.ask(first),
        dispute=dispute,
        shown_picture=shown,
        document=document,
    )


def _quarrel(town: Town, order_id: UUID, disputed: UUID) -> UUID:
    """Ask for one order's goods to go back, and raise a dispute on another."""
    line = orders.ReturnedLine(line_id=town.view(order_id).lines[0].id, quantity=1)
    orders.request_return(
        item=orders.RequestReturn(
            actor=town.buyer, id=new_id(), order_id=order_id, reason="破损", lines=(line,)
        )
    )
    item = orders.RaiseDispute(
        actor=town.buyer, id=new_id(), order_id=disputed, kind="damaged", text="破损", claimed_minor=100
    )
    return orders.raise_dispute(item=item).dispute_id


def _talk(town: Town, order_id: UUID) -> UUID:
    """Let the seller write and show something; return the picture."""
    for number in range(3):
        message = orders.SendMessage(
            actor=town.seller, id=new_id(), order_id=order_id, text=f"今天发货{number}", pictures=(picture(),)
        )
        orders.send_message(item=message)
    return orders.messages(actor=town.buyer, order_id=order_id)[0].pictures[0].id


# --- where it is shown ------------------------------------------------------------------------------------


def _of_the_market(town: Town, trades: Trades) -> dict[str, str]:
    seller, listing = f"/sellers/{town.seller.party_id}/", f"/listings/{trades.listing_id}/"
    return {
        "home": "/",
        "traded": "/traded/",
        "search": "/search/?q=裙",
        "hall": "/halls/clothing/",
        "category": "/categories/clothing.dress/",
        "market": f"/markets/{town.market_id}/",
        "seller": seller,
        "seller_reviews": f"{seller}reviews/",
        "listing": listing,
        "listing_reviews": f"{listing}reviews/",
        "compare": "/compare/",
        "review": f"/orders/{trades.accepted}/review/",
    }


def _of_the_account(town: Town) -> dict[str, str]:
    return {
        "sign_in": "/sign-in/",
        "choose_party": "/acting-for/",
        "account": "/account/",
        "welcome": "/account/welcome/",
        "register_person": "/account/person/",
        "register_company": "/account/company/",
        "my_parties": "/account/parties/",
        "close_account": "/account/close/",
        "notices": "/notices/",
        "notices_wishes": "/notices/settings/",
        "notices_no_mail": f"/notices/no-mail/{token_for(town.buyer.user_id)}/",
    }


def _of_the_buyer(town: Town, trades: Trades) -> dict[str, str]:
    saved = logistics.save_address(actor=town.buyer, address=HOME)
    order, unpaid = f"/orders/{trades.order_id}/", f"/orders/{trades.unpaid}/"
    return {
        "my_home": "/my/",
        "favourites": "/my/favourites/",
        "cart": "/cart/",
        "checkout": "/checkout/",
        "orders": "/orders/",
        "order": order,
        "order_print": f"{order}print/",
        "evidence": f"{order}evidence/",
        "messages": f"{order}messages/",
        "raise_dispute": f"{order}dispute/",
        "request_return": f"{order}return/",
        "document": f"{order}documents/{trades.document}/",
        "canonical": f"{order}documents/{trades.document}/canonical/",
        "paid": f"{order}paid/",
        "pay": f"{unpaid}pay/",
        "pay_at_bank": f"{unpaid}pay/bank/",
        "pay_checkout": f"/checkout/{trades.checkout_id}/pay/",
        "paid_checkout": f"/checkout/{trades.paid_checkout}/paid/",
        "inbox": "/messages/",
        "message_picture": f"/messages/pictures/{trades.shown_picture}/",
        "disputes": "/disputes/",
        "dispute": f"/disputes/{trades.dispute}/",
        "addresses": "/addresses/",
        "edit_address": f"/addresses/{saved}/",
    }


def _of_the_company(trades: Trades) -> dict[str, str]:
    return {
        "company": "/company/",
        "approvals": "/company/approvals/",
        "approval": f"/company/approvals/{trades.asked}/",
        "spending": "/company/spending/",
        "spending_table": "/company/spending/table/",
    }


def _of_the_seller(town: Town, trades: Trades) -> dict[str, str]:
    [shipment] = logistics.shipments_of(order_ids=[trades.order_id])[trades.order_id]
    import_id = catalog.check_import(
        actor=town.seller,
        seller_id=town.seller.party_id,
        file=catalog.export_listings(actor=town.seller, seller_id=town.seller.party_id),
        filename="goods.xlsx",
    )
    return {
        "merchant": "/merchant/",
        "sales": "/merchant/orders/?tab=all",
        "sale": f"/merchant/orders/{trades.order_id}/",
        "sales_inbox": "/merchant/messages/",
        "sales_disputes": "/merchant/disputes/",
        "own_reviews": "/merchant/reviews/",
        "goods": "/merchant/goods/",
        "goods_prices": f"/merchant/goods/prices/?listing={trades.listing_id}",
        "new_listing": "/merchant/goods/new/?category=clothing.dress",
        "edit_listing": f"/merchant/goods/{trades.listing_id}/",
        "pictures": f"/merchant/goods/{trades.listing_id}/pictures/",
        "stock": "/merchant/stock/",
        "stock_file": "/merchant/stock/file/",
        "movements": f"/merchant/stock/{trades.sku_ids[0]}/",
        "locations": "/merchant/locations/",
        "imports": "/merchant/imports/",
        "import": f"/merchant/imports/{import_id}/",
        "shop_front": "/merchant/shop/",
        "trade_terms": "/merchant/terms/",
        "to_ship": "/merchant/ship/?q=裙&region=440000",
        "sent": f"/merchant/ship/sent/?shipment={shipment.id}",
        "counter": "/merchant/counter/",
        "returns_desk": "/merchant/returns/",
        "exports": "/merchant/exports/",
    }


def _of_the_sellers_books(town: Town) -> dict[str, str]:
    """The seller's money, people, keys, and what its systems are told."""
    seller_id = town.seller.party_id
    webhook_id, _ = webhooks.open_endpoint(actor=town.seller, url="https://9.9.9.9/")
    webhooks.send_test(actor=town.seller, endpoint_id=webhook_id)
    parties.issue_token(actor=town.seller, name="仓储系统", scopes=["orders:read"])
    top_up = payments.start_top_up(actor=town.seller, party_id=seller_id, amount=Money(100, "CNY"))
    item = payments.Deposit(party_id=seller_id, amount=Money(100, "CNY"), reference=new_id())
    payments.deposit(actor=parties.SYSTEM, items=[item])
    return {
        "balance": "/merchant/balance/",
        "movement": f"/merchant/balance/movements/{top_up.id}/",
        "statements": "/merchant/statements/",
        "statement": f"/merchant/statements/CNY/{clock.now() + timedelta(hours=8):%Y-%m}/",
        "staff": "/merchant/staff/",
        "tokens": "/merchant/tokens/",
        "webhooks": "/merchant/webhooks/",
        "webhook": f"/merchant/webhooks/{webhook_id}/",
    }
