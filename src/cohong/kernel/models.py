"""The journal's tables: documents, the sealed log over them, its readers' cursors, its directory; keys and parameters.

`document` is written by acts and never changed. `leaf`, `tree_node` and `tree_head` are written by the sealer alone:
a leaf gives a document its position in the log, and that position is the order in which followers read.
"""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func


class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the 64-bit id of the transaction that wrote a row."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        """Return the column's type."""
        return "xid8"


class CurrentTransactionId(Func):
    """The id of the transaction that is writing."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()


def append_only(name: str) -> pgtrigger.Trigger:
    """Guard a table: what was written stays as it was written."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class Document(models.Model):
    """One document (电子单证) as it was issued."""

    # The order of writing among what one snapshot can see; the sealer turns it into a position.
    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    xid = TransactionIdField(db_default=CurrentTransactionId())
    kind = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    subject = models.UUIDField()
    issuer = models.UUIDField()
    visible_to = ArrayField(models.UUIDField())
    answers = ArrayField(models.UUIDField())
    issued_at = models.DateTimeField()
    canonical = models.TextField()
    digest = models.BinaryField()

    class Meta:
        db_table = "kernel_document"
        indexes = [
            models.Index(fields=["subject", "seq"], name="document_by_subject"),
            models.Index(fields=["xid"], name="document_by_xid"),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_digest_is_its_own",
                condition=models.Q(
                    digest=Func(
                        Func(models.F("canonical"), models.Value("UTF8"), function="convert_to"),
                        function="sha256",
                        output_field=models.BinaryField(),
                    )
                ),
            )
        ]
        triggers = [append_only("document_is_append_only")]


class Leaf(models.Model):
    """A document's place in the sealed log. Positions start at 0 and have no gaps."""

    position = models.BigIntegerField(primary_key=True)
    document_seq = models.BigIntegerField(unique=True)
    document_id = models.UUIDField(unique=True)

    class Meta:
        db_table = "kernel_leaf"
        constraints = [
            models.CheckConstraint(name="leaf_position_from_zero", condition=models.Q(position__gte=0))
        ]
        triggers = [append_only("leaf_is_append_only")]


class TreeNode(models.Model):
    """The hash of one complete subtree of the Merkle tree (RFC 9162); level 0 holds the leaf hashes."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "kernel_tree_node"
        triggers = [append_only("tree_node_is_append_only")]


class TreeHead(models.Model):
    """The root over the first `size` documents, as it was made known when they were sealed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_tree_head"
        triggers = [append_only("tree_head_is_append_only")]


class SealerState(models.Model):
    """How far the sealer has come: every document of a transaction before `horizon` is sealed.

    Transaction ids mean something within one database cluster only, so the cluster is kept beside them.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    cluster = models.BigIntegerField()
    horizon = TransactionIdField()

    class Meta:
        db_table = "kernel_sealer_state"
        constraints = [models.CheckConstraint(name="sealer_state_is_one_row", condition=models.Q(id=1))]


class Follower(models.Model):
    """A follower's cursor: it has applied every document before `position`."""

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_follower"


class IdempotencyKey(models.Model):
    """A writing call that was answered: the same key gets the same answer, and never a second act."""

    pk = models.CompositePrimaryKey("owner", "key")
    owner = models.UUIDField()
    key = models.CharField(max_length=128)
    request_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, default="")
    answer = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_idempotency_key"
        indexes = [models.Index(fields=["made_at"], name="idempotency_key_by_age")]


class DirectoryEntry(models.Model):
    """What finds a sealed document: see `kernel.directory`. `head` is the first eight bytes of its digest."""

    position = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=64)
    issuer = models.UUIDField()
    issued_at = models.DateTimeField()
    head = models.BigIntegerField()

    class Meta:
        db_table = "kernel_directory"
        indexes = [
            models.Index(fields=["kind", "issued_at", "position"], name="directory_by_kind"),
            models.Index(fields=["issuer", "issued_at", "position"], name="directory_by_issuer"),
            models.Index(fields=["head"], name="directory_by_digest"),
        ]


class DayCount(models.Model):
    """How many documents of a kind were issued on a day of the region's calendar."""

    pk = models.CompositePrimaryKey("day", "kind")
    day = models.DateField()
    kind = models.CharField(max_length=64)
    documents = models.BigIntegerField()

    class Meta:
        db_table = "kernel_day_count"
        constraints = [
            models.CheckConstraint(name="day_counts_something", condition=models.Q(documents__gt=0))
        ]


class ParameterValue(models.Model):
    """A parameter's number from one time on (see `kernel.parameters`); the newest row of a name holds."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=64)
    was = models.BigIntegerField()
    value = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    set_by = models.UUIDField()
    set_by_user = models.UUIDField(null=True)
    set_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "kernel_parameter"
        indexes = [models.Index(fields=["name", "-id"], name="parameter_newest")]
        constraints = [
            models.CheckConstraint(
                name="parameter_changes_something", condition=~models.Q(value=models.F("was"))
            ),
            models.CheckConstraint(name="parameter_has_a_reason", condition=~models.Q(reason="")),
        ]
        triggers = [append_only("parameter_is_append_only")]


class VerificationNote(models.Model):
    """What an audit of the whole house found (`cohong verify --note`)."""

    id = models.UUIDField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    checks = models.IntegerField()
    findings = models.JSONField()

    class Meta:
        db_table = "kernel_verification"
        triggers = [append_only("verification_is_append_only")]
