"""Retail as a Django application."""

from django.apps import AppConfig


class RetailConfig(AppConfig):
    """Carts and checkouts."""

    name = "cohong.retail"
    label = "retail"
