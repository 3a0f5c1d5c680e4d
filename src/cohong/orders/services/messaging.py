"""Messages on an order between its buyer's and its seller's people, and in a dispute the authority's."""

from base64 import b64encode
from hashlib import sha256
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, privacy, sets
from cohong.kernel.ids import new_id
from cohong.orders import documents, refusals, rules
from cohong.orders.messages import has_mandate, side_of
from cohong.orders.rows import OrderRow, issue, lock_orders, write_orders
from cohong.orders.states import MessageSide
from cohong.orders.terms import SendMessage
from cohong.parties.api import Actor, Mandate, require_mandate

_TEXT_MOST = 2_000


@sets.act
def send_message(*, item: SendMessage) -> int:
    """Write on an order; return the message's number on it. An id that was used before gets its number again.

    Raises OrderNotFound, NotAllowed kinds (MessagesClosed for an authority where no dispute is open), EmptyMessage, BadText,
    TooManyPictures, WritingTooFast, and catalog's NotAPicture, FileTooLarge, PictureSizeWrong.
    """
    if len(item.pictures) > rules.MOST_PICTURES:
        raise refusals.TooManyPictures(most=rules.MOST_PICTURES)
    text = rules.plain_text(item.text, name="text", most=_TEXT_MOST, least=0)
    if not text and not item.pictures:
        raise refusals.EmptyMessage
    _check_rate(item.actor)
    # Drawing takes a while; the order is locked only when the pictures are known to be good ones.
    pictures = [catalog.render_picture(content) for content in item.pictures]
    order = lock_orders([item.order_id]).get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    side = _side(item.actor, order)
    if before := sets.fetch(
        "select number from orders_message where id = %s and order_id = %s", (item.id, order.id)
    ):
        return int(before[0][0])
    number = _count(order, side)
    _write(item, side, number, text)
    _keep_pictures(item.id, pictures)
    body = documents.MessageSent(
        order=order.number,
        message=item.id,
        side=side.value,
        text_sha256=sha256(text.encode()).hexdigest(),
        pictures_sha256=[sha256(drawn.large).hexdigest() for drawn in pictures],
    )
    issue([(order, item.actor.party_id, body)])
    write_orders([order])
    return number


def _check_rate(actor: Actor) -> None:
    for most, period in rules.MESSAGE_RATES:
        [(count,)] = sets.fetch(
            "select count(*) from orders_message where party_id = %s and sent_at > %s"
            " and user_id is not distinct from %s",
            (actor.party_id, clock.now() - period, actor.user_id),
        )
        if count >= most and not actor.is_system:
            raise refusals.WritingTooFast


def _side(actor: Actor, order: OrderRow) -> MessageSide:
    """Say for which side the actor writes. Raises refusals for whoever may not."""
    side = side_of(actor, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if side is not None:
        rules.check_may(actor, "message", buyer_id=order.buyer_id, seller_id=order.seller_id)
        return side
    if not has_mandate(actor):
        raise refusals.OrderNotFound
    require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="orders:write")
    if not sets.fetch(
        "select 1 from orders_dispute where order_id = %s and ended_at is null limit 1", (order.id,)
    ):
        raise refusals.MessagesClosed
    return MessageSide.AUTHORITY


def _count(order: OrderRow, side: MessageSide) -> int:
    """Count one more message on a locked order: unread for the others, read by its own side; return its number."""
    awaits = {MessageSide.BUYER: "seller", MessageSide.SELLER: "buyer"}.get(side, "")
    by_buyer, by_seller = side is MessageSide.BUYER, side is MessageSide.SELLER
    now = clock.now()
    [(number,)] = sets.fetch(
        "insert into orders_thread as t (order_id, buyer_id, seller_id, messages, buyer_read, seller_read, buyer_unread,"
        " seller_unread, awaits, moved, moved_at) values (%(order)s, %(buyer)s, %(seller)s, 1, %(by_buyer)s::int,"
        " %(by_seller)s::int, 1 - %(by_buyer)s::int, 1 - %(by_seller)s::int, %(awaits)s, %(moved)s, %(now)s)"
        " on conflict (order_id) do update set messages = t.messages + 1,"
        # Whoever answers has read what was said.
        " buyer_read = case when %(by_buyer)s then t.messages + 1 else t.buyer_read end,"
        " seller_read = case when %(by_seller)s then t.messages + 1 else t.seller_read end,"
        " buyer_unread = case when %(by_buyer)s then 0 else t.buyer_unread + 1 end,"
        " seller_unread = case when %(by_seller)s then 0 else t.seller_unread + 1 end,"
        " awaits = case when %(awaits)s = '' then t.awaits else %(awaits)s end,"
        " moved = %(moved)s, moved_at = %(now)s returning messages",
        {  # type: ignore[arg-type]
            "order": order.id,
            "buyer": order.buyer_id,
            "seller": order.seller_id,
            "awaits": awaits,
            "by_buyer": by_buyer,
            "by_seller": by_seller,
            "moved": new_id(),
            "now": now,
        },
    )
    return int(number)


def _write(item: SendMessage, side: MessageSide, number: int, text: str) -> None:
    sets.insert(
        "orders_message",
        ("id", "order_id", "number", "side", "party_id", "user_id", "text", "sent_at"),
        [
            (
                *(item.id, item.order_id, number, side.value, item.actor.party_id, item.actor.user_id),
                *(privacy.encrypt(text), clock.now()),
            )
        ],
    )


def _keep_pictures(message_id: UUID, pictures: list[catalog.Rendered]) -> None:
    if not pictures:
        return
    sets.insert(
        "orders_message_picture",
        ("id", "message_id", "position", "large", "small", "width", "height"),
        [
            (
                *(new_id(), message_id, position),
                *(privacy.encrypt(b64encode(content).decode()) for content in (drawn.large, drawn.small)),
                *(drawn.width, drawn.height),
            )
            for position, drawn in enumerate(pictures)
        ],
    )


@sets.act
def mark_read(*, actor: Actor, order_id: UUID) -> None:
    """Say that the acting side has read all that was said on an order. Whoever is neither side leaves no mark."""
    for side in ("buyer", "seller"):
        sets.run(
            f"update orders_thread set {side}_read = messages, {side}_unread = 0"
            f" where order_id = %s and {side}_id = %s and {side}_unread > 0",
            (order_id, actor.party_id),
        )
