"""The documents (电子单证) that payments issues. What concerns an order has it as its subject."""

from datetime import datetime
from uuid import UUID

from cohong.kernel.documents import Body, document
from cohong.kernel.money import Money


@document("payments.started")
class Started(Body, frozen=True, kw_only=True):
    """A movement through a provider was asked for; of an outgoing one the money is reserved from now on."""

    movement_id: UUID
    number: str
    movement_kind: str
    party_id: UUID
    order_id: UUID | None
    payment_id: UUID | None
    amount: Money
    provider: str


class _Ended(Body, frozen=True, kw_only=True):
    """What is said of every movement whose outcome is known."""

    movement_id: UUID
    number: str
    party_id: UUID
    amount: Money
    provider: str


@document("payments.received")
class Received(_Ended, frozen=True, kw_only=True):
    """Money has come in: into the order's escrow, or into the party's balance if there is no order."""

    order_id: UUID | None
    provider_ref: str
    happened_at: datetime


@document("payments.paid_out")
class PaidOut(_Ended, frozen=True, kw_only=True):
    """Money has left a party's balance for its bank account."""

    provider_ref: str
    happened_at: datetime


@document("payments.returned")
class Returned(_Ended, frozen=True, kw_only=True):
    """A payment, or a part of it, has gone back to where it came from."""

    order_id: UUID
    payment_id: UUID
    provider_ref: str
    happened_at: datetime


@document("payments.failed")
class Failed(_Ended, frozen=True, kw_only=True):
    """A movement has not happened and never will; what was reserved for it is free again."""

    movement_kind: str
    order_id: UUID | None
    payment_id: UUID | None
    reason: str


@document("payments.deposited")
class Deposited(Body, frozen=True, kw_only=True):
    """Money that came by the bank's statement was booked to a party's balance."""

    party_id: UUID
    amount: Money
    reference: UUID


@document("payments.exchanged")
class Exchanged(Body, frozen=True, kw_only=True):
    """A party has exchanged money of its balance. `rate` is what one major unit of what was sold gave."""

    exchange_id: UUID
    party_id: UUID
    sold: Money
    bought: Money
    rate: str
    rate_id: UUID


@document("payments.rate_set")
class RateSet(Body, frozen=True, kw_only=True):
    """The platform exchanges at this rate from now on."""

    rate_id: UUID
    sell: str
    buy: str
    rate: str


@document("payments.fees_set")
class FeesSet(Body, frozen=True, kw_only=True):
    """The platform takes this part of what is settled in this way of trade, from now on."""

    way: str
    basis_points: int
