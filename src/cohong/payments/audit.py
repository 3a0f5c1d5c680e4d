"""What can be wrong with money, and is looked for. Each check names what it finds."""

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check, queried
from cohong.payments.kinds import SIDES, AccountKind

_BATCH = 5_000
_ACCOUNT = "a.kind || ' ' || a.id"


def audit() -> list[Check]:
    """Check the ledger and the movements through providers."""
    return [
        _sums_to_zero(),
        _balances(),
        _limits(),
        _accounts(),
        _pendings(),
        _groups(),
        _movements(),
        _bank_accounts(),
        _rates(),
    ]


def _count(table: str) -> int:
    [(count,)] = sets.fetch(f"select count(*) from {table}")
    return int(count)


def _found(sql: str, params: object = ()) -> list[str]:
    """Return the findings of a query: its rows, each as one text. Far more than are shown are not fetched."""
    return [str(text) for (text,) in sets.fetch(f"{sql} limit 1000", params)]  # type: ignore[arg-type]


def _sums_to_zero() -> Check:
    """Each currency: what is debited equals what is credited, posted and pending."""
    rows = sets.fetch(
        "select currency, sum(debits_posted) - sum(credits_posted),"
        " sum(debits_pending) - sum(credits_pending)"
        " from payments_account group by currency order by currency"
    )
    return check(
        "ledger sums to zero",
        figure=len(rows),
        findings=[
            f"{currency}: {kind} debits and credits differ by {off} minor units"
            for currency, posted, pending in rows
            for kind, off in (("posted", posted), ("pending", pending))
            if off
        ],
    )


def _balances() -> Check:
    """Each account: its four sums are those of its transfers."""
    found = _found("""
        with moved as (
            select t.debit_account, t.credit_account,
                case when t.mode in ('posted', 'post') then t.amount_minor else 0 end as moved,
                case t.mode when 'pending' then t.amount_minor when 'posted' then 0
                    else -p.amount_minor end as waiting
            from payments_transfer t left join payments_transfer p on p.id = t.pending_id
        ), sides as (
            select debit_account as id, true as is_debit, moved, waiting from moved
            union all select credit_account, false, moved, waiting from moved
        ), summed as (
            select id,
                coalesce(sum(moved) filter (where is_debit), 0) as dp,
                coalesce(sum(moved) filter (where not is_debit), 0) as cp,
                coalesce(sum(waiting) filter (where is_debit), 0) as dn,
                coalesce(sum(waiting) filter (where not is_debit), 0) as cn
            from sides group by id
        )
        select coalesce(a.kind, 'no account') || ' ' || coalesce(a.id, s.id) || ': balance (' ||
            concat_ws(', ', a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending) ||
            '), transfers (' || concat_ws(', ', s.dp, s.cp, s.dn, s.cn) || ')'
        from payments_account a full join summed s on s.id = a.id
        where a.id is null
        or (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending)
            is distinct from (coalesce(s.dp, 0), coalesce(s.cp, 0), coalesce(s.dn, 0), coalesce(s.cn, 0))
        order by 1""")
    return check("ledger balances equal their transfers", figure=_count("payments_account"), findings=found)


def _limits() -> Check:
    """No account is below what its kind allows, whatever has become of the constraint."""
    by_debit = [kind.value for kind in AccountKind if kind.grows_by_debit]
    found = _found(
        f"""select {_ACCOUNT} || ' is below its floor' from payments_account a
        where case when kind = any(%s) then debits_posted - credits_posted - credits_pending
            else credits_posted - debits_posted - debits_pending end < 0
        or least(debits_posted, credits_posted, debits_pending, credits_pending) < 0 order by 1""",
        (by_debit,),
    )
    return check("no account is below its floor", figure=_count("payments_account"), findings=found)


def _accounts() -> Check:
    """Each transfer: between two accounts of its currency, of the kinds that it goes between."""
    kinds = [(kind.value, debit.value, credit.value) for kind, (debit, credit) in SIDES.items()]
    # The ledger's own kind moves between shards of one account.
    kinds += [("gather", kind.value, kind.value) for kind in AccountKind if kind.is_spread]
    found = _found(
        """select 'transfer ' || t.id || ' (' || t.kind || ') is not between such accounts'
        from payments_transfer t
        left join payments_account d on d.id = t.debit_account
        left join payments_account c on c.id = t.credit_account
        where d.currency is distinct from t.currency or c.currency is distinct from t.currency
        or not exists (select 1 from unnest(%s::text[], %s::text[], %s::text[]) as k(kind, debit, credit)
            where (k.kind, k.debit, k.credit) = (t.kind, d.kind, c.kind))
        or (t.kind = 'gather' and d.owner_id <> c.owner_id)
        order by 1""",
        ([one[0] for one in kinds], [one[1] for one in kinds], [one[2] for one in kinds]),
    )
    return check("transfers are between their accounts", figure=_count("payments_transfer"), findings=found)


