"""The catalog as a Django application."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Categories, listings, pictures, stock."""

    name = "cohong.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Declare what of it the platform may change, and what it does when it reads the journal."""
        from cohong.catalog import followers, parameters  # noqa: F401, PLC0415 - declared on import
