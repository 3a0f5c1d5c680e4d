"""Targets of plans: one row for each version of each; none is ever changed."""

from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.targets import words


class TargetVersion(models.Model):
    """What a target said from `set_at` on, until the next version. `given` are pairs of a day and decimal text."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    name_zh_hans = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")
    note_zh_hans = models.CharField(max_length=500, blank=True, default="")
    note_zh_hant = models.CharField(max_length=500, blank=True, default="")
    note_en = models.CharField(max_length=500, blank=True, default="")
    indicator = models.CharField(max_length=64)
    unit = models.CharField(max_length=16, choices=words.TargetUnit.choices)
    comparison = models.CharField(max_length=16, choices=words.Comparison.choices)
    region_code = models.CharField(max_length=40, blank=True, default="")
    due = models.DateField()
    value = models.DecimalField(max_digits=28, decimal_places=6, null=True)
    against = models.CharField(max_length=64, blank=True, default="")
    each_above = models.DecimalField(max_digits=28, decimal_places=6, null=True)
    shape = models.CharField(max_length=8, choices=words.PathShape.choices)
    baseline_on = models.DateField(null=True)
    baseline_value = models.DecimalField(max_digits=28, decimal_places=6, null=True)
    given = models.JSONField(default=list)
    reason = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_target_version"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="target_version_once"),
            models.CheckConstraint(name="target_versions_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="target_unit_is_known", condition=Q(unit__in=words.TargetUnit.values)
            ),
            models.CheckConstraint(
                name="target_shape_is_known", condition=Q(shape__in=words.PathShape.values)
            ),
            models.CheckConstraint(
                name="target_can_be_measured",
                condition=(Q(comparison="above_value") & Q(value__isnull=False))
                | (Q(comparison="above_series") & ~Q(against=""))
                | (Q(comparison="more_units") & Q(value__isnull=False) & Q(each_above__isnull=False)),
            ),
            models.CheckConstraint(
                name="target_begins_before_it_is_due",
                condition=Q(baseline_on=None, baseline_value=None)
                | Q(baseline_on__lt=F("due"), baseline_value__isnull=False, value__isnull=False),
            ),
            models.CheckConstraint(
                name="target_has_a_name_and_a_reason", condition=~Q(name_zh_hans="") & ~Q(reason="")
            ),
        ]
        triggers = [append_only("target_version_is_append_only")]
