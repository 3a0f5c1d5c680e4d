"""The register of reporting units: who is in it, as of any day, each counted once however many sources know it."""

from datetime import date
from typing import Any

import pytest
from reporting_world import Bureau, credit_code, refused

from cohong.kernel import journal, sets
from cohong.parties import api as parties
from cohong.statistics import api as statistics
from cohong.statistics.api import (
    Change,
    How,
    MatchState,
    PlatformKind,
    SizeClass,
    Source,
    UnitDraft,
    UnitKind,
)
from cohong.statistics.units.names import Marks, marks_of, place_names, score


def kinds_of(subject: Any) -> list[str]:
    return [filed.envelope.kind for filed in journal.file_of([subject])]


def findings() -> list[str]:
    return [finding for check in statistics.audit() for finding in check.findings]


# --- life cycle ------------------------------------------------------------------------------------------


def test_a_unit_can_be_asked_for_as_of_any_day(bureau: Bureau):
    unit_id = bureau.open("甲服装有限公司", on=date(2010, 1, 1), industry_code="clothing")
    view = statistics.unit(actor=bureau.province, unit_id=unit_id)
    moved = UnitDraft(
        name="甲服装集团有限公司", region_code="440300", industry_code="clothing", size_class=SizeClass.MEDIUM
    )
    statistics.change_unit(
        actor=bureau.province, unit_id=unit_id, draft=moved, on=date(2012, 7, 1), reason="迁往深圳"
    )
    statistics.close_unit(actor=bureau.province, unit_id=unit_id, on=date(2014, 3, 1), reason="注销")
    seen = [
        (on, found.name, found.region_code, found.is_open)
        for on in (date(2010, 1, 1), date(2012, 6, 30), date(2012, 7, 1), date(2014, 2, 28), date(2014, 3, 1))
        for found in [statistics.unit(actor=bureau.province, unit_id=unit_id, on=on)]
    ]
    assert seen == [
        (date(2010, 1, 1), "甲服装有限公司", "440100", True),
        (date(2012, 6, 30), "甲服装有限公司", "440100", True),
        (date(2012, 7, 1), "甲服装集团有限公司", "440300", True),
        (date(2014, 2, 28), "甲服装集团有限公司", "440300", True),
        (date(2014, 3, 1), "甲服装集团有限公司", "440300", False),
    ]
    with refused(statistics.NoSuchUnit):
        statistics.unit(actor=bureau.province, unit_id=unit_id, on=date(2009, 12, 31))
    assert statistics.count_units(on=date(2012, 6, 30)) == {("enterprise", "440100", "clothing", ""): 1}
    assert statistics.count_units(on=date(2013, 1, 1)) == {("enterprise", "440300", "clothing", "medium"): 1}
    assert statistics.count_units(on=date(2014, 3, 1)) == {}
    history = statistics.unit_history(actor=bureau.province, unit_id=unit_id)
    assert [(one.change, one.on, one.reason) for one in history] == [
        (Change.OPENED, date(2010, 1, 1), "普查"),
        (Change.MOVED, date(2012, 7, 1), "迁往深圳"),
        (Change.CLOSED, date(2014, 3, 1), "注销"),
    ]
    assert history[1].before == {"name": view.name, "region_code": "440100", "size_class": ""}
    assert kinds_of(unit_id) == [
        "statistics.unit_opened",
        "statistics.unit_changed",
        "statistics.unit_changed",
    ]
    statistics.reopen_unit(actor=bureau.province, unit_id=unit_id, on=date(2015, 1, 1), reason="恢复经营")
    assert not statistics.unit(actor=bureau.province, unit_id=unit_id, on=date(2014, 12, 31)).is_open
    assert statistics.unit(actor=bureau.province, unit_id=unit_id).is_open
    assert findings() == []


