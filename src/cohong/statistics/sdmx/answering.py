"""Answering in SDMX: structures as SDMX-JSON, data as SDMX-CSV, with pysdmx's own writers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cohong.statistics.figures.selecting import MOST_FIGURES, Choice, TooManyFigures, choose
from cohong.statistics.indicators.definitions import tree
from cohong.statistics.observing.computing import Status
from cohong.statistics.periods import Period
from cohong.statistics.publishing.selectors import PublishedView, ReleaseView
from cohong.statistics.sdmx import structures
from cohong.statistics.sdmx.asking import ALL, NoData, NoSuchStructure, Question, QuestionUnclear
from cohong.statistics.sdmx.structures import AGENCY, DIMENSIONS, FREQUENCIES, MEASURE, TIME, TOTAL

_FREQ_CODES: Final = {frequency: code for code, frequency in FREQUENCIES.items()}
_TYPES: Final = {
    "agencyscheme": "AgencyScheme",
    "codelist": "Codelist",
    "conceptscheme": "ConceptScheme",
    "datastructure": "DataStructureDefinition",
    "dataflow": "Dataflow",
}
#: What refers to what: a flow to its structure, that to concepts and codelists, concepts to codelists.
_CHILDREN: Final = {
    "Dataflow": ("DataStructureDefinition",),
    "DataStructureDefinition": ("ConceptScheme", "Codelist"),
    "ConceptScheme": ("Codelist",),
}
_DETAILS: Final = frozenset(
    {
        *("full", "raw", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs"),
        "referencepartial",
    }
)


def found_structures(parts: Sequence[str], *, detail: str, references: str) -> list[Any]:
    """Return the artefacts that `/structure/{type}/{agency}/{id}/{version}/{item}` names, with those that go with them.

    Raises NoSuchStructure, QuestionUnclear.
    """
    kind, agency, id_, version, item = (
        (*parts, *(ALL, ALL, "~", ALL)[len(parts) - 1 :]) if parts else (ALL, ALL, ALL, "~", ALL)
    )
    if kind != ALL and kind not in _TYPES:
        raise NoSuchStructure
    if detail not in _DETAILS:
        raise QuestionUnclear(text=detail[:40], why=", ".join(sorted(_DETAILS)))
    every = structures.all_structures()
    named = [
        one
        for one in every
        if kind in (ALL, _kind(one))
        and _is(agency, _agency(one))
        and _is(id_, one.id)
        and _is(version, one.version, "~", "+", "latest", "1.0+")
    ]
    if item != ALL:
        named = [_with_items(one, item.split(",")) for one in named if hasattr(one, "items")]
        named = [one for one in named if one.items]
    if not named:
        raise NoSuchStructure
    ids = {(type(one), one.id) for one in named}
    others = [one for one in every if (type(one), one.id) not in ids and _goes_with(one, named, references)]
    return [_stub(one) if detail in {"allstubs", "allcompletestubs"} else one for one in named] + [
        _stub(one) if "stubs" in detail else one for one in others
    ]


def _kind(artefact: Any) -> str:
    return next(kind for kind, name in _TYPES.items() if name == type(artefact).__name__)


def _agency(artefact: Any) -> str:
    return str(getattr(artefact.agency, "id", artefact.agency))


def _is(asked: str, value: str, *more: str) -> bool:
    return asked == ALL or asked in more or value in asked.split(",")


def _with_items(artefact: Any, items: Sequence[str]) -> Any:
    from msgspec.structs import replace  # noqa: PLC0415 - with pysdmx

    return replace(artefact, items=tuple(one for one in artefact.items if one.id in items), is_partial=True)


def _stub(artefact: Any) -> Any:
    from msgspec.structs import replace  # noqa: PLC0415 - with pysdmx

    return replace(artefact, items=()) if hasattr(artefact, "items") else artefact


def _goes_with(one: Any, named: Sequence[Any], references: str) -> bool:
    names = {type(each).__name__ for each in named}
    name = type(one).__name__
    below = {child for each in names for child in _CHILDREN.get(each, ())}
    above = {each for each, children in _CHILDREN.items() if names & set(children)}
    deepest = below | {child for each in below for child in _CHILDREN.get(each, ())}
    highest = above | {each for each, children in _CHILDREN.items() if above & set(children)}
    wanted = {
        "none": set(),
        "children": below,
        "descendants": deepest,
        "parents": above,
        "ancestors": highest,
        "parentsandsiblings": above | {child for each in above for child in _CHILDREN[each]},
        "all": deepest | highest,
    }
    if references in wanted:
        return name in wanted[references]
    if references not in _TYPES:
        raise QuestionUnclear(text=references[:40], why=", ".join([*wanted, *_TYPES]))
    return name == _TYPES[references] and name in wanted["all"]


# --- data ------------------------------------------------------------------------------------------------


def observations(question: Question) -> tuple[ReleaseView, list[dict[str, str]]]:
    """Return the observations that answer to a question, series by series in order of time.

    Raises NoData, TooManyFigures, QuestionUnclear, NothingPublished.
    """
    codes = {one.code for one in structures.public_indicators()}
    wanted = question.only("INDICATOR")
    indicators = tuple(sorted(codes if wanted is None else codes & wanted))
    frequencies = question.only("FREQ")
    chosen = choose(
        Choice(
            indicators=indicators,
            frequencies=tuple(
                each for code, each in FREQUENCIES.items() if frequencies is None or code in frequencies
            ),
            regions=_places(question.only("REF_AREA")),
            industries=_places(question.only("INDUSTRY")),
            markets=_places(question.only("MARKET")),
            **_time(question),
        ),
        at=question.as_of,
    )
    rows = [row for row in map(_observation, chosen.figures) if question.takes(row)]
    for row in rows:
        row["RELEASE"] = str(chosen.release.id)
    rows.sort(key=lambda row: (*(row[name] for name in DIMENSIONS), row[TIME]))
    rows = list(_some_of_each(rows, question))
    end = None if question.limit is None else question.offset + question.limit
    rows = rows[question.offset : end]
    if not rows:
        raise NoData
    if len(rows) > MOST_FIGURES:
        raise TooManyFigures(most=MOST_FIGURES)
    return chosen.release, rows


def _places(codes: set[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(sorted("" if code == TOTAL else code for code in codes))


def _time(question: Question) -> dict[str, str]:
    """Return which years the periods can be of, so that no others are read."""
    first, last = "0000", "9999"
    for test in question.tests:
        if test.component == TIME and len(test.values) == 1:
            year = test.values[0][:4]
            if test.operator in {"eq", "ge", "gt"}:
                first = max(first, year)
            if test.operator in {"eq", "le", "lt"}:
                last = min(last, year)
    if first > last:
        raise NoData
    return {"first": "" if first == "0000" else first, "last": "" if last == "9999" else last}


def _observation(figure: PublishedView) -> dict[str, str]:
    if figure.withheld:
        status = structures.SUPPRESSED
    elif figure.value is None:
        status = structures.MISSING
    else:
        status = structures.NORMAL if figure.status is Status.FINAL else structures.PROVISIONAL
    return {
        "FREQ": _FREQ_CODES[Period.parse(figure.period).frequency],
        "INDICATOR": figure.indicator,
        "REF_AREA": figure.region or TOTAL,
        "INDUSTRY": figure.industry or TOTAL,
        "MARKET": figure.market or TOTAL,
        TIME: figure.period,
        MEASURE: "" if figure.value is None else f"{figure.value.normalize():f}",
        "OBS_STATUS": status,
        "CONF_STATUS": structures.CONFIDENTIAL if figure.withheld else structures.FREE,
        "UNIT_MEASURE": tree().by_code[figure.indicator].unit.value,
    }


def _some_of_each(rows: Sequence[dict[str, str]], question: Question) -> Iterator[dict[str, str]]:
    if question.first_n is None and question.last_n is None:
        yield from rows
        return
    series: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        series[tuple(row[name] for name in DIMENSIONS)].append(row)
    for one in series.values():
        kept = set(range(question.first_n or 0)) | set(
            range(max(0, len(one) - (question.last_n or 0)), len(one))
        )
        yield from (row for place, row in enumerate(one) if place in kept)


def data_message(
    rows: Sequence[Mapping[str, str]], question: Question, format_: Any, labels: str | None
) -> str:
    """Write observations in a format of pysdmx's."""
    import pandas as pd  # noqa: PLC0415 - slow to import
    from pysdmx.io import write_sdmx  # noqa: PLC0415
    from pysdmx.io.pd import PandasDataset  # noqa: PLC0415

    frame = pd.DataFrame(list(rows)).drop(columns=list(question.left_out), errors="ignore")
    dataset = PandasDataset(structure=structures.schema(), data=frame.copy())
    dataset.data = frame  # as text: the dataset would make binary fractions of decimal ones
    more = {"labels": labels} if labels else {}
    return str(write_sdmx([dataset], format_, **more))


