"""What the follower of trade keeps in the database: which files of facts count, and whom the journal's ids stand for.

All of it is emptied and filled again from the journal by a rebuild, but for facts that were taken over from elsewhere.
"""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from cohong.kernel.models import append_only
from cohong.statistics.facts.shapes import Origin, Table


class FactTakeover(models.Model):
    """Facts that do not come from the journal were taken over: whence, how many, what they come to. Never changed.

    `base` is what their trade adds up to, in minor units of the region's currency; `digest` the SHA-256 of all columns.
    """

    id = models.BigAutoField(primary_key=True)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    trade_rows = models.BigIntegerField()
    step_rows = models.BigIntegerField()
    base = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    taken_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_fact_takeover"
        constraints = [
            UniqueConstraint(fields=["origin", "digest"], name="fact_takeover_once"),
            CheckConstraint(
                name="fact_takeover_of_a_known_origin", condition=Q(origin__in=list(Origin.values))
            ),
            CheckConstraint(
                name="fact_takeover_has_rows",
                condition=Q(trade_rows__gte=0, step_rows__gte=0) & (Q(trade_rows__gt=0) | Q(step_rows__gt=0)),
            ),
            CheckConstraint(name="fact_takeover_days_in_order", condition=Q(first_day__lte=F("last_day"))),
        ]
        triggers = [append_only("fact_takeover_is_append_only")]


class FactFile(models.Model):
    """A file of facts that counts. One that is not named here does not, whatever the folder holds.

    One with a `takeover` does not come from the journal, and is not written anew by a rebuild.
    """

    id = models.BigAutoField(primary_key=True)
    table_name = models.CharField(max_length=8, choices=[(one, one) for one in Table])
    day = models.DateField()
    name = models.CharField(max_length=80)
    rows = models.BigIntegerField()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    takeover = models.ForeignKey(
        FactTakeover, null=True, on_delete=models.PROTECT, related_name="files", db_index=False
    )

    class Meta:
        db_table = "statistics_fact_file"
        constraints = [
            UniqueConstraint(fields=["table_name", "day", "name"], name="fact_file_once"),
            CheckConstraint(name="fact_file_of_a_known_table", condition=Q(table_name__in=list(Table))),
            CheckConstraint(name="fact_file_has_rows", condition=Q(rows__gt=0)),
            CheckConstraint(
                name="fact_file_positions_in_order", condition=Q(first_position__lte=F("last_position"))
            ),
        ]


class KnownTrader(models.Model):
    """A party as its last document says; `number` is the position of its registration."""

    party_id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True)
    is_person = models.BooleanField()
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=12)
    industry = models.CharField(max_length=40)
    credit_code = models.CharField(max_length=18)

    class Meta:
        db_table = "statistics_known_trader"


class KnownGood(models.Model):
    """A SKU as it was last published."""

    sku_id = models.UUIDField(primary_key=True)
    category = models.CharField(max_length=80)
    industry = models.CharField(max_length=40)

    class Meta:
        db_table = "statistics_known_good"


class KnownMarket(models.Model):
    """A market and its code."""

    market_id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40)

    class Meta:
        db_table = "statistics_known_market"


class KnownIndustry(models.Model):
    """An industry, of goods or of services."""

    code = models.CharField(max_length=40, primary_key=True)
    is_service = models.BooleanField()

    class Meta:
        db_table = "statistics_known_industry"


class KnownRate(models.Model):
    """What one major unit of `sell` gives in `buy`, from the document at `position` on."""

    position = models.BigIntegerField(primary_key=True)
    sell = models.CharField(max_length=3)
    buy = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=30, decimal_places=12)

    class Meta:
        db_table = "statistics_known_rate"
        indexes = [Index(fields=["buy", "sell", "-position"], name="known_rate_by_currencies")]
