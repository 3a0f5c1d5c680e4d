"""The kernel as a Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Journal, sealed log, idempotency keys."""

    name = "cohong.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
