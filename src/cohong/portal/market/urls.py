"""The market's addresses."""

from django.urls import path

from cohong.portal.market import comparing, home, keeping, listing, lists, reviews, sellers

urlpatterns = [
    path("", home.home, name="home"),
    path("traded/", home.traded, name="traded"),
    path("search/", lists.search, name="search"),
    path("search/suggestions/", lists.suggestions, name="suggestions"),
    path("halls/<str:code>/", lists.hall, name="hall"),
    path("categories/<str:code>/", lists.category, name="category"),
    path("markets/<uuid:market_id>/", lists.market, name="market"),
    path("sellers/<uuid:party_id>/", sellers.seller, name="seller"),
    path("sellers/<uuid:party_id>/reviews/", reviews.seller_reviews, name="seller_reviews"),
    path("listings/<uuid:listing_id>/", listing.listing, name="listing"),
    path("listings/<uuid:listing_id>/reckon/", listing.reckon, name="reckon"),
    path("listings/<uuid:listing_id>/reviews/", reviews.listing_reviews, name="listing_reviews"),
    path("listings/<uuid:listing_id>/code.svg", listing.listing_code, name="listing_code"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/<uuid:listing_id>/", comparing.set_compared, name="set_compared"),
    path("region/", keeping.choose_region, name="choose_region"),
    path("favourites/<str:kind>/<uuid:thing_id>/", keeping.set_favourite, name="set_favourite"),
    path("orders/<uuid:order_id>/review/", reviews.review, name="review"),
    path("reviews/<uuid:review_id>/<str:act>/", reviews.on_review, name="on_review"),
]
