"""Logistics as a Django application."""

from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    """Carriers, tariffs, shipments, tracking, pick-up."""

    name = "cohong.logistics"
    label = "logistics"
    default_auto_field = "django.db.models.BigAutoField"
