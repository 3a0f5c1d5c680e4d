"""The same figures by SQL that somebody wrote for DuckDB: the limit that computing from definitions is held against.

It is written as one would who only had this to do: one pass over the files for each side, grouping sets for the cells, no
definitions. What it must not do is less: all cells, all indicators, what protects contributors, and the quotients.
"""

from typing import Final

from cohong.bench.statistics.lines import REGIONS

_SALE: Final = "fact <> 'refund'"
#: Column of the result: what is summed of each row.
_SALES: Final = {
    "turnover": f"base) filter ({_SALE}",
    "refunds": "base) filter (fact = 'refund'",
    "net_turnover": "base",
    "orders": "orders",
    "quantity": f"quantity) filter ({_SALE}",
    "turnover_b2b": f"base) filter (form = 'b2b' and {_SALE}",
    "turnover_b2c": f"base) filter (form = 'b2c' and {_SALE}",
    "turnover_c2c": f"base) filter (form = 'c2c' and {_SALE}",
    "turnover_c2b": f"base) filter (form = 'c2b' and {_SALE}",
    "turnover_goods": f"base) filter (not service and {_SALE}",
    "turnover_services": f"base) filter (service and {_SALE}",
    "turnover_cross_border": f"base) filter (cross_border and {_SALE}",
    "turnover_mobile": f"base) filter (channel = 'mobile' and {_SALE}",
    "retail_sales": f"base) filter (form in ('b2c', 'c2c') and {_SALE}",
    "sold": "1) filter (fact = 'sale'",
    "sold_by_firm": "1) filter (form in ('b2b', 'b2c') and fact = 'sale'",
}
_PURCHASES: Final = {
    "purchases": f"base) filter ({_SALE}",
    "retail_purchases": f"base) filter (form in ('b2c', 'c2c') and {_SALE}",
    "bought": "1) filter (form in ('b2c', 'c2c') and fact = 'sale'",
    "bought_by_firm": "1) filter (form in ('b2b', 'c2b') and fact = 'sale'",
}
_STEPS: Final = {
    "orders_shipped": "orders) filter (step = 'shipped'",
    "deliveries": "orders) filter (step = 'delivered'",
    "delivery_seconds": "seconds) filter (step = 'delivered'",
    "returns_wanted": "orders) filter (step = 'return_wanted'",
    "disputes": "orders) filter (step = 'disputed'",
    "payments_made": "orders) filter (step = 'payment_made'",
    "payments_failed": "orders) filter (step = 'payment_failed'",
    "payments_tried": "orders) filter (step in ('payment_made', 'payment_failed')",
}
_SETS: Final = (
    *("()", "(province)", "(city)", "(industry)", "(province, industry)", "(city, industry)", "(market)"),
)


def statements(trade: str, steps: str) -> list[str]:
    """Return the statements, the last of which yields the cells; `trade` and `steps` are expressions of tables."""
    return [
        *_side(
            "sales",
            trade,
            who="seller",
            region="seller_region",
            sums=_SALES,
            cells=_SALES_CELLS,
            protected=[name for name in _SALES if not name.startswith("sold")],
        ),
        *_side(
            "purchases",
            trade,
            who="buyer",
            region="buyer_region",
            sums=_PURCHASES,
            cells=_PURCHASES_CELLS,
            protected=["purchases", "retail_purchases"],
        ),
        *_side(
            "steps",
            steps,
            who="seller",
            region="seller_region",
            sums=_STEPS,
            cells=_STEPS_CELLS,
            protected=list(_STEPS),
        ),
        _WHOLE,
    ]


