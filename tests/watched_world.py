"""Figures for tests of alarms and forecasts: five years of a series, as a vintage observes them and a release publishes them."""

from datetime import date
from decimal import Decimal

import numpy as np

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.statistics.api import Period

TODAY = date(2016, 1, 20)


def months(count: int = 60, *, seed: int = 1) -> dict[str, Decimal]:
    """Five years of a series with a season, a trend and some noise, up to December 2015."""
    chance = np.random.default_rng(seed)
    season = np.tile([-0.2, -0.3, 0.0, 0.02, 0.05, 0.1, 0, 0, 0.04, 0.06, 0.25, 0.15], 6)[:count]
    values = np.exp(5 + 0.01 * np.arange(count) + season + 0.03 * chance.standard_normal(count))
    first = Period.parse("2011-01")
    return {first.shifted(place).code: Decimal(repr(float(value))) for place, value in enumerate(values)}


def observe(values: dict[str, Decimal], *, indicator: str = "turnover", region: str = "440100") -> int:
    """Keep values as a vintage, as a computation would."""
    [(vintage,)] = sets.fetch(
        "insert into statistics_vintage (made_at, reason, position, changed, document) values (%s, 'test', 0, %s, %s)"
        " returning id",
        (clock.now(), len(values), new_id()),
    )
    sets.insert(
        "statistics_observation",
        ("vintage_id", "indicator", "period", "region", "industry", "market", "source", "status", "value"),
        [(vintage, indicator, code, region, "", "", "sales", "final", one) for code, one in values.items()],
    )
    return int(vintage)


def released(
    values: dict[str, Decimal], *, region: str = "", withheld: str = "", indicator: str = "turnover"
) -> None:
    """Keep values as a release, `withheld` being the period that is not shown."""
    [(release,)] = sets.fetch(
        "insert into statistics_release (published_at, vintage_id, note, changed, withheld, exposed, document)"
        " select now(), max(id), '', 1, 0, 0, %s from statistics_vintage returning id",
        (new_id(),),
    )
    columns = ("release_id", "indicator", "period", "region", "industry", "market", "status", "value")
    sets.insert(
        "statistics_released_value",
        (*columns, "withheld"),
        [
            (release, indicator, code, region, "", "", "final", one, "primary" if code == withheld else "")
            for code, one in values.items()
        ],
    )