def structure_message(artefacts: Sequence[Any], format_: Any) -> str:
    """Write artefacts in a format of pysdmx's."""
    from pysdmx.io import write_sdmx  # noqa: PLC0415 - slow to import
    from pysdmx.model import Organisation  # noqa: PLC0415
    from pysdmx.model.message import Header  # noqa: PLC0415

    header = Header(sender=Organisation(AGENCY))
    return str(write_sdmx(list(artefacts), format_, prettyprint=False, header=header))


def availability(rows: Sequence[Mapping[str, str]]) -> Any:
    """Return what there is of the data flow, by dimension, with how many series and observations."""
    from pysdmx.model import AvailabilityConstraint  # noqa: PLC0415 - slow to import
    from pysdmx.model.constraint import ConstraintAttachment, CubeKeyValue, CubeRegion, CubeValue  # noqa: PLC0415

    flow = (
        f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{structures.FLOW}({structures.VERSION})"
    )
    values = [
        CubeKeyValue(name, values=[CubeValue(value) for value in sorted({row[name] for row in rows})])
        for name in (*DIMENSIONS, TIME)
    ]
    series = Counter(tuple(row[name] for name in DIMENSIONS) for row in rows)
    return AvailabilityConstraint(
        constraint_attachment=ConstraintAttachment(None, dataflows=[flow]),
        cube_region=CubeRegion(values),
        series_count=len(series),
        obs_count=len(rows),
    )
