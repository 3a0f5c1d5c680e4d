"""The data centre's addresses."""

from django.urls import path

from cohong.portal.datacentre import (
    desk,
    vega,
    views_indicators,
    views_live,
    views_multiples,
    views_overview,
    views_places,
    views_plan,
    views_releases,
)

urlpatterns = [
    path("data/", views_overview.overview, name="data"),
    path("data/figures/", desk.switch_figures, name="data_figures"),
    path("data/places/", views_places.places, name="data_places"),
    path("data/side-by-side/", views_multiples.multiples, name="data_multiples"),
    path("data/cities/<str:code>/", views_places.city, name="data_city"),
    path("data/industries/<str:code>/", views_places.industry, name="data_industry"),
    path("data/markets/<str:code>/", views_places.market, name="data_market"),
    path("data/plan/", views_plan.plan, name="data_plan"),
    path("data/today/", views_live.today, name="data_today"),
    path("data/indicators/", views_indicators.indicators, name="data_indicators"),
    path("data/indicators/<str:code>/", views_indicators.indicator, name="data_indicator"),
    path("data/releases/", views_releases.releases, name="data_releases"),
    path("data/releases/publish/", views_releases.publish, name="data_publish"),
    path("data/orders/", views_live.orders_behind, name="data_orders"),
    path("data/charts/<str:code>/", vega.chart, name="data_chart"),
    path("data/vega.js", vega.script, name="data_vega"),
]
