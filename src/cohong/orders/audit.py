"""What can be wrong with orders, and is looked for: every order's money against its transfers, its sums and counts.

It goes through the orders in the order of their ids, some thousand at a time, so that any number fits in memory.
"""

from collections.abc import Iterator
from uuid import UUID

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check, queried
from cohong.orders import audit_stated
from cohong.orders.states import OrderState
from cohong.payments import api as payments

_BATCH = 5_000
_FIRST = UUID(int=0)


def audit() -> list[Check]:
    """Check every order: money against transfers, lines against orders, counters against what they count."""
    own = [_money(), _lines(), _counters(), _documents(), _disputes(), _messages(), _invoices(), _sealed()]
    return [*own, *audit_stated.checks()]


def _batches() -> Iterator[list[tuple[UUID, str, str, int, int, int, int, int, int]]]:
    last = _FIRST
    while rows := sets.fetch(
        "select id, number, state, paid_minor, refunded_minor, refunded_late_minor, settled_minor, fee_minor,"
        " fee_returned_minor from orders_order where id > %s order by id limit %s",
        (last, _BATCH),
    ):
        yield rows
        last = rows[-1][0]


def _money() -> Check:
    count, findings = 0, []
    for rows in _batches():
        flows = payments.flows_of(order_ids=[row[0] for row in rows])
        for order_id, number, state, paid, refunded, late, settled, fee, fee_returned in rows:
            count += 1
            flow = flows[order_id]
            wrong = [
                f"{name} says {said}, transfers say {moved}"
                for name, said, moved in (
                    ("refunded from escrow", refunded - late, flow.refunded),
                    ("refunded by the seller", late - fee_returned, flow.given_back),
                    ("fee returned", fee_returned, flow.fee_returned),
                    ("settled", settled, flow.settled + flow.fee),
                    ("fee", fee, flow.fee),
                )
                if said != moved
            ]
            stray = flow.paid_in - flow.returned - flow.returning - paid
            if stray < 0 or (stray > 0 and state == OrderState.SETTLED):
                wrong.append(f"paid says {paid}, transfers say {paid + stray}")
            findings += [f"order {number}: {what}" for what in wrong]
    return check("orders: money agrees with transfers", figure=count, findings=findings)


def _lines() -> Check:
    return queried(
        "orders: lines add up to their orders",
        count="select count(*) from orders_line",
        findings=(
            "select format('order %s: its lines say something else', named) from ("
            "select o.number from orders_order o join (select order_id, sum(goods_minor) g, sum(freight_minor) f,"
            " sum(discount_minor) d, sum(refunded_minor) r, bool_and(shipped + dropped = quantity) as whole, sum(shipped) as s"
            " from orders_line group by order_id) l on l.order_id = o.id"
            " where l.g <> o.goods_minor or l.f <> o.freight_minor or l.d <> o.discount_minor"
            " or (o.state in ('shipped', 'accepted', 'settled') and not l.whole)"
            " or (o.state in ('placed', 'deposited', 'ready', 'lapsed') and l.s > 0)"
            " or (o.state in ('shipped', 'accepted', 'settled', 'part_shipped') and l.r <> o.refunded_minor)"
            " union all select number from orders_order o where not exists"
            " (select 1 from orders_line l where l.order_id = o.id)) as x (named)"
        ),
    )


def _counters() -> Check:
    return queried(
        "orders: holds and returns are counted",
        count="select count(*) from orders_return",
        findings=(
            "select format('order %s: its count of holds or returns is off', named) from ("
            "select o.number from orders_order o"
            " left join (select order_id, count(*) as n from orders_hold where lifted_at is null group by 1) h"
            " on h.order_id = o.id"
            " left join (select order_id, count(*) as n from orders_return"
            "   where state in ('requested', 'approved', 'received') group by 1) r on r.order_id = o.id"
            " where coalesce(h.n, 0) <> o.hold_count or coalesce(r.n, 0) <> o.open_returns) as x (named)"
        ),
    )


def _documents() -> Check:
    return queried(
        "orders: the last document of each is in the journal",
        count="select count(*) from orders_order",
        findings=(
            "select format('order %s: its last document is not in the journal', named) from ("
            "select o.number from orders_order o where not exists"
            " (select 1 from kernel_document d where d.id = o.last_document and d.subject = o.id)) as x (named)"
        ),
    )


def _disputes() -> Check:
    """Check that a dispute holds its order as long as it is open and no longer, and gives back no more than the order did."""
    return queried(
        "orders: disputes agree with their orders and holds",
        count="select count(*) from orders_dispute",
        findings=(
            "select format('dispute %s: it does not agree with its order or its hold', named) from ("
            "select d.number from orders_dispute d join orders_hold h on h.id = d.hold_id"
            " join orders_order o on o.id = d.order_id"
            " where (d.ended_at is null) <> (h.lifted_at is null) or h.order_id <> d.order_id"
            " or o.buyer_id <> d.buyer_id or o.seller_id <> d.seller_id or o.currency <> d.currency"
            " or d.refunded_minor > o.refunded_minor or d.claimed_minor > o.total_minor) as x (named)"
        ),
    )


def _invoices() -> Check:
    return queried(
        "orders: every issued invoice has its document",
        count="select count(*) from orders_invoice",
        findings=(
            "select format('order %s: its invoice and its documents say something else', named) from ("
            "select o.number from orders_invoice i join orders_order o on o.id = i.order_id where (i.number <> '') <> exists"
            " (select 1 from kernel_document d where d.subject = o.id and d.kind = 'orders.invoice_issued')) as x (named)"
        ),
    )


def _sealed() -> Check:
    """Look that nothing of an invoice is kept in clear; what is found is not repeated."""
    figure, findings = 0, []
    for table, key in (("orders_invoice", "order_id"), ("orders_invoice_profile", "id")):
        last = _FIRST
        while rows := sets.fetch(
            f"select {key}, sealed from {table} where {key} > %s order by {key} limit %s", (last, _BATCH)
        ):
            figure += len(rows)
            findings += [
                f"{table} {row[0]}: is not encrypted" for row in rows if not privacy.is_encrypted(row[1])
            ]
            last = rows[-1][0]
    return check("orders: invoices are encrypted", figure=figure, findings=findings)


def _messages() -> Check:
    """Check that threads count what was written on their orders, and that each message has its document."""
    return queried(
        "orders: messages are counted and have their documents",
        count="select count(*) from orders_message",
        findings=(
            "select format('order %s: its thread does not count its messages', named) from ("
            "with written as (select order_id, count(*) as n, max(number) as last from orders_message group by order_id),"
            " stated as (select subject, count(*) as n from kernel_document where kind = 'orders.message_sent'"
            "   group by subject),"
            " unread as (select t.order_id, count(*) filter (where m.side <> 'buyer' and m.number > t.buyer_read) as buyer,"
            "   count(*) filter (where m.side <> 'seller' and m.number > t.seller_read) as seller"
            "   from orders_thread t join orders_message m on m.order_id = t.order_id group by t.order_id)"
            " select coalesce(t.order_id, w.order_id)::text from orders_thread t"
            " full join written w on w.order_id = t.order_id"
            " left join stated s on s.subject = w.order_id left join unread u on u.order_id = w.order_id"
            " where t.messages is distinct from w.n or w.last <> w.n or s.n is distinct from w.n"
            " or t.buyer_unread <> u.buyer or t.seller_unread <> u.seller) as x (named)"
        ),
    )
