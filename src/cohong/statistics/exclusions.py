"""What is no trade: tests, internal movements, proven fakes. They are taken out of the figures, and can be put back.

What was published stays as it was; the figures of the days on which the order was counted get a new vintage.
"""

from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cohong.kernel import journal, sets
from cohong.kernel.errors import BadInput, Conflict
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.statistics import documents

_SHORTEST_REASON = 4


class Ground(TextChoices):
    """Why an order is no trade."""

    TEST = "test", _("Test")
    INTERNAL = "internal", _("Internal movement")
    FAKE = "fake", _("Fake order")


class ExcludedAlready(Conflict):
    """The order does not count already."""

    message = _("This order does not count already.")


class NotExcluded(Conflict):
    """The order counts."""

    message = _("This order counts; there is nothing to put back.")


class ReasonTooShort(BadInput):
    """An exclusion or its end needs a reason that others can follow."""

    message = _("Please give a reason that others can follow.")


@sets.act
def exclude(*, actor: parties.Actor, order_id: UUID, ground: Ground, reason: str) -> UUID:
    """Take an order out of all figures; return the document.

    Takes the mandate of statistics or of supervision. Raises `MandateMissing`, `OrderNotFound`, `ReasonTooShort`,
    `ExcludedAlready`.
    """
    decided_by = _decide(actor, order_id, reason)
    if _is_excluded(order_id):
        raise ExcludedAlready
    body = documents.TradeExcluded(ground=ground, reason=reason.strip(), decided_by=decided_by)
    return journal.append([journal.Entry(subject=order_id, issuer=actor.party_id, body=body)])[0].id


@sets.act
def restore(*, actor: parties.Actor, order_id: UUID, reason: str) -> UUID:
    """Let an excluded order count again; return the document. Raises like `exclude`, and `NotExcluded`."""
    decided_by = _decide(actor, order_id, reason)
    if not _is_excluded(order_id):
        raise NotExcluded
    body = documents.TradeRestored(reason=reason.strip(), decided_by=decided_by)
    return journal.append([journal.Entry(subject=order_id, issuer=actor.party_id, body=body)])[0].id


def _decide(actor: parties.Actor, order_id: UUID, reason: str) -> UUID | None:
    parties.require_mandate(
        actor, parties.Mandate.STATISTICS, parties.Mandate.SUPERVISION, scope="statistics:write"
    )
    if len(reason.strip()) < _SHORTEST_REASON:
        raise ReasonTooShort
    orders.order(actor=parties.SYSTEM, order_id=order_id)
    # Two officers at once: the second sees what the first one decided.
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"statistics {order_id}",))
    return actor.user_id


def _is_excluded(order_id: UUID) -> bool:
    kinds = [one.envelope.kind for one in journal.file_of([order_id])]
    return kinds.count("statistics.trade_excluded") > kinds.count("statistics.trade_restored")
