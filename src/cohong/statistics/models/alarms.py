"""Alarms of early warning, and every step of their lives."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.models.observations import Vintage
from cohong.statistics.models.units import Unit
from cohong.statistics.warning import states


class Alarm(models.Model):
    """What a rule has found about one series and period, as it stands. `subject` is an indicator's code, or a form's.

    `evidence` is what it rests on: pairs of a period and a value. `holds` is false once newer figures do not bear it out.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    rule = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    severity = models.CharField(max_length=8, choices=states.AlarmSeverity.choices)
    subject = models.CharField(max_length=64)
    region = models.CharField(max_length=40, blank=True, default="")
    industry = models.CharField(max_length=40, blank=True, default="")
    market = models.CharField(max_length=40, blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="alarms")
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=30, decimal_places=6)
    expected = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    lower = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    upper = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    score = models.DecimalField(max_digits=12, decimal_places=3)
    evidence = models.JSONField(default=list)
    vintage = models.ForeignKey(Vintage, null=True, on_delete=models.PROTECT, related_name="alarms")
    holds = models.BooleanField(default=True)
    state = models.CharField(max_length=16, choices=states.AlarmState.choices)
    owner_party = models.UUIDField(null=True)
    owner_user = models.UUIDField(null=True)
    steps_taken = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_alarm"
        indexes = [
            Index(fields=["state", "-id"], name="alarm_by_state"),
            Index(fields=["region", "-id"], name="alarm_by_region"),
        ]
        constraints = [
            UniqueConstraint(
                fields=["rule", "subject", "region", "industry", "market", "unit", "period"],
                name="alarm_once",
                nulls_distinct=False,
            ),
            states.ALARM_LIFE.check_constraint("alarm_state_is_known"),
            CheckConstraint(
                name="alarm_severity_is_known", condition=Q(severity__in=states.AlarmSeverity.values)
            ),
            CheckConstraint(
                name="alarm_under_way_has_an_owner",
                condition=Q(state__in=["open", "closed", "false_alarm"]) | Q(owner_party__isnull=False),
            ),
        ]


class AlarmStep(models.Model):
    """One step of an alarm's life: the act, what state it led to, who did it and why; its evidence, where that was new."""

    id = models.UUIDField(primary_key=True, default=new_id)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=16, choices=states.AlarmAct.choices)
    state = models.CharField(max_length=16, choices=states.AlarmState.choices)
    reason = models.CharField(max_length=1000, blank=True, default="")
    found = models.JSONField(null=True)
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_alarm_step"
        constraints = [
            UniqueConstraint(fields=["alarm", "number"], name="alarm_step_once"),
            CheckConstraint(name="alarm_steps_from_one", condition=Q(number__gte=1)),
            CheckConstraint(name="alarm_act_is_known", condition=Q(act__in=states.AlarmAct.values)),
            CheckConstraint(
                name="alarm_judged_with_a_reason",
                condition=~Q(act__in=["explain", "act", "close", "dismiss", "reopen"]) | ~Q(reason=""),
            ),
        ]
        triggers = [append_only("alarm_step_is_append_only")]
