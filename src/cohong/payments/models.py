"""Payments' tables. What must never be false about money is a constraint here."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.kernel.money import BASIS, MAX_MINOR
from cohong.kernel.privacy import EncryptedJSONField
from cohong.payments.kinds import BALANCE_MAX, SHARDS, TURNOVER_MAX, AccountKind, Mode, TransferKind
from cohong.payments.states import MOVEMENT, MovementKind, MovementState

_SPREAD = [kind.value for kind in AccountKind if kind.is_spread]
_BY_DEBIT = [kind.value for kind in AccountKind if kind.grows_by_debit]
_MOVES = sorted(
    {
        (source.value, MOVEMENT.next(source, act).value)
        for source in MovementState
        for act in MOVEMENT.acts(source)
    }
)
_SUMS = ("debits_posted", "credits_posted", "debits_pending", "credits_pending")


def _update_of(*columns: str) -> pgtrigger.UpdateOf:
    """Say that a trigger is for updates of these columns."""
    return pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]


class Account(models.Model):
    """An account, or one shard of a spread one, with its four sums in minor units.

    The sums are kept by the ledger alone and equal those of the transfers; the constraints say how low and
    how high they may go.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=16, choices=AccountKind.choices)
    owner_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    shard = models.SmallIntegerField()
    debits_posted = models.BigIntegerField()
    credits_posted = models.BigIntegerField()
    debits_pending = models.BigIntegerField()
    credits_pending = models.BigIntegerField()

    class Meta:
        db_table = "payments_account"
        indexes = [
            # An escrow's owner is its order, and so its primary key.
            models.Index(fields=["owner_id"], condition=~Q(kind="escrow"), name="account_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(name="account_kind_is_known", condition=Q(kind__in=AccountKind.values)),
            models.CheckConstraint(
                name="account_floor",
                condition=(
                    ~Q(kind__in=_BY_DEBIT) & Q(credits_posted__gte=F("debits_posted") + F("debits_pending"))
                )
                | (Q(kind__in=_BY_DEBIT) & Q(debits_posted__gte=F("credits_posted") + F("credits_pending"))),
            ),
            models.CheckConstraint(
                name="account_ceiling",
                condition=(
                    ~Q(kind__in=_BY_DEBIT)
                    & Q(debits_posted__gte=F("credits_posted") + F("credits_pending") - BALANCE_MAX)
                )
                | (
                    Q(kind__in=_BY_DEBIT)
                    & Q(credits_posted__gte=F("debits_posted") + F("debits_pending") - BALANCE_MAX)
                ),
            ),
            models.CheckConstraint(
                name="account_sums_can_be_counted",
                condition=Q(*((f"{name}__gte", 0) for name in _SUMS))
                & Q(debits_posted__lte=TURNOVER_MAX - F("debits_pending"))
                & Q(credits_posted__lte=TURNOVER_MAX - F("credits_pending")),
            ),
            models.CheckConstraint(
                name="account_shard",
                condition=Q(shard=0) | (Q(kind__in=_SPREAD) & Q(shard__gte=0) & Q(shard__lt=SHARDS)),
            ),
            models.CheckConstraint(
                name="account_of_an_order_is_its_escrow",
                condition=(Q(kind="escrow") & Q(id=F("owner_id")))
                | (~Q(kind="escrow") & ~Q(id=F("owner_id"))),
            ),
        ]
        triggers = [
            # What an account is never changes, and an account never goes. Its sums do change: not for each
            # update.
            pgtrigger.Protect(
                name="account_stays_what_it_is",
                operation=_update_of("id", "kind", "owner_id", "currency", "shard") | pgtrigger.Delete,
            )
        ]


class Transfer(models.Model):
    """A transfer as it was made, never changed. A pending one is resolved by a further one that names it.

    No foreign keys to the accounts: they never go (a trigger sees to it), and a key may not span two of them.
    """

    id = models.UUIDField(primary_key=True)
    # The order of writing, by which a statement of account is paged.
    seq = models.BigIntegerField(
        db_default=models.Func(models.Value("payments_transfer_seq"), function="nextval")
    )
    debit_account = models.UUIDField()
    credit_account = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=16, choices=TransferKind.choices)
    reference = models.UUIDField()
    group = models.UUIDField(null=True)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    pending_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_transfer"
        indexes = [
            models.Index(fields=["debit_account", "seq"], name="transfer_by_debit"),
            models.Index(fields=["credit_account", "seq"], name="transfer_by_credit"),
            # What concerns an order and does not touch its escrow account.
            models.Index(
                fields=["reference"],
                condition=Q(kind__in=["give_back", "fee_refund"]),
                name="transfer_past_escrow",
            ),
            # Transfers come in the order of their time, so a few bytes for each stretch of pages find a month's.
            BrinIndex(fields=["at"], name="transfer_by_time", autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pending_id"], condition=Q(pending_id__isnull=False), name="transfer_resolves_once"
            ),
            models.CheckConstraint(
                name="transfer_amount", condition=Q(amount_minor__gt=0) & Q(amount_minor__lte=MAX_MINOR)
            ),
            models.CheckConstraint(
                name="transfer_between_two", condition=~Q(debit_account=F("credit_account"))
            ),
            models.CheckConstraint(name="transfer_kind_is_known", condition=Q(kind__in=TransferKind.values)),
            models.CheckConstraint(
                name="transfer_mode",
                condition=(Q(mode__in=["posted", "pending"]) & Q(pending_id__isnull=True))
                | (Q(mode__in=["post", "void"]) & Q(pending_id__isnull=False)),
            ),
        ]
        triggers = [append_only("transfer_is_append_only")]


