"""What can be wrong with targets, and is looked for."""

from cohong.kernel import sets
from cohong.kernel.audit import Check, check


def audit() -> list[Check]:
    """Check that versions have no gaps, and that each was stated in a document of its own."""
    gaps = sets.fetch(
        "select code from statistics_target_version group by code having max(version) <> count(*) limit 1000"
    )
    unstated = sets.fetch(
        "select v.code, v.version from statistics_target_version v left join kernel_document d on d.id = v.document"
        " and d.kind = case when v.withdrawn then 'statistics.target_withdrawn' else 'statistics.target_set' end"
        " where d.id is null limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from statistics_target_version")
    return [
        check(
            "statistics: targets' versions were stated, and none is missing",
            figure=count,
            findings=[
                *(f"target {code}: a version is missing" for (code,) in gaps),
                *(f"target {code}: version {version} has no document" for code, version in unstated),
            ],
        )
    ]
