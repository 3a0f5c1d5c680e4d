"""What can be wrong with the register, and is looked for."""

from cohong.kernel.audit import Check, queried


def audit() -> list[Check]:
    """Check that units' spells follow each other, that joined units point at ones that count, and that acts were stated."""
    return [_spells(), _joined(), _sources(), _stated()]


def _spells() -> Check:
    return queried(
        "statistics: units' spells follow each other",
        count="select count(*) from statistics_unit_spell",
        findings=(
            "select format('unit %s: it has no spell, or two of one day', named) from ("
            "select unit_id from (select unit_id, until, lead(since) over (partition by unit_id order by since) as next_since"
            " from statistics_unit_spell) s where next_since is not null and (until is null or until > next_since)"
            " union select u.id from statistics_unit u where not exists"
            " (select 1 from statistics_unit_spell s where s.unit_id = u.id)) as x (named)"
        ),
    )


def _joined() -> Check:
    return queried(
        "statistics: joined units are counted as one that counts",
        count="select count(*) from statistics_unit where duplicate_of_id is not null",
        findings=(
            "select format('unit %s: it is joined to one that is joined itself', named) from ("
            "select u.id from statistics_unit u join statistics_unit o on o.id = u.duplicate_of_id"
            " where o.duplicate_of_id is not null) as x (named)"
        ),
    )


def _sources() -> Check:
    return queried(
        "statistics: what a source knows is a unit's, or is asked about",
        count="select count(*) from statistics_unit_source",
        findings=(
            "select format('source %s: it has neither a unit nor an open question', named) from ("
            "select f.id from statistics_unit_source f where f.unit_id is null and not exists"
            " (select 1 from statistics_unit_match m where m.found_id = f.id and m.state = 'open')) as x (named)"
        ),
    )


def _stated() -> Check:
    return queried(
        "statistics: what officers entered was stated",
        count="select count(*) from statistics_unit_event where document is not null",
        findings=(
            "select format('event %s: its document is not in the journal', named) from ("
            "select e.id from statistics_unit_event e left join kernel_document d on d.id = e.document"
            " and d.subject = e.unit_id and d.kind in ('statistics.unit_opened', 'statistics.unit_changed')"
            " where e.document is not null and d.id is null"
            " union select m.id from statistics_unit_match m left join kernel_document d on d.id = m.document"
            " and d.kind = 'statistics.unit_match_decided' where m.document is not null and d.id is null) as x (named)"
        ),
    )
