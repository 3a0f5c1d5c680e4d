"""Rules of early warning: read from data, and checked as a whole before anything is judged by them.

Each kind of rule is a struct of its own, so that a rule has just the terms that its kind needs.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, ClassVar, Final

import msgspec

from cohong.statistics.forms import loading
from cohong.statistics.indicators.definitions import Texts, Tree, tree
from cohong.statistics.observing.histories import Cut
from cohong.statistics.periods import Frequency
from cohong.statistics.warning.patterns import Pattern, Setting
from cohong.statistics.warning.states import AlarmSeverity

_Count = Annotated[int, msgspec.Meta(ge=1, le=24)]
_Percent = Annotated[float, msgspec.Meta(gt=0, le=100)]


class RuleFlawed(ValueError):  # noqa: N818 - read as what happened
    """The rules cannot be used as they are."""


class _Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    code: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    severity: AlarmSeverity
    names: Texts
    advice: Texts

    @property
    def kind(self) -> str:
        """Return the word by which rules of this kind are declared."""
        return str(self.__struct_config__.tag)


class OfIndicators(_Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule over indicators. It looks at a period once it has been over for `settle_days`."""

    indicators: list[str]
    cuts: list[Cut]
    frequency: Frequency = Frequency.MONTH
    settle_days: Annotated[int, msgspec.Meta(ge=0, le=120)] = 5

    def flaw(self, known: Tree) -> str:
        """Say what is wrong with it, or nothing."""
        if not self.indicators or not self.cuts:
            return "it looks at nothing"
        for code in self.indicators:
            one = known.by_code.get(code)
            if one is None:
                return f"there is no indicator {code}"
            if self.frequency.a_year > one.frequency.a_year or self.frequency is Frequency.DAY:
                return f"{code} does not come each {self.frequency}"
        return self._own_flaw()

    def _own_flaw(self) -> str:
        return ""


class Level(OfIndicators, frozen=True, kw_only=True, tag="level", forbid_unknown_fields=True):
    """A value is above or below a line, `runs` periods in a row."""

    above: float | None = None
    below: float | None = None
    runs: _Count = 1

    def _own_flaw(self) -> str:
        return "" if (self.above is None) != (self.below is None) else "it needs one line, above or below"


class Fall(OfIndicators, frozen=True, kw_only=True, tag="fall", forbid_unknown_fields=True):
    """A value is lower than a year before by `percent`, `runs` periods in a row; January and February count as one."""

    percent: _Percent
    runs: _Count = 1


class Rise(OfIndicators, frozen=True, kw_only=True, tag="rise", forbid_unknown_fields=True):
    """A value is higher than a year before by so many of its own units (points of a percentage)."""

    points: Annotated[float, msgspec.Meta(gt=0)]


class Outlier(OfIndicators, frozen=True, kw_only=True, tag="outlier", forbid_unknown_fields=True):
    """A value stands out from its series (`warning.detecting`)."""

    threshold: Annotated[float, msgspec.Meta(ge=2)]
    least_change: Annotated[float, msgspec.Meta(ge=0)]


class Shift(OfIndicators, frozen=True, kw_only=True, tag="shift", forbid_unknown_fields=True):
    """The level of a series has moved (`warning.detecting`)."""

    threshold: Annotated[float, msgspec.Meta(ge=2)]
    least_change: Annotated[float, msgspec.Meta(ge=0)]


class OfReports(_Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule over the reports of a form."""

    form: str

    def flaw(self, known: Tree) -> str:  # noqa: ARG002 - all rules are asked alike
        """Say what is wrong with it, or nothing."""
        try:
            loading.form(code=self.form)
        except loading.NoSuchForm:
            return f"there is no form {self.form}"
        return ""


class Late(OfReports, frozen=True, kw_only=True, tag="late", forbid_unknown_fields=True):
    """A unit's report was late, or is overdue, for each of the last `runs` periods that are due."""

    runs: _Count


class Complete(OfReports, frozen=True, kw_only=True, tag="completeness", forbid_unknown_fields=True):
    """Of what a region's units owe, less than `percent` is there `days` after it was due."""

    percent: _Percent
    days: Annotated[int, msgspec.Meta(ge=0, le=120)] = 0


class ShareJump(OfReports, frozen=True, kw_only=True, tag="share_jump", forbid_unknown_fields=True):
    """A unit's share of all that the form's units report in a field differs by `points` from its usual one.

    Usual is the median of the up to four periods before; of shares below `least_share` percent nothing is said.
    """

    field: str
    points: _Percent
    least_share: _Percent

    before: ClassVar[int] = 4

    def flaw(self, known: Tree) -> str:
        """Say what is wrong with it, or nothing."""
        if found := OfReports.flaw(self, known):
            return found
        fields = {field.code for table in loading.form(code=self.form).tables for field in table.fields}
        return "" if self.field in fields else f"{self.form} has no field {self.field}"


Rule = Level | Fall | Rise | Outlier | Shift | Late | Complete | ShareJump


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rule: list[Rule]


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules of the house by their codes. Raises `RuleFlawed`."""
    return read(files("cohong.statistics").joinpath("data/alarms.toml").read_text())


def read(text: str) -> Mapping[str, Rule]:
    """Read rules from TOML. Raises `RuleFlawed`."""
    try:
        found = msgspec.convert(tomllib.loads(text), _File).rule
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleFlawed(str(error)) from None
    known: Final = tree()
    by_code: dict[str, Rule] = {}
    for one in found:
        if one.code in by_code or not one.code.isidentifier() or len(one.code) > 40:  # noqa: PLR2004 - the column
            raise RuleFlawed(f"{one.code}: given twice, or no good name")
        if flaw := one.flaw(known):
            raise RuleFlawed(f"{one.code}: {flaw}")
        by_code[one.code] = one
    return by_code


def settings() -> dict[Pattern, Setting]:
    """Return the settings that turnover is judged by: those that false alarms are measured with."""
    return {
        Pattern(one.kind): Setting(one.threshold, one.least_change)
        for one in rules().values()
        if isinstance(one, Outlier | Shift) and "turnover" in one.indicators
    }
