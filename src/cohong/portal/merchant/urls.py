"""The seller's desk's addresses."""

from django.urls import path

from cohong.portal.merchant import editor, files, goods, pricing, reviews, shopfront, stock, today, views

urlpatterns = [
    path("merchant/", today.merchant, name="merchant"),
    path("merchant/goods/", goods.goods, name="goods"),
    path("merchant/goods/offer/", goods.offer, name="offer"),
    path("merchant/goods/prices/", pricing.goods_prices, name="goods_prices"),
    path("merchant/goods/export/", files.export_goods, name="export_goods"),
    path("merchant/goods/new/", editor.new_listing, name="new_listing"),
    path("merchant/goods/preview/", editor.preview_listing, name="preview_listing"),
    path("merchant/goods/<uuid:listing_id>/", editor.edit_listing, name="edit_listing"),
    path("merchant/goods/<uuid:listing_id>/pictures/", editor.pictures, name="pictures"),
    path("merchant/stock/", stock.stock, name="stock"),
    path("merchant/stock/change/", stock.change_stock, name="change_stock"),
    path("merchant/stock/file/", files.stock_file, name="stock_file"),
    path("merchant/stock/sheet/", files.count_sheet, name="count_sheet"),
    path("merchant/stock/<uuid:sku_id>/", stock.movements, name="movements"),
    path("merchant/locations/", stock.locations, name="locations"),
    path("merchant/locations/change/", stock.on_location, name="on_location"),
    path("merchant/imports/", files.imports, name="imports"),
    path("merchant/imports/template/", files.import_template, name="import_template"),
    path("merchant/imports/<uuid:import_id>/", files.import_page, name="import"),
    path("merchant/imports/<uuid:import_id>/start/", files.start_import, name="start_import"),
    path("merchant/shop/", shopfront.shop_front, name="shop_front"),
    path("merchant/terms/", shopfront.trade_terms, name="trade_terms"),
    path("merchant/reviews/", reviews.own_reviews, name="own_reviews"),
    path("merchant/orders/", views.sales, name="sales"),
    path("merchant/orders/<uuid:order_id>/", views.sale, name="sale"),
    path("merchant/orders/<uuid:order_id>/ship/", views.ship, name="ship"),
    path("merchant/orders/<uuid:order_id>/address/", views.address, name="address"),
    path("merchant/shipments/<uuid:shipment_id>/hand-over/", views.hand_over, name="hand_over"),
    path("merchant/returns/<uuid:return_id>/<str:act>/", views.on_return, name="on_return"),
]
