"""Releases: what was published when. A figure that changes is a new row of a new release; what was shown stays."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from cohong.kernel.models import append_only
from cohong.statistics.models.observations import Vintage


class Release(models.Model):
    """One publication: of which vintage, when, by whom; how many figures it changed and how many it withholds."""

    id = models.BigAutoField(primary_key=True)
    vintage = models.ForeignKey(Vintage, on_delete=models.PROTECT, db_index=False)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    note = models.CharField(max_length=400, blank=True)
    changed = models.BigIntegerField()
    withheld = models.BigIntegerField()
    exposed = models.BigIntegerField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_release"
        constraints = [
            CheckConstraint(name="release_changed_something", condition=Q(changed__gt=0)),
            CheckConstraint(
                name="release_counts_from_zero", condition=Q(withheld__gte=0) & Q(exposed__gte=0)
            ),
            CheckConstraint(
                name="release_withholds_what_it_exposes", condition=Q(exposed__lte=F("withheld"))
            ),
        ]
        triggers = [append_only("release_is_append_only")]


class ReleasedValue(models.Model):
    """A figure as it was published. `withheld` says why it is not shown (empty: it is); its value is then kept all the same.

    What was withheld must be known later, so that nothing is shown that undoes it; `publishing.selectors` and `figures.selecting`
    read the table, and let no such value out.
    """

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, db_index=False)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    region = models.CharField(max_length=16)
    industry = models.CharField(max_length=40)
    market = models.CharField(max_length=40)
    status = models.CharField(max_length=12)
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    withheld = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "statistics_released_value"
        constraints = [
            UniqueConstraint(
                fields=["indicator", "period", "region", "industry", "market", "release"],
                name="released_value_once_a_release",
            ),
            CheckConstraint(
                name="released_value_of_a_known_status", condition=Q(status__in=["provisional", "final"])
            ),
        ]
        indexes = [
            Index(
                fields=["indicator", "region", "industry", "market", "period", "-release"],
                name="released_value_by_series",
            ),
            Index(fields=["release"], name="released_value_by_release"),
        ]
        triggers = [append_only("released_value_is_append_only")]
