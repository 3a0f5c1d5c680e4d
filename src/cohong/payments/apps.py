"""Payments as a Django application."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The ledger, escrow, providers, payouts, exchange."""

    name = "cohong.payments"
    label = "payments"

    def ready(self) -> None:
        """Declare what of it the platform may change."""
        from cohong.payments import parameters  # noqa: F401, PLC0415 - declared on import
