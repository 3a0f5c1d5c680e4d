"""Forms as data: rules are read safely, files are checked as they are read, what ships is sound."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.statistics.forms.checking import check, filled_in, members_of, numbers_of
from cohong.statistics.forms.definitions import Option
from cohong.statistics.forms.expressions import BadRule, Sheet, Surroundings, holds, read_rule
from cohong.statistics.forms.loading import FormFlawed, all_forms, form, forms, read_forms
from cohong.statistics.units.words import SizeClass, UnitKind


def told(rule: str, row: str = "", **numbers: Any) -> bool | None:
    sheet = Sheet({(name, ""): Fraction(str(value)) for name, value in numbers.items()})
    return holds(read_rule(rule), Surroundings(sheet), row=row)


@pytest.mark.parametrize(
    ("rule", "numbers", "expected"),
    [
        ("a + b == c", {"a": 1, "b": 2, "c": 3}, True),
        ("a + b == c", {"a": "0.1", "b": "0.2", "c": "0.3"}, True),
        ("a + b == c", {"a": 1, "b": 2, "c": 4}, False),
        ("a + b == c", {"a": 1, "c": 4}, None),
        ("a + zero(b) == c", {"a": 4, "c": 4}, True),
        ("1 <= a / b and a / b <= 10", {"a": 5, "b": 0}, None),
        ("a == 0 or b > 0", {"a": 0}, True),
        ("not a > 3", {"a": 4}, False),
        ("-a < 0 <= min(a, b)", {"a": 1, "b": 2}, True),
        ("abs(a - b) <= 0.01", {"a": "50.00", "b": "50.01"}, True),
        ("max(a, b) == 2", {"a": 1, "b": 2}, True),
        ("filled(a)", {}, False),
        ("filled(a)", {"a": 0}, True),
        ("last(a) < a", {"a": 1}, None),
        ("sum(a) == 3", {"a": 3}, True),
    ],
)
def test_what_rules_come_to(rule: str, numbers: dict[str, Any], expected: bool | None):
    assert told(rule, **numbers) is expected


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os')",
        "a.b.c",
        "a[0]",
        "(lambda: 1)()",
        "[x for x in a]",
        "a ** 9999999",
        "'a' < 'b'",
        "a if b else c",
        "f(a)",
        "sum(a + b)",
        "abs()",
        "a is b",
        "a // b",
        "True",
        "a <",
        "a" * 501,
        "sum(*a)",
        "abs(x=1)",
    ],
)
def test_what_is_no_word_of_rules_is_refused(rule: str):
    with pytest.raises(BadRule):
        read_rule(rule)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str):
    try:
        rule = read_rule(text)
    except BadRule:
        return
    assert holds(rule, Surroundings(Sheet({}))) in {True, False, None}


def test_the_forms_that_ship():
    assert [one.code for one in forms()] == ["C401", "E201", "F501", "L301", "P101", "P102", "P103", "S601"]
    turnover = form(code="P101")
    assert turnover.sub_forms == ("P102", "P103")
    assert {field.code for field in turnover.fields()} >= {
        *("turnover", "goods", "services", "b2b", "b2c", "c2c", "self_operated", "exported", "imported"),
    }
    enterprise = form(code="E201")
    assert enterprise.is_owed_by(UnitKind.ENTERPRISE, SizeClass.SMALL)
    assert not enterprise.is_owed_by(UnitKind.ENTERPRISE, SizeClass.MICRO)
    assert not enterprise.is_owed_by(UnitKind.ENTERPRISE, None)
    for one in all_forms().values():
        for names in (
            one.names,
            *(field.names for field in one.fields()),
            *(rule.text for rule in one.checks),
        ):
            assert all((names.zh_hans, names.zh_hant, names.en))


SMALL = """
code = "T1"
version = 1
names = {{ zh-hans = "表", zh-hant = "表", en = "Form" }}
frequency = "monthly"
days = 10
kinds = ["enterprise"]
[[tables]]
code = "main"
names = {{ zh-hans = "表", zh-hant = "表", en = "Table" }}
{table}
[[tables.fields]]
code = "{code}"
names = {{ zh-hans = "甲", zh-hant = "甲", en = "{name}" }}
kind = "{kind}"
measure = "{measure}"
{field}
[[checks]]
code = "rule"
severity = "{severity}"
rule = "{rule}"
text = {{ zh-hans = "不对", zh-hant = "不對", en = "Wrong" }}
"""


def small(**parts: str) -> str:
    sound = {
        "table": "",
        "code": "amount",
        "name": "Amount",
        "kind": "money",
        "measure": "thousand_yuan",
        "field": "",
        "severity": "error",
        "rule": "amount >= 0",
    }
    return SMALL.format(**{**sound, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        {"rule": "other >= 0"},
        {"rule": "X9.amount >= 0"},
        {"rule": "sum(amount) >= 0"},
        {"rule": "open('x')"},
        {"measure": "person"},
        {"measure": "parsec"},
        {"kind": "text"},
        {"kind": "choice", "measure": ""},
        {"name": ""},
        {"field": "decimals = 3"},
        {"field": "colour = 1"},
        {"severity": "fatal"},
        {"code": "two words"},
        {"table": 'rows = "listed"'},
        {"table": 'rows = "regions"'},  # the rule then has to sum
    ],
)
def test_a_flawed_form_is_not_loaded(parts: dict[str, str]):
    read_forms({"sound.toml": small()})
    with pytest.raises(FormFlawed, match=r"flawed\.toml|T1"):
        read_forms({"flawed.toml": small(**parts)})
    with pytest.raises(FormFlawed, match="twice"):
        read_forms({"one.toml": small(), "two.toml": small()})


REGIONS = (Option("440100", form(code="P101").names), Option("440300", form(code="P101").names))


def found(code: str, raw: dict[str, Any], **around: Any) -> list[tuple[str, str, str]]:
    asked = form(code=code)
    members = members_of(asked, regions=REGIONS, industries=REGIONS)
    filled = filled_in(asked, raw, members, language="en")
    here = Surroundings(filled.sheet, **around)
    return [(one.code, one.field, one.row) for one in check(asked, filled, here, members, language="en")]


def test_values_are_read_as_people_write_them():
    asked = form(code="E201")
    raw = {
        "sales": " １，２３４，５６７ ",
        "online_sales_share": "12.50%",
        "has_site": "有",
        "remarks": " 说明 ",
        "staff": "",
    }
    filled = filled_in(asked, raw, {}, language="en")
    assert filled.findings == []
    assert filled.contents == {
        "sales": {"": "1234567"},
        "online_sales_share": {"": "12.5"},
        "has_site": {"": "yes"},
        "remarks": {"": "说明"},
    }
    share = asked.field("online_sales_share")
    assert share is not None
    assert share.to_base(numbers_of(asked, filled.contents).numbers["online_sales_share", ""]) == 1250


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("sales", "很多", "not_a_number"),
        ("sales", "12,34", "not_a_number"),
        ("sales", "1e9", "not_a_number"),
        ("sales", "9999999999999", "not_a_number"),
        ("sales", "-5", "negative"),
        ("sales", "1.5", "decimals"),
        ("has_site", "也许", "not_an_option"),
        ("remarks", "长" * 501, "too_long"),
        ("nonsense", "1", "field_unknown"),
    ],
)
def test_what_cannot_be_read_is_told(field: str, text: str, code: str):
    assert code in [one for one, _, _ in found("E201", {field: text})]


def test_rows_have_to_be_rows_and_rules_hold_in_each():
    raw = {
        "region_turnover": {"440100": "10", "440300": "5", "999999": "1"},
        "region_retail": {"440300": "6"},
    }
    assert found("P102", raw) == [
        ("row_unknown", "region_turnover", ""),
        ("retail_in_turnover", "region_retail", "440300"),
    ]
    others = {"P101": Sheet({("turnover", ""): Fraction(14)})}
    raw = {"region_turnover": {"440100": "10", "440300": "5"}}
    assert found("P102", raw, others=others) == [("regions_in_total", "region_turnover", "")]
    assert found("P102", {}) == [("required", "region_turnover", "")]


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("1000", None),
        ("1600", None),
        ("1601", "changed"),
        ("399", "changed"),
        ("1000000", "wrong_unit"),
        ("10000000", "wrong_unit"),
        ("1", "wrong_unit"),
        ("200000", "changed"),
    ],
)
def test_a_period_is_compared_with_earlier_ones(now: str, code: str | None):
    then = Surroundings(Sheet({("region_turnover", "440100"): Fraction(1000)}))
    wanted = [] if code is None else [(code, "region_turnover", "")]
    assert found("P102", {"region_turnover": {"440100": now}}, last=then) == wanted
    assert found("P102", {"region_turnover": {"440100": now}}, year_ago=then) == wanted
