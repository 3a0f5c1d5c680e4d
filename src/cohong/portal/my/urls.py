"""The buyer's desk's addresses."""

from django.urls import path

from cohong.portal.my import buying, cart

urlpatterns = [
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add_to_cart, name="add_to_cart"),
    path("cart/prices/", cart.agree_prices, name="agree_prices"),
    path("cart/<uuid:sku_id>/", cart.set_quantity, name="set_quantity"),
    path("cart/<uuid:sku_id>/remove/", cart.remove_line, name="remove_line"),
    path("checkout/", cart.checkout, name="checkout"),
    path("checkout/<uuid:checkout_id>/pay/", buying.pay_checkout, name="pay_checkout"),
    path("orders/", buying.my_orders, name="orders"),
    path("orders/<uuid:order_id>/", buying.order, name="order"),
    path("orders/<uuid:order_id>/pay/", buying.pay, name="pay"),
    path("orders/<uuid:order_id>/accept/", buying.accept, name="accept"),
    path("orders/<uuid:order_id>/cancel/", buying.cancel, name="cancel"),
    path("orders/<uuid:order_id>/return/", buying.request_return, name="request_return"),
    path("orders/<uuid:order_id>/documents/<uuid:document_id>/", buying.document, name="document"),
    path(
        "orders/<uuid:order_id>/documents/<uuid:document_id>/canonical/", buying.canonical, name="canonical"
    ),
    path("returns/<uuid:return_id>/withdraw/", buying.withdraw_return, name="withdraw_return"),
    path("shipments/<uuid:shipment_id>/code/", buying.pick_up_code, name="pick_up_code"),
]
