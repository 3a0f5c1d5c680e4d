"""What can be wrong with the register, and is looked for."""

from cohong.kernel import sets
from cohong.kernel.audit import Check, check


def audit() -> list[Check]:
    """Check that units' spells follow each other, that joined units point at ones that count, and that acts were stated."""
    return [_spells(), _joined(), _sources(), _stated()]


def _spells() -> Check:
    rows = sets.fetch(
        "select unit_id from (select unit_id, until, lead(since) over (partition by unit_id order by since) as next_since"
        " from statistics_unit_spell) s where next_since is not null and (until is null or until > next_since)"
        " union select u.id from statistics_unit u where not exists"
        " (select 1 from statistics_unit_spell s where s.unit_id = u.id) limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from statistics_unit_spell")
    return check(
        "statistics: units' spells follow each other",
        figure=count,
        findings=[f"unit {id_}: it has no spell, or two of one day" for (id_,) in rows],
    )


def _joined() -> Check:
    rows = sets.fetch(
        "select u.id from statistics_unit u join statistics_unit o on o.id = u.duplicate_of_id"
        " where o.duplicate_of_id is not null limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from statistics_unit where duplicate_of_id is not null")
    return check(
        "statistics: joined units are counted as one that counts",
        figure=count,
        findings=[f"unit {id_}: it is joined to one that is joined itself" for (id_,) in rows],
    )


def _sources() -> Check:
    rows = sets.fetch(
        "select f.id from statistics_unit_source f where f.unit_id is null and not exists"
        " (select 1 from statistics_unit_match m where m.found_id = f.id and m.state = 'open') limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from statistics_unit_source")
    return check(
        "statistics: what a source knows is a unit's, or is asked about",
        figure=count,
        findings=[f"source {id_}: it has neither a unit nor an open question" for (id_,) in rows],
    )


def _stated() -> Check:
    rows = sets.fetch(
        "select e.id from statistics_unit_event e left join kernel_document d on d.id = e.document"
        " and d.subject = e.unit_id and d.kind in ('statistics.unit_opened', 'statistics.unit_changed')"
        " where e.document is not null and d.id is null"
        " union select m.id from statistics_unit_match m left join kernel_document d on d.id = m.document"
        " and d.kind = 'statistics.unit_match_decided' where m.document is not null and d.id is null limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from statistics_unit_event where document is not null")
    return check(
        "statistics: what officers entered was stated",
        figure=count,
        findings=[f"event {id_}: its document is not in the journal" for (id_,) in rows],
    )
