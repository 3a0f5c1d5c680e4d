"""The HTTP interface of forecasts: those of published figures for everyone, any series and horizon for the authority."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import idempotent
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.forecasting import public, reading, scheduled, scoring
from cohong.statistics.forecasting.refusals import NoSuchForecast
from cohong.statistics.forecasting.views import Accuracy, ForecastView, PointView, Prospect
from cohong.statistics.periods import Frequency

CREATED = 201
router = Router(tags=["statistics"], auth=parties.TokenAuth())
_Code = Annotated[str, Query(max_length=64)]


class ForecastPointOut(Schema):
    """What was expected of a period, where it was to be with a chance of 80 and 95 percent, and what came of it."""

    period: str
    point: Decimal
    lower_80: Decimal
    upper_80: Decimal
    lower_95: Decimal
    upper_95: Decimal
    actual: Decimal | None
    smape: Decimal | None

    @classmethod
    def of(cls, one: PointView) -> Self:
        """Show a point."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class ForecastOut(Schema):
    """A forecast as it was made. `release`: the publication whose figures it was made from."""

    id: UUID
    made_at: datetime
    indicator: str
    region: str
    industry: str
    frequency: str
    model: str
    last_period: str
    last_value: Decimal
    release: int | None
    document: UUID
    points: list[ForecastPointOut]

    @classmethod
    def of(cls, one: ForecastView) -> Self:
        """Show a forecast."""
        same = ("id", "made_at", "indicator", "region", "industry", "model", "last_period", "last_value")
        return cls(
            **{name: getattr(one, name) for name in (*same, "release", "document")},
            frequency=one.frequency.value,
            points=[ForecastPointOut.of(point) for point in one.points],
        )


class ForecastRecordOut(Schema):
    """How far off the forecasts of a series were so far."""

    scored: int
    smape: Decimal
    inside_80: Decimal
    inside_95: Decimal


class PublicForecastOut(Schema):
    """The newest forecast of a published series, and how far off those before it were."""

    forecast: ForecastOut
    record: ForecastRecordOut | None


class ForecastIn(Schema):
    """Which series is to be forecast, and how far."""

    indicator: str = Field(max_length=64)
    region: str = Field("", max_length=40)
    industry: str = Field("", max_length=40)
    frequency: Frequency = Frequency.MONTH
    horizon: int


class AccuracyOut(Schema):
    """How far off the forecasts of an indicator were."""

    indicator: str
    frequency: str
    model: str
    scored: int
    smape: float
    mase: float | None
    coverage_80: float
    coverage_95: float

    @classmethod
    def of(cls, one: Accuracy) -> Self:
        """Show an accuracy."""
        shown = {name: getattr(one, name) for name in cls.model_fields}
        return cls(**(shown | {"frequency": one.frequency.value}))


class ProspectOut(Schema):
    """A target against a forecast."""

    period: str
    target: Decimal
    expected: ForecastPointOut
    standing: str
    chance: float
    periods: int
    needed_growth: float | None
    expected_growth: float | None

    @classmethod
    def of(cls, one: Prospect) -> Self:
        """Show a prospect."""
        shown = {name: getattr(one, name) for name in cls.model_fields}
        return cls(
            **(shown | {"standing": one.standing.value, "expected": ForecastPointOut.of(one.expected)})
        )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


@router.get(
    "/forecasts/published",
    auth=None,
    response=PublicForecastOut,
    operation_id="statistics_published_forecast",
)
def get_published_forecast(
    request: HttpRequest,  # noqa: ARG001 - ninja's signature
    *,
    indicator: _Code,
    frequency: Frequency = Frequency.MONTH,
    region: _Code = "",
    industry: _Code = "",
) -> Any:
    """Return the newest forecast of a published series. It is public."""
    found = public.public_forecast(indicator=indicator, frequency=frequency, region=region, industry=industry)
    if found is None:
        raise NoSuchForecast
    record = found.record
    return PublicForecastOut(
        forecast=ForecastOut.of(found.newest),
        record=None
        if record is None
        else ForecastRecordOut(**{name: getattr(record, name) for name in ForecastRecordOut.model_fields}),
    )


@router.get("/forecasts/accuracy", response=list[AccuracyOut], operation_id="statistics_forecast_accuracy")
def get_accuracy(request: HttpRequest, *, indicator: _Code = "") -> Any:
    """Tell how far off forecasts were, by indicator, frequency and model."""
    return [AccuracyOut.of(one) for one in scoring.accuracy(actor=_actor(request), indicator=indicator)]


@router.get("/forecasts", response=list[ForecastOut], operation_id="statistics_forecasts")
def list_forecasts(
    request: HttpRequest,
    *,
    indicator: _Code,
    frequency: Frequency | None = None,
    region: _Code = "",
    industry: _Code = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Any:
    """List the forecasts of a series, newest first, for the authority that answers for its region."""
    found = reading.forecasts(
        actor=_actor(request),
        indicator=indicator,
        region=region,
        industry=industry,
        frequency=frequency,
        most=limit,
    )
    return [ForecastOut.of(one) for one in found]


@router.post("/forecasts", response={CREATED: ForecastOut}, operation_id="statistics_make_forecast")
@idempotent
def make_forecast(request: HttpRequest, body: ForecastIn) -> Any:
    """Forecast any series of observations any number of periods ahead."""
    made = scheduled.forecast_series(
        actor=_actor(request),
        indicator=body.indicator,
        horizon=body.horizon,
        frequency=body.frequency,
        region=body.region,
        industry=body.industry,
    )
    return CREATED, ForecastOut.of(made)


@router.get("/forecasts/{uuid:forecast_id}", response=ForecastOut, operation_id="statistics_forecast")
def get_forecast(request: HttpRequest, forecast_id: UUID) -> Any:
    """Return a forecast with what came of it."""
    return ForecastOut.of(reading.forecast(actor=_actor(request), forecast_id=forecast_id))


@router.get(
    "/forecasts/{uuid:forecast_id}/prospect", response=ProspectOut, operation_id="statistics_prospect"
)
def get_prospect(
    request: HttpRequest,
    forecast_id: UUID,
    *,
    period: Annotated[str, Query(max_length=10)],
    target: Annotated[Decimal, Query(max_digits=28, decimal_places=6)],
    at_most: bool = False,
) -> Any:
    """Weigh a target for a period against a forecast: how likely it is to be met, and what growth it takes."""
    return ProspectOut.of(
        reading.prospect(
            actor=_actor(request), forecast_id=forecast_id, period=period, target=target, at_most=at_most
        )
    )
