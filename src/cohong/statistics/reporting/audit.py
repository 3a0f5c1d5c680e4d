"""What can be wrong with reports, and is looked for."""

import hashlib
from uuid import UUID

import msgspec

from cohong.kernel import sets
from cohong.kernel.audit import Check, check, queried
from cohong.statistics.forms import loading
from cohong.statistics.reporting.filing import base_values

_BATCH = 2_000


def audit() -> list[Check]:
    """Check that versions are what was signed for, their numbers those of their contents, and that none is missing."""
    return [_versions(), _reports()]


def _versions() -> Check:
    figure, findings, last = 0, [], UUID(int=0)
    while rows := sets.fetch(
        "select v.id, v.contents, v.digest, r.form, v.form_version, d.id is not null and d.kind = 'statistics.report_submitted'"
        " and d.subject = v.report_id and strpos(d.canonical, encode(v.digest, 'hex')) > 0,"
        " array(select x.field || ':' || x.row || ':' || x.value from statistics_report_value x where x.version_id = v.id)"
        " from statistics_report_version v join statistics_report r on r.id = v.report_id"
        " left join kernel_document d on d.id = v.document where v.id > %s order by v.id limit %s",
        (last, _BATCH),
    ):
        figure += len(rows)
        for id_, contents, digest, form_code, form_version, stated, kept in rows:
            if hashlib.sha256(contents.encode()).digest() != bytes(digest):
                findings.append(f"version {id_}: its contents are not those that were signed for")
            if not stated:
                findings.append(f"version {id_}: its document is not in the journal, or names another digest")
            form = loading.form(code=form_code, version=form_version)
            values = base_values(form, msgspec.json.decode(contents))
            if sorted(kept) != sorted(f"{field}:{row}:{value}" for field, row, value in values):
                findings.append(f"version {id_}: its numbers are not those of its contents")
        last = rows[-1][0]
    return check("statistics: reports are what was signed for", figure=figure, findings=findings)


def _reports() -> Check:
    return queried(
        "statistics: reports have all their versions",
        count="select count(*) from statistics_report",
        findings=(
            "select format('report %s: a version is missing, or approved and under review', named) from ("
            "select r.id from statistics_report r where r.version <> (select count(*) from statistics_report_version v"
            " where v.report_id = r.id) or r.version <> coalesce((select max(number) from statistics_report_version v"
            " where v.report_id = r.id), 0) or (r.approved_version > 0 and r.state in ('city_approved', 'submitted')"
            " and r.approved_version >= r.version)) as x (named)"
        ),
    )
