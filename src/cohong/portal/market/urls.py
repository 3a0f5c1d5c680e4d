"""The market's addresses."""

from django.urls import path

from cohong.portal.market import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("halls/<str:code>/", views.hall, name="hall"),
    path("categories/<str:code>/", views.category, name="category"),
    path("markets/<uuid:market_id>/", views.market, name="market"),
    path("sellers/<uuid:party_id>/", views.seller, name="seller"),
    path("listings/<uuid:listing_id>/", views.listing, name="listing"),
]
