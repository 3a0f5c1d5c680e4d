"""Payments as a Django application."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The ledger, escrow, providers, payouts, exchange."""

    name = "cohong.payments"
    label = "payments"
