"""The module's words: kinds of parties, roles, mandates, restrictions, scopes; names in three languages."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.ids import UUID, named_id

PLATFORM_ID: Final[UUID] = named_id("platform")
"""The platform operator's own party."""


class Kind(TextChoices):
    """What a party is."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    AUTHORITY = "authority", _("Authority")


class Role(TextChoices):
    """What a member does for a party. An owner may do everything, and decides who else may."""

    OWNER = "owner", _("Owner")
    PURCHASING = "purchasing", _("Purchasing")
    SALES = "sales", _("Sales")
    FINANCE = "finance", _("Finance")
    WAREHOUSE = "warehouse", _("Warehouse")
    SERVICE = "service", _("Customer service")


class Mandate(TextChoices):
    """What an authority is entitled to by law or by the platform's statutes. Its members carry it."""

    PLATFORM = "platform", _("Running the platform")
    SUPERVISION = "supervision", _("Supervision of trade")
    STATISTICS = "statistics", _("Statistics")
    PROGRAMMES = "programmes", _("Programmes")
    CUSTOMS = "customs", _("Customs")


class Restriction(TextChoices):
    """What a restricted party may not do until the restriction is lifted."""

    TRADE = "trade", _("Concluding trades")
    PUBLISH = "publish", _("Publishing listings")
    PAYOUT = "payout", _("Paying out money")


class Confirmation(TextChoices):
    """How far a party's real-name registration has come."""

    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    CONFIRMING = "confirming", _("Being confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    MISMATCHED = "mismatched", _("Does not match the register")


class MarketKind(TextChoices):
    """What sort of market is hosted on the platform."""

    INDUSTRY = "industry", _("Industry market")
    SPECIALISED = "specialised", _("Specialised market")
    CLUSTER = "cluster", pgettext_lazy("market", "Cluster")


SCOPES: Final[frozenset[str]] = frozenset(
    f"{area}:{access}"
    for area in ("parties", "catalog", "orders", "payments", "logistics")
    for access in ("read", "write")
)
"""What an API token can be allowed. Writing does not include reading."""


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
