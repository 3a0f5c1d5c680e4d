"""The life of a report, as a table."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class ReportState(TextChoices):
    """Where a report stands."""

    DRAFT = "draft", pgettext_lazy("report", "To be filled in")
    SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")
    CITY_APPROVED = "city_approved", pgettext_lazy("report", "Approved by the city")
    PROVINCE_APPROVED = "province_approved", pgettext_lazy("report", "Approved by the province")
    RETURNED = "returned", pgettext_lazy("report", "Returned")


class Way(TextChoices):
    """How a report was filled in."""

    WEB = "web", pgettext_lazy("report", "On the page")
    FILE = "file", pgettext_lazy("report", "By a file")
    HTTP = "http", pgettext_lazy("report", "Over the interface")


class Reminder(TextChoices):
    """Of what a unit was reminded."""

    SOON = "soon", pgettext_lazy("report", "Due soon")
    OVERDUE = "overdue", pgettext_lazy("report", "Overdue")


class Status(TextChoices):
    """What of the reports is asked for: what the province approved, or also what is submitted and under review."""

    FINAL = "final", pgettext_lazy("report", "Final")
    PROVISIONAL = "provisional", pgettext_lazy("report", "Provisional")


S = ReportState

REPORT_LIFE = StateMachine(
    ReportState,
    initial=S.DRAFT,
    transitions={
        S.DRAFT: {"save": S.DRAFT, "submit": S.SUBMITTED},
        S.SUBMITTED: {"recall": S.DRAFT, "approve_city": S.CITY_APPROVED, "return": S.RETURNED},
        S.CITY_APPROVED: {"approve_province": S.PROVINCE_APPROVED, "return": S.RETURNED},
        S.RETURNED: {"save": S.RETURNED, "submit": S.SUBMITTED},
        S.PROVINCE_APPROVED: {"correct": S.DRAFT, "return": S.RETURNED},
    },
)
"""The unit saves, submits, recalls and corrects; its city, then its province approve or return.

What the province has approved stays final until a correction of it is approved in its turn.
"""
