"""Notices, as a Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Who is told what."""

    name = "cohong.portal.notices"
    label = "portal_notices"

    def ready(self) -> None:
        """Declare what notices do when they read the journal."""
        from cohong.portal.notices import followers  # noqa: F401, PLC0415 - declared on import
