"""Official figures: each version of each is a row; a correction is a new version, and what was said stays."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from cohong.kernel.models import append_only
from cohong.statistics.official.words import FigureState


class OfficialFigure(models.Model):
    """A figure as stated from `stated_at` on, until its next version; without a value it was taken back.

    `value` is in the unit of the series (money in major units). `region` is a province or a city, "" for the nation;
    `industry` "" for all. `publisher` says who published it, `source` where.
    """

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    region = models.CharField(max_length=16, blank=True, default="")
    industry = models.CharField(max_length=40, blank=True, default="")
    version = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    status = models.CharField(max_length=12, choices=FigureState.choices)
    publisher = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True, default="")
    stated_at = models.DateTimeField()
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_official_figure"
        constraints = [
            UniqueConstraint(
                fields=["series", "period", "region", "industry", "version"],
                name="official_figure_version_once",
            ),
            CheckConstraint(name="official_figure_versions_from_one", condition=Q(version__gte=1)),
            CheckConstraint(
                name="official_figure_of_a_known_status", condition=Q(status__in=list(FigureState.values))
            ),
            CheckConstraint(name="official_figure_has_a_publisher", condition=~Q(publisher="")),
        ]
        indexes = [
            Index(fields=["period_start", "series"], name="official_figure_by_time"),
            Index(fields=["document"], name="official_figure_by_document"),
        ]
        triggers = [append_only("official_figure_is_append_only")]