def test_what_cannot_be_changes_nothing(bureau: Bureau):
    code = credit_code()
    one = bureau.open("甲服装有限公司", credit_code=code, on=date(2012, 1, 1))
    two = bureau.open("乙钢铁有限公司", on=date(2012, 1, 1))
    own = UnitDraft(name="甲服装有限公司", region_code="440100", credit_code=code)
    province = bureau.province

    def change(unit_id: Any = one, draft: UnitDraft = own, on: date = date(2013, 1, 1)) -> None:
        statistics.change_unit(actor=province, unit_id=unit_id, draft=draft, on=on, reason="变更")

    with refused(statistics.NothingChanges):
        change()
    with refused(statistics.DayTooEarly, since=date(2012, 1, 1)):
        change(draft=UnitDraft(name="丙", region_code="440100"), on=date(2011, 12, 31))
    with refused(statistics.DayInFuture):
        change(draft=UnitDraft(name="丙", region_code="440100"), on=date(2100, 1, 1))
    with refused(statistics.UnitCodeTaken, name="甲服装有限公司"):
        change(two, UnitDraft(name="乙钢铁有限公司", region_code="440100", credit_code=code))
    with refused(statistics.RegionMissing):
        change(draft=UnitDraft(name="甲服装有限公司"))
    with refused(statistics.RegionMissing):
        bureau.open("戊", "")
    with refused(statistics.PlatformKindMissing):
        change(draft=UnitDraft(name="甲", region_code="440100", kind=UnitKind.PLATFORM))
    with refused(parties.RegionUnknown):
        change(draft=UnitDraft(name="甲", region_code="999999"))
    with refused(parties.CreditCodeInvalid):
        bureau.open("丁", credit_code="91440101MA0000001A")
    with refused(statistics.UnitKnown):
        bureau.open("（另一个名称）", credit_code=code)
    with refused(statistics.UnitKnown):
        bureau.open("乙鋼鐵有限責任公司")
    with refused(statistics.SameUnit):
        statistics.merge_units(actor=province, unit_id=one, into=one, on=date(2013, 1, 1), reason="合并")
    with refused(statistics.UnitOpen):
        statistics.reopen_unit(actor=province, unit_id=one, on=date(2013, 1, 1), reason="恢复")
    with refused(statistics.UnitNotJoined):
        statistics.part_units(actor=province, unit_id=one, reason="撤销")


def test_offices_answer_for_their_own_regions(bureau: Bureau):
    unit_id = bureau.open("甲服装有限公司", "440100")
    draft = UnitDraft(name="甲服装公司", region_code="440100")
    with refused(statistics.NotYourRegion):
        statistics.change_unit(
            actor=bureau.shenzhen, unit_id=unit_id, draft=draft, on=date(2014, 2, 1), reason="改名"
        )
    with refused(statistics.NotYourRegion):
        statistics.unit(actor=bureau.shenzhen, unit_id=unit_id)
    with refused(parties.MandateMissing):
        statistics.units(actor=bureau.party("外人"))
    assert [one.id for one in statistics.units(actor=bureau.guangzhou)] == [unit_id]
    assert statistics.units(actor=bureau.shenzhen) == []
    statistics.change_unit(
        actor=bureau.guangzhou, unit_id=unit_id, draft=draft, on=date(2014, 2, 1), reason="更名"
    )
    assert statistics.remit_of(bureau.guangzhou, scope="").level == statistics.Level.CITY
    assert statistics.remit_of(bureau.province, scope="").level == statistics.Level.PROVINCE


def test_units_merge_and_split_in_the_world(bureau: Bureau):
    one, two = bureau.open("甲服装有限公司"), bureau.open("乙钢铁有限公司")
    statistics.merge_units(
        actor=bureau.province, unit_id=two, into=one, on=date(2014, 7, 1), reason="吸收合并"
    )
    assert bureau.names(date(2014, 6, 30)) == ["乙钢铁有限公司", "甲服装有限公司"]
    assert bureau.names(date(2014, 7, 1)) == ["甲服装有限公司"]
    [part] = statistics.split_unit(
        actor=bureau.province,
        unit_id=one,
        parts=[UnitDraft(name="丙电商有限公司", region_code="440300")],
        on=date(2015, 1, 1),
        reason="分立",
    )
    assert bureau.names() == ["丙电商有限公司", "甲服装有限公司"]
    changes = {
        unit_id: [e.change for e in statistics.unit_history(actor=bureau.province, unit_id=unit_id)]
        for unit_id in (one, two, part)
    }
    assert changes == {
        one: [Change.OPENED, Change.TOOK_IN, Change.SPLIT],
        two: [Change.OPENED, Change.MERGED],
        part: [Change.SPLIT_OFF],
    }
    assert findings() == []


