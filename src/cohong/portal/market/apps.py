"""What everyone sees, as a Django application."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """What everyone sees."""

    name = "cohong.portal.market"
    label = "portal_market"
