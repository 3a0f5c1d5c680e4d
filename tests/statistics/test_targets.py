"""Plan targets: where they start, what their path asks for, how they stand; and who may set them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cohong.kernel import journal
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Names, Role
from cohong.statistics import api as statistics
from cohong.statistics.api import (
    Comparison,
    PathShape,
    TargetPoint,
    TargetStanding,
    TargetTerms,
)
from cohong.statistics.targets import plans, rules

D = Decimal
PLAN = statistics.target_plan().targets
TURNOVER, PLATFORMS = PLAN["turnover-2015"], PLAN["platforms-2015"]
BILLION = 10**9


def end_of(year: int) -> date:
    return date(year, 12, 31)


def read(terms: TargetTerms, value: Any, on: date, **more: Any) -> statistics.TargetReading:
    return statistics.target_reading(terms, D(value), on, **more)


# --- the plan ---


def test_the_plan_is_shipped_as_it_was_published():
    assert list(PLAN) == [
        "turnover-2015",
        "retail-share-2015",
        "online-purchases-2015",
        "online-sales-2015",
        "platforms-2015",
    ]
    assert TURNOVER.baseline == TargetPoint(end_of(2010), D(800 * BILLION))
    assert (TURNOVER.value, TURNOVER.due) == (D(3200 * BILLION), end_of(2015))
    assert PLAN["retail-share-2015"].comparison is Comparison.ABOVE_SERIES
    assert [PLAN[code].value for code in ("online-purchases-2015", "online-sales-2015")] == [60, 30]
    assert (PLATFORMS.value, PLATFORMS.each_above) == (20, 10 * BILLION)
    facts = {one.code: one for one in statistics.target_plan().context}
    assert {code: (one.value, one.share_percent) for code, one in facts.items()} == {
        "internet-users": (53_240_000, D("55.3")),
        "online-shoppers": (19_270_000, D("36.2")),
        "mobile-users": (38_810_000, D("72.9")),
    }
    assert facts["mobile-users"].above_nation_points == D("6.9")
    # The shares are those of the figures: 19.27 and 38.81 of 53.24 million.
    for code in ("online-shoppers", "mobile-users"):
        share = 100 * facts[code].value / facts["internet-users"].value
        assert share.quantize(D("0.1")) == facts[code].share_percent
    for names in [*(one.names for one in PLAN.values()), *(one.names for one in facts.values())]:
        assert names.zh_hans
        assert names.zh_hant
        assert names.en


def test_a_plan_with_a_float_or_a_hole_is_not_read():
    head = '[plan]\ncode = "p"\nnames = { zh-hans = "规划" }\n[[target]]\ncode = "a"\nnames = { zh-hans = "甲" }\n'
    rest = 'indicator = "turnover"\nunit = "money"\ncomparison = "above_value"\ndue = 2015-12-31\n'
    assert plans.read(head + rest + 'value = "1"').targets["a"].value == 1
    with pytest.raises(ValueError, match="amounts are text"):
        plans.read(head + rest + "value = 1.5")
    with pytest.raises(statistics.TermsIncomplete):
        plans.read(head + rest)


# --- years and paths ---


def test_years_are_counted_by_anniversaries():
    assert rules.years_between(end_of(2010), end_of(2015)) == 5
    assert rules.years_between(end_of(2010), date(2011, 7, 1)) == Fraction(182, 365)
    assert rules.years_between(end_of(2011), date(2012, 12, 30)) == Fraction(365, 366)
    assert rules.years_between(date(2012, 2, 29), date(2013, 2, 28)) == 1
    assert rules.years_between(date(2012, 2, 29), date(2016, 2, 29)) == 4
    assert rules.years_between(end_of(2011), end_of(2010)) == -1


def test_constant_growth_quadruples_in_five_years():
    # The fifth root of 4 is 1.319508: 31.95 % a year.
    assert statistics.growth_a_year(TURNOVER.baseline, TargetPoint(TURNOVER.due, TURNOVER.value)) == D(
        "0.319508"
    )
    path = statistics.target_path(TURNOVER)
    assert [point.on.year for point in path] == [2010, 2011, 2012, 2013, 2014, 2015]
    assert path[0].value == 800 * BILLION
    assert path[-1].value == 3200 * BILLION
    assert [point.value / BILLION for point in path[1:-1]] == [
        pytest.approx(D(each), abs=D("0.01")) for each in ("1055.61", "1392.88", "1837.92", "2425.15")
    ]


def test_a_linear_path_is_exact():
    linear = replace(TURNOVER, shape=PathShape.LINEAR)
    assert [point.value / BILLION for point in statistics.target_path(linear)] == [
        800,
        1280,
        1760,
        2240,
        2720,
        3200,
    ]
    half = date(2011, 7, 1)  # 182 of 365 days
    assert statistics.target_path_at(linear, half) == D(800 * BILLION) + D("239342465753.424658")
    assert statistics.target_path_at(linear, date(2010, 12, 30)) is None
    assert statistics.target_path_at(linear, end_of(2020)) == 3200 * BILLION


def test_a_given_path_goes_from_point_to_point():
    points = (TargetPoint(end_of(2012), D(1000)), TargetPoint(end_of(2014), D(3000)))
    terms = replace(
        TURNOVER,
        baseline=TargetPoint(end_of(2010), D(800)),
        value=D(3200),
        shape=PathShape.GIVEN,
        given=points,
    )
    rules.check(terms)
    assert [point.value for point in statistics.target_path(terms)] == [800, 900, 1000, 2000, 3000, 3200]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"value": None}, statistics.TermsIncomplete(field="value")),
        ({"indicator": ""}, statistics.TermsIncomplete(field="indicator")),
        ({"value": D("NaN")}, statistics.TermsIncomplete(field="value")),
        ({"value": D("Infinity")}, statistics.TermsIncomplete(field="value")),
        ({"comparison": Comparison.ABOVE_SERIES}, statistics.TermsIncomplete(field="against")),
        ({"comparison": Comparison.MORE_UNITS}, statistics.TermsIncomplete(field="each_above")),
        ({"due": end_of(2010)}, statistics.PathImpossible()),
        ({"baseline": TargetPoint(end_of(2010), D(0))}, statistics.PathImpossible()),
        ({"given": (TargetPoint(end_of(2011), D(1)),)}, statistics.PathImpossible()),
        (
            {"shape": PathShape.GIVEN, "given": (TargetPoint(end_of(2016), D(1)),)},
            statistics.PathImpossible(),
        ),
        ({"baseline": None, "given": (TargetPoint(end_of(2011), D(1)),)}, statistics.PathImpossible()),
    ],
)
def test_terms_that_cannot_be_measured_are_refused(changes: dict[str, Any], refusal: Refusal):
    with pytest.raises(type(refusal)) as caught:
        rules.check(replace(TURNOVER, **changes))
    assert caught.value == refusal


# --- how a target stands ---


def test_turnover_that_keeps_to_its_path_is_on_track():
    found = read(TURNOVER, 1500 * BILLION, end_of(2012))
    assert found.standing is TargetStanding.ON_TRACK
    assert found.progress == Fraction(700, 2400)
    assert found.growth_needed == D("0.287319")  # the cube root of 3200/1500, less 1
    assert found.needed_a_year == D("566666666666.666667")
    assert found.ahead == pytest.approx(D("107.12") * BILLION, abs=D("0.01") * BILLION)
    assert found.above == -1700 * BILLION


def test_turnover_below_its_path_is_behind():
    found = read(TURNOVER, 1300 * BILLION, end_of(2012))
    assert found.standing is TargetStanding.BEHIND
    assert found.ahead is not None
    assert found.ahead < 0
    shrunk = read(TURNOVER, 700 * BILLION, end_of(2011))
    assert shrunk.progress == Fraction(-1, 24)


def test_growth_beyond_all_measure_is_not_said():
    found = read(TURNOVER, "0.000001", date(2015, 12, 30))
    assert (found.growth_needed, found.standing) == (None, TargetStanding.BEHIND)
    falling = replace(TURNOVER, value=D(-5), shape=PathShape.LINEAR)
    assert read(falling, -6, end_of(2012)).growth_needed is None
    assert statistics.growth_a_year(TargetPoint(end_of(2010), D(1)), TargetPoint(end_of(2012), D(0))) is None


def test_over_means_over():
    at_the_bar = read(TURNOVER, 3200 * BILLION, end_of(2014))
    assert (at_the_bar.standing, at_the_bar.growth_needed) == (TargetStanding.ON_TRACK, 0)
    assert read(TURNOVER, 3200 * BILLION, end_of(2015)).standing is TargetStanding.MISSED
    over = read(TURNOVER, 3200 * BILLION + 1, end_of(2015))
    assert (over.standing, over.needed_a_year, over.progress) == (
        TargetStanding.MET,
        0,
        1 + Fraction(1, 2400 * BILLION),
    )
    late = read(TURNOVER, 3000 * BILLION, end_of(2015))
    assert (late.standing, late.growth_needed, late.needed_a_year) == (TargetStanding.MISSED, None, None)


def test_a_share_is_measured_against_the_nations():
    terms = PLAN["retail-share-2015"]
    assert read(terms, "10.8", end_of(2013), other=D("7.8")).standing is TargetStanding.MET
    below = read(terms, "7.5", end_of(2013), other=D("7.8"))
    assert (below.standing, below.above, below.progress, below.growth_needed) == (
        TargetStanding.OPEN,
        D("-0.3"),
        None,
        None,
    )
    assert read(terms, "10.7", end_of(2015), other=D("10.7")).standing is TargetStanding.MISSED
    # What the nation came to is not known yet: nothing is missed by that.
    assert read(terms, "10.7", end_of(2015)).standing is TargetStanding.OPEN


def test_a_share_without_a_baseline_has_no_path_but_a_way_to_go():
    found = read(PLAN["online-purchases-2015"], 45, end_of(2012))
    assert (found.standing, found.path, found.progress) == (TargetStanding.OPEN, None, None)
    assert found.needed_a_year == 5
    assert read(PLAN["online-sales-2015"], "30.1", end_of(2012)).standing is TargetStanding.MET


def test_platforms_are_counted_above_their_size():
    sizes = [D(10 * BILLION), D(10 * BILLION + 1), D(25 * BILLION), D(9 * BILLION)]
    count = statistics.count_above(sizes, each_above=D(10 * BILLION))
    assert count == 2
    found = read(PLATFORMS, count, end_of(2012))
    assert (found.standing, found.progress) == (TargetStanding.OPEN, Fraction(1, 10))
    assert read(PLATFORMS, 20, end_of(2015)).standing is TargetStanding.MISSED
    assert read(PLATFORMS, 21, end_of(2015)).standing is TargetStanding.MET


# --- contributions ---


def test_cities_contribute_to_the_growth_exactly():
    before = {"guangzhou": 300, "shenzhen": 280, "foshan": 20}
    now = {"guangzhou": 400, "shenzhen": 330, "foshan": 10, "heyuan": 60}
    found = statistics.contributions(before, now)
    assert {city: (one.change, one.points, one.share) for city, one in found.items()} == {
        "guangzhou": (100, Fraction(1, 6), Fraction(1, 2)),
        "shenzhen": (50, Fraction(1, 12), Fraction(1, 4)),
        "foshan": (-10, Fraction(-1, 60), Fraction(-1, 20)),
        "heyuan": (60, Fraction(1, 10), Fraction(3, 10)),
    }
    printed = statistics.printed_points(found, base=600, places=2)
    assert printed == {
        "guangzhou": D("16.67"),
        "shenzhen": D("8.33"),
        "foshan": D("-1.67"),
        "heyuan": D("10.00"),
    }
    assert sum(printed.values()) == D("33.33")


def test_contributions_to_no_growth_have_no_share():
    found = statistics.contributions({"a": 5, "b": 5}, {"a": 6, "b": 4})
    assert [one.share for one in found.values()] == [None, None]
    assert [one.points for one in found.values()] == [Fraction(1, 10), Fraction(-1, 10)]
    assert [one.points for one in statistics.contributions({}, {"a": 5}).values()] == [None]


PARTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-(10**12), 10**12), min_size=1)


@given(PARTS, PARTS)
def test_contributions_add_up_to_the_growth(before: dict[str, int], now: dict[str, int]):
    found = statistics.contributions(before, now)
    base, change = sum(before.values()), sum(now.values()) - sum(before.values())
    assert sum(one.change for one in found.values()) == change
    if change:
        assert sum(one.share for one in found.values()) == 1
    if base > 0:
        assert sum(one.points for one in found.values()) == Fraction(change, base)
        printed = statistics.printed_points(found, base=base)
        whole = Fraction(sum(printed.values()))
        assert abs(whole - Fraction(change, base) * 100) < Fraction(1, 100)
        for key, one in found.items():
            assert abs(Fraction(printed[key]) - one.points * 100) < Fraction(1, 100)


# --- the acts ---


@contextmanager
def refused(refusal: type[Refusal]) -> Iterator[None]:
    with pytest.raises(refusal), transaction.atomic():
        yield


@pytest.fixture
def office(db: None) -> Actor:
    parties.define_region(
        actor=SYSTEM, code="440000", parent_code="", names=Names("广东省", "廣東省", "Guangdong")
    )
    return authority("省经济和信息化委员会", Mandate.PROGRAMMES)


def authority(name: str, mandate: Mandate) -> Actor:
    party_id = parties.register_authority(actor=SYSTEM, name=name, mandates=[mandate], region_code="440000")
    return Actor(
        party_id=party_id, user_id=new_id(), roles=frozenset({Role.OWNER}), mandates=frozenset({mandate})
    )


def findings() -> list[str]:
    return [finding for one in statistics.audit() for finding in one.findings]


def test_the_programme_office_adopts_the_plan(office: Actor):
    assert set(statistics.adopt_plan(actor=office, reason="规划发布").values()) == {1}
    found = {one.code: one for one in statistics.targets(region_code="440000")}
    assert {code: one.terms for code, one in found.items()} == PLAN
    assert statistics.targets(region_code="440100") == []
    assert len(journal.file_of([statistics.target_id("turnover-2015")])) == 1
    [filed] = journal.file_of([statistics.target_id("turnover-2015")])
    body = filed.envelope.body
    assert (body.value, body.baseline.value, body.baseline.on) == (
        "3200000000000",
        "800000000000",
        end_of(2010),
    )
    assert filed.envelope.issuer == office.party_id
    # Once more changes nothing and says nothing.
    assert set(statistics.adopt_plan(actor=SYSTEM, reason="再次发布").values()) == {1}
    assert len(journal.file_of([statistics.target_id("turnover-2015")])) == 1
    assert findings() == []


def test_a_changed_target_keeps_its_history(office: Actor):
    code = "turnover-2015"
    statistics.set_target(actor=office, code=code, terms=TURNOVER, reason="规划发布")
    then = statistics.target(code).set_at
    more = replace(TURNOVER, value=D(3500 * BILLION), shape=PathShape.LINEAR)
    assert statistics.set_target(actor=office, code=code, terms=more, reason="中期调整") == 2
    statistics.withdraw_target(actor=office, code=code, reason="规划期满")
    history = statistics.target_history(code)
    assert [(one.version, one.terms, one.withdrawn, one.reason) for one in history] == [
        (1, TURNOVER, False, "规划发布"),
        (2, more, False, "中期调整"),
        (3, more, True, "规划期满"),
    ]
    assert [one.envelope.kind for one in journal.file_of([statistics.target_id(code)])] == [
        "statistics.target_set",
        "statistics.target_set",
        "statistics.target_withdrawn",
    ]
    assert statistics.targets() == []
    assert [one.terms for one in statistics.targets(at=then)] == [TURNOVER]
    with refused(statistics.NoSuchTarget):
        statistics.withdraw_target(actor=office, code=code, reason="再次撤销")
    assert statistics.set_target(actor=office, code=code, terms=TURNOVER, reason="恢复原目标") == 4
    assert findings() == []


def test_only_the_programme_office_sets_targets(office: Actor):
    statistics.set_target(actor=office, code="turnover-2015", terms=TURNOVER, reason="规划发布")
    strangers = [
        authority("省统计局", Mandate.STATISTICS),
        authority("市场监管局", Mandate.SUPERVISION),
        Actor(party_id=new_id(), user_id=new_id(), roles=frozenset({Role.OWNER})),
    ]
    for stranger in strangers:
        with refused(parties.MandateMissing):
            statistics.set_target(actor=stranger, code="mine", terms=TURNOVER, reason="自定目标")
        with refused(parties.MandateMissing):
            statistics.withdraw_target(actor=stranger, code="turnover-2015", reason="不想要了")
        with refused(parties.MandateMissing):
            statistics.adopt_plan(actor=stranger, reason="自定规划")
    without_scope = replace(office, scopes=frozenset({"statistics:read"}))
    with refused(parties.ScopeMissing):
        statistics.set_target(actor=without_scope, code="mine", terms=TURNOVER, reason="自定目标")
    assert [one.code for one in statistics.targets()] == ["turnover-2015"]


@pytest.mark.parametrize(
    ("code", "changes", "reason", "refusal"),
    [
        ("Not a code", {}, "规划发布", parties.BadCode),
        ("t", {}, "", parties.BadText),
        ("t", {}, "联系 13800138000 询问", parties.PersonalDataInText),
        ("t", {"names": Names("")}, "规划发布", parties.BadText),
        ("t", {"region_code": "999999"}, "规划发布", parties.RegionUnknown),
        ("t", {"indicator": "drop table"}, "规划发布", statistics.TermsIncomplete),
        ("t", {"value": D("0.0000001")}, "规划发布", statistics.TermsIncomplete),
        ("t", {"due": end_of(2010)}, "规划发布", statistics.PathImpossible),
    ],
)
def test_what_is_no_target_is_refused(
    office: Actor, code: str, changes: dict[str, Any], reason: str, refusal: type[Refusal]
):
    with refused(refusal):
        statistics.set_target(actor=office, code=code, terms=replace(TURNOVER, **changes), reason=reason)
    assert statistics.targets() == []


def test_a_target_that_was_never_set_is_not_there(db: None):
    for read_it in (statistics.target, statistics.target_history):
        with pytest.raises(statistics.NoSuchTarget):
            read_it("turnover-2015")


def test_a_version_is_never_changed(office: Actor):
    from cohong.statistics.models import TargetVersion  # noqa: PLC0415 - once Django stands

    statistics.set_target(actor=office, code="t", terms=TURNOVER, reason="规划发布")
    with pytest.raises(DatabaseError), transaction.atomic():
        TargetVersion.objects.update(value=D(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        TargetVersion.objects.all().delete()
    assert statistics.target("t").terms == TURNOVER
