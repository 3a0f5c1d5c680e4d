"""Statistics as a Django application."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Trade facts, reporting units and their reports, indicators, observations, forecasts."""

    name = "cohong.statistics"
    label = "statistics"
