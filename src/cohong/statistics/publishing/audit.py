"""What can be wrong with releases, and is looked for."""

from cohong.kernel import sets
from cohong.kernel.audit import Check, check
from cohong.statistics.publishing.releasing import SUBJECT, digest, shown_by


def audit() -> list[Check]:
    """Check that each release shows what its document says, and that no release was stated that is not there."""
    rows = sets.fetch(
        "select r.id, r.vintage_id, r.changed, r.withheld, d.id is null, (b ->> 'vintage')::bigint,"
        " (b ->> 'changed')::bigint, (b ->> 'withheld')::bigint, b ->> 'digest' from statistics_release r"
        " left join kernel_document d on d.id = r.document and d.kind = 'statistics.figures_released' and d.subject = %s"
        " left join lateral (select d.canonical::jsonb -> 'body') x (b) on true order by r.id",
        (SUBJECT,),
    )
    findings = []
    for id_, vintage, changed, withheld, is_unstated, *said in rows:
        if is_unstated:
            findings.append(f"release {id_}: it has no document")
            continue
        shown = shown_by(id_)
        if (len(shown), sum(row[-1] for row in shown)) != (changed, withheld):
            findings.append(f"release {id_}: it has other figures than it counts")
        if said != [vintage, changed, withheld, digest(shown)]:
            findings.append(f"release {id_}: its figures are not those that were stated")
    unkept = sets.fetch(
        "select d.id from kernel_document d left join statistics_release r on r.document = d.id"
        " where d.kind = 'statistics.figures_released' and d.subject = %s and r.id is null order by d.id",
        (SUBJECT,),
    )
    findings += [f"document {id_}: the release that it states is not there" for (id_,) in unkept]
    return [check("statistics: releases show what was stated", figure=len(rows), findings=findings)]
