"""The seller's desk, as a Django application."""

from django.apps import AppConfig


class MerchantConfig(AppConfig):
    """The seller's desk."""

    name = "cohong.portal.merchant"
    label = "portal_merchant"
