"""The kernel as a Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Journal, sealed log, idempotency keys."""

    name = "cohong.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start without a key for personal data, rather than at the first address."""
        from cohong.kernel import privacy  # noqa: PLC0415 - fields need a ready registry

        privacy.check_keys()
