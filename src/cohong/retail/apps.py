"""Retail as a Django application."""

from django.apps import AppConfig


class RetailConfig(AppConfig):
    """Carts and checkouts, reviews, favourites, shop fronts, standings."""

    name = "cohong.retail"
    label = "retail"

    def ready(self) -> None:
        """Declare what retail follows in the journal, and what of it the platform may change."""
        from cohong.retail import encrypted, followers, parameters  # noqa: F401, PLC0415 - declared on import
