"""The research desk, as a Django application."""

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """The research desk."""

    name = "cohong.portal.research"
    label = "portal_research"
