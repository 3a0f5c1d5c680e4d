"""The desk of staff, as a Django application."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The desk of staff."""

    name = "cohong.portal.staff"
    label = "portal_staff"