def test_joined_units_count_once_and_can_be_parted(bureau: Bureau):
    one, two = bureau.open("甲服装有限公司"), bureau.open("甲服饰", "440300")
    statistics.join_units(actor=bureau.province, unit_id=two, same_as=one, reason="同一企业")
    assert bureau.names() == ["甲服装有限公司"]
    with refused(statistics.UnitJoined):
        statistics.close_unit(actor=bureau.province, unit_id=two, on=date(2015, 1, 1), reason="注销")
    statistics.part_units(actor=bureau.province, unit_id=two, reason="并非同一企业")
    assert bureau.names() == ["甲服装有限公司", "甲服饰"]
    assert findings() == []


# --- two sources -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "code", "expected"),
    [
        (("广州市甲服装有限公司", "440100"), ("廣州市甲服裝有限責任公司", "440100"), (), 950),
        (("广州市甲服装有限公司", "440100"), ("广州市 甲服装（有限公司）", "440100"), (), 950),
        (("ＡＢＣ贸易有限公司", "440100"), ("abc贸易有限公司", "440100"), (), 950),
        (("South China Co., Ltd.", "440100"), ("SOUTH CHINA COMPANY LIMITED", "440100"), (), 950),
        (("广州市甲服装有限公司", "440100"), ("甲服装厂", "440100"), (), 850),
        (("甲服装有限公司", "440100"), ("甲服装有限公司", "440300"), (), 800),
        (("甲服装有限公司", "440100"), ("毫不相干公司", "440100"), (), 0),
        (("甲", "440100"), ("乙", "440300"), ("x", "x"), 1000),
        (("甲服装有限公司", "440100"), ("甲服装有限公司", "440100"), ("x", "y"), 0),
    ],
)
def test_how_sure_it_is_that_two_are_one(one: Any, other: Any, code: Any, expected: int):
    places = place_names(["广东省", "广州市", "深圳市"])
    first, second = (
        Marks(marks_of(name, places=places), UnitKind.ENTERPRISE, credit, region)
        for (name, region), credit in zip((one, other), code or ("", ""), strict=True)
    )
    assert score(first, second) == score(second, first) == expected


def test_what_two_sources_know_is_one_unit(bureau: Bureau):
    code = credit_code()
    anna = bureau.party("广州市甲服装有限公司", credit_code=code)
    bella = bureau.party("深圳市乙钢铁有限公司", "440300")
    bureau.read()
    report = bureau.upload(
        "单位名称,统一社会信用代码,地区,行业,规模\n"
        f"甲服装（广州）有限公司,{code},广州市,服装,中型\n"
        "深圳市乙鋼鐵有限責任公司,,深圳市,steel,small\n"
        "丙电子有限公司,,440100,,\n"
    )
    assert (report.rows, report.opened, report.matched, report.doubtful, report.flaws) == (3, 1, 2, 0, [])
    assert bureau.names() == ["丙电子有限公司", "广州市甲服装有限公司", "深圳市乙钢铁有限公司"]
    first, second = bureau.unit_of(anna), bureau.unit_of(bella)
    assert first is not None
    assert second is not None
    assert (first.size_class, first.industry_code) == (SizeClass.MEDIUM, "clothing")
    assert (second.size_class, second.industry_code) == (SizeClass.SMALL, "steel")
    sources = statistics.unit_sources(actor=bureau.province, unit_id=first.id)
    assert [(one.source, one.how, one.score) for one in sources] == [
        (Source.PARTY, How.NEW, 0),
        (Source.LIST, How.CODE, 1000),
    ]
    # Read again, and uploaded again: nothing is counted twice.
    sets.run("update kernel_follower set position = 0 where name = 'statistics.units'")
    bureau.read()
    again = bureau.upload("单位名称,统一社会信用代码,地区\n" + f"甲服装（广州）有限公司,{code},广州市\n")
    assert (again.opened, again.matched, again.told_before) == (0, 0, 1)
    assert len(bureau.names()) == 3
    assert findings() == []


def test_the_list_may_come_first(bureau: Bureau):
    bureau.upload("name,region\n甲服装有限公司,440100\n")
    anna = bureau.party("甲服裝有限責任公司", credit_code=credit_code())
    view = bureau.unit_of(anna)
    assert view is not None
    assert (view.name, view.party_id) == ("甲服装有限公司", anna.party_id)
    assert view.credit_code
    assert view.since == date(2014, 1, 1)


