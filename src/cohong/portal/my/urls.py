"""The buyer's desk's addresses."""

from django.urls import path

from cohong.portal.my import addresses, cart, checkout, disputes, home, messages, order, paying, returning
from cohong.portal.my import orders as my_orders

urlpatterns = [
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add_to_cart, name="add_to_cart"),
    path("cart/prices/", cart.agree_prices, name="agree_prices"),
    path("cart/pick/", cart.pick, name="pick"),
    path("cart/<uuid:sku_id>/", cart.set_quantity, name="set_quantity"),
    path("cart/<uuid:sku_id>/remove/", cart.remove_line, name="remove_line"),
    path("cart/<uuid:sku_id>/later/", cart.save_for_later, name="save_for_later"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/<uuid:checkout_id>/pay/", paying.pay_checkout, name="pay_checkout"),
    path("checkout/<uuid:checkout_id>/paid/", paying.paid_checkout, name="paid_checkout"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/<uuid:address_id>/", addresses.edit_address, name="edit_address"),
    path("addresses/<uuid:address_id>/act/", addresses.on_address, name="on_address"),
    path("my/", home.home, name="my_home"),
    path("my/favourites/", home.favourites, name="favourites"),
    path("orders/", my_orders.my_orders, name="orders"),
    path("orders/<uuid:order_id>/", order.order, name="order"),
    path("orders/<uuid:order_id>/pay/", paying.pay, name="pay"),
    path("orders/<uuid:order_id>/pay/bank/", paying.pay_at_bank, name="pay_at_bank"),
    path("orders/<uuid:order_id>/paid/", paying.paid, name="paid"),
    path("orders/<uuid:order_id>/accept/", order.accept, name="accept"),
    path("orders/<uuid:order_id>/cancel/", order.cancel, name="cancel"),
    path("orders/<uuid:order_id>/close-short/", order.close_short, name="close_short"),
    path("orders/<uuid:order_id>/again/", order.buy_again, name="buy_again"),
    path("orders/<uuid:order_id>/print/", order.printed, name="order_print"),
    path("orders/<uuid:order_id>/evidence/", order.evidence, name="evidence"),
    path("orders/<uuid:order_id>/return/", returning.request_return, name="request_return"),
    path("orders/<uuid:order_id>/dispute/", disputes.raise_dispute, name="raise_dispute"),
    path("orders/<uuid:order_id>/messages/", messages.thread, name="messages"),
    path("orders/<uuid:order_id>/documents/<uuid:document_id>/", order.document, name="document"),
    path("orders/<uuid:order_id>/documents/<uuid:document_id>/canonical/", order.canonical, name="canonical"),
    path("returns/<uuid:return_id>/withdraw/", returning.withdraw_return, name="withdraw_return"),
    path("disputes/", disputes.my_disputes, name="disputes"),
    path("disputes/<uuid:dispute_id>/", disputes.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/<str:act>/", disputes.on_dispute, name="on_dispute"),
    path("messages/", messages.inbox, name="inbox"),
    path("messages/pictures/<uuid:picture_id>/", messages.picture, name="message_picture"),
    path("merchant/messages/", messages.sales_inbox, name="sales_inbox"),
    path("shipments/<uuid:shipment_id>/code/", order.pick_up_code, name="pick_up_code"),
]
