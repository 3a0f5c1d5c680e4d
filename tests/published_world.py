"""Two releases of a few figures, as publishing leaves them: a city that is withheld, one that was revised."""

from datetime import UTC, datetime
from typing import Any, Final

from cohong.kernel import sets
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Names

#: indicator, period, region, industry, status, value, withheld; release by release.
FIGURES: Final[dict[int, list[tuple[Any, ...]]]] = {
    1: [
        ("turnover", "2025-11", "", "", "final", "1000.50", ""),
        ("turnover", "2025-12", "", "", "provisional", "1200", ""),
        ("turnover", "2025-12", "440100", "", "provisional", "900", ""),
        ("turnover", "2025-12", "440300", "", "provisional", "300", "few"),
        ("turnover", "2025", "", "", "final", "12000", ""),
        ("turnover", "2025", "", "steel", "final", "12000", ""),
        ("orders", "2025-12", "", "", "provisional", "40", ""),
    ],
    2: [
        ("turnover", "2025-12", "", "", "final", "1250", ""),
        ("turnover", "2026-01", "", "", "provisional", "1300", ""),
        ("orders", "2025-12", "", "", "final", None, ""),
    ],
}


def define_places() -> None:
    """Define two cities of a province, and an industry."""
    for code, name, parent in (
        ("440000", "广东省", ""),
        ("440100", "广州市", "440000"),
        ("440300", "深圳市", "440000"),
    ):
        names = Names(name, name, {"440300": "Shenzhen"}.get(code, name))
        parties.define_region(actor=SYSTEM, code=code, names=names, parent_code=parent)
    parties.define_industry(actor=SYSTEM, code="steel", names=Names("钢铁", "鋼鐵", "Steel"))


def release(number: int) -> int:
    """Make the first or the second release; return its id."""
    at = datetime(2026, number, 5, tzinfo=UTC)
    [(vintage,)] = sets.fetch(
        "insert into statistics_vintage (made_at, reason, position, changed, document)"
        " values (%s, 'test', 0, 1, %s) returning id",
        (at, new_id()),
    )
    [(made,)] = sets.fetch(
        "insert into statistics_release (vintage_id, published_at, note, changed, withheld, exposed, document)"
        " values (%s, %s, '', 1, 0, 0, %s) returning id",
        (vintage, at, new_id()),
    )
    sets.insert(
        "statistics_released_value",
        ("release_id", "indicator", "period", "region", "industry", "market", "status", "value", "withheld"),
        [(made, *row[:4], "", *row[4:]) for row in FIGURES[number]],
    )
    return int(made)
