"""The desk of direct reporting, as a Django application."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The desk of direct reporting."""

    name = "cohong.portal.reporting"
    label = "portal_reporting"
