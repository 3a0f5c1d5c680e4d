"""The account desk, as a Django application."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """The account desk."""

    name = "cohong.portal.account"
    label = "portal_account"

    def ready(self) -> None:
        """Declare what of an account is kept under the keys of personal data."""
        from cohong.portal.account import encrypted  # noqa: F401, PLC0415 - declared on import
