"""Reports: which unit owes which form for which period, how far each is, and every version of its contents.

A report's `draft` is scratch paper; what is submitted is a version, and versions stay. `approved_version` is the last one
that the province approved: it is what counts as final, also while a correction of it is under way.
"""

from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.models.units import Unit
from cohong.statistics.reporting import states


class Report(models.Model):
    """A form that a unit owes for a period. `revision` counts changes: who decides or saves says which one they have seen."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    form = models.CharField(max_length=16)
    form_version = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=12)
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=20, choices=states.ReportState.choices)
    revision = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    approved_version = models.PositiveIntegerField(default=0)
    late = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True)
    reminded = models.CharField(max_length=8, choices=states.Reminder.choices, blank=True, default="")
    opened_at = models.DateTimeField()
    document = models.UUIDField(null=True)

    class Meta:
        db_table = "statistics_report"
        indexes = [
            models.Index(fields=["form", "period", "state"], name="report_by_form"),
            models.Index(fields=["state", "due_on"], name="report_by_state"),
            models.Index(fields=["unit", "-period_end"], name="report_by_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "form", "period"], name="report_owed_once"),
            states.REPORT_LIFE.check_constraint("report_state_is_known"),
            models.CheckConstraint(
                name="report_approves_what_is_there", condition=Q(approved_version__lte=F("version"))
            ),
            models.CheckConstraint(
                name="report_approved_is_its_last_version",
                condition=~Q(state="province_approved") | Q(approved_version=F("version"), version__gt=0),
            ),
            models.CheckConstraint(
                name="report_submitted_has_a_version",
                condition=~Q(state__in=["submitted", "city_approved"])
                | Q(version__gt=F("approved_version"), submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_late_was_submitted", condition=Q(late=False) | Q(submitted_at__isnull=False)
            ),
        ]


class ReportVersion(models.Model):
    """What was submitted: contents in canonical form, their SHA-256, what was explained, and who signed. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    form_version = models.PositiveSmallIntegerField()
    contents = models.TextField()
    digest = models.BinaryField()
    explanations = models.JSONField(default=dict)
    signed_by = models.UUIDField(null=True)
    signer = models.CharField(max_length=200)
    way = models.CharField(max_length=8, choices=states.Way.choices)
    submitted_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_report_version"
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once"),
            models.CheckConstraint(name="report_version_from_one", condition=Q(number__gt=0)),
        ]
        triggers = [append_only("report_version_is_append_only")]


class ReportValue(models.Model):
    """A number of a version, in base units: fen, ones, hundredths of a percent. What indicators read. Never changed."""

    pk = models.CompositePrimaryKey("version_id", "field", "row")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="values")
    field = models.CharField(max_length=40)
    row = models.CharField(max_length=40, blank=True, default="")
    value = models.BigIntegerField()

    class Meta:
        db_table = "statistics_report_value"
        triggers = [append_only("report_value_is_append_only")]


class ReportStep(models.Model):
    """A step of a report's life: who did what, of which version, and why. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=states.ReportState.choices)
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=1000, blank=True, default="")
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    at = models.DateTimeField()
    document = models.UUIDField(null=True)

    class Meta:
        db_table = "statistics_report_step"
        indexes = [models.Index(fields=["report", "id"], name="report_step_by_report")]
        constraints = [
            models.CheckConstraint(
                name="report_returned_with_reasons", condition=~Q(act="return") | ~Q(reason="")
            )
        ]
        triggers = [append_only("report_step_is_append_only")]
