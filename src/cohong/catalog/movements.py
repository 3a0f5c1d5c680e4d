"""The record of what moved: every change of stock is written here once, by its reference."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from cohong.catalog.models import MovementKind
from cohong.kernel import clock, sets

_COLUMNS = (
    *("reference", "part", "kind", "sku_id", "location_id", "quantity"),
    *("line_id", "reason", "by_party", "by_user", "made_at"),
)


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One change at one location; `quantity` is signed."""

    reference: UUID
    part: int
    kind: MovementKind
    sku_id: UUID
    location_id: UUID
    quantity: int
    line_id: UUID | None = None
    reason: str = ""
    by_party: UUID | None = None
    by_user: UUID | None = None


class Booked(msgspec.Struct, frozen=True):
    """What one reference stands for; the quantity is unsigned and summed over the locations it reached.

    `at` is what tells two uses apart: (SKU, location) of a receipt or write-off, (line,) of a shipment or
    return.
    """

    kind: str
    at: tuple[UUID, ...]
    quantity: int


def booked(references: Sequence[UUID]) -> dict[UUID, Booked]:
    """Look up what was booked under these references. Ask only once the stock rows are locked."""
    return {
        reference: Booked(kind, (line_id,) if line_id else (sku_id, location_id), int(quantity))
        for reference, kind, sku_id, location_id, line_id, quantity in sets.fetch(
            "select reference, min(kind), (array_agg(sku_id))[1], (array_agg(location_id))[1],"
            " (array_agg(line_id))[1], abs(sum(quantity))::bigint"
            " from catalog_stock_movement where reference = any(%s) group by reference",
            (list(references),),
        )
    }


def record(movements: Sequence[Movement]) -> None:
    """Write movements down, in one COPY."""
    made_at = clock.now()
    if movements:
        sets.insert(
            "catalog_stock_movement",
            _COLUMNS,
            [
                (
                    *(one.reference, one.part, one.kind.value, one.sku_id, one.location_id, one.quantity),
                    *(one.line_id, one.reason, one.by_party, one.by_user, made_at),
                )
                for one in movements
            ],
        )