_SALES_CELLS: Final = f"""
    {", ".join(f"coalesce(sum({name}), 0)::bigint as {name}" for name in list(_SALES)[:14])},
    coalesce(sum(turnover), 0)::bigint as sales, count(*) filter (sold <> 0) as sellers,
    count(*) filter (sold_by_firm <> 0) as selling_firms,
    coalesce(sum(turnover) filter (by_turnover <= 10), 0)::bigint as top10_sales,
    sum(turnover::double * turnover::double) / 10000.0 as sales_squares
"""
_PURCHASES_CELLS: Final = """
    coalesce(sum(purchases), 0)::bigint as purchases, coalesce(sum(retail_purchases), 0)::bigint as retail_purchases,
    count(*) filter (bought <> 0) as shoppers, count(*) filter (bought_by_firm <> 0) as buying_firms
"""
_STEPS_CELLS: Final = ", ".join(f"coalesce(sum({name}), 0)::bigint as {name}" for name in _STEPS)


def _side(
    name: str, table: str, *, who: str, region: str, sums: dict[str, str], cells: str, protected: list[str]
) -> list[str]:
    summed = ", ".join(f"sum({expression})::bigint as {one}" for one, expression in sums.items())
    again = ", ".join(f"sum({one})::bigint as {one}" for one in sums)
    cities = ", ".join(f"'{code}'" for code in REGIONS)
    ranked = (
        ", row_number() over (partition by period, level, province, city, industry, market"
        " order by turnover desc nulls last, who) as by_turnover"
        if name == "sales"
        else ""
    )
    protection = ", ".join(
        f"count(*) filter ({one} <> 0) as {one}_contributors, max(abs({one}))::bigint as {one}_largest"
        for one in protected
    )
    if name == "sales":
        protection += ", (max(abs(turnover)) filter (by_turnover = 2))::bigint as turnover_second"
    base = f"""
        create temp table {name}_base as
        select month, {who} as who, industry, market,
            case when region in ({cities}) then '440000' else region end as province,
            case when region in ({cities}) then region
                 else region || '-' end as city, {", ".join(sums)}
        from (select date_trunc('month', day) as month, {who}, coalesce(nullif({region}, ''), '-') as region,
                coalesce(nullif(industry, ''), '-') as industry, market, {summed}
              from {table} group by all)
    """
    periods = {
        "month": "strftime(month, '%Y-%m')",
        "quarter": "year(month) || '-Q' || quarter(month)",
        "year": "year(month)::text",
    }
    parts = []
    for period in periods.values():
        sets = ", ".join(f"(period, who{', ' if one != '()' else ''}{one[1:-1]})" for one in _SETS)
        parts.append(f"""
            select {period} as period, who, province, city, industry, market,
                grouping(province, city, industry, market) as level, {again}
            from {name}_base group by grouping sets ({sets})
        """)
    selects = [
        f"""
            select period, coalesce(province, city, '') as region, coalesce(industry, '') as industry,
                coalesce(market, '') as market, {cells},
                {protection}
            from (select * {ranked}
                  from ({part}) where market is null or market <> '')
            group by period, level, province, city, industry, market
        """
        for part in parts
    ]
    return [
        base,
        f"create temp table {name}_cells as {' union all '.join(selects)}",
        f"drop table {name}_base",
    ]


_WHOLE: Final = """
    select *,
        100.0 * turnover_b2b / nullif(turnover, 0) as share_b2b,
        100.0 * turnover_services / nullif(turnover, 0) as share_services,
        100.0 * turnover_cross_border / nullif(turnover, 0) as share_cross_border,
        100.0 * turnover_mobile / nullif(turnover, 0) as share_mobile,
        turnover / nullif(orders, 0) as order_value,
        retail_purchases / nullif(shoppers, 0) as spending_per_shopper,
        delivery_seconds / nullif(deliveries, 0) / 86400.0 as delivery_days,
        100.0 * returns_wanted / nullif(orders_shipped, 0) as return_rate,
        100.0 * disputes / nullif(orders_shipped, 0) as dispute_rate,
        100.0 * payments_made / nullif(payments_tried, 0) as payment_success,
        100.0 * top10_sales / nullif(turnover, 0) as top10_share,
        10000.0 * sales_squares / nullif(turnover / 100.0, 0) / nullif(turnover / 100.0, 0) as hhi
    from sales_cells full join purchases_cells using (period, region, industry, market)
        full join steps_cells using (period, region, industry, market)
"""
