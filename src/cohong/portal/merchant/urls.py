"""The seller's desk's addresses."""

from django.urls import path

from cohong.portal.merchant import goods, today, views

urlpatterns = [
    path("merchant/", today.merchant, name="merchant"),
    path("merchant/goods/", goods.goods, name="goods"),
    path("merchant/goods/offer/", goods.offer, name="offer"),
    path("merchant/orders/", views.sales, name="sales"),
    path("merchant/orders/<uuid:order_id>/", views.sale, name="sale"),
    path("merchant/orders/<uuid:order_id>/ship/", views.ship, name="ship"),
    path("merchant/orders/<uuid:order_id>/address/", views.address, name="address"),
    path("merchant/shipments/<uuid:shipment_id>/hand-over/", views.hand_over, name="hand_over"),
    path("merchant/returns/<uuid:return_id>/<str:act>/", views.on_return, name="on_return"),
]
