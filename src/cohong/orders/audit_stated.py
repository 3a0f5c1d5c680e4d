"""What of orders is kept in a table and was stated in documents: both say the same."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check, queried

_BATCH: Final = 2_000
_BODY: Final = "d.canonical::jsonb -> 'body'"


def checks() -> list[Check]:
    """Check terms offered, purchase limits, ends of disputes, numbers of invoices, and the digests of what was written."""
    return [_offered(), _limits(), _dispute_ends(), _invoice_numbers(), _writings()]


def _offered() -> Check:
    return queried(
        "orders: terms offered are those last stated",
        count="select count(*) from orders_offered_terms",
        findings=(
            "select format('seller %s: offers other terms than it last stated', t.seller_id) from orders_offered_terms t"
            f" left join lateral (select {_BODY} as body from kernel_document d where d.subject = t.seller_id"
            " and d.kind = 'orders.terms_offered' order by d.seq desc limit 1) s on true"
            " where (to_jsonb(t.payments), to_jsonb(t.deliveries))"
            " is distinct from (s.body -> 'payments', s.body -> 'deliveries')"
        ),
    )


def _limits() -> Check:
    return queried(
        "orders: purchase limits are those last stated",
        count="select count(*) from orders_purchase_limit",
        findings=(
            "with stated as (select distinct on (d.subject, currency) d.subject as party_id, currency,"
            f" ({_BODY} -> 'limit' ->> 'minor')::bigint as minor from kernel_document d"
            f" cross join lateral (select {_BODY} ->> 'currency') c(currency)"
            " where d.kind = 'orders.purchase_limit_set' order by d.subject, currency, d.seq desc)"
            " select format('party %s: its limit in %s is not the one last stated', coalesce(s.party_id, k.party_id),"
            " coalesce(s.currency, k.currency)) from (select * from stated where minor is not null) s"
            " full join orders_purchase_limit k on k.party_id = s.party_id and k.currency = s.currency"
            " where s.minor is distinct from k.limit_minor"
        ),
    )


def _dispute_ends() -> Check:
    """Each was raised once for what it claims, and ended as its last document says, for that sum; an open one did not end."""
    return queried(
        "orders: disputes ended as their documents say",
        count="select count(*) from orders_dispute",
        findings=(
            "with stated as (select (b ->> 'dispute')::uuid as id, d.kind, coalesce((b -> 'amount' ->> 'minor')::bigint, 0)"
            " as minor, (b -> 'claimed' ->> 'minor')::bigint as claimed from kernel_document d"
            f" cross join lateral (select {_BODY}) x(b) where d.kind in ('orders.dispute_raised',"
            " 'orders.dispute_withdrawn', 'orders.dispute_settled', 'orders.dispute_decided'))"
            " select format('dispute %s: its documents say something else', o.number) from orders_dispute o"
            " where not exists (select 1 from stated s where s.id = o.id and s.kind = 'orders.dispute_raised'"
            "   and s.claimed = o.claimed_minor)"
            " or (o.ended_at is null) <> not exists (select 1 from stated s where s.id = o.id"
            "   and s.kind <> 'orders.dispute_raised')"
            " or (o.ended_at is not null and not exists (select 1 from stated s where s.id = o.id"
            "   and s.kind = 'orders.dispute_' || o.state and s.minor = o.refunded_minor))"
        ),
    )


def _invoice_numbers() -> Check:
    return queried(
        "orders: invoices bear the number last stated",
        count="select count(*) from orders_invoice where number <> ''",
        findings=(
            "select format('order %s: the number of its invoice is not the one last stated', i.order_id)"
            f" from orders_invoice i left join lateral (select {_BODY} as body from kernel_document d"
            " where d.subject = i.order_id and d.kind = 'orders.invoice_issued' order by d.seq desc limit 1) s on true"
            " where i.number <> '' and (s.body ->> 'number', s.body ->> 'issued_on')"
            " is distinct from (i.number::text, i.issued_on::text)"
        ),
    )


def _writings() -> Check:
    """Compare what was written with the digest in its document; nothing of it is repeated here."""
    figure, findings = 0, []
    for what, rows in (("message", _rows(_MESSAGES)), ("dispute", _rows(_DISPUTES))):
        for id_, *pairs in rows:
            figure += 1
            for token, digest in zip(pairs[::2], pairs[1::2], strict=True):
                if token and (flaw := _flaw(token, digest)):
                    findings.append(f"{what} {id_}: {flaw}")
    return check("orders: what was written is what was stated", figure=figure, findings=findings)


def _flaw(token: str, digest: str | None) -> str:
    if not privacy.is_encrypted(token):
        return "is not encrypted"
    text = privacy.decrypt(token)
    # An empty text that nobody stated is an answer that was not given.
    if digest is None:
        return "no document states it" if text else ""
    return "" if sha256(text.encode()).hexdigest() == digest else "its document is of another text"


_MESSAGES: Final = (
    f"select m.id, m.text, (select {_BODY} ->> 'text_sha256' from kernel_document d where d.subject = m.order_id"
    f" and d.kind = 'orders.message_sent' and {_BODY} ->> 'message' = m.id::text limit 1) from orders_message m"
)
_DISPUTES: Final = (
    f"select m.id, m.text, (select {_BODY} ->> 'text_sha256' from kernel_document d where d.subject = m.order_id"
    f" and d.kind = 'orders.dispute_raised' and {_BODY} ->> 'dispute' = m.id::text limit 1), m.answer,"
    f" (select {_BODY} ->> 'text_sha256' from kernel_document d where d.subject = m.order_id"
    f" and d.kind = 'orders.dispute_answered' and {_BODY} ->> 'dispute' = m.id::text order by d.seq desc limit 1)"
    " from orders_dispute m"
)


def _rows(statement: str) -> Iterator[tuple[Any, ...]]:
    last = UUID(int=0)
    while rows := sets.fetch(f"{statement} where m.id > %s order by m.id limit %s", (last, _BATCH)):
        yield from rows
        last = rows[-1][0]
