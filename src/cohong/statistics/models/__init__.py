"""The tables of statistics, by topic."""

from cohong.statistics.models.alarms import Alarm, AlarmStep
from cohong.statistics.models.facts import (
    FactFile,
    FactTakeover,
    KnownGood,
    KnownIndustry,
    KnownMarket,
    KnownRate,
    KnownTrader,
)
from cohong.statistics.models.forecasts import Forecast, ForecastPoint, ForecastScore
from cohong.statistics.models.observations import Observation, Vintage
from cohong.statistics.models.official import OfficialFigure
from cohong.statistics.models.releases import Release, ReleasedValue
from cohong.statistics.models.reports import Report, ReportStep, ReportValue, ReportVersion
from cohong.statistics.models.research import (
    ResearchAnswer,
    ResearchCell,
    ResearchQuestion,
    ResearchRight,
    SavedChoice,
)
from cohong.statistics.models.targets import TargetVersion
from cohong.statistics.models.units import Unit, UnitEvent, UnitMatch, UnitSource, UnitSpell

__all__ = [
    "Alarm",
    "AlarmStep",
    "FactFile",
    "FactTakeover",
    "Forecast",
    "ForecastPoint",
    "ForecastScore",
    "KnownGood",
    "KnownIndustry",
    "KnownMarket",
    "KnownRate",
    "KnownTrader",
    "Observation",
    "OfficialFigure",
    "Release",
    "ReleasedValue",
    "Report",
    "ReportStep",
    "ReportValue",
    "ReportVersion",
    "ResearchAnswer",
    "ResearchCell",
    "ResearchQuestion",
    "ResearchRight",
    "SavedChoice",
    "TargetVersion",
    "Unit",
    "UnitEvent",
    "UnitMatch",
    "UnitSource",
    "UnitSpell",
    "Vintage",
]
