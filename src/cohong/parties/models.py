"""Parties' tables.

Who acted is kept as plain ids (`*_by`): the platform itself acts too, and what someone did outlives their
account.
"""

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.kernel.privacy import EncryptedTextField
from cohong.parties import words
from cohong.parties.rules import CONFIRMATION


class User(AbstractUser):
    """Someone who signs in. What they may do comes from the parties that they act for."""

    id = models.UUIDField(primary_key=True, default=new_id)

    class Meta:
        db_table = "parties_user"


class _Named(models.Model):
    """A name in three languages; in the order of `position`, then of code, on every list."""

    name_zh_hans = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def names(self) -> words.Names:
        """Return the names as a value."""
        return words.Names(self.name_zh_hans, self.name_zh_hant, self.name_en)


class Region(_Named):
    """A region by its administrative code (GB/T 2260 in the mainland, ISO 3166 abroad)."""

    code = models.CharField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        db_table = "parties_region"
        constraints = [
            models.CheckConstraint(
                name="region_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("code"))
            )
        ]


class Industry(_Named):
    """An industry in which the platform's parties trade."""

    code = models.CharField(max_length=40, primary_key=True)
    is_service = models.BooleanField(default=False)

    class Meta:
        db_table = "parties_industry"


class Party(models.Model):
    """A person or an organisation that can act. Nothing in this table is personal data.

    A person's `name` is the one they show; their real one is in `PersonalRecord`.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16, choices=words.Kind.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    country = models.CharField(max_length=2, default="CN")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="+")
    # NULL, not empty, where there is none: NULLs do not collide.
    credit_code = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001
    registration_number = models.CharField(max_length=40, null=True)  # noqa: DJ001
    # The user whose own person this is; organisations have members instead.
    person_user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="person")
    state = models.CharField(
        max_length=16, choices=words.Confirmation.choices, default=words.Confirmation.UNCONFIRMED
    )
    mismatched = ArrayField(models.CharField(max_length=40), default=list)
    # Whoever acts for it has to sign in with a second factor.
    wants_second_factor = models.BooleanField(default=False, db_default=False)
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_party"
        indexes = [
            models.Index(fields=["region", "id"], name="party_by_region"),
            models.Index(fields=["industry", "id"], name="party_by_industry"),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["confirming", "mismatched"]),
                name="party_to_confirm",
            ),
            models.Index(fields=["kind", "id"], condition=Q(kind="authority"), name="party_authorities"),
        ]
        constraints = [
            CONFIRMATION.check_constraint("party_state_is_known"),
            models.CheckConstraint(name="party_kind_is_known", condition=Q(kind__in=words.Kind.values)),
            models.CheckConstraint(name="party_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="party_confirmed_has_its_time",
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="party_mismatched_has_fields",
                condition=(Q(state="mismatched") & ~Q(mismatched=[]))
                | (~Q(state="mismatched") & Q(mismatched=[])),
            ),
            models.CheckConstraint(
                name="party_person_has_no_company_codes",
                condition=~Q(kind="person") | Q(credit_code=None, registration_number=None),
            ),
            models.CheckConstraint(
                name="party_only_persons_are_users", condition=Q(kind="person") | Q(person_user=None)
            ),
            models.UniqueConstraint(
                fields=["country", "registration_number"], name="party_registration_number_once_a_country"
            ),
        ]


class PersonalRecord(models.Model):
    """What is personal about a party: encrypted, and every look at it recorded.

    `phone_index` finds, it does not keep apart: people share phones, and one person's companies do.
    """

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.PROTECT, related_name="personal")
    full_name = EncryptedTextField(null=True)
    resident_id = EncryptedTextField(null=True)
    resident_id_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - as above
    legal_representative = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.CharField(max_length=64, null=True, db_index=True)  # noqa: DJ001 - absent, not empty
    address = EncryptedTextField(null=True)

    class Meta:
        db_table = "parties_personal_record"
        constraints = [
            models.CheckConstraint(
                name="personal_resident_id_is_indexed",
                condition=Q(resident_id__isnull=True, resident_id_index=None)
                | Q(resident_id__isnull=False, resident_id_index__isnull=False),
            ),
        ]


class PersonalLook(models.Model):
    """One look at someone's personal data: who, when, at what, masked or in clear. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    by_party = models.UUIDField()
    by_user = models.UUIDField(null=True)
    what = ArrayField(models.CharField(max_length=40))
    in_clear = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True, default="")
    looked_at = models.DateTimeField()

    class Meta:
        db_table = "parties_personal_look"
        indexes = [
            models.Index(fields=["party", "id"], name="look_by_party"),
            models.Index(fields=["by_party", "id"], name="look_by_looker"),
        ]
        triggers = [append_only("personal_look_is_append_only")]


