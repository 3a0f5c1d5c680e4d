"""Webhooks' tables: endpoints, what goes to them, and each attempt to get it there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from cohong.kernel.ids import new_id
from cohong.kernel.privacy import EncryptedTextField


class EndpointState(models.TextChoices):
    """Whether an endpoint is served."""

    ACTIVE = "active", pgettext_lazy("webhook", "Active")
    PAUSED = "paused", pgettext_lazy("webhook", "Paused")
    CLOSED = "closed", pgettext_lazy("webhook", "Closed")


class DeliveryState(models.TextChoices):
    """How far a delivery is."""

    PENDING = "pending", pgettext_lazy("delivery", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    GIVEN_UP = "given_up", pgettext_lazy("delivery", "Given up")


class PauseReason(models.TextChoices):
    """Why an endpoint rests."""

    OWNER = "owner", pgettext_lazy("webhook", "paused by hand")
    FAILURES = "failures", pgettext_lazy("webhook", "too many failures in a row")
    GONE = "gone", pgettext_lazy("webhook", "it answered that it is gone (410)")


class Endpoint(models.Model):
    """Where a party wants to be told. No kinds: of all. The old secret still signs until `old_until`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party_id = models.UUIDField()
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=64), default=list)
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(null=True)
    old_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=EndpointState, default=EndpointState.ACTIVE)
    pause_reason = models.CharField(max_length=8, choices=PauseReason, default="")
    failures_in_row = models.PositiveIntegerField(default=0)
    # Who is at work on it holds it until then, so that one endpoint never keeps more than one worker waiting.
    busy_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["party_id"], name="endpoint_by_party", condition=~Q(state="closed"))]
        constraints = [
            models.CheckConstraint(
                name="endpoint_state_known", condition=Q(state__in=["active", "paused", "closed"])
            ),
            models.CheckConstraint(
                name="endpoint_paused_says_why",
                condition=Q(state="paused", pause_reason__in=["owner", "failures", "gone"])
                | (~Q(state="paused") & Q(pause_reason="")),
            ),
        ]


class Delivery(models.Model):
    """One document on its way to one endpoint; a test has no document. Ids are in the journal's order."""

    id = models.BigAutoField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    document_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=64)
    subject = models.UUIDField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts_made = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_by_endpoint"),
            models.Index(
                fields=["endpoint", "subject", "id"], name="delivery_waiting", condition=Q(state="pending")
            ),
            models.Index(fields=["made_at"], name="delivery_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "document_id"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(state="pending", next_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["delivered", "given_up"], next_at__isnull=True, ended_at__isnull=False),
            ),
        ]


class Attempt(models.Model):
    """One try: when, what was answered (status and first bytes) or why nothing was, and how long it took."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=24, default="")
    took_ms = models.PositiveIntegerField()
    answer = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attempt_has_an_outcome", condition=Q(status__isnull=False) | ~Q(failure="")
            )
        ]
