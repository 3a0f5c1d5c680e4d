"""Parties as a Django application."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """People, organisations, roles, markets, regions, industries."""

    name = "cohong.parties"
    label = "parties"

    def ready(self) -> None:
        """Declare what of parties is found by keyed indexes."""
        from cohong.parties import encrypted  # noqa: F401, PLC0415 - declared on import
