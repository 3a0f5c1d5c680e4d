"""The desk of settlement, as a Django application."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """The desk of settlement."""

    name = "cohong.portal.settlement"
    label = "portal_settlement"
