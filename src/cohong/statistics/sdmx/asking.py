"""Reading a question of SDMX-REST 2 out of a request's address: paths, keys, filters; what is not understood is said clearly."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, NotFound, Unavailable
from cohong.statistics.periods import Period, PeriodUnreadable
from cohong.statistics.sdmx.structures import AGENCY, ATTRIBUTES, DIMENSIONS, FLOW, MEASURE, TIME, VERSION

ALL: Final = "*"
_ANY_VERSION: Final = frozenset({ALL, "~", "+", "latest", VERSION, "1.0+"})
_FILTER: Final = re.compile(r"c\[([A-Z_]+)\]")
_OPERATORS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"})
_MOST_VALUES: Final = 500
_MOST_NUMBER: Final = 10_000_000


class QuestionUnclear(BadInput):
    """The address is no question that SDMX-REST has."""

    message = _("“{text}” is not understood here: {why}")


class NoSuchStructure(NotFound):
    """There are no such structures."""

    message = _("There are no such structures.")


class NoData(NotFound):
    """No figures answer to the question."""

    message = _("No published figures answer to this.")


class NotOffered(Unavailable):
    """SDMX-REST has it, this service does not."""

    message = _("“{name}” is not offered by this service.")


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a component: `values` are alternatives."""

    component: str
    operator: str
    values: tuple[str, ...]

    def holds(self, value: str) -> bool:
        """Tell whether a component's value passes."""
        if self.component == TIME:
            return any(self._holds_in_time(value, one) for one in self.values)
        if self.operator == "ne":
            return value not in self.values
        if self.operator == "nc":
            return not any(one in value for one in self.values)
        return any(self._matches(value, one) for one in self.values)

    def _matches(self, value: str, wanted: str) -> bool:
        match self.operator:
            case "eq":
                return value == wanted
            case "co":
                return wanted in value
            case "sw":
                return value.startswith(wanted)
            case "ew":
                return value.endswith(wanted)
        if self.component != MEASURE:
            raise QuestionUnclear(text=self.operator, why=self.component)
        try:
            return bool(value) and _compare(self.operator, float(value), float(wanted))
        except ValueError:
            raise QuestionUnclear(text=wanted, why=self.component) from None

    def _holds_in_time(self, value: str, wanted: str) -> bool:
        """Compare periods: from means that it begins no earlier, up to that it ends no later."""
        if self.operator in {"co", "sw", "ew", "nc"}:
            raise QuestionUnclear(text=self.operator, why=self.component)
        if self.operator in {"eq", "ne"}:
            return (value == wanted) == (self.operator == "eq")
        period, (start, end) = Period.parse(value), _span(wanted)
        match self.operator:
            case "ge":
                return period.start >= start
            case "gt":
                return period.start > end
            case "le":
                return period.end <= end
        return period.end < start


def _compare(operator: str, one: float, other: float) -> bool:
    return {"lt": one < other, "le": one <= other, "gt": one > other, "ge": one >= other}[operator]


