"""Logistics as a Django application."""

from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    """Carriers, tariffs, shipments, tracking, pick-up."""

    name = "cohong.logistics"
    label = "logistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare what of logistics is found by keyed indexes."""
        from cohong.logistics import encrypted  # noqa: F401, PLC0415 - declared on import
