"""What can be wrong with forecasts, and is looked for."""

from itertools import groupby

from cohong.kernel import sets
from cohong.kernel.audit import Check, check, queried
from cohong.statistics.forecasting.making import digest_of


def audit() -> list[Check]:
    """Check that forecasts are what was stated when they were made, are whole, and were scored as they should be."""
    return [_stated(), _whole(), _scored()]


def _stated() -> Check:
    rows = sets.fetch(
        "select f.id, f.digest, d.canonical::jsonb -> 'body' ->> 'digest', p.period, p.point, p.lower_80, p.upper_80,"
        " p.lower_95, p.upper_95 from statistics_forecast f"
        " left join kernel_document d on d.id = f.document and d.kind = 'statistics.forecast_made' and d.subject = f.id"
        " left join statistics_forecast_point p on p.forecast_id = f.id order by f.id, p.ahead"
    )
    findings, count = [], 0
    for (id_, kept, said), group in groupby(rows, key=lambda row: row[:3]):
        count += 1
        digest = digest_of([row[3:] for row in group])
        if said != digest.hex() or bytes(kept) != digest:
            findings.append(f"forecast {id_}: its numbers are not those that were stated")
    return check("statistics: forecasts are what was stated", figure=count, findings=findings)


def _whole() -> Check:
    return queried(
        "statistics: forecasts have every period of their horizon",
        count="select count(*) from statistics_forecast",
        findings=(
            "select format('forecast %s: it has %s of %s periods', f.id, count(p.id), f.horizon)"
            " from statistics_forecast f left join statistics_forecast_point p on p.forecast_id = f.id"
            " group by f.id having count(p.id) <> f.horizon or max(p.ahead) is distinct from f.horizon"
        ),
    )


def _scored() -> Check:
    return queried(
        "statistics: forecasts are scored by what came",
        count="select count(*) from statistics_forecast_score",
        findings=(
            "select format('score %s: it does not follow from its forecast', s.id) from statistics_forecast_score s"
            " join statistics_forecast_point p on p.id = s.point_id"
            " where s.in_80 <> (s.actual between p.lower_80 and p.upper_80)"
            " or s.in_95 <> (s.actual between p.lower_95 and p.upper_95)"
            " or abs(s.smape * (abs(p.point) + abs(s.actual)) - 200 * abs(p.point - s.actual))"
            "   > 1e-6 * (abs(p.point) + abs(s.actual) + 1)"
        ),
    )
