"""Direct reporting: what is owed, filled in, submitted, reviewed; what is refused, and that nothing is lost."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from reporting_world import REPORT_TABLES, Bureau, refused, turnover

from cohong.kernel import clock, journal, sets
from cohong.kernel.documents import canonical
from cohong.kernel.errors import NotAllowed
from cohong.kernel.ids import new_id
from cohong.kernel.states import WrongState
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.statistics import api as statistics
from cohong.statistics.api import ReportState, Status, UnitDraft

PERIOD = "2015-03"


def findings() -> list[str]:
    return [finding for check in statistics.audit() for finding in check.findings]


def at(year: int, month: int, day: int) -> Any:
    return clock.at(datetime(year, month, day, 4, tzinfo=UTC))


def kinds_of(subject: UUID) -> list[str]:
    return [filed.envelope.kind for filed in journal.file_of([subject])]


def view(bureau: Bureau, report_id: UUID) -> statistics.ReportView:
    return statistics.report(actor=bureau.province, report_id=report_id)


# --- what is owed ----------------------------------------------------------------------------------------


def test_who_owes_which_form(bureau: Bureau):
    owner = bureau.platform()
    bureau.open("乙服装有限公司", size_class=statistics.SizeClass.LARGE)
    bureau.open("丙服装有限公司", size_class=statistics.SizeClass.MICRO)
    closed = bureau.open("丁服装有限公司", size_class=statistics.SizeClass.LARGE)
    statistics.close_unit(
        actor=bureau.province, unit_id=closed, on=datetime(2015, 2, 1, tzinfo=UTC).date(), reason="注销"
    )
    assert statistics.open_reports(actor=bureau.province, form="P101", period=PERIOD) == 1
    assert statistics.open_reports(actor=bureau.province, form="P101", period=PERIOD) == 0
    assert statistics.open_reports(actor=bureau.shenzhen, form="E201", period="2015-Q1") == 0
    assert statistics.open_reports(actor=bureau.province, form="E201", period="2015-Q1") == 1
    assert statistics.open_reports(actor=bureau.province, form="E201", period="2014-Q4") == 2
    [row] = statistics.reports_of(actor=owner)
    assert (row.form, row.period, row.state, str(row.due_on)) == (
        "P101",
        PERIOD,
        ReportState.DRAFT,
        "2015-04-10",
    )
    for form, period, kind in (
        ("P101", "2015-Q1", statistics.PeriodWrong),
        ("P101", "2015-01+02", statistics.PeriodWrong),
        ("P101", "2100-01", statistics.PeriodNotOver),
        ("X999", PERIOD, statistics.NoSuchForm),
    ):
        with refused(kind, REPORT_TABLES):
            statistics.open_reports(actor=bureau.province, form=form, period=period)
    with refused(statistics.NotOwed, REPORT_TABLES):
        bureau.owed(owner, "E201", "2015-Q1")


def test_units_are_reminded_once_each(bureau: Bureau):
    owner = bureau.platform()
    with at(2015, 4, 1):
        assert statistics.open_due() == 3
        assert statistics.remind_due() == 0
    with at(2015, 4, 8):
        assert (statistics.remind_due(), statistics.remind_due()) == (3, 0)
    with at(2015, 4, 11):
        bureau.file(owner, "P102", PERIOD, region_turnover={"440100": "1"})
        assert (statistics.remind_due(), statistics.remind_due()) == (2, 0)
    report_id = bureau.owed(owner, "P101", PERIOD)
    bodies = [filed.envelope for filed in journal.file_of([report_id])]
    assert [(one.body.overdue, one.visible_to) for one in bodies] == [
        (False, (owner.party_id,)),
        (True, (owner.party_id,)),
    ]


# --- a report's life -------------------------------------------------------------------------------------


def test_a_report_goes_its_way_and_a_correction_is_a_new_version(bureau: Bureau):
    owner = bureau.platform()
    with at(2015, 4, 9):
        bureau.sub_forms(owner, PERIOD)
        report_id = bureau.file(owner, "P101", PERIOD, **turnover(1000))
    with refused(statistics.SubmittedAlready, REPORT_TABLES):
        statistics.save_report(actor=owner, report_id=report_id, contents=turnover(1))
    with refused(statistics.SubmittedAlready, REPORT_TABLES):
        statistics.submit_report(actor=owner, report_id=report_id)
    with refused(statistics.NotYourRegion, REPORT_TABLES):
        statistics.approve_report(actor=bureau.shenzhen, report_id=report_id)
    assert statistics.approve_report(actor=bureau.guangzhou, report_id=report_id) == "city_approved"
    with refused(statistics.WrongLevel, REPORT_TABLES):
        statistics.approve_report(actor=bureau.guangzhou, report_id=report_id)
    with refused(statistics.WrongLevel, REPORT_TABLES):
        statistics.return_report(actor=bureau.guangzhou, report_id=report_id, reason="再看看")
    statistics.return_report(actor=bureau.province, report_id=report_id, reason="请核对移动端")
    assert bureau.state(report_id) == "returned"
    with refused(statistics.NothingCorrected, REPORT_TABLES):
        statistics.submit_report(actor=owner, report_id=report_id)
    bureau.file(owner, "P101", PERIOD, **turnover(1000, mobile="300"))
    bureau.approve(report_id)
    statistics.correct_report(actor=owner, report_id=report_id)
    assert statistics.report_values(form="P101", periods=[PERIOD], status=Status.FINAL)["version"][0] == 2
    with refused(statistics.NothingCorrected, REPORT_TABLES):
        statistics.submit_report(actor=owner, report_id=report_id)
    bureau.file(owner, "P101", PERIOD, **turnover(1100, mobile="300"))
    seen = view(bureau, report_id)
    assert (seen.row.state, seen.row.version, seen.row.approved_version, seen.row.late) == (
        ReportState.SUBMITTED,
        3,
        2,
        False,
    )
    assert [dict(one.contents["turnover"]) for one in seen.versions] == [
        {"": "1000"},
        {"": "1000"},
        {"": "1100"},
    ]
    for version in seen.versions:
        contents = {code: dict(cells) for code, cells in version.contents.items()}
        assert version.digest == hashlib.sha256(canonical(contents)).hexdigest()
    assert [one.act for one in seen.steps] == [
        *("submit", "approve_city", "return", "submit", "approve_city", "approve_province"),
        *("correct", "submit"),
    ]
    envelopes = [filed.envelope for filed in journal.file_of([report_id])]
    submitted = [one for one in envelopes if one.kind == "statistics.report_submitted"]
    assert [one.body.digest for one in submitted] == [one.digest for one in seen.versions]
    assert submitted[0].body.signed_by == owner.user_id
    assert "1000" not in str(submitted[0].body)  # what was reported is not in the journal
    values = statistics.report_values(form="P101", periods=[PERIOD], status=Status.PROVISIONAL)
    assert set(values["status"]) == {"provisional"}
    bureau.approve(report_id)
    values = statistics.report_values(form="P101", periods=[PERIOD], status=Status.FINAL)
    by_field = dict(zip(values["field"], values["value"], strict=True))
    assert (by_field["turnover"], by_field["orders"], set(values["version"])) == (110_000_000, 11_000, {3})
    assert findings() == []


def test_two_officers_at_once(bureau: Bureau):
    owner = bureau.platform()
    bureau.sub_forms(owner, PERIOD)
    report_id = bureau.file(owner, "P101", PERIOD, **turnover())
    revision = view(bureau, report_id).revision
    statistics.return_report(actor=bureau.guangzhou, report_id=report_id, reason="单位", revision=revision)
    with refused(WrongState, REPORT_TABLES):
        statistics.approve_report(actor=bureau.province, report_id=report_id, revision=revision)
    bureau.file(owner, "P101", PERIOD, **turnover(1001))
    with refused(statistics.ReportChanged, REPORT_TABLES):
        statistics.approve_report(actor=bureau.province, report_id=report_id, revision=revision)
    # The province may stand in for the city, but then another one has to approve.
    statistics.approve_report(actor=bureau.province, report_id=report_id)
    with refused(statistics.SameReviewer, REPORT_TABLES):
        statistics.approve_report(actor=bureau.province, report_id=report_id)
    statistics.approve_report(actor=bureau.second, report_id=report_id)
    assert bureau.state(report_id) == "province_approved"


def test_who_may_see_and_do_what(bureau: Bureau):
    owner, other = bureau.platform(), bureau.platform("乙商城")
    report_id = bureau.owed(owner, "P101", PERIOD)
    clerk = Actor(party_id=owner.party_id, user_id=new_id(), roles=frozenset({Role.SALES}))
    statistics.report(actor=clerk, report_id=report_id)
    with refused(parties.NotYours, REPORT_TABLES):
        statistics.save_report(actor=clerk, report_id=report_id, contents={})
    for stranger in (other, bureau.party("外人")):
        with refused(statistics.NoSuchReport, REPORT_TABLES):
            statistics.report(actor=stranger, report_id=report_id)
        with refused(statistics.NoSuchReport, REPORT_TABLES):
            statistics.save_report(actor=stranger, report_id=report_id, contents={})
        with refused(parties.MandateMissing, REPORT_TABLES):
            statistics.approve_report(actor=stranger, report_id=report_id)
    with refused(statistics.NoSuchReport, REPORT_TABLES):
        statistics.save_report(actor=bureau.province, report_id=report_id, contents={})
    with refused(statistics.NotYourRegion, REPORT_TABLES):
        statistics.report(actor=bureau.shenzhen, report_id=report_id)
    # What is still being typed is nobody else's.
    statistics.save_report(actor=owner, report_id=report_id, contents=turnover(77))
    assert view(bureau, report_id).contents == {}
    assert statistics.reports(actor=bureau.shenzhen) == []
    assert len(statistics.reports(actor=bureau.guangzhou)) == 1


# --- bad reports -----------------------------------------------------------------------------------------


def test_errors_and_queries(bureau: Bureau):
    owner = bureau.platform()
    report_id = bureau.owed(owner, "P101", PERIOD)
    with refused(statistics.ReportFlawed, REPORT_TABLES) as _:
        statistics.submit_report(actor=owner, report_id=report_id)
    assert bureau.fill(owner, "P101", PERIOD, **turnover(1000, goods="999", self_operated="1001")) == [
        "goods_and_services",
        "self_operated",
        "sub_form_missing",
        "sub_form_missing",
    ]
    with pytest.raises(statistics.ReportFlawed) as caught:
        statistics.submit_report(actor=owner, report_id=report_id)
    assert caught.value.params["count"] == 4
    assert caught.value.params["findings"][0]["code"] == "goods_and_services"
    # A sub-form may not be more than the whole, whichever of them comes first.
    regions = {"440100": "800", "elsewhere": "201"}
    assert bureau.fill(owner, "P102", PERIOD, region_turnover=regions) == ["regions_in_total"]
    bureau.fill(owner, "P101", PERIOD, **turnover(2000))
    bureau.file(owner, "P102", PERIOD, region_turnover=regions)
    bureau.file(owner, "P103", PERIOD, category_turnover={"steel": "1000"})
    assert bureau.fill(owner, "P101", PERIOD, **turnover(1000)) == ["by_region"]
    p102 = bureau.owed(owner, "P102", PERIOD)
    statistics.recall_report(actor=owner, report_id=p102)
    bureau.file(owner, "P102", PERIOD, region_turnover={"440100": "800"})
    assert bureau.fill(owner, "P101", PERIOD, **turnover(1000, orders="900000000")) == ["average_order"]
    with refused(statistics.QueriesUnanswered, REPORT_TABLES, count=1):
        statistics.submit_report(actor=owner, report_id=report_id)
    statistics.save_report(
        actor=owner,
        report_id=report_id,
        contents=turnover(1000, orders="900000000"),
        explanations={"average_order": "小额充值订单", "changed:turnover": "没有人问"},
    )
    statistics.submit_report(actor=owner, report_id=report_id)
    assert view(bureau, report_id).versions[0].explanations == {"average_order": "小额充值订单"}
    assert kinds_of(report_id) == ["statistics.report_submitted"]


def test_a_thousandfold_slip_is_asked_about(bureau: Bureau):
    owner = bureau.platform()
    for period, thousands in (("2014-03", 900), ("2015-02", 1000)):
        bureau.sub_forms(owner, period, 100)
        bureau.file(owner, "P101", period, **turnover(thousands))
    slipped = turnover(1_000_000, orders="10000")
    report_id = bureau.owed(owner, "P101", PERIOD)
    found = statistics.save_report(actor=owner, report_id=report_id, contents=slipped)
    assert [(one.code, one.field, one.severity) for one in found if one.code != "sub_form_missing"] == [
        ("wrong_unit", "turnover", "query")
    ]
    assert "thousand" in found[0].message or "计量单位" in found[0].message


def test_a_late_report_is_marked(bureau: Bureau):
    owner = bureau.platform()
    with at(2015, 4, 11):
        late = bureau.file(owner, "P102", PERIOD, region_turnover={"440100": "1"})
    with at(2015, 5, 10):
        timely = bureau.file(owner, "P102", "2015-04", region_turnover={"440100": "1"})
    assert (view(bureau, late).row.late, view(bureau, timely).row.late) == (True, False)
    [done] = statistics.completeness(actor=bureau.province, form="P102", period=PERIOD)
    assert (done.region_code, done.owed, done.submitted, done.late, done.overdue) == ("440100", 1, 1, 1, 0)


def test_a_revision_that_is_old_is_refused(bureau: Bureau):
    owner = bureau.platform()
    report_id = bureau.owed(owner, "P102", PERIOD)
    statistics.save_report(actor=owner, report_id=report_id, contents={}, revision=0)
    with refused(statistics.ReportChanged, REPORT_TABLES):
        statistics.save_report(actor=owner, report_id=report_id, contents={}, revision=0)


# --- files -----------------------------------------------------------------------------------------------


def filled(template: bytes, **values: str) -> str:
    """Fill a CSV template in by field, or by `field__row` where a table has rows."""
    lines, fields = [], []
    for line in template.decode("utf-8-sig").splitlines():
        cells = line.split(",")
        if cells[0].startswith("table:"):
            fields = cells[2:]
        elif cells[0] in values:
            cells[3] = values[cells[0]]
        else:
            for place, field in enumerate(fields, start=2):
                if (key := f"{field}__{cells[0]}") in values:
                    cells[place] = values[key]
        lines.append(",".join(cells))
    return "\r\n".join(lines) + "\r\n"


def upload(owner: Actor, report_id: UUID, content: bytes, name: str = "a.csv") -> list[str]:
    done = statistics.upload_report(actor=owner, report_id=report_id, content=content, filename=name)
    return [one.code for one in done.findings]


def test_a_template_comes_back_filled_in(bureau: Bureau):
    owner = bureau.platform()
    report_id = bureau.owed(owner, "P101", PERIOD)
    template = statistics.report_template(actor=owner, report_id=report_id, format="csv")
    text = filled(template, **turnover(1234))
    assert upload(owner, report_id, text.encode("gb18030")) == ["sub_form_missing"] * 2
    own = statistics.report(actor=owner, report_id=report_id)
    assert own.contents["turnover"] == {"": "1234"}
    # What stands in it already comes with the template, as XLSX too; and an XLSX file is read like a CSV one.
    workbook = statistics.report_template(actor=owner, report_id=report_id)
    statistics.save_report(actor=owner, report_id=report_id, contents={})
    assert upload(owner, report_id, workbook, "报表.xlsx") == ["sub_form_missing"] * 2
    assert statistics.report(actor=owner, report_id=report_id).contents == own.contents
    regions = bureau.owed(owner, "P102", PERIOD)
    template = statistics.report_template(actor=owner, report_id=regions, format="csv", language="en")
    text = filled(
        template, region_turnover__440100="5", region_turnover__440300="6", region_sellers__elsewhere="7"
    )
    assert upload(owner, regions, text.encode("utf-16")) == []
    assert statistics.report(actor=owner, report_id=regions).contents == {
        "region_turnover": {"440100": "5", "440300": "6"},
        "region_sellers": {"elsewhere": "7"},
    }


def test_the_wrong_file_changes_nothing(bureau: Bureau):
    owner, other = bureau.platform(), bureau.platform("乙商城")
    report_id = bureau.owed(owner, "P101", PERIOD)

    def made(actor: Actor, form: str, period: str) -> bytes:
        wanted = bureau.owed(actor, form, period)
        template = statistics.report_template(actor=actor, report_id=wanted, format="csv")
        return filled(template, **turnover()).encode()

    right = made(owner, "P101", PERIOD)
    for content, kind in (
        (made(other, "P101", PERIOD), statistics.FileOfAnotherUnit),
        (made(owner, "P101", "2015-02"), statistics.FileOfAnotherPeriod),
        (made(owner, "P102", PERIOD), statistics.FileOfAnotherForm),
        (right.replace(b"P101,1", b"P101,7"), statistics.FileOfAnotherVersion),
        ("甲,乙\n1,2\n".encode(), statistics.FileNotOurs),
        (right.replace(b"\r\norders,", b"\r\norderz,"), statistics.CellsFlawed),
    ):
        with refused(kind, REPORT_TABLES):
            upload(owner, report_id, content)
    with pytest.raises(statistics.CellsFlawed) as caught:
        upload(owner, report_id, right.replace(b"\r\norders,", b"\r\norderz,"))
    [flaw] = caught.value.params["cells"]
    assert (flaw["cell"][0], flaw["code"]) == ("A", "field_unknown")
    bureau.sub_forms(owner, PERIOD)
    bureau.file(owner, "P101", PERIOD, **turnover())
    with refused(statistics.SubmittedAlready, REPORT_TABLES):
        upload(owner, report_id, right)


# --- what indicators read --------------------------------------------------------------------------------


def test_values_for_indicators(bureau: Bureau):
    pa = pytest.importorskip("pyarrow")
    owner = bureau.platform()
    unit = statistics.unit_of(party_id=owner.party_id)
    assert unit is not None
    bureau.approve(bureau.file(owner, "P102", "2015-02", region_turnover={"440100": "7"}))
    statistics.change_unit(
        actor=bureau.province,
        unit_id=unit.id,
        draft=UnitDraft(
            **{**{n: getattr(unit.to_draft(), n) for n in UnitDraft.__slots__}, "region_code": "440300"}
        ),
        on=datetime(2015, 3, 1, tzinfo=UTC).date(),
        reason="迁往深圳",
    )
    report_id = bureau.file(owner, "P102", PERIOD, region_turnover={"440100": "5", "elsewhere": "3"})
    asked = {"form": "P102", "periods": ["2015-02", PERIOD]}
    table = pa.table(statistics.report_values(**asked, status=Status.PROVISIONAL))
    rows = table.select(["region", "period", "field", "dimension", "member", "value", "measure", "status"])
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("440100", "2015-02", "region_turnover", "regions", "440100", 700_000, "money", "final"),
        ("440300", PERIOD, "region_turnover", "regions", "440100", 500_000, "money", "provisional"),
        ("440300", PERIOD, "region_turnover", "regions", "elsewhere", 300_000, "money", "provisional"),
    ]
    assert set(statistics.report_values(**asked, status=Status.FINAL)["period"]) == {"2015-02"}
    # Returned, it counts for nothing until it is submitted again.
    statistics.return_report(actor=bureau.shenzhen, report_id=report_id, reason="请核对")
    assert set(statistics.report_values(**asked, status=Status.PROVISIONAL)["period"]) == {"2015-02"}


def test_joined_units_report_once(bureau: Bureau):
    owner, other = bureau.platform(), bureau.platform("乙商城")
    for one, value in ((owner, "5"), (other, "6")):
        bureau.approve(bureau.file(one, "P102", PERIOD, region_turnover={"440100": value}))
    first, second = (statistics.unit_of(party_id=one.party_id) for one in (owner, other))
    assert first is not None
    assert second is not None
    statistics.join_units(actor=bureau.province, unit_id=second.id, same_as=first.id, reason="同一平台")
    values = statistics.report_values(form="P102", periods=[PERIOD], status=Status.FINAL)
    assert (values["unit_id"], values["value"]) == ([str(first.id)], [500_000])


def test_the_past_is_taken_over(bureau: Bureau):
    owner = bureau.platform()
    unit = statistics.unit_of(party_id=owner.party_id)
    assert unit is not None
    items = [
        statistics.PastReport(
            unit_id=unit.id, form="P101", period=f"2014-{month:02}", contents=turnover(month)
        )
        for month in range(1, 13)
    ]
    take = {"items": items, "signer": "旧系统"}
    assert statistics.take_over_reports(actor=SYSTEM, **take) == 12
    assert statistics.take_over_reports(actor=SYSTEM, **take) == 0
    with refused(NotAllowed, REPORT_TABLES):
        statistics.take_over_reports(actor=bureau.province, **take)
    values = statistics.report_values(form="P101", periods=["2014-12"], status=Status.FINAL)
    assert dict(zip(values["field"], values["value"], strict=True))["turnover"] == 1_200_000
    assert findings() == []


# --- nothing is lost -------------------------------------------------------------------------------------


def test_the_audit_finds_what_was_changed_behind_it(bureau: Bureau):
    owner = bureau.platform()
    report_id = bureau.file(owner, "P102", PERIOD, region_turnover={"440100": "5"})
    assert findings() == []
    sets.run("alter table statistics_report_value disable trigger user")
    sets.run("update statistics_report_value set value = value + 1")
    sets.run("alter table statistics_report_value enable trigger user")
    assert [one.split(": ")[1] for one in findings()] == ["its numbers are not those of its contents"]
    sets.run("update statistics_report set version = 2 where id = %s", (report_id,))
    assert len(findings()) == 2
