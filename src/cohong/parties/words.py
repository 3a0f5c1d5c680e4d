"""The module's words: kinds of parties, roles, mandates, restrictions, scopes; names in three languages."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cohong.kernel.ids import UUID, named_id

PLATFORM_ID: Final[UUID] = named_id("platform")
"""The platform operator's own party."""


class Kind(TextChoices):
    """What a party is."""

    PERSON = "person", pgettext_lazy("party", "Person")
    ORGANISATION = "organisation", pgettext_lazy("party", "Organisation")
    AUTHORITY = "authority", pgettext_lazy("party", "Authority")


class Role(TextChoices):
    """What a member does for a party. An owner may do everything, and decides who else may."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    PURCHASING = "purchasing", pgettext_lazy("role", "Purchasing")
    SALES = "sales", pgettext_lazy("role", "Sales")
    FINANCE = "finance", pgettext_lazy("role", "Finance")
    WAREHOUSE = "warehouse", pgettext_lazy("role", "Warehouse")
    SERVICE = "service", pgettext_lazy("role", "Customer service")


class Mandate(TextChoices):
    """What an authority is entitled to by law or by the platform's statutes. Its members carry it."""

    PLATFORM = "platform", pgettext_lazy("mandate", "Running the platform")
    SUPERVISION = "supervision", pgettext_lazy("mandate", "Supervision of trade")
    STATISTICS = "statistics", pgettext_lazy("mandate", "Statistics")
    PROGRAMMES = "programmes", pgettext_lazy("mandate", "Programmes")
    CUSTOMS = "customs", pgettext_lazy("mandate", "Customs")


class Restriction(TextChoices):
    """What a restricted party may not do until the restriction is lifted."""

    TRADE = "trade", pgettext_lazy("restriction", "Concluding trades")
    PUBLISH = "publish", pgettext_lazy("restriction", "Publishing listings")
    PAYOUT = "payout", pgettext_lazy("restriction", "Paying out money")


class Confirmation(TextChoices):
    """How far a party's real-name registration has come."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("party", "Not confirmed")
    CONFIRMING = "confirming", pgettext_lazy("party", "Being confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("party", "Confirmed")
    MISMATCHED = "mismatched", pgettext_lazy("party", "Does not match the register")


class MarketKind(TextChoices):
    """What sort of market is hosted on the platform."""

    INDUSTRY = "industry", pgettext_lazy("market", "Industry market")
    SPECIALISED = "specialised", pgettext_lazy("market", "Specialised market")
    CLUSTER = "cluster", pgettext_lazy("market", "Cluster")


class HoldKind(TextChoices):
    """What a hold can be placed on."""

    PARTY = "party", pgettext_lazy("hold on", "Party")
    ORDER = "order", pgettext_lazy("hold on", "Order")
    LISTING = "listing", pgettext_lazy("hold on", "Listing")
    REVIEW = "review", pgettext_lazy("hold on", "Review")


class DeskAct(TextChoices):
    """What an authority's people do at their desk, as the record of it names it."""

    SEARCH = "search", pgettext_lazy("desk", "Searched")
    OPEN_PARTY = "open_party", pgettext_lazy("desk", "Opened a party’s file")
    OPEN_ORDER = "open_order", pgettext_lazy("desk", "Opened an order’s file")
    OPEN_LISTING = "open_listing", pgettext_lazy("desk", "Opened a listing’s file")
    OPEN_USER = "open_user", pgettext_lazy("desk", "Opened a user’s file")
    DOWNLOAD = "download", pgettext_lazy("desk", "Downloaded the evidence")
    LOOK = "look", pgettext_lazy("desk", "Looked at personal data")
    HOLD = "hold", pgettext_lazy("desk", "Placed a hold")
    LIFT = "lift", pgettext_lazy("desk", "Lifted a hold")
    DECIDE = "decide", pgettext_lazy("desk", "Decided a dispute")
    MODERATE = "moderate", pgettext_lazy("desk", "Hid or showed a review")
    VOUCH = "vouch", pgettext_lazy("desk", "Vouched for a party")
    ASK_REGISTER = "ask_register", pgettext_lazy("desk", "Asked the register again")
    MANDATE = "mandate", pgettext_lazy("desk", "Granted or ended a mandate")
    DEFINE = "define", pgettext_lazy("desk", "Changed reference data")
    FEE = "fee", pgettext_lazy("desk", "Set a fee or a rate")
    PARAMETER = "parameter", pgettext_lazy("desk", "Changed a parameter")
    RETRY = "retry", pgettext_lazy("desk", "Ran a failed job again")
    RECONCILE = "reconcile", pgettext_lazy("desk", "Reconciled with a provider")


SCOPES: Final[frozenset[str]] = frozenset(
    f"{area}:{access}"
    for area in (
        *("parties", "catalog", "orders", "payments", "logistics", "retail", "statistics", "webhooks"),
    )
    for access in ("read", "write")
)
"""What an API token can be allowed. Writing does not include reading."""


FIELD_LABELS: Final[dict[str, Promise]] = {
    "name": pgettext_lazy("field", "name"),
    "name_en": pgettext_lazy("field", "English name"),
    "credit_code": pgettext_lazy("field", "unified social credit code"),
    "registration_number": pgettext_lazy("field", "registration number"),
    "full_name": pgettext_lazy("field", "real name"),
    "resident_id": pgettext_lazy("field", "resident identity number"),
    "legal_representative": pgettext_lazy("field", "legal representative"),
    "phone": pgettext_lazy("field", "phone number"),
    "address": pgettext_lazy("field", "address"),
    "standing": pgettext_lazy("field", "standing on the register"),
    "user": pgettext_lazy("field", "user"),
    "reason": pgettext_lazy("field", "reason"),
    "evidence": pgettext_lazy("field", "evidence"),
    "zh_hans": pgettext_lazy("field", "name in Simplified Chinese"),
    "zh_hant": pgettext_lazy("field", "name in Traditional Chinese"),
    "en": pgettext_lazy("field", "name in English"),
}
"""What people call the fields that refusals and confirmations name by their codes."""


@dataclass(frozen=True, slots=True)
class Names:
    """One name in the platform's three languages. Traditional Chinese and English may be empty."""

    zh_hans: str
    zh_hant: str = ""
    en: str = ""

    def shown(self, language: str) -> str:
        """Return the name for a reader of `language` (`zh-hans`, `zh-hant`, `en`), or the nearest one."""
        if language.lower().startswith("zh"):
            traditional = language.lower() in {"zh-hant", "zh-tw", "zh-hk", "zh-mo"}
            return (self.zh_hant if traditional else self.zh_hans) or self.zh_hans
        return self.en or self.zh_hans
