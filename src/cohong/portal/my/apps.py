"""The buyer's desk, as a Django application."""

from django.apps import AppConfig


class MyConfig(AppConfig):
    """The buyer's desk."""

    name = "cohong.portal.my"
    label = "portal_my"
