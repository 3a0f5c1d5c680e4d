"""Returns over HTTP."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from cohong.kernel.http import idempotent
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders import schemas
from cohong.orders.http_base import actor_of, reader_of
from cohong.parties import api as parties
from cohong.parties.api import Actor

router = Router(tags=["orders"], auth=parties.TokenAuth())


@router.get("/{uuid:order_id}/returns", response=list[schemas.ReturnOut])
def list_returns(request: HttpRequest, order_id: UUID) -> list[dict[str, Any]]:
    """List the order's returns."""
    return _returns(reader_of(request), order_id)


@router.post("/{uuid:order_id}/returns", response={201: schemas.ReturnOut})
@idempotent
def request_return(
    request: HttpRequest, order_id: UUID, body: schemas.ReturnIn
) -> tuple[int, schemas.ReturnOut]:
    """Ask for money back, with the goods or without."""
    item = orders.RequestReturn(
        actor=actor_of(request),
        id=new_id(),
        order_id=order_id,
        lines=tuple(
            orders.ReturnedLine(line_id=line.line_id, quantity=line.quantity, amount_minor=line.amount_minor)
            for line in body.lines
        ),
        goods_back=body.goods_back,
        reason=body.reason,
    )
    requested = orders.request_return(item=item)
    return 201, _return(request, order_id, requested.return_id)


_ACTS = {
    "approve": orders.approve_return,
    "reject": orders.reject_return,
    "withdraw": orders.withdraw_return,
    "receive": orders.receive_return,
    "refund": orders.refund,
}


@router.post("/returns/{uuid:return_id}/{act}", response=schemas.ReturnOut)
@idempotent
def act_on_return(
    request: HttpRequest,
    return_id: UUID,
    act: Literal["approve", "reject", "withdraw", "receive", "refund"],
    body: schemas.ReasonIn,
) -> schemas.ReturnOut:
    """Approve, reject, withdraw, receive or refund a return."""
    _ACTS[act](item=orders.OnReturn(actor=actor_of(request), return_id=return_id, reason=body.reason))
    return _return(request, orders.order_of_return(return_id=return_id), return_id)


def _return(request: HttpRequest, order_id: UUID, return_id: UUID) -> schemas.ReturnOut:
    [found] = [view for view in _returns(actor_of(request), order_id) if view["id"] == return_id]
    return schemas.ReturnOut.model_validate(found, from_attributes=True)


def _returns(actor: Actor, order_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(view, name) for name in schemas.ReturnOut.model_fields if name != "lines"},
            "lines": [
                {"line_id": line_id, "quantity": quantity, "amount": amount}
                for line_id, quantity, amount in view.lines
            ],
        }
        for view in orders.returns(actor=actor, order_id=order_id)
    ]
