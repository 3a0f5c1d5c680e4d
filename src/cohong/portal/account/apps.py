"""The account desk, as a Django application."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """The account desk."""

    name = "cohong.portal.account"
    label = "portal_account"