def test_the_doubtful_wait_for_an_officer_whose_answer_can_be_turned_round(bureau: Bureau):
    anna = bureau.open("甲服装有限公司")
    report = bureau.upload("name,region,industry\n甲服装厂,440100,clothing\n")
    assert (report.opened, report.matched, report.doubtful) == (0, 0, 1)
    assert bureau.names() == ["甲服装有限公司"]
    [match] = statistics.unit_matches(actor=bureau.guangzhou)
    assert (match.unit.id, match.found.draft.name, match.score) == (anna, "甲服装厂", 850)
    assert statistics.unit_matches(actor=bureau.shenzhen) == []
    with refused(statistics.NotYourRegion):
        statistics.decide_match(actor=bureau.shenzhen, match_id=match.id, same=True, reason="不是我的")
    assert (
        statistics.decide_match(actor=bureau.guangzhou, match_id=match.id, same=True, reason="电话核实")
        == anna
    )
    assert statistics.unit(actor=bureau.province, unit_id=anna).industry_code == "clothing"
    assert bureau.names() == ["甲服装有限公司"]
    # What was decided is remembered.
    assert bureau.upload("name,region\n甲服装厂,440100\n").told_before == 1
    assert statistics.unit_matches(actor=bureau.province) == []
    new = statistics.decide_match(actor=bureau.province, match_id=match.id, same=False, reason="实地核查")
    assert new != anna
    assert bureau.names() == ["甲服装厂", "甲服装有限公司"]
    # What came from there is taken out again.
    assert statistics.unit(actor=bureau.province, unit_id=anna).industry_code == ""
    assert bureau.upload("name,region\n甲服装厂,440100\n").told_before == 1
    sources = statistics.unit_sources(actor=bureau.province, unit_id=new)
    assert [(one.source, one.how) for one in sources] == [(Source.LIST, How.NEW)]
    assert len(bureau.names()) == 2
    statistics.decide_match(actor=bureau.province, match_id=match.id, same=True, reason="再次核实")
    assert bureau.names() == ["甲服装有限公司"]
    states = [one.state for one in statistics.unit_matches(actor=bureau.province, state=None)]
    assert states == [MatchState.SAME]
    assert findings() == []


def test_what_was_merged_by_itself_can_be_parted(bureau: Bureau):
    anna = bureau.party("甲服装有限公司")
    bureau.read()
    bureau.upload("name,region,size\n甲服装有限公司,440100,large\n")
    [match] = statistics.unit_matches(actor=bureau.province, state=MatchState.SAME)
    assert match.score == 950
    statistics.decide_match(actor=bureau.province, match_id=match.id, same=False, reason="两家同名")
    assert bureau.names() == ["甲服装有限公司"] * 2
    view = bureau.unit_of(anna)
    assert view is not None
    assert view.size_class is None


def test_platforms_of_one_company_are_several(bureau: Bureau):
    code = credit_code()
    head = "name,kind,platform,credit_code,region\n"
    report = bureau.upload(
        head
        + f"甲商城,platform,own,{code},440100\n甲批发网,平台,第三方平台,{code},440100\n".replace(
            "平台,第三方", "电子商务平台,第三方"
        )
        + f"甲网络有限公司,enterprise,,{code},440100\n"
    )
    assert report.flaws == []
    assert (report.opened, report.doubtful) == (2, 1)  # the second platform of a company is asked about
    [match] = statistics.unit_matches(actor=bureau.province)
    statistics.decide_match(actor=bureau.province, match_id=match.id, same=False, reason="两个平台")
    found = statistics.units(actor=bureau.province, kind=UnitKind.PLATFORM)
    assert {(one.name, one.platform) for one in found} == {
        ("甲商城", PlatformKind.OWN),
        ("甲批发网", PlatformKind.THIRD_PARTY),
    }


def test_a_bad_list_changes_nothing_and_says_where(bureau: Bureau):
    text = (
        "单位名称,统一社会信用代码,地区,规模\n"
        "甲有限公司,123,广州市,\n乙有限公司,,火星,\n丙有限公司,,广州市,巨型\n丁有限公司,,广州市,\n丁有限公司,,广州市,\n,,广州市,\n"
    )
    before = len(bureau.names())
    report = bureau.upload(text, encoding="gb18030")
    assert [(one.row, one.code) for one in report.flaws] == [
        (2, "CreditCodeInvalid"),
        (3, "RegionUnknown"),
        (4, "ChoiceUnknown"),
        (6, "RowTwice"),
        (7, "BadText"),
    ]
    assert len(bureau.names()) == before
    with refused(parties.BadText):
        bureau.upload("name,region\n", name="")
    report = statistics.import_units(
        actor=bureau.guangzhou,
        content="name,region\n甲厂,440300\n".encode("gb18030"),
        filename="a.csv",
        list_name="名录",
        on=date(2014, 1, 1),
        reason="名录",
    )
    assert [one.code for one in report.flaws] == ["NotYourRegion"]


