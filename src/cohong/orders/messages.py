"""Reads of messages: an order's thread, a side's inbox, what is unread and what waits for an answer."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cohong.kernel import privacy, sets
from cohong.orders import refusals, rules
from cohong.orders.states import MessageSide
from cohong.parties.api import Actor, Mandate, record_looks

_DECIDES = frozenset({Mandate.PLATFORM, Mandate.SUPERVISION})
MAX_PAGE = 200
Side = Literal["buyer", "seller"]


@dataclass(frozen=True, slots=True)
class PictureOf:
    """A picture in a message."""

    id: UUID
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message; `is_read`: by the side it was written to (an authority's: by both)."""

    id: UUID
    number: int
    side: MessageSide
    party_id: UUID
    user_id: UUID | None
    text: str
    sent_at: datetime
    is_read: bool
    pictures: tuple[PictureOf, ...]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """An order's messages as an inbox lists them: the last one's text, how many are unread, whether an answer is due.

    `cursor` continues the list.
    """

    order_id: UUID
    order_number: str
    buyer_id: UUID
    seller_id: UUID
    last: str
    last_side: MessageSide
    moved_at: datetime
    messages: int
    unread: int
    is_unanswered: bool
    cursor: UUID


@dataclass(frozen=True, slots=True)
class UnreadCounts:
    """Messages that the party has not read, as buyer and as seller, and threads in which its buyers wait for an answer."""

    buyer: int
    seller: int
    unanswered: int


def has_mandate(actor: Actor) -> bool:
    """Tell whether the actor carries a mandate that decides disputes."""
    return bool(actor.mandates & _DECIDES)


def side_of(actor: Actor, *, buyer_id: UUID, seller_id: UUID) -> MessageSide | None:
    """Say for which side of an order the actor speaks, if for any."""
    return {buyer_id: MessageSide.BUYER, seller_id: MessageSide.SELLER}.get(actor.party_id)


def _check_may_read(actor: Actor, order_id: UUID) -> tuple[UUID, UUID, bool]:
    """Return the order's parties, and whether the actor is none of them. Raises OrderNotFound, MessagesClosed."""
    found = sets.fetch(
        "select buyer_id, seller_id, exists (select 1 from orders_dispute d where d.order_id = o.id)"
        " from orders_order o where id = %s",
        (order_id,),
    )
    if not found:
        raise refusals.OrderNotFound
    [(buyer_id, seller_id, was_disputed)] = found
    side = side_of(actor, buyer_id=buyer_id, seller_id=seller_id)
    if side is not None:
        rules.check_may_read_messages(actor, side)
        return buyer_id, seller_id, False
    if not has_mandate(actor):
        raise refusals.OrderNotFound
    if not was_disputed and not actor.is_system:
        raise refusals.MessagesClosed
    return buyer_id, seller_id, True


def messages(*, actor: Actor, order_id: UUID, after: int = 0, limit: int = MAX_PAGE) -> list[MessageView]:
    """Return what was said on an order after message number `after`, the oldest first; of more than `limit` the newest.

    An authority reads along where there is or was a dispute, and its looks are recorded. Raises OrderNotFound,
    MessagesClosed, NotYours.
    """
    buyer_id, seller_id, is_outsider = _check_may_read(actor, order_id)
    rows = sets.fetch(
        "select m.id, m.number, m.side, m.party_id, m.user_id, m.text, m.sent_at, case m.side when 'buyer'"
        " then t.seller_read >= m.number when 'seller' then t.buyer_read >= m.number"
        " else least(t.buyer_read, t.seller_read) >= m.number end"
        " from orders_message m join orders_thread t on t.order_id = m.order_id"
        " where m.order_id = %s and m.number > %s order by m.number desc limit %s",
        (order_id, after, min(limit, MAX_PAGE)),
    )
    if is_outsider and rows and not actor.is_system:
        record_looks(actor=actor, party_ids=(buyer_id, seller_id), what=["messages"], in_clear=True)
    pictures: defaultdict[UUID, list[PictureOf]] = defaultdict(list)
    for message_id, *picture in sets.fetch(
        "select message_id, id, width, height from orders_message_picture where message_id = any(%s)"
        " order by message_id, position",
        ([row[0] for row in rows],),
    ):
        pictures[message_id].append(PictureOf(*picture))
    return [_message(row, tuple(pictures[row[0]])) for row in reversed(rows)]


