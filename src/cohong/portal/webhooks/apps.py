"""Webhooks, as a Django application."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks."""

    name = "cohong.portal.webhooks"
    label = "portal_webhooks"

    def ready(self) -> None:
        """Declare what webhooks do when they read the journal."""
        from cohong.portal.webhooks import followers  # noqa: F401, PLC0415 - declared on import
