"""Webhooks' addresses."""

from django.urls import path

from cohong.portal.webhooks import views

urlpatterns = [
    path("merchant/webhooks/", views.webhooks, name="webhooks"),
    path("merchant/webhooks/open/", views.open_endpoint, name="webhook_open"),
    path("merchant/webhooks/<uuid:endpoint_id>/", views.webhook, name="webhook"),
    path("merchant/webhooks/<uuid:endpoint_id>/change/", views.change, name="webhook_change"),
    path("merchant/webhooks/<uuid:endpoint_id>/rotate/", views.rotate, name="webhook_rotate"),
    path(
        "merchant/webhooks/<uuid:endpoint_id>/deliveries/<int:delivery_id>/",
        views.redeliver,
        name="webhook_redeliver",
    ),
    path("merchant/webhooks/<uuid:endpoint_id>/do/<str:act>/", views.act, name="webhook_act"),
]
