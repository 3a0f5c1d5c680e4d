"""What researchers keep: choices of published figures."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from cohong.kernel.ids import new_id
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
