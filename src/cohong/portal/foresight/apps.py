"""Forecasts and alarms, as a Django application."""

from django.apps import AppConfig


class ForesightConfig(AppConfig):
    """The pages of forecasts and alarms."""

    name = "cohong.portal.foresight"
    label = "portal_foresight"
