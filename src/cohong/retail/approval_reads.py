"""Reads of requests for approval: for those who decide, and for whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import carts, refusals
from cohong.retail.approvals import Asked, kept_lines, open_asked
from cohong.retail.shapes import AskedParcel, LineView
from cohong.retail.states import ApprovalState

_READ = "orders:read"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalView:
    """A request for approval as it stands; `requested_by` is a user, or the party itself for a token."""

    id: UUID
    state: ApprovalState
    requested_by: UUID
    reason: str
    decision: str
    requested_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    order_ids: tuple[UUID, ...]
    parcels: tuple[AskedParcel, ...]

    @property
    def totals(self) -> tuple[Money, ...]:
        """What it comes to with freight, one sum for each currency."""
        sums: dict[str, Money] = {}
        for parcel in self.parcels:
            sums[parcel.currency] = sums.get(parcel.currency, Money.zero(parcel.currency)) + parcel.total
        return tuple(sums[currency] for currency in sorted(sums))

    @property
    def open(self) -> bool:
        """Tell whether it waits for a decision."""
        return self.state is ApprovalState.REQUESTED


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalFile:
    """A request whole: with where the goods would go (masked), the invoice wanted, and its lines at today's prices by SKU."""

    view: ApprovalView
    address: Address | None
    payment: orders.PaymentTerms
    invoice: orders.InvoiceTerms | None
    now: dict[UUID, LineView]


_SELECT = (
    "select id, state, user_id, reason, decision, requested_at, expires_at, decided_at, decided_by, order_ids, sealed"
    " from retail_approval"
)


def approvals(
    *, actor: Actor, states: Sequence[str] = (), before: UUID | None = None, limit: int = 50
) -> list[ApprovalView]:
    """List requests for approval, the newest first: all of the party's for who may approve, their own for who may order.

    Raises NotYours.
    """
    parties.require(actor, actor.party_id, Role.FINANCE, Role.PURCHASING, scope=_READ)
    condition, params = ["party_id = %s"], [actor.party_id, *_own(actor)]
    if len(params) > 1:
        condition.append("user_id = %s")
    more: list[object] = []
    if states:
        condition.append("state = any(%s)")
        more.append([str(state) for state in states])
    if before is not None:
        condition.append("id < %s")
        more.append(before)
    rows = sets.fetch(
        f"{_SELECT} where {' and '.join(condition)} order by id desc limit %s",
        (*params, *more, min(limit, 201)),
    )
    return [_view(row)[0] for row in rows]


def awaiting_approval(*, actor: Actor) -> int:
    """Count the requests that the actor could decide; none for who may not."""
    if not orders.may_approve(actor):
        return 0
    [(count,)] = sets.fetch(
        "select count(*) from retail_approval where party_id = %s and state = 'requested' and user_id <> %s",
        (actor.party_id, actor.user_id),
    )
    return int(count)


def approval(*, actor: Actor, approval_id: UUID) -> ApprovalFile:
    """Return one request whole, its lines as they are now beside what was asked. Raises NotYours, NoSuchApproval."""
    parties.require(actor, actor.party_id, Role.FINANCE, Role.PURCHASING, scope=_READ)
    found = sets.fetch(f"{_SELECT} where id = %s and party_id = %s", (approval_id, actor.party_id))
    if not found or ((own := _own(actor)) and found[0][2] != own[0]):
        raise refusals.NoSuchApproval
    view, asked = _view(found[0])
    cart = carts.price(lines=kept_lines(asked))
    address = asked.wish.address
    return ApprovalFile(
        view=view,
        address=address.masked() if address is not None else None,
        payment=asked.wish.payment,
        invoice=asked.wish.invoice,
        now={line.sku_id: line for line in cart.lines},
    )


def _own(actor: Actor) -> list[UUID]:
    """Say whose requests alone the actor sees, if they do not see all of the party's."""
    return [] if actor.may(Role.FINANCE) else [carts.owner_of(actor)[1]]


def _view(row: tuple[object, ...]) -> tuple[ApprovalView, Asked]:
    (
        id_,
        state,
        user_id,
        reason,
        decision,
        requested_at,
        expires_at,
        decided_at,
        decided_by,
        order_ids,
        sealed,
    ) = row
    asked = open_asked(str(sealed))
    view = ApprovalView(
        id=id_,  # type: ignore[arg-type]
        state=ApprovalState(str(state)),
        requested_by=user_id,  # type: ignore[arg-type]
        reason=str(reason),
        decision=str(decision),
        requested_at=requested_at,  # type: ignore[arg-type]
        expires_at=expires_at,  # type: ignore[arg-type]
        decided_at=decided_at,  # type: ignore[arg-type]
        decided_by=decided_by,  # type: ignore[arg-type]
        order_ids=tuple(order_ids),  # type: ignore[arg-type]
        parcels=asked.parcels,
    )
    return view, asked
