"""Disputes over HTTP."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from cohong.kernel.http import Page, decode_cursor, idempotent, page
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders import schemas
from cohong.orders.http_base import actor_of, reader_of
from cohong.parties import api as parties

router = Router(tags=["orders"], auth=parties.TokenAuth())


def _dispute(request: HttpRequest, dispute_id: UUID) -> schemas.DisputeOut:
    found = orders.dispute(actor=actor_of(request), dispute_id=dispute_id)
    return schemas.DisputeOut.model_validate(found, from_attributes=True)


@router.get("/disputes", response=Page[schemas.DisputeOut])
def list_disputes(request: HttpRequest, query: Query[schemas.DisputeFilter]) -> dict[str, Any]:
    """List disputes, newest first."""
    found = orders.disputes(
        actor=reader_of(request),
        side=query.side,
        states=[state.value for state in query.state],
        before=decode_cursor(query.cursor),
        limit=query.limit + 1,
    )
    items, following = page(found, limit=query.limit, id_of=lambda view: view.id)
    return {"items": items, "next": following}


@router.post("/{uuid:order_id}/disputes", response={201: schemas.DisputeOut})
@idempotent
def raise_dispute(
    request: HttpRequest, order_id: UUID, body: schemas.DisputeIn
) -> tuple[int, schemas.DisputeOut]:
    """Dispute an order that is paid and not settled; it stands still from then on."""
    item = orders.RaiseDispute(
        actor=actor_of(request),
        id=new_id(),
        order_id=order_id,
        kind=body.kind.value,
        text=body.text,
        claimed_minor=body.claimed_minor,
    )
    raised = orders.raise_dispute(item=item)
    return 201, _dispute(request, raised.dispute_id)


@router.get("/disputes/{uuid:dispute_id}", response=schemas.DisputeOut)
def get_dispute(request: HttpRequest, dispute_id: UUID) -> Any:
    """Show one dispute with what the parties wrote."""
    return orders.dispute(actor=reader_of(request), dispute_id=dispute_id)


@router.post("/disputes/{uuid:dispute_id}/answer", response=schemas.DisputeOut)
@idempotent
def answer_dispute(request: HttpRequest, dispute_id: UUID, body: schemas.TextIn) -> schemas.DisputeOut:
    """Answer a dispute, as the seller."""
    orders.answer_dispute(
        item=orders.OnDispute(actor=actor_of(request), dispute_id=dispute_id, text=body.text)
    )
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/withdraw", response=schemas.DisputeOut)
@idempotent
def withdraw_dispute(request: HttpRequest, dispute_id: UUID) -> schemas.DisputeOut:
    """Let a dispute go, as the buyer."""
    orders.withdraw_dispute(item=orders.OnDispute(actor=actor_of(request), dispute_id=dispute_id))
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/decision", response=schemas.DisputeOut)
@idempotent
def decide_dispute(request: HttpRequest, dispute_id: UUID, body: schemas.DecisionIn) -> schemas.DisputeOut:
    """Decide a dispute, as an authority."""
    item = orders.OnDispute(actor=actor_of(request), dispute_id=dispute_id, text=body.reason)
    orders.decide_dispute(item=item, refund_minor=body.refund_minor)
    return _dispute(request, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/{act}", response=schemas.DisputeOut)
@idempotent
def settle_dispute(
    request: HttpRequest, dispute_id: UUID, act: Literal["offer", "agree"], body: schemas.SumIn
) -> schemas.DisputeOut:
    """Offer a sum, or agree to the one that the other side has offered."""
    perform = orders.offer_in_dispute if act == "offer" else orders.agree_in_dispute
    item = orders.OnDispute(actor=actor_of(request), dispute_id=dispute_id)
    perform(item=item, amount_minor=body.amount_minor)
    return _dispute(request, dispute_id)
