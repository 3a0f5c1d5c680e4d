"""The company's purchasing, as a Django application."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    """The company's purchasing."""

    name = "cohong.portal.company"
    label = "portal_company"
