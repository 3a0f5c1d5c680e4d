"""The catalog as a Django application."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Categories, listings, pictures, stock."""

    name = "cohong.catalog"
    label = "catalog"
