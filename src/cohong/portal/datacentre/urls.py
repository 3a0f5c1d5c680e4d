"""The data centre's addresses."""

from django.urls import path

from cohong.portal.datacentre import desk, views_overview

urlpatterns = [
    path("data/", views_overview.overview, name="data"),
    path("data/figures/", desk.switch_figures, name="data_figures"),
]
