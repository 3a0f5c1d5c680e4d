"""Parties as a Django application."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """People, organisations, roles, markets, regions, industries."""

    name = "cohong.parties"
    label = "parties"
