"""The data centre, as a Django application."""

from django.apps import AppConfig


class DatacentreConfig(AppConfig):
    """The data centre."""

    name = "cohong.portal.datacentre"
    label = "portal_datacentre"