def test_parties_that_change_change_their_units(bureau: Bureau):
    anna = bureau.party("甲服装有限公司", credit_code=credit_code())
    before = bureau.unit_of(anna)
    parties.change_details(actor=anna, party_id=anna.party_id, name="甲服饰有限公司", region_code="440300")
    after = bureau.unit_of(anna)
    assert before is not None
    assert after is not None
    assert (before.id, before.name) == (after.id, "甲服装有限公司")
    assert (after.name, after.region_code) == ("甲服饰有限公司", "440300")
    people = parties.register_person(user_id=None, name="潘振承", phone="13800000000")
    bureau.read()
    assert statistics.unit_of(party_id=people) is None
    assert findings() == []


def test_size_classes_are_those_of_the_law():
    sizes = [
        ("wholesale", 200, 40_000),
        ("wholesale", 200, 39_999),
        ("wholesale", 5, 1_000),
        ("wholesale", 4, 90_000),
        ("retail", 300, 20_000),
        ("retail", 49, 20_000),
        ("other", 300, 0),
        ("other", 9, 0),
    ]
    assert [
        statistics.size_class(branch=branch, staff=staff, revenue_wan=wan) for branch, staff, wan in sizes
    ] == ["large", "medium", "small", "micro", "large", "small", "large", "micro"]


def test_a_list_can_be_seen_through_and_counts_once(bureau: Bureau):
    known = bureau.open("甲服装有限公司", credit_code=credit_code(7))
    text = (
        f"name,region,credit_code\n甲服装有限公司,440100,{credit_code(7)}\n"
        "甲服装厂,440100,\n己印刷厂,440300,\n己印刷工厂,440300,\n"
    )
    sent: dict[str, Any] = {
        "actor": bureau.province,
        "content": text.encode(),
        "filename": "list.csv",
        "list_name": "工商名录",
        "on": date(2014, 1, 1),
        "reason": "年度名录",
    }
    before = sets.fetch(
        "select (select count(*) from statistics_unit_source), (select count(*) from kernel_document)"
    )
    report = statistics.foresee_units(**sent)
    assert (
        sets.fetch(
            "select (select count(*) from statistics_unit_source), (select count(*) from kernel_document)"
        )
        == before
    )
    assert [(number, one.how, [unit.id for unit in one.known]) for number, one in report.foreseen] == [
        (2, How.CODE, [known]),
        (3, None, [known]),
        (4, How.NEW, []),
        (5, None, []),  # it is asked about the row before
    ]
    taken = statistics.import_units(**sent)
    counts = (report.opened, report.matched, report.doubtful, report.told_before)
    assert counts == (1, 1, 2, 0) == (taken.opened, taken.matched, taken.doubtful, taken.told_before)
    again = statistics.import_units(**sent)
    assert (again.opened, again.matched, again.doubtful, again.told_before) == (0, 0, 0, 4)
    with refused(statistics.NotYourRegion):
        statistics.unit_coded(
            actor=bureau.shenzhen, code=statistics.unit(actor=bureau.province, unit_id=known).code
        )
    with refused(statistics.NoSuchUnit):
        statistics.unit_coded(actor=bureau.province, code="NOPE")


def test_closed_units_can_be_listed_as_of_a_day(bureau: Bureau):
    unit_id = bureau.open("甲服装有限公司", on=date(2010, 1, 1))
    for on, closes in ((date(2011, 1, 1), True), (date(2012, 1, 1), False), (date(2013, 1, 1), True)):
        act = statistics.close_unit if closes else statistics.reopen_unit
        act(actor=bureau.province, unit_id=unit_id, on=on, reason="登记")
    listed = {
        on.year: [
            standing.value
            for standing in statistics.UnitStanding
            if statistics.units(actor=bureau.province, on=on, standing=standing)
        ]
        for on in (date(2009, 6, 1), date(2010, 6, 1), date(2011, 6, 1), date(2012, 6, 1), date(2013, 6, 1))
    }
    assert listed == {2009: [], 2010: ["open"], 2011: ["closed"], 2012: ["open"], 2013: ["closed"]}
