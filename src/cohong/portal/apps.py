"""The portal as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages."""

    name = "cohong.portal"
    label = "portal"
