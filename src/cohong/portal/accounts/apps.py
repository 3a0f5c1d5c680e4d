"""The desk of accounts, as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The desk of accounts."""

    name = "cohong.portal.accounts"
    label = "portal_accounts"
