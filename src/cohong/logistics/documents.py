"""The documents that logistics issues. Their subject is the order; none holds personal data."""

from datetime import datetime
from uuid import UUID

from cohong.kernel.documents import Body, document


@document("logistics.tracked")
class Tracked(Body, frozen=True, kw_only=True):
    """Something was reported of a shipment; `state` is how far it has come then."""

    shipment_id: UUID
    waybill_number: str
    event_id: UUID
    event: str
    at: datetime
    region_code: str
    state: str


@document("logistics.delivered")
class Delivered(Body, frozen=True, kw_only=True):
    """A shipment has reached its consignee."""

    shipment_id: UUID
    waybill_number: str
    event_id: UUID
    delivered_at: datetime
    region_code: str


@document("logistics.collected")
class Collected(Body, frozen=True, kw_only=True):
    """Goods were handed over against their pick-up code."""

    shipment_id: UUID
    waybill_number: str
    event_id: UUID
    collected_at: datetime
