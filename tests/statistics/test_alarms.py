"""Early warning: what is found, that it is found once, who may do what with it, and that a revision is told."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from reporting_world import Bureau, refused

from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.kernel.states import WrongState
from cohong.parties.api import SYSTEM, BadText
from cohong.portal.notices.store import notices
from cohong.portal.notices.words import Topic
from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmAct, AlarmState
from cohong.statistics.forecasting.series import Series
from cohong.statistics.warning.patterns import Pattern, Setting
from cohong.statistics.warning.rules import RuleFlawed, read
from watched_world import TODAY, months, observe

SETTINGS = {Pattern.OUTLIER: Setting(4.25, 0.1), Pattern.SHIFT: Setting(3.5, 0.08)}


def watch(today: date = TODAY) -> tuple[int, int, int]:
    done = statistics.watch(actor=SYSTEM, today=today)
    return done.raised, done.revised, done.subsided


def only(bureau: Bureau) -> statistics.AlarmView:
    [one] = statistics.alarms(actor=bureau.province)
    return one


def spoilt(factor: float = 1.6) -> dict[str, Decimal]:
    values = months()
    values["2015-12"] *= Decimal(str(factor))
    return values


def series(values: dict[str, Decimal]) -> Series:
    return Series("turnover", max(values), tuple(float(one) for one in values.values()))


def test_a_wild_value_is_an_outlier_and_a_moved_level_a_shift():
    assert statistics.judge_series(series(months()), SETTINGS) == []
    [wild] = statistics.judge_series(series(spoilt()), SETTINGS)
    assert (wild.pattern, wild.period) == (Pattern.OUTLIER, "2015-12")
    assert 0.4 < wild.change < 0.8
    assert wild.lower < wild.expected < wild.upper < wild.value
    moved = months()
    for code in ("2015-10", "2015-11", "2015-12"):
        moved[code] *= Decimal("0.7")
    shift = next(
        one for one in statistics.judge_series(series(moved), SETTINGS) if one.pattern is Pattern.SHIFT
    )
    assert (shift.period, shift.score < -3.5) == ("2015-10", True)
    # Two months that are wild in opposite directions are no level.
    moved["2015-11"] *= Decimal(2)
    assert all(one.pattern is not Pattern.SHIFT for one in statistics.judge_series(series(moved), SETTINGS))
    short = dict(list(months().items())[-35:])
    assert statistics.judge_series(series(short), SETTINGS) == []
    rare = {
        code: value if place % 7 == 0 else Decimal(0) for place, (code, value) in enumerate(spoilt().items())
    }
    assert statistics.judge_series(series(rare), SETTINGS) == [], "there often is nothing"


def test_what_was_found_is_found_once_and_follows_the_figures(bureau: Bureau):
    vintage = observe(spoilt())
    assert watch() == (1, 0, 0)
    assert watch() == (0, 0, 0)
    found = only(bureau)
    assert (found.rule, found.period, found.subject.region) == ("outlier", "2015-12", "440100")
    assert (found.vintage, found.state, found.holds) == (vintage, AlarmState.OPEN, True)
    assert found.evidence[-1][0] == "2015-12"
    assert found.evidence[-1][1] == found.value.quantize(Decimal("0.000001"))
    # A revision renews the evidence of the same alarm; another one takes its ground away.
    newer = observe({"2015-12": spoilt(1.8)["2015-12"]})
    assert watch() == (0, 1, 0)
    assert (only(bureau).value > found.value, only(bureau).vintage, only(bureau).id) == (
        True,
        newer,
        found.id,
    )
    observe({"2015-12": months()["2015-12"]})
    assert watch() == (0, 0, 1)
    assert (only(bureau).state, only(bureau).holds) == (AlarmState.CLOSED, False)
    observe({"2015-12": spoilt()["2015-12"]})
    assert watch() == (0, 1, 0)
    assert only(bureau).state is AlarmState.OPEN
    steps = statistics.alarm_steps(actor=bureau.province, alarm_id=found.id)
    assert [one.act.value for one in steps] == ["raise", "revise", "subside", "return"]
    filed = journal.file_of([found.id])
    assert [one.envelope.id for one in filed] == [one.document for one in steps]
    journal.seal_all()
    while journal.follow("portal.notices"):
        pass
    told = sets.fetch("select party_id, text, about from portal_notice where target = 'alarm'")
    offices = (bureau.province, bureau.guangzhou)
    assert set(told) == {(office.party_id, "alarm_raised", found.id) for office in offices}
    assert len(told) == 2
    with translation.override("en"):
        [notice] = notices(actor=bureau.guangzhou, topic=Topic.AUTHORITY)
    assert notice.text == (
        "Early warning for 2015-12, E-commerce turnover · Guangzhou: A value stands out."
        " Somebody has to look into it."
    )
    assert [check.findings for check in statistics.audit() if check.findings] == []


def test_officers_answer_for_their_regions_and_say_why(bureau: Bureau):
    observe(spoilt())
    observe(spoilt(), region="")
    assert watch() == (2, 0, 0)
    [own] = statistics.alarms(actor=bureau.guangzhou)
    assert statistics.alarms(actor=bureau.shenzhen) == []
    assert len(statistics.alarms(actor=bureau.province)) == 2
    with refused(statistics.NoSuchAlarm):
        statistics.alarm(actor=bureau.shenzhen, alarm_id=own.id)
    with refused(statistics.NotYourRegion):
        statistics.watch(actor=bureau.guangzhou)

    def handle(act: AlarmAct, reason: str = "", actor: Any = None, **more: Any) -> AlarmState:
        return statistics.handle_alarm(
            actor=actor or bureau.guangzhou, alarm_id=own.id, act=act, reason=reason, **more
        )

    with refused(statistics.NoSuchAlarm):
        handle(AlarmAct.ACKNOWLEDGE, actor=bureau.shenzhen)
    with refused(statistics.NoSuchAct):
        handle(AlarmAct.SUBSIDE)
    with refused(WrongState):
        handle(AlarmAct.CLOSE, "查清")
    assert handle(AlarmAct.ACKNOWLEDGE, seen=1) is AlarmState.ACKNOWLEDGED
    assert statistics.alarm(actor=bureau.guangzhou, alarm_id=own.id).owner_party == bureau.guangzhou.party_id
    with refused(statistics.AlarmChanged):
        handle(AlarmAct.EXPLAIN, "一次性大单", seen=1)
    with refused(BadText):
        handle(AlarmAct.EXPLAIN, "")
    with refused(statistics.NotAnOffice):
        handle(AlarmAct.HAND_OVER, to=bureau.shenzhen.party_id)
    handle(AlarmAct.HAND_OVER, to=bureau.province.party_id)
    assert handle(AlarmAct.EXPLAIN, "一次性大单", actor=bureau.province) is AlarmState.EXPLAINED
    assert handle(AlarmAct.CLOSE, "已核实") is AlarmState.CLOSED
    assert handle(AlarmAct.REOPEN, "有新情况") is AlarmState.ACKNOWLEDGED
    assert handle(AlarmAct.DISMISS, "重复导入") is AlarmState.FALSE_ALARM
    # What an officer has judged stays judged, whatever the figures say.
    observe({"2015-12": months()["2015-12"]})
    watch()
    assert statistics.alarm(actor=bureau.province, alarm_id=own.id).state is AlarmState.FALSE_ALARM
    assert [check.findings for check in statistics.audit() if check.findings] == []
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        sets.run("update statistics_alarm_step set reason = ''")


def test_a_shift_is_one_alarm_however_long_it_lasts(bureau: Bureau):
    values = months()
    for code in ("2015-08", "2015-09", "2015-10", "2015-11", "2015-12"):
        values[code] *= Decimal("0.6")
    observe(values)
    for today in (date(2015, 11, 20), date(2015, 12, 20), TODAY):
        watch(today)
    shifts = statistics.alarms(actor=bureau.province, rule="shift")
    assert [(one.period, one.score < 0) for one in shifts] == [("2015-08", True)]


def test_falls_count_january_and_february_as_one_and_begin_once(bureau: Bureau):
    year = {f"2014-{month:02}": Decimal(100) for month in range(1, 13)}
    # The festival moves trade from January to February: together they are what they were.
    observe(year | {"2015-01": Decimal(60), "2015-02": Decimal(140), "2015-03": Decimal(80)})
    assert watch(date(2015, 4, 20)) == (0, 0, 0)
    observe({"2015-04": Decimal(84)})
    assert watch(date(2015, 5, 20)) == (1, 0, 0)
    observe({"2015-05": Decimal(70)})
    assert watch(date(2015, 6, 20)) == (0, 1, 0)
    found = only(bureau)
    assert (found.rule, found.period, found.value, found.expected) == ("turnover_falls", "2015-03", 70, 100)


def test_late_platforms_missing_reports_and_a_share_that_jumps(bureau: Bureau):
    big, small = bureau.platform("甲商城"), bureau.platform("乙商城")
    units = {owner: bureau.unit_of(owner) for owner in (big, small)}
    periods = ["2015-08", "2015-09", "2015-10", "2015-11", "2015-12"]
    for place, period in enumerate(periods):
        for owner, thousands in ((big, 600), (small, 400 if place < 4 else 1400)):
            unit = units[owner]
            assert unit is not None
            report_id = bureau.owed(owner, "P101", period)
            sent = owner is small
            sets.run(
                "update statistics_report set state = %s, version = %s, submitted_at = %s where id = %s",
                ("submitted" if sent else "draft", int(sent), clock.now() if sent else None, report_id),
            )
            if sent:
                _version(report_id, thousands)
    statistics.watch(actor=SYSTEM)
    alarms = {one.rule: one for one in statistics.alarms(actor=bureau.guangzhou)}
    assert {"late_platform", "platforms_missing"} <= set(alarms)
    late = alarms["late_platform"]
    assert (late.unit_name, late.period, late.value) == ("甲商城", "2015-08", 5)
    assert (alarms["platforms_missing"].value, alarms["platforms_missing"].subject.region) == (50, "440100")
    assert "platform_share" not in alarms


def _version(report_id: Any, thousands: int) -> None:
    [(version,)] = sets.fetch(
        "insert into statistics_report_version (id, report_id, number, form_version, contents, digest, explanations, signer,"
        " way, submitted_at, document) values (%s, %s, 1, 1, '{}', '', '{}', '', 'web', %s, %s) returning id",
        (new_id(), report_id, clock.now(), new_id()),
    )
    sets.run(
        "insert into statistics_report_value (version_id, field, row, value) values (%s, 'turnover', '', %s)",
        (version, thousands * 100_000),
    )


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ('indicators = ["hhi"]', 'indicators = ["fog"]', "there is no indicator fog"),
        ("below = 90", "below = 90\nabove = 3", "it needs one line"),
        ("points = 15", "percent = 15", "unknown field"),
        ('field = "turnover"', 'field = "fog"', "has no field fog"),
        ('form = "E201"', 'form = "E999"', "there is no form E999"),
        ('code = "shift"', 'code = "outlier"', "given twice"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_when_it_is_loaded(old: str, new: str, flaw: str):
    from importlib.resources import files  # noqa: PLC0415

    text = files("cohong.statistics").joinpath("data/alarms.toml").read_text()
    assert old in text
    with pytest.raises(RuleFlawed, match=flaw):
        read(text.replace(old, new, 1))
