"""Statistics as a Django application."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Trade facts, reporting units and their reports, indicators, observations, forecasts."""

    name = "cohong.statistics"
    label = "statistics"

    def ready(self) -> None:
        """Declare what statistics follows in the journal, and the documents that it issues."""
        from cohong.statistics import followers  # noqa: F401, PLC0415 - declared on import
        from cohong.statistics.targets import documents as targets  # noqa: F401, PLC0415
        from cohong.statistics.units import followers as units  # noqa: F401, PLC0415
        from cohong.statistics.warning import documents as alarms  # noqa: F401, PLC0415