class Membership(models.Model):
    """A user acts for a party in a role, from one time until another. Ended ones stay."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=words.Role.choices)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "parties_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "user", "role"],
                condition=Q(ended_at=None),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(name="membership_role_is_known", condition=Q(role__in=words.Role.values)),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("granted_at")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="membership_is_kept", operation=pgtrigger.Delete)]


class AuthorityMandate(models.Model):
    """An authority carries a mandate, from one time until another. Ended ones stay."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates")
    mandate = models.CharField(max_length=16, choices=words.Mandate.choices)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_authority_mandate"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "mandate"], condition=Q(ended_at=None), name="mandate_once_at_a_time"
            ),
            models.CheckConstraint(name="mandate_is_known", condition=Q(mandate__in=words.Mandate.values)),
        ]
        triggers = [pgtrigger.Protect(name="authority_mandate_is_kept", operation=pgtrigger.Delete)]


class PlacedRestriction(models.Model):
    """A hold on a party: placed with a reason under a mandate, lifted with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="restrictions")
    restriction = models.CharField(max_length=16, choices=words.Restriction.choices)
    mandate = models.CharField(max_length=16, choices=words.Mandate.choices)
    reason = models.CharField(max_length=500)
    placed_by_party = models.UUIDField()
    placed_by_user = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    lift_reason = models.CharField(max_length=500, blank=True, default="")
    lifted_by_party = models.UUIDField(null=True)
    lifted_by_user = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    document = models.UUIDField()

    class Meta:
        db_table = "parties_restriction"
        indexes = [
            models.Index(
                fields=["restriction", "party"], condition=Q(lifted_at=None), name="restriction_in_force"
            ),
            models.Index(fields=["party", "id"], name="restriction_by_party"),
            models.Index(fields=["id"], condition=Q(lifted_at=None), name="restriction_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                name="restriction_is_known", condition=Q(restriction__in=words.Restriction.values)
            ),
            models.CheckConstraint(
                name="restriction_mandate_is_known", condition=Q(mandate__in=words.Mandate.values)
            ),
            models.CheckConstraint(name="restriction_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="restriction_lifted_with_a_reason",
                condition=Q(lifted_at=None, lifted_by_party=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by_party__isnull=False) & ~Q(lift_reason="")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="restriction_is_kept", operation=pgtrigger.Delete)]


class ApiToken(models.Model):
    """A party's key to the HTTP interface. The secret itself is not kept: its SHA-256 is."""

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.CharField(max_length=32))
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_api_token"
        indexes = [models.Index(fields=["party", "id"], name="token_by_party")]
        triggers = [pgtrigger.Protect(name="api_token_is_kept", operation=pgtrigger.Delete)]


class Market(_Named):
    """A market hosted on the platform: of an industry, a specialised one, or a cluster."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=words.MarketKind.choices)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="markets")

    class Meta:
        db_table = "parties_market"
        constraints = [
            models.CheckConstraint(name="market_kind_is_known", condition=Q(kind__in=words.MarketKind.values))
        ]


class HoldReason(_Named):
    """A ground on which holds are placed: the text that an authority begins from, by the law or rule that it rests on.

    `applies_to` are `words.HoldKind`s. A retired one is no longer offered; what was placed on it stands.
    """

    code = models.CharField(max_length=40, primary_key=True)
    law_zh_hans = models.CharField(max_length=200)
    law_zh_hant = models.CharField(max_length=200, blank=True, default="")
    law_en = models.CharField(max_length=200, blank=True, default="")
    applies_to = ArrayField(models.CharField(max_length=16, choices=words.HoldKind.choices))
    retired = models.BooleanField(default=False)

    class Meta:
        db_table = "parties_hold_reason"
        constraints = [
            models.CheckConstraint(name="hold_reason_applies_to_something", condition=~Q(applies_to=[]))
        ]


class DeskEntry(models.Model):
    """What one of an authority's people did or looked at at their desk: who, when, what, about what, and why.

    `about` names the thing as people do (an order's number, a listing's title) and never holds personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField(null=True)
    what = models.CharField(max_length=32, choices=words.DeskAct.choices)
    subject = models.UUIDField(null=True)
    about = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "parties_desk_entry"
        indexes = [
            models.Index(fields=["party", "id"], name="desk_entry_by_party"),
            models.Index(fields=["user_id", "id"], name="desk_entry_by_user"),
            models.Index(fields=["subject", "id"], name="desk_entry_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="desk_act_is_known", condition=Q(what__in=words.DeskAct.values))
        ]
        triggers = [append_only("desk_entry_is_append_only")]
