"""Forecasts that are made of themselves: of a configured set of series, once each period is over, and scored when values come.

Two of a kind: of the observations, which are the authority's own, and of what is published, which everyone may see.
"""

import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

import msgspec
from django.utils.timezone import localdate

from cohong.kernel import clock, sets
from cohong.parties.api import Actor
from cohong.statistics.access import WRITE, Level, NotYourRegion, remit_of
from cohong.statistics.forecasting import refusals as no
from cohong.statistics.forecasting.making import MOST_AHEAD, make_forecasts
from cohong.statistics.forecasting.scoring import score_due
from cohong.statistics.forecasting.series import Series
from cohong.statistics.forecasting.shapes import FEWEST, MODEL
from cohong.statistics.forecasting.views import Actual, ForecastView
from cohong.statistics.indicators.definitions import Tree, tree
from cohong.statistics.observing.histories import Cut, History, grouped, histories
from cohong.statistics.observing.selectors import series as observed
from cohong.statistics.periods import Frequency

BUDGET_S: Final = 240.0
_SETTLED_DAYS: Final = 5
_TOGETHER: Final = 8
_SCORED: Final = 36


class ForecastsFlawed(ValueError):  # noqa: N818 - read as what happened
    """The set of what is forecast cannot be used as it is."""


class _Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    indicators: list[str]
    cuts: list[Cut]
    horizon: Annotated[int, msgspec.Meta(ge=1, le=MOST_AHEAD)]
    frequency: Frequency


class _File(msgspec.Struct, forbid_unknown_fields=True):
    set: list[_Set]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a run came to: forecasts that were made, series that wait for the next run, points that were scored."""

    made: int
    left: int
    scored: int
    seconds: float


@cache
def sets_of() -> tuple[_Set, ...]:
    """Return what is forecast of itself. Raises `ForecastsFlawed`."""
    return read(files("cohong.statistics").joinpath("data/forecasts.toml").read_text(), tree())


def read(text: str, known: Tree) -> tuple[_Set, ...]:
    """Read what is forecast from TOML. Raises `ForecastsFlawed`."""
    try:
        found = msgspec.convert(tomllib.loads(text), _File).set
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ForecastsFlawed(str(error)) from None
    for one in found:
        for code in one.indicators:
            if code not in known.by_code or one.frequency.a_year > known.by_code[code].frequency.a_year:
                raise ForecastsFlawed(f"{code}: there is no such indicator, or not each {one.frequency}")
    return tuple(found)


def forecast_due(
    *,
    actor: Actor,
    published: bool = False,
    budget_s: float = BUDGET_S,
    most: int | None = None,
    today: date | None = None,
) -> Scheduled:
    """Forecast each configured series that has a new last period, and score what has come of earlier ones.

    `published`: from published figures, of periods that are over, as far as nothing in them is withheld; else from
    observations that have settled. For an authority of the province, or the system. Takes a quarter of a second for each
    series: what does not fit into `budget_s` seconds (or `most` series) waits for the next run. Said again, it changes nothing.
    Raises MandateMissing, NotYourRegion.
    """
    if remit_of(actor, scope=WRITE).level is not Level.PROVINCE:
        raise NotYourRegion
    started_s = time.monotonic()
    last = (today or localdate(clock.now())) - timedelta(days=1 if published else _SETTLED_DAYS + 1)
    release = _newest_release() if published else None
    if published and release is None:
        return Scheduled(0, 0, 0, 0.0)
    made = left = scored = 0
    for one in sets_of():
        found = [
            history.until(last)
            for history in histories(
                indicators=one.indicators, frequency=one.frequency, cuts=one.cuts, published=published
            )
        ]
        scored += score_due(actor=actor, actuals=list(_actuals(found)), published=published)
        due = _due(one, found, published=published)
        while due:
            spent = time.monotonic() - started_s >= budget_s
            if spent or (most is not None and made >= most):
                left += len(due)
                break
            together = due[: _TOGETHER if most is None else min(_TOGETHER, most - made)]
            make_forecasts(actor=actor, series=together, horizon=one.horizon, release=release)
            made += len(together)
            due = due[len(together) :]
    return Scheduled(made, left, scored, round(time.monotonic() - started_s, 3))


def _newest_release() -> int | None:
    [(release,)] = sets.fetch("select max(id) from statistics_release")
    return None if release is None else int(release)


def _actuals(found: Sequence[History]) -> Iterator[Actual]:
    for history in found:
        for period, value in history.values[-_SCORED:]:
            yield Actual(history.indicator, period, value, history.region, history.industry)


def _due(one: _Set, found: Sequence[History], *, published: bool) -> list[Series]:
    """Return the series whose last period nothing was forecast from yet."""
    known = {
        tuple(row)
        for row in sets.fetch(
            "select indicator, region, industry, last_period from statistics_forecast where indicator = any(%s)"
            " and frequency = %s and model = %s and (release is not null) = %s",
            (one.indicators, one.frequency.value, MODEL, published),
        )
    }
    newest = max((history.values[-1][0] for history in found if history.values), default="")
    due = []
    for history in found:
        series = history.series(least=FEWEST[one.frequency]) if history.values else None
        # What has no value of the newest period (withheld, or gone) is not forecast as if it had ended before.
        if series is None or series.last != newest:
            continue
        if (series.indicator, series.region, series.industry, series.last) not in known:
            due.append(series)
    return due


def forecast_series(
    *,
    actor: Actor,
    indicator: str,
    horizon: int,
    frequency: Frequency = Frequency.MONTH,
    region: str = "",
    industry: str = "",
) -> ForecastView:
    """Forecast any series of observations any number of periods ahead, from its last settled period on.

    For the authority that answers for the region. Raises NotYourRegion, MandateMissing, SeriesTooShort, HorizonTooLong.
    """
    from cohong.statistics.forecasting.reading import forecast  # noqa: PLC0415 - reading shows what was made

    remit_of(actor, scope=WRITE).check_figure(region)
    rows = [
        (one.indicator, one.region, one.industry, one.market, one.period, one.value)
        for one in observed(indicators=[indicator], frequency=frequency, region=region, industry=industry)
    ]
    last = localdate(clock.now()) - timedelta(days=_SETTLED_DAYS + 1)
    settled = [history.until(last) for history in grouped(rows)]
    series = settled[0].series() if settled and settled[0].values else None
    if series is None:
        raise no.SeriesTooShort(fewest=3)
    [made] = make_forecasts(actor=actor, series=[series], horizon=horizon)
    return forecast(actor=actor, forecast_id=made)
