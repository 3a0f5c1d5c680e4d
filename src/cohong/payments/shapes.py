"""What payments tells others: frozen structs, no model instances."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohong.kernel.money import Money
from cohong.payments.kinds import Mode, TransferKind
from cohong.payments.states import MovementKind, MovementState


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A movement through a provider: a payment, a top-up, a payout or a return.

    `pay_url` and `qr_text` are there once the provider has given them. `failure` is a code, empty unless it
    failed. `bank_account` is masked.
    """

    id: UUID
    kind: MovementKind
    number: str
    state: MovementState
    party_id: UUID
    order_id: UUID | None
    payment_id: UUID | None
    amount: Money
    provider: str
    pay_url: str
    qr_text: str
    failure: str
    bank_account: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a party's statement: `amount` is above zero for what came in and below for what went out.

    `mode` tells whether it moved (posted, post), was reserved (pending) or let go again (void).
    """

    id: UUID
    at: datetime
    kind: TransferKind
    mode: Mode
    amount: Money
    reference: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """Something that a provider said and that was not acted upon."""

    id: UUID
    provider: str
    movement_id: UUID
    what: str
    told: str
    at: datetime
