"""Orders as a Django application."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The order and its life."""

    name = "cohong.orders"
    label = "orders"

    def ready(self) -> None:
        """Declare what orders do when they read the journal, and what of them can be changed."""
        from cohong.orders import encrypted, followers, parameters  # noqa: F401, PLC0415 - declared on import
