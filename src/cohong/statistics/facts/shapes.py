"""What a fact holds: the columns of the two tables of facts.

*Trade* has a row for each line of each order that was paid in full, and negative ones for what went back, each at its own
date. *Steps* has a row for each step of an order, with how long it took.

Ids are positions of the journal: `position` that of the document a fact comes from, `trade` that of the order's first
document, `buyer` and `seller` that of their registration. They are small, unique, the same after a rebuild, and lead to the
evidence. Facts that were taken over have negative ones: `position` names the act that took them over, the others are
whatever their origin counted by. A row of theirs may stand for many orders.
"""

from enum import StrEnum
from functools import cache
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Table(StrEnum):
    """The tables of facts."""

    TRADE = "trade"
    STEPS = "steps"


class Fact(StrEnum):
    """Why a row of trade is there. `EXCLUDED` takes a sale out again that was found to be none; `RESTORED` puts it back."""

    SALE = "sale"
    REFUND = "refund"
    EXCLUDED = "excluded"
    RESTORED = "restored"


class Step(StrEnum):
    """What happened to an order. `seconds` of each counts from the step named beside it, of all `orders` of the row together."""

    PLACED = "placed"
    PAID = "paid"  # from placed
    SHIPPED = "shipped"  # whole, from paid
    DELIVERED = "delivered"  # from shipped
    ACCEPTED = "accepted"  # from shipped
    SETTLED = "settled"  # from paid
    CANCELLED = "cancelled"  # from placed
    LAPSED = "lapsed"  # from placed
    RETURN_WANTED = "return_wanted"  # from shipped
    DISPUTED = "disputed"  # from shipped
    PAYMENT_MADE = "payment_made"
    PAYMENT_FAILED = "payment_failed"


class Origin(TextChoices):
    """Where facts come from that do not come from the journal."""

    GENERATED = "generated", pgettext_lazy("facts", "Generated for demonstration")
    OLDER_SYSTEM = "older_system", pgettext_lazy("facts", "Taken over from an older system")


class Form(StrEnum):
    """Who trades with whom: businesses (B) and persons (C), seller first."""

    B2B = "b2b"
    B2C = "b2c"
    C2B = "c2b"
    C2C = "c2c"


#: Column, its Arrow type. Text columns hold few different values, and are kept as dictionaries in the files.
_WHO: Final = (
    ("day", "date32"),
    ("position", "int64"),
    ("trade", "int64"),
    ("way", "text"),
    ("form", "text"),
    ("seller", "int64"),
    ("buyer", "int64"),
    ("seller_region", "text"),
    ("buyer_region", "text"),
    ("cross_border", "bool"),
    ("channel", "text"),
    ("industry", "text"),
    ("market", "text"),
    ("currency", "text"),
)
COLUMNS: Final[dict[Table, tuple[tuple[str, str], ...]]] = {
    Table.TRADE: (
        *_WHO,
        ("line", "int32"),
        ("fact", "text"),
        ("category", "text"),
        ("service", "bool"),
        # 1 on an order's first line (-1 when it is taken out), so that orders are counted by a sum.
        ("orders", "int32"),
        ("quantity", "int64"),
        # Paid for the line with tax, freight and discount, in minor units of `currency`, and of the region's currency.
        ("minor", "int64"),
        ("base", "int64"),
        ("goods_minor", "int64"),
        ("freight_minor", "int64"),
    ),
    Table.STEPS: (
        *_WHO,
        ("step", "text"),
        ("orders", "int32"),
        ("seconds", "int64"),
        ("minor", "int64"),
        ("base", "int64"),
    ),
}


@cache
def schema(table: Table) -> Any:
    """Return a table's Arrow schema."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    types = {
        "date32": pa.date32(),
        "int64": pa.int64(),
        "int32": pa.int32(),
        "bool": pa.bool_(),
        "text": pa.string(),
    }
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS[table]])
