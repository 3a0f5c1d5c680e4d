"""The frame and the parts that every page is made of, as a Django application."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The frame and the parts that every page is made of."""

    name = "cohong.portal.design"
    label = "portal_design"
