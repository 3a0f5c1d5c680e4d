"""Forecasts as they were made, and how far off they were. Nothing here is ever changed: what turns out otherwise is added."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.periods import Frequency


class Forecast(models.Model):
    """One forecast of one series. What the series does not have (a region, an industry) is the empty text: the total.

    `scale` is the mean step of the history from one season to the next, which errors are measured by; null: it never moved.
    `widened_…` is by how much its bands were widened for what earlier ones of the kind had missed. `release` is the publication
    whose figures it was made from, null: the observations, which are the authority's own. `digest` is the SHA-256 of the
    numbers, as its document states it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    indicator = models.CharField(max_length=64)
    region = models.CharField(max_length=40, blank=True, default="")
    industry = models.CharField(max_length=40, blank=True, default="")
    frequency = models.CharField(max_length=8, choices=[(one, one) for one in Frequency])
    two_months = models.BooleanField(default=False)
    model = models.CharField(max_length=32)
    history_values = models.PositiveIntegerField()
    last_period = models.CharField(max_length=10)
    last_value = models.DecimalField(max_digits=30, decimal_places=6)
    horizon = models.PositiveIntegerField()
    widened_80 = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    widened_95 = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    release = models.BigIntegerField(null=True)
    scale = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    digest = models.BinaryField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_forecast"
        indexes = [
            Index(
                fields=["indicator", "region", "industry", "frequency", "-made_at"], name="forecast_by_series"
            ),
        ]
        constraints = [
            CheckConstraint(name="forecast_frequency_is_known", condition=Q(frequency__in=list(Frequency))),
            CheckConstraint(name="forecast_looks_ahead", condition=Q(horizon__gt=0)),
            CheckConstraint(name="forecast_scale_is_positive", condition=Q(scale=None) | Q(scale__gt=0)),
        ]
        triggers = [append_only("forecast_is_append_only")]


class ForecastPoint(models.Model):
    """What was expected of one period: a point, and the bands in which it was to be with a chance of 80 and 95 percent."""

    id = models.BigAutoField(primary_key=True)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="points")
    ahead = models.PositiveIntegerField()
    period = models.CharField(max_length=10)
    point = models.DecimalField(max_digits=30, decimal_places=6)
    lower_80 = models.DecimalField(max_digits=30, decimal_places=6)
    upper_80 = models.DecimalField(max_digits=30, decimal_places=6)
    lower_95 = models.DecimalField(max_digits=30, decimal_places=6)
    upper_95 = models.DecimalField(max_digits=30, decimal_places=6)

    class Meta:
        db_table = "statistics_forecast_point"
        indexes = [Index(fields=["period"], name="forecast_point_by_period")]
        constraints = [
            UniqueConstraint(fields=["forecast", "ahead"], name="forecast_point_once"),
            UniqueConstraint(fields=["forecast", "period"], name="forecast_period_once"),
            CheckConstraint(name="forecast_point_is_ahead", condition=Q(ahead__gt=0)),
            CheckConstraint(
                name="forecast_bands_hold_the_point",
                condition=Q(lower_95__lte=F("lower_80"))
                & Q(lower_80__lte=F("point"))
                & Q(point__lte=F("upper_80"))
                & Q(upper_80__lte=F("upper_95")),
            ),
        ]
        triggers = [append_only("forecast_point_is_append_only")]


class ForecastScore(models.Model):
    """How far off a point was from the actual value; another score, with the next number, for each value it is revised to."""

    id = models.BigAutoField(primary_key=True)
    point = models.ForeignKey(ForecastPoint, on_delete=models.PROTECT, related_name="scores")
    number = models.PositiveIntegerField()
    actual = models.DecimalField(max_digits=30, decimal_places=6)
    scored_at = models.DateTimeField()
    smape = models.DecimalField(max_digits=9, decimal_places=6)
    scaled_error = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    in_80 = models.BooleanField()
    in_95 = models.BooleanField()

    class Meta:
        db_table = "statistics_forecast_score"
        constraints = [
            UniqueConstraint(fields=["point", "number"], name="forecast_score_once"),
            CheckConstraint(name="forecast_scores_from_one", condition=Q(number__gte=1)),
            CheckConstraint(name="forecast_smape_in_range", condition=Q(smape__gte=0) & Q(smape__lte=200)),
            CheckConstraint(name="forecast_inner_band_is_in_outer", condition=Q(in_80=False) | Q(in_95=True)),
        ]
        triggers = [append_only("forecast_score_is_append_only")]
