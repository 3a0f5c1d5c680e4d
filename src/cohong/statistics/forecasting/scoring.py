"""Forecasts are scored when the actual values arrive, and again when these are revised."""

from collections.abc import Sequence

from cohong.kernel import clock, sets
from cohong.parties.api import Actor
from cohong.statistics.access import READ, WRITE, remit_of
from cohong.statistics.forecasting.views import Accuracy, Actual
from cohong.statistics.periods import Frequency

_SCORE = """
with actual as (
    select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[])
        as a (indicator, region, industry, period, value)
), due as (
    select p.id, a.value, p.point, p.lower_80, p.upper_80, p.lower_95, p.upper_95, f.scale,
        coalesce(last.number, 0) as scored, last.actual as known
    from actual a
    join statistics_forecast f using (indicator, region, industry)
    join statistics_forecast_point p on p.forecast_id = f.id and p.period = a.period
    left join lateral (
        select number, actual from statistics_forecast_score s where s.point_id = p.id order by number desc limit 1
    ) last on true
    where (f.release is not null) = %s
)
insert into statistics_forecast_score (point_id, number, actual, scored_at, smape, scaled_error, in_80, in_95)
select id, scored + 1, value, %s,
    case when point = 0 and value = 0 then 0
        else round(least(200, 200 * abs(point - value) / (abs(point) + abs(value))), 6) end,
    round(abs(point - value) / scale, 6),
    value between lower_80 and upper_80, value between lower_95 and upper_95
from due where known is distinct from value
"""


@sets.act
def score_due(*, actor: Actor, actuals: Sequence[Actual], published: bool = False) -> int:
    """Score every forecast of these periods that has not been scored with these values; return how many points were.

    To be called with whatever has become known, as often as one likes: what is scored already is left. A revised value gives
    another score beside the first. `published`: the values are published ones, and forecasts of such are scored; else those of
    observations are. Raises MandateMissing, NotYourRegion.
    """
    remit = remit_of(actor, scope=WRITE)
    for one in actuals:
        remit.check_figure(one.region)
    if not actuals:
        return 0
    # Two calls with the same values must not both find them new.
    sets.run("lock table statistics_forecast_score in share row exclusive mode")
    columns = [
        [getattr(one, name) for one in actuals]
        for name in ("indicator", "region", "industry", "period", "value")
    ]
    return sets.run(_SCORE, (*columns, published, clock.now()))


def accuracy(
    *, actor: Actor, indicator: str = "", region: str | None = None, industry: str | None = None
) -> list[Accuracy]:
    """Tell how far off forecasts were, by indicator, frequency and model, by the last known value of each period.

    `indicator` empty: of all; `region` and `industry` None: of all, empty: of the total. Mean over scored points: sMAPE 0 to
    200, MASE in mean seasonal steps of the history. Only what the actor's authority
    answers for is counted. Raises MandateMissing.
    """
    remit = remit_of(actor, scope=READ)
    regions = None if remit.regions is None else sorted(remit.regions)
    if regions is not None and remit.covers_figure(""):
        regions.append("")
    rows = sets.fetch(
        "select f.indicator, f.frequency, f.model, count(*), avg(s.smape), avg(s.scaled_error),"
        " avg(s.in_80::int), avg(s.in_95::int)"
        " from statistics_forecast f join statistics_forecast_point p on p.forecast_id = f.id"
        " join lateral (select * from statistics_forecast_score s where s.point_id = p.id"
        "   order by number desc limit 1) s on true"
        " where (%s::text = '' or f.indicator = %s) and (%s::text is null or f.region = %s)"
        " and (%s::text is null or f.industry = %s) and (%s::text[] is null or f.region = any(%s))"
        " group by f.indicator, f.frequency, f.model order by f.indicator, f.frequency, f.model",
        (indicator, indicator, region, region, industry, industry, regions, regions),
    )
    return [
        Accuracy(
            *(code, Frequency(frequency), model, scored, float(smape)),
            *(None if mase is None else float(mase), float(inner), float(outer)),
        )
        for code, frequency, model, scored, smape, mase, inner, outer in rows
    ]