class Movement(models.Model):
    """Money that crosses the border through a provider: a payment, a top-up, a payout, a return.

    `account_id` is the ledger's account that it comes to or goes from. `happened_at` is by the provider's
    clock, the other times by the house's. `ask_at` is when the provider is next asked, as long as the outcome
    is not known.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16, choices=MovementKind.choices)
    number = models.CharField(max_length=16, unique=True)
    party_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    payment = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="returns")
    account_id = models.UUIDField()
    provider = models.CharField(max_length=32)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200, default="")
    return_url = models.CharField(max_length=500, default="")
    bank_account: "models.Field[dict[str, str] | None, dict[str, str] | None]" = EncryptedJSONField(null=True)
    bank_account_masked = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=16, choices=MovementState.choices, default=MovementState.STARTED)
    provider_ref = models.CharField(max_length=128, default="")
    pay_url = models.CharField(max_length=1000, default="")
    qr_text = models.CharField(max_length=1000, default="")
    failure = models.CharField(max_length=32, default="")
    asks = models.IntegerField(default=0)
    ask_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_movement"
        indexes = [
            models.Index(fields=["party_id", "id"], name="movement_by_party"),
            models.Index(fields=["order_id"], condition=Q(order_id__isnull=False), name="movement_by_order"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="movement_to_ask"),
        ]
        constraints = [
            MOVEMENT.check_constraint("movement_state_is_known"),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="movement_reference_once",
            ),
            models.CheckConstraint(
                name="movement_amount", condition=Q(amount_minor__gt=0) & Q(amount_minor__lte=MAX_MINOR)
            ),
            models.CheckConstraint(name="movement_kind_is_known", condition=Q(kind__in=MovementKind.values)),
            models.CheckConstraint(
                name="movement_has_what_its_kind_needs",
                condition=Q(
                    kind="payment", order_id__isnull=False, payment__isnull=True, bank_account__isnull=True
                )
                | Q(kind="top_up", order_id__isnull=True, payment__isnull=True, bank_account__isnull=True)
                | Q(kind="payout", order_id__isnull=True, payment__isnull=True, bank_account__isnull=False)
                | Q(kind="return", payment__isnull=False, bank_account__isnull=True),
            ),
            models.CheckConstraint(
                name="movement_outcome_is_whole",
                condition=(
                    Q(state="done", failure="", ended_at__isnull=False, happened_at__isnull=False)
                    & ~Q(provider_ref="")
                    & Q(ask_at__isnull=True)
                )
                | (Q(state="failed", ended_at__isnull=False, ask_at__isnull=True) & ~Q(failure=""))
                | Q(
                    state__in=["started", "open", "closing"],
                    ended_at__isnull=True,
                    ask_at__isnull=False,
                    failure="",
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="movement_moves_as_told",
                field="state",
                transitions=_MOVES,
            ),
            pgtrigger.Protect(
                name="movement_stays_what_it_is",
                operation=_update_of(
                    *(
                        "id",
                        "kind",
                        "party_id",
                        "order_id",
                        "account_id",
                        "provider",
                        "amount_minor",
                        "currency",
                    )
                )
                | pgtrigger.Delete,
            ),
        ]


class Notification(models.Model):
    """A notification of a provider, as it came for the first time. `digest` is the SHA-256 of its body."""

    pk = models.CompositePrimaryKey("provider", "notification_id")
    provider = models.CharField(max_length=32)
    notification_id = models.CharField(max_length=128)
    movement_id = models.UUIDField()
    digest = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "payments_notification"
        triggers = [append_only("notification_is_append_only")]


class Incident(models.Model):
    """Something a provider said that was not acted upon: people have to look at it.

    `movement_id` is the id that the provider named, whether we know it or not.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=32)
    movement_id = models.UUIDField()
    what = models.CharField(max_length=32)
    told = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_incident"
        constraints = [
            # The same thing told again is the same incident.
            models.UniqueConstraint(fields=["provider", "movement_id", "what", "told"], name="incident_once")
        ]
        triggers = [append_only("incident_is_append_only")]


