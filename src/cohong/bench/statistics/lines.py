"""Order lines to compute from: files like those of facts, a year of a region's trade, the same for the same number."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

Report = Callable[[int, int], None]
MONTHS: Final = 12
SELLERS: Final = 50_000
BUYERS: Final = 5_000_000
#: A row of steps for so many lines.
LINES_A_STEP: Final = 5
REGIONS: Final = tuple(f"44{city:02}00" for city in range(1, 22))
_INDUSTRIES: Final = (
    *("steel", "petrochemicals", "plastics", "grain", "cars", "electronics", "appliances", "ceramics"),
    *("clothing", "furniture", "produce", "culture", "tourism", "logistics", "education", "health"),
)


def _pick(values: tuple[str, ...], dice: str) -> str:
    listed = ", ".join(f"'{one}'" for one in values)
    return f"([{listed}])[1 + (({dice})::ubigint % {len(values)})::int]"


def _who(month: int) -> str:
    """Say who trades with whom: few sellers trade much, and each has one region and one industry."""
    return f"""
        date '2025-01-01' + interval ({month} - 1) month + interval (hash(i, 1) % 28) day as moment,
        (power(hash(i // 2, 2)::double / 18446744073709551616.0, 3) * {SELLERS})::bigint as seller,
        (hash(i // 2, 3) % {BUYERS})::bigint + 1000000 as buyer,
        hash(i // 2, 4) % 100 as kind,
        i
    """


_COMMON: Final = f"""
        moment::date as day, i::bigint as position, (i // 2)::bigint as trade, 'retail' as way,
        case when kind < 45 then 'b2b' when kind < 90 then 'b2c' when kind < 99 then 'c2c' else 'c2b' end as form,
        seller, buyer,
        {_pick(REGIONS, "hash(seller, 5)")} as seller_region,
        {_pick((*REGIONS, "HK", ""), "hash(buyer, 6)")} as buyer_region,
        kind % 20 = 0 as cross_border,
        case when kind % 3 = 0 then 'mobile' else 'web' end as channel,
        {_pick(_INDUSTRIES, "hash(seller, 7)")} as industry,
        case when hash(seller, 8) % 4 = 0 then 'market-' || (hash(seller, 9) % 60) else '' end as market,
        'CNY' as currency
"""


def write(folder: Path, lines: int, report: Report | None = None) -> dict[str, list[str]]:
    """Write the files of trade and steps into `folder`, a month each; return their paths by table."""
    import duckdb  # noqa: PLC0415 - slow to import

    connection = duckdb.connect()
    paths: dict[str, list[str]] = {"trade": [], "steps": []}
    for month in range(1, MONTHS + 1):
        first, last = lines * (month - 1) // MONTHS, lines * month // MONTHS
        trade = f"""
            select {_COMMON}, (i % 2)::int as line,
                case when hash(i, 10) % 20 = 0 then 'refund' else 'sale' end as fact,
                industry || '.' || (hash(i, 11) % 9) as category, industry in ('tourism', 'education', 'health') as service,
                case when i % 2 = 0 and hash(i, 10) % 20 > 0 then 1 else 0 end::int as orders,
                (1 + hash(i, 12) % 5)::bigint as quantity, base as minor, base, base as goods_minor, 0::bigint as freight_minor
            from (select {_who(month)},
                    (case when hash(i, 10) % 20 = 0 then -1 else 1 end * (100 + hash(i, 13) % 100000))::bigint as base
                  from range({first}, {last}) r(i))
        """
        steps = f"""
            select {_COMMON},
                {_pick(("placed", "paid", "shipped", "delivered", "settled", "return_wanted"), "hash(i, 14)")} as step,
                1::int as orders, (hash(i, 15) % 500000)::bigint as seconds, 10000::bigint as minor, 10000::bigint as base
            from (select {_who(month)} from range({first // LINES_A_STEP}, {last // LINES_A_STEP}) r(i))
        """
        for table, query in (("trade", trade), ("steps", steps)):
            path = str(folder / f"{table}-{month:02}.parquet")
            _copy(connection, query, path)
            paths[table].append(path)
        if report is not None:
            report(month, MONTHS)
    return paths


def _copy(connection: Any, query: str, path: str) -> None:
    connection.execute(f"copy ({query}) to '{path}' (format parquet, compression zstd)")