def _pendings() -> Check:
    """Each resolution: of a pending transfer between the same accounts, once, for at most its amount."""
    found = _found("""
        select 'transfer ' || r.id || ' resolves nothing that was pending for it' from payments_transfer r
        left join payments_transfer p on p.id = r.pending_id and p.mode = 'pending'
        where r.pending_id is not null and (p.id is null
            or (p.debit_account, p.credit_account, p.currency, p.kind, p.reference)
                <> (r.debit_account, r.credit_account, r.currency, r.kind, r.reference)
            or r.amount_minor > p.amount_minor or (r.mode = 'void' and r.amount_minor <> p.amount_minor))
        union all
        select 'pending transfer ' || pending_id || ' is resolved ' || count(*) || ' times'
        from payments_transfer
        where pending_id is not null group by pending_id having count(*) > 1
        order by 1""")
    [(count,)] = sets.fetch("select count(*) from payments_transfer where mode = 'pending'")
    return check("pending transfers are resolved once", figure=count, findings=found)


def _groups() -> Check:
    """Each exchange: sold and bought, both or neither."""
    found = _found("""
        select 'exchange ' || "group" || ' is not whole' from payments_transfer where kind in ('sell', 'buy')
        group by "group" having count(*) filter (where kind = 'sell') <> 1
            or count(*) filter (where kind = 'buy') <> 1 order by 1""")
    [(count,)] = sets.fetch("select count(*) from payments_transfer where kind = 'sell'")
    return check("exchanges are whole", figure=count, findings=found)


def _movements() -> Check:
    """Each movement: its transfers say what its state says."""
    found = _found("""
        select m.kind || ' ' || m.number || ' is ' || m.state || ', its transfers say ' ||
            coalesce(nullif(concat_ws(', ', f.mode, l.mode), ''), 'nothing')
        from payments_movement m
        left join payments_transfer f on f.id = m.id
        left join payments_transfer l on l.pending_id = m.id
        where (f.id is not null and (f.amount_minor, f.currency) <> (m.amount_minor, m.currency))
        or (l.id is not null and l.amount_minor <> m.amount_minor)
        or (m.kind in ('payment', 'top_up') and (
            (m.state = 'done') <> (f.id is not null) or f.mode <> 'posted'
            or f.credit_account <> m.account_id))
        or (m.kind in ('payout', 'return') and (
            f.mode is distinct from 'pending' or f.debit_account <> m.account_id
            or l.mode is distinct from case m.state when 'done' then 'post' when 'failed' then 'void' end))
        order by 1""")
    return check("movements agree with their transfers", figure=_count("payments_movement"), findings=found)


def _bank_accounts() -> Check:
    """No bank account is in clear."""
    findings: list[str] = []
    count, last = 0, None
    while rows := sets.fetch(
        "select id, number, bank_account from payments_movement where bank_account is not null"
        " and (%(last)s::uuid is null or id > %(last)s) order by id limit %(limit)s",
        {"last": last, "limit": _BATCH},  # type: ignore[arg-type]
    ):
        count, last = count + len(rows), rows[-1][0]
        findings += [
            f"payout {number}: its bank account is not encrypted"
            for _id, number, token in rows
            if not privacy.is_encrypted(token)
        ]
    return check("bank accounts are encrypted", figure=count, findings=findings)


def _rates() -> Check:
    """Each rate of fees and of exchange is the one that its document states."""
    return queried(
        "fees and exchange rates were stated",
        count="select (select count(*) from payments_fee_rate) + (select count(*) from payments_exchange_rate)",
        findings=(
            "select format('fee of %s set at %s: its document states another', r.way, r.set_at)"
            " from payments_fee_rate r left join kernel_document d on d.id = r.document and d.kind = 'payments.fees_set'"
            " and d.canonical::jsonb -> 'body' @> jsonb_build_object('way', r.way, 'basis_points', r.basis_points)"
            " where d.id is null"
            " union all select format('rate of %s in %s set at %s: its document states another', r.sell, r.buy, r.set_at)"
            " from payments_exchange_rate r left join kernel_document d on d.id = r.document"
            " and d.kind = 'payments.rate_set' and d.canonical::jsonb -> 'body'"
            " @> jsonb_build_object('rate_id', r.id, 'sell', r.sell, 'buy', r.buy)"
            " and (d.canonical::jsonb -> 'body' ->> 'rate')::numeric = r.rate where d.id is null"
        ),
    )
