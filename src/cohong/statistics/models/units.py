"""The register of reporting units (名录库): units, their spells, what happened to them, and where they were found.

A *spell* says what a unit was from a day on until (not including) another; a unit's spells follow each other, with a gap only
while it was closed. So the register can be asked as of any day. A unit that turned out to be another one (`duplicate_of`) stays
where it is and is counted with it, until it is parted again.
"""

from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.units import words


class Unit(models.Model):
    """A platform or an enterprise that reports. `code` is its statistical unit code; `party_id` whom it is at the platform."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=20, unique=True)
    party_id = models.UUIDField(null=True, unique=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_unit"
        constraints = [
            models.CheckConstraint(
                name="unit_not_its_own_duplicate",
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
            )
        ]


class UnitSpell(models.Model):
    """What a unit was from `since` until before `until`; None: still. `name_key` and the rest are what names are matched by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="spells")
    since = models.DateField()
    until = models.DateField(null=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    name_core = models.CharField(max_length=200)
    name_block = models.CharField(max_length=2)
    kind = models.CharField(max_length=16, choices=words.UnitKind.choices)
    platform = models.CharField(max_length=16, choices=words.PlatformKind.choices, blank=True, default="")
    credit_code = models.CharField(max_length=18, null=True)  # noqa: DJ001 - NULLs do not collide
    industry_code = models.CharField(max_length=40, blank=True, default="")
    region_code = models.CharField(max_length=40, blank=True, default="")
    size_class = models.CharField(max_length=8, choices=words.SizeClass.choices, blank=True, default="")

    class Meta:
        db_table = "statistics_unit_spell"
        indexes = [
            models.Index(fields=["credit_code"], name="spell_by_credit_code"),
            models.Index(fields=["name_core"], name="spell_by_name"),
            models.Index(fields=["region_code", "name_block"], name="spell_by_block"),
            models.Index(fields=["kind", "unit"], condition=Q(until=None), name="spell_current_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "since"], name="spell_begins_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(until=None), name="spell_current_once"),
            # A company may run several platforms; everything else that a code names is one unit.
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(until=None) & ~Q(kind="platform"),
                name="spell_credit_code_once",
            ),
            models.CheckConstraint(
                name="spell_ends_after_it_begins", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(name="spell_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="spell_kind_is_known", condition=Q(kind__in=words.UnitKind.values)),
            models.CheckConstraint(
                name="spell_size_is_known", condition=Q(size_class__in=["", *words.SizeClass.values])
            ),
            models.CheckConstraint(
                name="spell_only_platforms_are_of_a_platform_kind",
                condition=(Q(kind="platform") & Q(platform__in=words.PlatformKind.values))
                | (~Q(kind="platform") & Q(platform="")),
            ),
        ]


class UnitEvent(models.Model):
    """One thing that happened to a unit, on a day, for a reason; `before` and `after` are what it changed. Never changed.

    `document` is None where the journal itself was the ground: there was no act to state.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    change = models.CharField(max_length=16, choices=words.Change.choices)
    on = models.DateField()
    reason = models.CharField(max_length=500)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    other = models.UUIDField(null=True)
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    at = models.DateTimeField()
    document = models.UUIDField(null=True)

    class Meta:
        db_table = "statistics_unit_event"
        indexes = [models.Index(fields=["unit", "id"], name="unit_event_by_unit")]
        constraints = [
            models.CheckConstraint(name="unit_change_is_known", condition=Q(change__in=words.Change.values)),
            models.CheckConstraint(name="unit_event_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [append_only("unit_event_is_append_only")]


class UnitSource(models.Model):
    """A unit as one source knows it. Without a `unit` it waits for an officer to say which one it is, and counts for nothing.

    `key` is the source's own: a party's id, a line of a list. `score` is in thousandths.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.CharField(max_length=8, choices=words.Source.choices)
    key = models.CharField(max_length=240)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="sources")
    how = models.CharField(max_length=8, choices=words.How.choices, blank=True, default="")
    score = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=words.UnitKind.choices)
    platform = models.CharField(max_length=16, blank=True, default="")
    credit_code = models.CharField(max_length=18, blank=True, default="")
    industry_code = models.CharField(max_length=40, blank=True, default="")
    region_code = models.CharField(max_length=40, blank=True, default="")
    size_class = models.CharField(max_length=8, blank=True, default="")
    on = models.DateField()
    found_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_unit_source"
        indexes = [
            models.Index(fields=["unit", "id"], name="unit_source_by_unit"),
            models.Index(fields=["id"], condition=Q(unit=None), name="unit_source_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="unit_source_once"),
            models.CheckConstraint(name="unit_source_is_known", condition=Q(source__in=words.Source.values)),
            models.CheckConstraint(
                name="unit_source_matched_somehow",
                condition=Q(unit=None, how="") | (Q(unit__isnull=False) & Q(how__in=words.How.values)),
            ),
        ]


class UnitMatch(models.Model):
    """A question: is what a source knows this unit? What an officer answered is remembered; it may be answered anew."""

    id = models.UUIDField(primary_key=True, default=new_id)
    found = models.ForeignKey(UnitSource, on_delete=models.PROTECT, related_name="matches")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="matches")
    score = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=words.MatchState.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    decided_by_party = models.UUIDField(null=True)
    decided_by_user = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    document = models.UUIDField(null=True)

    class Meta:
        db_table = "statistics_unit_match"
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="unit_match_open")]
        constraints = [
            models.UniqueConstraint(fields=["found", "unit"], name="unit_match_asked_once"),
            words.MATCHING.check_constraint("unit_match_state_is_known"),
            models.CheckConstraint(
                name="unit_match_decided_by_someone",
                condition=Q(state__in=["open", "moot"])
                | Q(decided_at__isnull=False, decided_by_party__isnull=False),
            ),
        ]
