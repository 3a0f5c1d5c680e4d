"""What the catalog does when it reads the journal: it keeps the index that goods are found by."""

from cohong.catalog.search import keeping
from cohong.kernel import journal
from cohong.kernel.journal import Sealed


@journal.follower(
    "catalog.search",
    kinds={
        *("catalog.published", "catalog.withdrawn", "catalog.held", "catalog.hold_lifted"),
        *("parties.details_changed", "parties.region_defined", "parties.industry_defined"),
    },
    reset=keeping.reset,
    tend=keeping.tend,
)
def take_in(batch: list[Sealed]) -> None:
    """Let what is on offer be found, and what is no longer be found no more."""
    keeping.take_in(batch)
