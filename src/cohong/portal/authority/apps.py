"""The authorities' and the platform's desks, as a Django application."""

from django.apps import AppConfig


class AuthorityConfig(AppConfig):
    """The authorities' and the platform's desks."""

    name = "cohong.portal.authority"
    label = "portal_authority"
