"""The kernel as a Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Journal, sealed log, idempotency keys."""

    name = "cohong.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the directory of documents; refuse to start without a key for personal data, not at the first address."""
        from cohong.kernel import directory, privacy  # noqa: F401, PLC0415 - fields need a ready registry

        privacy.check_keys()
