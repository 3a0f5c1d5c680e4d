"""Observations: an indicator's values, each of a vintage. A revision is a new row; what was said stays."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from cohong.kernel.models import append_only


class Vintage(models.Model):
    """One computation that changed something: when, why, and up to which position of the journal it had read."""

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)
    position = models.BigIntegerField()
    changed = models.BigIntegerField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_vintage"
        constraints = [CheckConstraint(name="vintage_changed_something", condition=Q(changed__gt=0))]
        triggers = [append_only("vintage_is_append_only")]


class Observation(models.Model):
    """A value in the indicator's unit (money in major units), unknown where it is null; and what protects its contributors.

    What a cell does not have (a region, an industry, a market) is the empty text: the total.
    """

    id = models.BigAutoField(primary_key=True)
    vintage = models.ForeignKey(Vintage, on_delete=models.PROTECT, db_index=False)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    region = models.CharField(max_length=16)
    industry = models.CharField(max_length=40)
    market = models.CharField(max_length=40)
    source = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    contributors = models.BigIntegerField(null=True)
    largest = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    second = models.DecimalField(max_digits=30, decimal_places=6, null=True)

    class Meta:
        db_table = "statistics_observation"
        constraints = [
            UniqueConstraint(
                fields=["indicator", "period", "region", "industry", "market", "vintage"],
                name="observation_once_a_vintage",
            ),
            CheckConstraint(
                name="observation_of_a_known_status", condition=Q(status__in=["provisional", "final"])
            ),
        ]
        indexes = [
            Index(
                fields=["indicator", "region", "industry", "market", "period", "-vintage"],
                name="observation_by_series",
            ),
            Index(fields=["vintage"], name="observation_by_vintage"),
        ]
        triggers = [append_only("observation_is_append_only")]
