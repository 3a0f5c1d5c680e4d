"""The bulletins, as a Django application."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """The monthly bulletins."""

    name = "cohong.portal.bulletins"
    label = "portal_bulletins"
