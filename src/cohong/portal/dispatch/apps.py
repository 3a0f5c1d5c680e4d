"""The desk of dispatch, as a Django application."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The desk of dispatch."""

    name = "cohong.portal.dispatch"
    label = "portal_dispatch"