class FeeRate(models.Model):
    """What the platform takes of a settled amount, by the way of trade; the newest row of a way holds."""

    id = models.UUIDField(primary_key=True, default=new_id)
    way = models.CharField(max_length=64)
    basis_points = models.IntegerField()
    set_by = models.UUIDField()
    set_by_user = models.UUIDField(null=True)
    set_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "payments_fee_rate"
        indexes = [models.Index(fields=["way", "-id"], name="fee_rate_newest")]
        constraints = [
            models.CheckConstraint(
                name="fee_rate_range", condition=Q(basis_points__gte=0) & Q(basis_points__lte=BASIS)
            )
        ]
        triggers = [append_only("fee_rate_is_append_only")]


class ExchangeRate(models.Model):
    """How much of `buy` one major unit of `sell` gives; the newest row of a pair holds."""

    id = models.UUIDField(primary_key=True, default=new_id)
    sell = models.CharField(max_length=3)
    buy = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    set_by = models.UUIDField()
    set_by_user = models.UUIDField(null=True)
    set_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "payments_exchange_rate"
        indexes = [models.Index(fields=["sell", "buy", "-id"], name="exchange_rate_newest")]
        constraints = [
            models.CheckConstraint(name="exchange_rate_above_zero", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_of_two", condition=~Q(sell=F("buy"))),
        ]
        triggers = [append_only("exchange_rate_is_append_only")]


class ReconciliationRun(models.Model):
    """One comparison of a day's books with a provider's statement: what was found, who asked for it and when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=32)
    day = models.DateField()
    agreed = models.IntegerField()
    differences = models.IntegerField()
    run_by = models.UUIDField()
    run_by_user = models.UUIDField(null=True)
    run_at = models.DateTimeField()

    class Meta:
        db_table = "payments_reconciliation_run"
        constraints = [
            models.CheckConstraint(
                name="reconciliation_counts", condition=Q(agreed__gte=0) & Q(differences__gte=0)
            )
        ]
        triggers = [append_only("reconciliation_run_is_append_only")]
