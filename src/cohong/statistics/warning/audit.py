"""What can be wrong with alarms, and is looked for."""

from cohong.kernel.audit import Check, queried


def audit() -> list[Check]:
    """Check that alarms stand where their steps led them, and that each step was stated in a document of its own."""
    return [
        queried(
            "statistics: alarms stand where their steps led",
            count="select count(*) from statistics_alarm",
            findings=(
                "select format('alarm %s: it is %s, its %s steps led to %s', a.id, a.state, count(s.id),"
                " (array_agg(s.state order by s.number desc))[1]) from statistics_alarm a"
                " left join statistics_alarm_step s on s.alarm_id = a.id group by a.id"
                " having count(s.id) <> a.steps_taken or max(s.number) <> a.steps_taken"
                " or (array_agg(s.state order by s.number desc))[1] is distinct from a.state"
            ),
        ),
        queried(
            "statistics: every step of an alarm was stated",
            count="select count(*) from statistics_alarm_step",
            findings=(
                "select format('alarm %s: step %s has no document', s.alarm_id, s.number) from statistics_alarm_step s"
                " left join kernel_document d on d.id = s.document and d.subject = s.alarm_id and d.kind = any(array["
                " 'statistics.alarm_raised', 'statistics.alarm_handled']) where d.id is null"
            ),
        ),
    ]
