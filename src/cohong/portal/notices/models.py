"""Notices' tables. What is told can be dropped and told again from the journal; what people did with it cannot.

A notice's id is computed from its document and whom it tells, so that the marks on it outlive a rebuild.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cohong.portal.notices.words import Topic


class Notice(models.Model):
    """Something that those with certain roles at a party should know. Its text is made when it is read, in the reader's language.

    `roles` empty: its owners alone. `params` are what the text says; `target` is where it leads: the name of a page and
    what it is about.
    """

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    roles = ArrayField(models.CharField(max_length=16))
    topic = models.CharField(max_length=16, choices=Topic)
    text = models.CharField(max_length=60)
    params = models.JSONField()
    target = models.CharField(max_length=40, default="")
    about = models.UUIDField(null=True)
    at = models.DateTimeField()
    is_from_journal = models.BooleanField(default=True)

    class Meta:
        db_table = "portal_notice"
        indexes = [models.Index(fields=["party_id", "-at", "-id"], name="notice_by_party")]
        constraints = [
            models.CheckConstraint(name="notice_topic_known", condition=Q(topic__in=list(Topic.values)))
        ]


class Seen(models.Model):
    """A notice that a user has read. `notice_id` is no foreign key: a rebuild empties what it names for a moment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    notice_id = models.UUIDField()

    class Meta:
        db_table = "portal_notice_seen"
        constraints = [models.UniqueConstraint(fields=["user", "notice_id"], name="notice_seen_once")]


class AllSeen(models.Model):
    """Up to when a user has read all notices of a party."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    party_id = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        db_table = "portal_notice_all_seen"
        constraints = [models.UniqueConstraint(fields=["user", "party_id"], name="notice_all_seen_once")]


class Reader(models.Model):
    """What is known of a user as a reader: the language that was chosen last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=10)

    class Meta:
        db_table = "portal_notice_reader"
        constraints = [
            models.CheckConstraint(
                name="notice_language_known", condition=Q(language__in=["zh-hans", "zh-hant", "en"])
            )
        ]


class Wish(models.Model):
    """How a user wants to be told of a topic, where it is not the usual way."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic)
    in_portal = models.BooleanField()
    by_mail = models.BooleanField()

    class Meta:
        db_table = "portal_notice_wish"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="notice_wish_once"),
            models.CheckConstraint(name="notice_wish_topic_known", condition=Q(topic__in=list(Topic.values))),
        ]


class Mail(models.Model):
    """A notice that goes to a user by mail: at most once, however often it is told again.

    Claimed before it is sent: whoever dies in between leaves a mail unsent, never sent twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    notice_id = models.UUIDField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_notice_mail"
        indexes = [
            models.Index(fields=["user"], name="notice_mail_open", condition=Q(claimed_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "notice_id"], name="notice_mail_once"),
            models.CheckConstraint(
                name="notice_mail_sent_is_claimed",
                condition=Q(sent_at__isnull=True) | Q(claimed_at__isnull=False),
            ),
        ]
