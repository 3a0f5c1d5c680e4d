"""The living page's address."""

from django.urls import path

from cohong.portal.design import views, web_app

urlpatterns = [
    path("design/", views.design, name="design"),
    path("app/<str:language>.webmanifest", web_app.manifest, name="manifest"),
    path("offline/<str:language>/", web_app.offline, name="offline"),
    path("service-worker.js", web_app.service_worker, name="service_worker"),
]
