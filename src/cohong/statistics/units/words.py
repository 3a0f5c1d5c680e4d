"""The register's words: kinds of units, sizes, what can happen to a unit, how it was found."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class UnitKind(TextChoices):
    """What a reporting unit is."""

    PLATFORM = "platform", pgettext_lazy("unit", "E-commerce platform")
    ENTERPRISE = "enterprise", pgettext_lazy("unit", "Enterprise")
    CARRIER = "carrier", pgettext_lazy("unit", "Logistics firm")
    CREDIT = "credit", pgettext_lazy("unit", "Credit service firm")
    PAYMENT = "payment", pgettext_lazy("unit", "Payment firm")
    CERTIFICATION = "certification", pgettext_lazy("unit", "Certification firm")


class PlatformKind(TextChoices):
    """Whose goods a platform is for: its operator's own, or those of others."""

    OWN = "own", pgettext_lazy("unit", "Own platform")
    THIRD_PARTY = "third_party", pgettext_lazy("unit", "Third-party platform")


class SizeClass(TextChoices):
    """How large a unit is; see `sizes` for the rule."""

    LARGE = "large", pgettext_lazy("size", "Large")
    MEDIUM = "medium", pgettext_lazy("size", "Medium")
    SMALL = "small", pgettext_lazy("size", "Small")
    MICRO = "micro", pgettext_lazy("size", "Micro")


class Change(TextChoices):
    """What can happen to a unit."""

    OPENED = "opened", pgettext_lazy("unit change", "Opened")
    RENAMED = "renamed", pgettext_lazy("unit change", "Renamed")
    MOVED = "moved", pgettext_lazy("unit change", "Moved to another region")
    RECLASSIFIED = "reclassified", pgettext_lazy("unit change", "Reclassified")
    COMPLETED = "completed", pgettext_lazy("unit change", "Completed")
    MERGED = "merged", pgettext_lazy("unit change", "Merged into another")
    TOOK_IN = "took_in", pgettext_lazy("unit change", "Took another in")
    SPLIT = "split", pgettext_lazy("unit change", "Split")
    SPLIT_OFF = "split_off", pgettext_lazy("unit change", "Split off from another")
    CLOSED = "closed", pgettext_lazy("unit change", "Closed")
    REOPENED = "reopened", pgettext_lazy("unit change", "Opened again")
    JOINED = "joined", pgettext_lazy("unit change", "Found to be another unit")
    PARTED = "parted", pgettext_lazy("unit change", "Found to be a unit of its own")


class Standing(TextChoices):
    """Whether a unit is there on a day, and counts."""

    OPEN = "open", pgettext_lazy("unit standing", "Open")
    CLOSED = "closed", pgettext_lazy("unit standing", "Closed")
    JOINED = "joined", pgettext_lazy("unit standing", "Found to be another unit")


class Source(TextChoices):
    """Where a unit was found."""

    PARTY = "party", pgettext_lazy("unit source", "Registered at the platform")
    LIST = "list", pgettext_lazy("unit source", "Administrative list")
    REPORT = "report", pgettext_lazy("unit source", "Report")


class How(TextChoices):
    """How what a source knows came to its unit."""

    NEW = "new", pgettext_lazy("unit match", "The unit was opened for it")
    CODE = "code", pgettext_lazy("unit match", "By its credit code")
    NAME = "name", pgettext_lazy("unit match", "By name and region")
    OFFICER = "officer", pgettext_lazy("unit match", "An officer decided")


class MatchState(TextChoices):
    """What is known about two being the same."""

    OPEN = "open", pgettext_lazy("unit match", "To be decided")
    SAME = "same", pgettext_lazy("unit match", "The same")
    DIFFERENT = "different", pgettext_lazy("unit match", "Different")
    MOOT = "moot", pgettext_lazy("unit match", "Settled otherwise")


M = MatchState
MATCHING = StateMachine(
    MatchState,
    initial=M.OPEN,
    transitions={
        M.OPEN: {"same": M.SAME, "different": M.DIFFERENT, "settle": M.MOOT},
        M.SAME: {"different": M.DIFFERENT},
        M.DIFFERENT: {"same": M.SAME},
        M.MOOT: {"same": M.SAME, "different": M.DIFFERENT},
    },
)
"""A decision may be turned round; that something was settled otherwise, too."""
