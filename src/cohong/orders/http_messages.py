"""Messages on orders over HTTP."""

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from cohong.kernel.http import idempotent
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders import schemas
from cohong.orders.http_base import actor_of, reader_of
from cohong.parties import api as parties

router = Router(tags=["orders"], auth=parties.TokenAuth())


@router.get("/{uuid:order_id}/messages", response=list[schemas.MessageOut])
def list_messages(request: HttpRequest, order_id: UUID, after: int = 0) -> Any:
    """List what was said on an order after message number `after`, the oldest first."""
    return orders.messages(actor=reader_of(request), order_id=order_id, after=max(after, 0))


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return b""  # which is no picture, and refused as such


@router.post("/{uuid:order_id}/messages", response={201: schemas.MessageOut})
@idempotent
def send_message(
    request: HttpRequest, order_id: UUID, body: schemas.MessageIn
) -> tuple[int, schemas.MessageOut]:
    """Write on an order."""
    pictures = tuple(_decoded(text) for text in body.pictures)
    item = orders.SendMessage(
        actor=actor_of(request), id=new_id(), order_id=order_id, text=body.text, pictures=pictures
    )
    number = orders.send_message(item=item)
    [sent] = orders.messages(actor=actor_of(request), order_id=order_id, after=number - 1, limit=1)
    return 201, schemas.MessageOut.model_validate(sent, from_attributes=True)


@router.post("/{uuid:order_id}/messages/read", response={204: None})
@idempotent
def read_messages(request: HttpRequest, order_id: UUID) -> tuple[int, None]:
    """Say that the acting side has read what was said on an order."""
    orders.order(actor=actor_of(request), order_id=order_id)
    orders.mark_read(actor=actor_of(request), order_id=order_id)
    return 204, None


@router.get("/messages/pictures/{uuid:picture_id}")
def get_message_picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Give a picture of a message, as WebP."""
    content = orders.message_picture(actor=reader_of(request), picture_id=picture_id)
    return HttpResponse(content, content_type="image/webp")