def _span(text: str) -> tuple[date, date]:
    """Read a period or an instant."""
    try:
        period = Period.parse(text)
    except PeriodUnreadable:
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError:
            raise PeriodUnreadable(code=text[:40]) from None
        return day, day
    return period.start, period.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which observations, and how much of each series."""

    keys: tuple[tuple[str, ...], ...] = ()
    tests: tuple[Test, ...] = ()
    first_n: int | None = None
    last_n: int | None = None
    offset: int = 0
    limit: int | None = None
    as_of: datetime | None = None
    left_out: frozenset[str] = field(default_factory=frozenset)

    def only(self, component: str) -> set[str] | None:
        """Return the values that a component must have one of; None if it may have any."""
        found: set[str] | None = None
        place = DIMENSIONS.index(component)
        if self.keys and all(key[place] != ALL for key in self.keys):
            found = {key[place] for key in self.keys}
        for test in self.tests:
            if test.component == component and test.operator == "eq":
                found = set(test.values) if found is None else found & set(test.values)
        return found

    def takes(self, values: Mapping[str, str]) -> bool:
        """Tell whether an observation answers to the question."""
        if self.keys and not any(
            all(part in (ALL, values[name]) for name, part in zip(DIMENSIONS, key, strict=True))
            for key in self.keys
        ):
            return False
        return all(test.holds(values[test.component]) for test in self.tests)


def data_question(parts: Sequence[str], asked: Mapping[str, str]) -> Question:
    """Read `/data/{context}/{agency}/{resource}/{version}/{key}` and its parameters.

    Raises QuestionUnclear, NoData for another data flow, NotOffered.
    """
    flow_of(parts[:4])
    first_n, last_n = (_number(asked, name, least=1) for name in ("firstNObservations", "lastNObservations"))
    return Question(
        keys=_keys(parts[4]) if parts[4:] else (),
        tests=_tests(asked),
        first_n=first_n,
        last_n=last_n,
        offset=_number(asked, "offset", least=0) or 0,
        limit=_number(asked, "limit", least=1),
        as_of=_instant(asked),
        left_out=_left_out(asked),
    )


def flow_of(parts: Sequence[str]) -> None:
    """Check that the context is the data flow there is. Raises QuestionUnclear, NoData."""
    context, agency, resource, version = (*parts, *(ALL,) * (4 - len(parts)))
    if context not in {ALL, "dataflow", "datastructure"}:
        raise QuestionUnclear(text=context[:40], why="dataflow, datastructure, *")
    ids = {"dataflow": {FLOW}, "datastructure": {f"DSD_{FLOW}"}}.get(context, {FLOW, f"DSD_{FLOW}"})
    if not (
        _among(agency, {AGENCY})
        and _among(resource, ids)
        and not set(version.split(",")).isdisjoint(_ANY_VERSION)
    ):
        raise NoData


def _among(asked: str, known: set[str]) -> bool:
    return asked == ALL or not known.isdisjoint(asked.split(","))


def _keys(text: str) -> tuple[tuple[str, ...], ...]:
    if text in {ALL, "all", ""}:
        return ()
    keys = []
    for key in text.split(","):
        parts = tuple(part or ALL for part in key.split("."))
        if len(parts) != len(DIMENSIONS):
            raise QuestionUnclear(text=key[:80], why=".".join(DIMENSIONS))
        keys.append(parts)
    if len(keys) > _MOST_VALUES:
        raise QuestionUnclear(text=text[:40], why=str(_MOST_VALUES))
    return tuple(keys)


_KNOWN: Final = frozenset(
    {
        *("startPeriod", "endPeriod", "firstNObservations", "lastNObservations", "offset", "limit", "asOf"),
        *("attributes", "measures", "dimensionAtObservation", "includeHistory", "references", "mode"),
    }
)
_NOT_OFFERED: Final = frozenset({"updatedAfter", "sort", "reportingYearStartDay"})


def _tests(asked: Mapping[str, str]) -> tuple[Test, ...]:
    tests = []
    for name, said in asked.items():
        if name in {"startPeriod", "endPeriod"}:
            _span(said)
            tests.append(Test(TIME, "ge" if name == "startPeriod" else "le", (said,)))
        elif found := _FILTER.fullmatch(name):
            tests += _component(found[1], said)
        elif name in _NOT_OFFERED or (name == "includeHistory" and said != "false"):
            raise NotOffered(name=name)
        elif name == "dimensionAtObservation" and said not in {TIME, "AllDimensions"}:
            raise NotOffered(name=said[:40])
        elif name not in _KNOWN:
            raise QuestionUnclear(text=name[:40], why=", ".join(sorted(_KNOWN)))
    return tuple(tests)


def _component(component: str, said: str) -> list[Test]:
    if component not in (*DIMENSIONS, TIME, MEASURE, *ATTRIBUTES):
        raise QuestionUnclear(text=component[:40], why=", ".join((*DIMENSIONS, TIME)))
    tests = []
    # A plus between conditions arrives as a space from clients that do not escape it.
    for condition in re.split(r"[+ ]", said):
        name, colon, values = condition.partition(":")
        if not colon or name not in _OPERATORS:
            name, values = "eq", condition
        found = tuple(values.split(","))
        if not values or len(found) > _MOST_VALUES:
            raise QuestionUnclear(text=condition[:40], why=component)
        tests.append(Test(component, name, found))
    return tests


def _number(asked: Mapping[str, str], name: str, *, least: int) -> int | None:
    said = asked.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal()) or not least <= int(said[:9]) <= _MOST_NUMBER:
        raise QuestionUnclear(text=said[:20], why=name)
    return int(said[:9])


def _instant(asked: Mapping[str, str]) -> datetime | None:
    if "asOf" not in asked:
        return None
    try:
        # The offset's plus may have arrived as a space.
        found = datetime.fromisoformat(asked["asOf"].replace(" ", "+"))
    except ValueError:
        raise QuestionUnclear(text=asked["asOf"][:40], why="asOf") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _left_out(asked: Mapping[str, str]) -> frozenset[str]:
    """Read which attributes and measures are not wanted."""
    left: set[str] = set()
    for name, every in (("attributes", ATTRIBUTES), ("measures", (MEASURE,))):
        wanted = set(asked.get(name, "all").split(","))
        if wanted & {"all", "dsd"}:
            continue
        kinds = {"obs": {"OBS_STATUS", "CONF_STATUS"}, "series": {"UNIT_MEASURE"}, "dataset": {"RELEASE"}}
        named = set().union(*(kinds.get(one, {one}) for one in wanted - {"none", "msd"}))
        if unknown := named - set(every):
            raise QuestionUnclear(text=", ".join(sorted(unknown))[:80], why=name)
        left |= set(every) - named
    return frozenset(left)
