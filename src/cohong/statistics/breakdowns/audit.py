"""What can be wrong with questions over the facts and their answers, and with rights to ask, and is looked for."""

import json
from itertools import groupby

from cohong.kernel import sets
from cohong.kernel.audit import Check, check, queried
from cohong.statistics.breakdowns.answering import digest


def audit() -> list[Check]:
    """Check that questions, answers and rights are what their documents state."""
    return [_asked(), _answered(), _rights()]


def _asked() -> Check:
    return queried(
        "statistics: questions over the facts are what was asked",
        count="select count(*) from statistics_research_question",
        findings=(
            "select format('question %s: its document says otherwise, or is not there', q.id)"
            " from statistics_research_question q left join kernel_document d on d.id = q.document and d.subject = q.id"
            " and d.kind = 'statistics.breakdown_asked' and d.issuer = q.party_id"
            " left join lateral (select d.canonical::jsonb -> 'body') x (b) on true"
            " where (b ->> 'indicator', b ->> 'period', b -> 'by') is distinct from (q.indicator, q.period, q.by)"
            " union all select format('document %s: the question that it states is not there', d.id) from kernel_document d"
            " left join statistics_research_question q on q.document = d.id"
            " where d.kind = 'statistics.breakdown_asked' and q.id is null"
        ),
    )


def _answered() -> Check:
    rows = sets.fetch(
        "select a.question_id, a.refused::text, d.canonical::jsonb -> 'body' ->> 'refused',"
        " d.canonical::jsonb -> 'body' ->> 'digest', c.\"where\"::text, c.value from statistics_research_answer a"
        " left join kernel_document d on d.id = a.document and d.subject = a.question_id"
        " and d.kind = 'statistics.breakdown_answered'"
        " left join statistics_research_cell c on c.answer_id = a.question_id order by a.question_id, c.id"
    )
    findings, count = [], 0
    for (id_, *kept), group in groupby(rows, key=lambda row: row[:4]):
        count += 1
        told = [(json.loads(where), value) for *_, where, value in group if where is not None]
        refused, said, stated = kept
        if said != refused or stated != digest(told):
            findings.append(f"answer to question {id_}: it is not what was stated")
        elif refused == "true" and told:
            findings.append(f"answer to question {id_}: it was refused, and has cells")
    unkept = sets.fetch(
        "select d.id from kernel_document d left join statistics_research_answer a on a.document = d.id"
        " where d.kind = 'statistics.breakdown_answered' and a.question_id is null order by d.id"
    )
    findings += [f"document {id_}: the answer that it states is not there" for (id_,) in unkept]
    return check("statistics: answers over the facts are what was stated", figure=count, findings=findings)


def _rights() -> Check:
    return queried(
        "statistics: rights to ask over the facts are what was set last",
        count="select count(*) from statistics_research_right",
        findings=(
            "select format('right of %s: it is not what was set last', r.party_id) from statistics_research_right r"
            " left join lateral (select d.canonical::jsonb -> 'body' from kernel_document d where d.subject = r.party_id"
            "  and d.kind = 'statistics.research_right_set' order by d.seq desc limit 1) x (b) on true"
            " where b is null or (b ->> 'until', b ->> 'reason') is distinct from (r.until::text, r.reason)"
            " union all select distinct format('right of %s: it was set, and is not there', d.subject) from kernel_document d"
            " left join statistics_research_right r on r.party_id = d.subject"
            " where d.kind = 'statistics.research_right_set' and r.party_id is null"
        ),
    )
