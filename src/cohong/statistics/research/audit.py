"""What can be wrong with saved queries, and is looked for."""

from cohong.kernel import sets
from cohong.kernel.audit import Check, check
from cohong.kernel.errors import Refusal
from cohong.statistics.figures.selecting import choose
from cohong.statistics.models import SavedChoice
from cohong.statistics.research import choosing
from cohong.statistics.research.saved import MOST_SAVED


def audit() -> list[Check]:
    """Check that saved queries can be read, ask for what there is, and that nobody has more than allowed."""
    findings = []
    rows = SavedChoice.objects.order_by("id")
    for row in rows:
        try:
            choose(choosing.from_data(row.choice), release_id=row.release_id)
        except (Refusal, KeyError, TypeError, ValueError) as error:
            findings.append(f"saved query {row.id}: {type(error).__name__}")
    many = sets.fetch(
        "select party_id from statistics_saved_choice group by party_id having count(*) > %s", (MOST_SAVED,)
    )
    findings += [f"party {party_id}: it has too many saved queries" for (party_id,) in many]
    return [check("statistics: saved queries can be run", figure=len(rows), findings=findings)]
