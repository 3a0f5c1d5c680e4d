"""The bulletins' addresses."""

from django.urls import path

from cohong.portal.bulletins import views

urlpatterns = [
    path("data/bulletins/", views.bulletins, name="data_bulletins"),
    path(
        "data/bulletins/<int:release>/<str:period>/<str:language>.pdf",
        views.bulletin_file,
        name="data_bulletin_file",
    ),
]
