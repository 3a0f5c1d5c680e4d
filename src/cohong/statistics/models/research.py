"""What researchers keep and ask: choices of published figures, rights, answers over the facts."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.statistics.models.releases import Release


class SavedChoice(models.Model):
    """A choice of figures under a name. `release` is the one that its owner saw last; without `share_key` it is private."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    choice = models.JSONField()
    release = models.ForeignKey(Release, on_delete=models.PROTECT, db_index=False)
    share_key = models.CharField(max_length=32, blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_saved_choice"
        constraints = [
            CheckConstraint(name="saved_choice_has_a_name", condition=~Q(name="")),
            UniqueConstraint(fields=["party_id", "name"], name="saved_choice_name_once"),
            UniqueConstraint(fields=["share_key"], condition=~Q(share_key=""), name="saved_choice_link_once"),
        ]
        indexes = [Index(fields=["party_id", "-id"], name="saved_choice_by_party")]


class ResearchRight(models.Model):
    """Until when a party may ask over the facts; null: its right has ended."""

    party_id = models.UUIDField(primary_key=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=400)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_research_right"


class ResearchQuestion(models.Model):
    """A question over the facts, as it was asked. It waits as long as it has no answer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    by = models.JSONField()
    asked_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_research_question"
        indexes = [
            Index(fields=["party_id", "asked_at"], name="research_question_by_party"),
            Index(fields=["indicator", "period"], name="research_question_by_figure"),
        ]
        triggers = [append_only("research_question_is_append_only")]


class ResearchAnswer(models.Model):
    """What came of a question: its cells, or that it was refused as too fine."""

    question = models.OneToOneField(
        ResearchQuestion, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    refused = models.BooleanField()
    answered_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "statistics_research_answer"
        triggers = [append_only("research_answer_is_append_only")]


class ResearchCell(models.Model):
    """A cell of an answer. What was shown is known from then on; without a value it was withheld."""

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(ResearchAnswer, on_delete=models.PROTECT, related_name="cells")
    where = models.JSONField()
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True)

    class Meta:
        db_table = "statistics_research_cell"
        triggers = [append_only("research_cell_is_append_only")]
