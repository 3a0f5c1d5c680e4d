"""Forecasts are made, kept as they were made, and stated by their digest."""

import hashlib
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.access import WRITE, remit_of
from cohong.statistics.forecasting import refusals as no
from cohong.statistics.forecasting.computing import outlook_of
from cohong.statistics.forecasting.learning import own_widening
from cohong.statistics.forecasting.series import Series
from cohong.statistics.forecasting.shapes import FEWEST_VALUES, LEVELS, MODEL, Outlook, Widening

MOST_AHEAD: Final = 400
_MOST: Final = 1e20
_PLACES: Final = Decimal("0.000001")
_COLUMNS: Final = (
    *("id", "made_at", "made_by", "indicator", "region", "industry", "frequency", "two_months", "model"),
    *("history_values", "last_period", "last_value", "horizon", "scale", "digest", "document"),
    *("widened_80", "widened_95", "release"),
)
_POINT_COLUMNS: Final = (
    *("forecast_id", "ahead", "period", "point", "lower_80", "upper_80", "lower_95", "upper_95"),
)


def make_forecasts(
    *,
    actor: Actor,
    series: Sequence[Series],
    horizon: int,
    festival: bool = True,
    release: int | None = None,
) -> list[UUID]:
    """Forecast each series `horizon` periods ahead and keep the forecasts; return their ids, in order.

    For the authority that answers for the series' regions. Bands are widened by what scored forecasts of the same indicator
    have missed (`learning`). `release`: the series is what that one published, so that its forecast may be. `festival` off
    leaves Spring Festival where it is. Takes a quarter of a second for each series, outside of any transaction. Raises
    NotYourRegion, MandateMissing, SeriesTooShort, ValueImpossible, HorizonTooLong, PeriodUnreadable.
    """
    remit = remit_of(actor, scope=WRITE)
    if not 0 < horizon <= MOST_AHEAD:
        raise no.HorizonTooLong(most=MOST_AHEAD)
    for one in series:
        remit.check_figure(one.region)
        if len(one.values) < FEWEST_VALUES:
            raise no.SeriesTooShort(fewest=FEWEST_VALUES)
        if not all(math.isfinite(value) and abs(value) < _MOST for value in one.values):
            raise no.ValueImpossible(indicator=one.indicator)
    widenings = {
        key: own_widening(*key, published=release is not None)
        for key in {(one.indicator, one.frequency) for one in series}
    }
    outlooks = [
        outlook_of(one, horizon, festival=festival, widening=widenings[one.indicator, one.frequency])
        for one in series
    ]
    return _keep(
        actor, series, outlooks, [widenings[one.indicator, one.frequency] for one in series], release
    )


def digest_of(rows: Sequence[Sequence[object]]) -> bytes:
    """Digest a forecast's numbers: its periods in order, each with the point and the four cuts, to six places."""
    text = "\n".join(" ".join(str(one) for one in row) for row in rows)
    return hashlib.sha256(text.encode()).digest()


@sets.act
def _keep(
    actor: Actor,
    series: Sequence[Series],
    outlooks: Sequence[Outlook],
    widenings: Sequence[Widening],
    release: int | None,
) -> list[UUID]:
    now = clock.now()
    ids = [new_id() for _ in series]
    points = [_points(one, outlook) for one, outlook in zip(series, outlooks, strict=True)]
    digests = [digest_of(rows) for rows in points]
    receipts = journal.append(
        [
            journal.Entry(
                subject=id_,
                issuer=actor.party_id,
                body=documents.ForecastMade(
                    indicator=one.indicator,
                    region=one.region,
                    industry=one.industry,
                    model=MODEL,
                    last_period=one.last,
                    first_ahead=str(rows[0][0]),
                    last_ahead=str(rows[-1][0]),
                    digest=digest.hex(),
                ),
            )
            for id_, one, rows, digest in zip(ids, series, points, digests, strict=True)
        ]
    )
    sets.insert(
        "statistics_forecast",
        _COLUMNS,
        [
            (
                *(id_, now, actor.user_id, one.indicator, one.region, one.industry, str(one.frequency)),
                *(one.two_months, MODEL, len(one.values), one.last, _kept(one.values[-1]), len(rows)),
                *(_scale(one), digest, receipt.id),
                *(*(Decimal(str(widening.of(level))) for level in LEVELS), release),
            )
            for id_, one, rows, digest, receipt, widening in zip(
                ids, series, points, digests, receipts, widenings, strict=True
            )
        ],
    )
    sets.insert(
        "statistics_forecast_point",
        _POINT_COLUMNS,
        [
            (id_, ahead, *row)
            for id_, rows in zip(ids, points, strict=True)
            for ahead, row in enumerate(rows, start=1)
        ],
    )
    return ids


def _points(series: Series, outlook: Outlook) -> list[tuple[str | Decimal, ...]]:
    inner, outer = outlook.band(80), outlook.band(95)
    periods = [period.code for period in series.ahead(len(outlook.points))]
    cuts = (outlook.points, inner.lower, inner.upper, outer.lower, outer.upper)
    return [(period, *(_kept(cut) for cut in row)) for period, *row in zip(periods, *cuts, strict=True)]


def _kept(value: float) -> Decimal:
    return Decimal(value).quantize(_PLACES)


def _scale(series: Series) -> Decimal | None:
    values = series.values
    lag = series.season if len(values) > series.season else 1
    steps = [abs(after - before) for before, after in zip(values, values[lag:], strict=False)]
    scale = _kept(sum(steps) / len(steps))
    return scale or None
