"""The life of a request for approval, as a table."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class ApprovalState(TextChoices):
    """Where a request for approval stands."""

    REQUESTED = "requested", pgettext_lazy("approval", "Awaiting approval")
    APPROVED = "approved", pgettext_lazy("approval", "Approved and ordered")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("approval", "Expired")


S = ApprovalState

APPROVAL_LIFE = StateMachine(
    ApprovalState,
    initial=S.REQUESTED,
    transitions={
        S.REQUESTED: {
            "approve": S.APPROVED,
            "reject": S.REJECTED,
            "withdraw": S.WITHDRAWN,
            "expire": S.EXPIRED,
        }
    },
)