def _message(row: tuple[Any, ...], pictures: tuple[PictureOf, ...]) -> MessageView:
    id_, number, side, party_id, user_id, sealed, sent_at, is_read = row
    text = privacy.decrypt(sealed)
    return MessageView(id_, number, MessageSide(side), party_id, user_id, text, sent_at, is_read, pictures)


def message_picture(*, actor: Actor, picture_id: UUID, small: bool = False) -> bytes:
    """Return a picture of a message as WebP. Raises PictureNotFound if it is not the actor's to see."""
    found = sets.fetch(
        f"select m.order_id, p.{'small' if small else 'large'} from orders_message_picture p"
        " join orders_message m on m.id = p.message_id where p.id = %s",
        (picture_id,),
    )
    if not found:
        raise refusals.PictureNotFound
    [(order_id, sealed)] = found
    try:
        buyer_id, seller_id, is_outsider = _check_may_read(actor, order_id)
    except (refusals.OrderNotFound, refusals.MessagesClosed):
        raise refusals.PictureNotFound from None
    if is_outsider and not small and not actor.is_system:
        record_looks(actor=actor, party_ids=(buyer_id, seller_id), what=["messages"], in_clear=True)
    return b64decode(privacy.decrypt(sealed))


def threads(
    *,
    actor: Actor,
    side: Side,
    only: Literal["all", "unread", "unanswered"] = "all",
    before: UUID | None = None,
    limit: int = 50,
) -> list[ThreadView]:
    """Return the acting party's threads on one side of its orders, the last moved first, from the cursor `before` on.

    `unanswered`: the other side had the last word. Raises NotYours for staff that has no part in trade.
    """
    rules.check_may_read_messages(actor, side)
    conditions, params = [f"t.{side}_id = %s"], [actor.party_id]
    if only == "unread":
        conditions.append(f"t.{side}_unread > 0")
    if only == "unanswered":
        conditions.append(f"t.awaits = '{side}'")
    if before is not None:
        conditions.append("t.moved < %s")
        params.append(before)
    rows = sets.fetch(
        f"select t.order_id, o.number, t.buyer_id, t.seller_id, m.text, m.side, t.moved_at, t.messages, t.{side}_unread,"
        f" t.awaits = '{side}', t.moved from orders_thread t join orders_order o on o.id = t.order_id"
        " join orders_message m on m.order_id = t.order_id and m.number = t.messages"
        f" where {' and '.join(conditions)} order by t.moved desc limit %s",
        (*params, min(limit, MAX_PAGE + 1)),
    )
    return [_thread(row) for row in rows]


def _thread(row: tuple[Any, ...]) -> ThreadView:
    values: list[Any] = [*row[:4], privacy.decrypt(row[4]), MessageSide(row[5]), *row[6:]]
    return ThreadView(*values)


def unread_counts(*, actor: Actor) -> UnreadCounts:
    """Count what the acting party has not read, and the threads in which one of its buyers waits for an answer."""
    [counts] = sets.fetch(
        "select coalesce(sum(buyer_unread) filter (where buyer_id = %(me)s), 0)::int,"
        " coalesce(sum(seller_unread) filter (where seller_id = %(me)s), 0)::int,"
        " count(*) filter (where seller_id = %(me)s and awaits = 'seller')::int"
        " from orders_thread where (buyer_id = %(me)s and buyer_unread > 0)"
        " or (seller_id = %(me)s and (seller_unread > 0 or awaits = 'seller'))",
        {"me": actor.party_id},  # type: ignore[arg-type]
    )
    return UnreadCounts(*counts)


def unread_on(*, actor: Actor, order_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many messages on each of these orders the acting party has not read; orders without any are left out."""
    rows = sets.fetch(
        "select order_id, case when buyer_id = %s then buyer_unread else seller_unread end from orders_thread"
        " where order_id = any(%s) and (buyer_id = %s or seller_id = %s)",
        (actor.party_id, list(order_ids), actor.party_id, actor.party_id),
    )
    return {order_id: count for order_id, count in rows if count}
