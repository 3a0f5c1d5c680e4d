"""The documents that statistics issues."""

from uuid import UUID

from cohong.kernel.documents import Body, document


@document("statistics.trade_excluded")
class TradeExcluded(Body, frozen=True, kw_only=True):
    """An order is no trade in the sense of statistics: a test, an internal movement, a proven fake. The subject is the order."""

    ground: str
    reason: str
    decided_by: UUID | None = None


@document("statistics.trade_restored")
class TradeRestored(Body, frozen=True, kw_only=True):
    """An order that was excluded counts again. Its subject is the order."""

    reason: str
    decided_by: UUID | None = None
