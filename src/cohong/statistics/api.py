"""The door of statistics."""

from cohong.statistics import (
    disclosure,
    hierarchies,
    rounding,
)
from cohong.statistics.access import (
    Level,
    NotYourRegion,
    Remit,
    SystemOnly,
    is_officer,
    remit_of,
)
from cohong.statistics.audit import (
    audit,
)
from cohong.statistics.breakdowns.answering import answer as answer_breakdown
from cohong.statistics.breakdowns.asking import QuestionState, QuestionView
from cohong.statistics.breakdowns.asking import ask as ask_breakdown
from cohong.statistics.breakdowns.asking import question as breakdown
from cohong.statistics.breakdowns.asking import questions as breakdowns
from cohong.statistics.breakdowns.counting import By as BreakdownBy
from cohong.statistics.breakdowns.counting import is_askable as can_be_broken_down
from cohong.statistics.breakdowns.refusals import (
    DimensionsWrong,
    NoResearchRight,
    NoSuchQuestion,
    NotBrokenDown,
    RightTooLong,
    RightUnchanged,
    TooManyQuestions,
    YearsOnly,
)
from cohong.statistics.breakdowns.rights import RightView, end_research, grant_research, research_rights
from cohong.statistics.breakdowns.rights import may_ask as may_ask_breakdown
from cohong.statistics.breakdowns.rights import may_grant as may_grant_research
from cohong.statistics.breakdowns.rights import right_until as research_right_until
from cohong.statistics.bulletins.shapes import Bulletin
from cohong.statistics.bulletins.writing import bulletin, bulletin_period_name, bulletin_periods
from cohong.statistics.exclusions import (
    ExcludedAlready,
    Ground,
    NotExcluded,
    ReasonTooShort,
    exclude,
    restore,
)
from cohong.statistics.facts.shapes import Origin
from cohong.statistics.facts.taking_over import FactsFlawed, Takeover, origins, take_over_facts, takeovers
from cohong.statistics.figures.selecting import (
    Choice,
    Chosen,
    IndicatorUnknown,
    NothingPublished,
    PeriodsReversed,
    TooManyFigures,
    choose,
    release_of,
)
from cohong.statistics.forecasting.computing import (
    learned_widening,
    mase,
    naive_forecast,
    outlook,
    outlook_of,
    smape,
)
from cohong.statistics.forecasting.learning import Missed, widening_from
from cohong.statistics.forecasting.making import make_forecasts
from cohong.statistics.forecasting.prospects import prospect_of
from cohong.statistics.forecasting.public import (
    PublicForecast,
    PublicRecord,
    PublicRow,
    plan_scenarios,
    public_forecast,
    public_forecasts,
)
from cohong.statistics.forecasting.reading import forecast, forecasts, prospect
from cohong.statistics.forecasting.refusals import (
    HorizonTooLong,
    NoSuchForecast,
    PeriodNotForecast,
    SeriesTooShort,
    ValueImpossible,
)
from cohong.statistics.forecasting.scenarios import Scenario, Unweighed
from cohong.statistics.forecasting.scheduled import Scheduled, forecast_due, forecast_series
from cohong.statistics.forecasting.scoring import accuracy, score_due
from cohong.statistics.forecasting.series import Series
from cohong.statistics.forecasting.shapes import FEWEST_VALUES, FOUR_MODELS, Band, Outlook, TooShort, Widening
from cohong.statistics.forecasting.shapes import LEVELS as FORECAST_LEVELS
from cohong.statistics.forecasting.shapes import MODEL as FORECAST_MODEL
from cohong.statistics.forecasting.views import Accuracy, Actual, ForecastView, PointView, Prospect, Standing
from cohong.statistics.forms.checking import (
    Contents,
    Finding,
)
from cohong.statistics.forms.definitions import (
    Check,
    Field,
    FieldKind,
    Form,
    Measure,
    Option,
    Rows,
    Severity,
    Table,
)
from cohong.statistics.forms.loading import (
    FormFlawed,
    NoSuchForm,
    form,
    forms,
)
from cohong.statistics.forms.totals import Total
from cohong.statistics.indicators.computing import Region as Place
from cohong.statistics.indicators.definitions import Definition, Texts, tree
from cohong.statistics.indicators.definitions import Source as IndicatorSource
from cohong.statistics.indicators.definitions import Unit as IndicatorUnit
from cohong.statistics.indicators.lineage import documents_of
from cohong.statistics.observing.checking import Reconciliation, reconcile
from cohong.statistics.observing.computing import Observed, compute, observe, places
from cohong.statistics.observing.computing import Status as FigureStatus
from cohong.statistics.observing.drilling import (
    TRACED,
    NoSuchIndicator,
    NotFromOrders,
    OrderBehind,
    OrdersBehind,
    orders_behind,
)
from cohong.statistics.observing.live import LiveTrade, Traded, trade_today
from cohong.statistics.observing.live import forget as forget_live
from cohong.statistics.observing.selectors import (
    NoSuchVintage,
    ObservationView,
    VintageView,
    cells,
    series,
    vintage,
    vintages,
)
from cohong.statistics.official.lists import COLUMNS as FIGURE_COLUMNS
from cohong.statistics.official.lists import (
    FiguresTaken,
    NothingStated,
    NumberUnreadable,
    figures_template,
    read_number,
    upload_figures,
)
from cohong.statistics.official.reading import (
    FigureView,
    figure_history,
    figure_series,
    official_figures,
    own_region,
)
from cohong.statistics.official.stating import FigureDraft, FiguresFlawed, state_figures
from cohong.statistics.official.words import FigureState
from cohong.statistics.periods import Frequency, Period, PeriodUnreadable
from cohong.statistics.publishing.releasing import (
    NothingToPublish,
    ProvinceOnly,
    check_publisher,
    order_release,
    publish,
    unpublished,
)
from cohong.statistics.publishing.selectors import (
    NoSuchRelease,
    PublishedView,
    ReleaseView,
    published_cells,
    published_series,
    release,
    releases,
)
from cohong.statistics.reporting.files import (
    Uploaded,
    report_template,
    upload_report,
)
from cohong.statistics.reporting.filing import (
    PastReport,
    check_report,
    correct_report,
    recall_report,
    report_for,
    save_report,
    submit_report,
    take_over_reports,
)
from cohong.statistics.reporting.keeping import Checked, members_of_form
from cohong.statistics.reporting.opening import (
    open_due,
    open_reports,
    remind_due,
)
from cohong.statistics.reporting.refusals import (
    CellsFlawed,
    FileNotOurs,
    FileOfAnotherForm,
    FileOfAnotherPeriod,
    FileOfAnotherUnit,
    FileOfAnotherVersion,
    NoSuchReport,
    NothingCorrected,
    NotOwed,
    PeriodNotOver,
    PeriodWrong,
    QueriesUnanswered,
    ReportChanged,
    ReportFlawed,
    SameReviewer,
    SubmittedAlready,
    WrongLevel,
)
from cohong.statistics.reporting.reviewing import (
    approve_report,
    return_report,
)
from cohong.statistics.reporting.selectors import (
    VALUE_COLUMNS,
    completeness,
    report,
    report_values,
    reports,
    reports_of,
)
from cohong.statistics.reporting.shapes import (
    Completeness,
    ReportRow,
    ReportView,
    StepView,
    VersionView,
)
from cohong.statistics.reporting.states import (
    REPORT_LIFE,
    ReportState,
    Status,
    Way,
)
from cohong.statistics.research.books import citation, source_names
from cohong.statistics.research.choosing import (
    FrequencyUnknown,
    NothingChosen,
    TooMuchChosen,
    read_release,
)
from cohong.statistics.research.choosing import read as read_choice
from cohong.statistics.research.choosing import write as write_choice
from cohong.statistics.research.files import Format as DownloadFormat
from cohong.statistics.research.files import write as write_figures
from cohong.statistics.research.limits import count as count_figures_asked
from cohong.statistics.research.open_data import FORMATS as DATA_FORMATS
from cohong.statistics.research.open_data import DataSet, NoSuchDataSet, data_set, data_sets
from cohong.statistics.research.open_data import Offer as DataOffer
from cohong.statistics.research.open_data import export as export_data_set
from cohong.statistics.research.open_data import offers as data_offers
from cohong.statistics.research.saved import MOST_SAVED as MOST_SAVED_QUERIES
from cohong.statistics.research.saved import (
    NameTaken,
    NoSuchQuery,
    TooManyQueries,
    delete_query,
    save_query,
    saved_queries,
    saved_query,
    see_query,
    share_query,
    shared_query,
)
from cohong.statistics.research.saved import SavedView as SavedQueryView
from cohong.statistics.research.tables import Line, PlaceNames, Sheet
from cohong.statistics.research.tables import sheet as sheet_of
from cohong.statistics.sdmx.structures import unit_names
from cohong.statistics.targets.counting import platforms_above
from cohong.statistics.targets.plans import plan as target_plan
from cohong.statistics.targets.reading import (
    target,
    target_history,
    targets,
)
from cohong.statistics.targets.refusals import (
    NoSuchTarget,
    PathImpossible,
    TermsIncomplete,
)
from cohong.statistics.targets.rules import (
    Contribution,
    contributions,
    count_above,
    growth_a_year,
    printed_points,
)
from cohong.statistics.targets.rules import Reading as TargetReading
from cohong.statistics.targets.rules import path as target_path
from cohong.statistics.targets.rules import path_at as target_path_at
from cohong.statistics.targets.rules import reading as target_reading
from cohong.statistics.targets.setting import (
    adopt_plan,
    set_target,
    target_id,
    withdraw_target,
)
from cohong.statistics.targets.shapes import (
    ContextFact,
    TargetView,
)
from cohong.statistics.targets.shapes import Plan as TargetPlan
from cohong.statistics.targets.shapes import Point as TargetPoint
from cohong.statistics.targets.shapes import Terms as TargetTerms
from cohong.statistics.targets.words import (
    Comparison,
    PathShape,
    TargetUnit,
)
from cohong.statistics.targets.words import Standing as TargetStanding
from cohong.statistics.units.list_templates import list_template
from cohong.statistics.units.lists import COLUMNS as LIST_COLUMNS
from cohong.statistics.units.lists import (
    foresee_units,
    import_units,
)
from cohong.statistics.units.matching import (
    decide_match,
)
from cohong.statistics.units.refusals import (
    DayInFuture,
    DayTooEarly,
    NoSuchMatch,
    NoSuchUnit,
    NothingChanges,
    PlatformKindMissing,
    RegionMissing,
    SameUnit,
    UnitClosed,
    UnitCodeTaken,
    UnitJoined,
    UnitKnown,
    UnitNotJoined,
    UnitOpen,
)
from cohong.statistics.units.registering import (
    change_unit,
    close_unit,
    join_units,
    merge_units,
    open_unit,
    part_units,
    reopen_unit,
    split_unit,
)
from cohong.statistics.units.selectors import (
    count_units,
    unit,
    unit_coded,
    unit_history,
    unit_matches,
    unit_of,
    unit_sources,
    units,
    units_named,
)
from cohong.statistics.units.shapes import (
    EventView,
    Foreseen,
    ListReport,
    MatchView,
    RowFlaw,
    SourceView,
    UnitDraft,
    UnitView,
)
from cohong.statistics.units.sizes import RULE as SIZE_RULE
from cohong.statistics.units.sizes import (
    branches,
    size_class,
)
from cohong.statistics.units.words import (
    Change,
    How,
    MatchState,
    PlatformKind,
    SizeClass,
    Source,
    UnitKind,
)
from cohong.statistics.units.words import Standing as UnitStanding
from cohong.statistics.warning.acting import handle_alarm
from cohong.statistics.warning.patterns import Mark as AlarmMark
from cohong.statistics.warning.patterns import Pattern as AlarmPattern
from cohong.statistics.warning.patterns import Setting as AlarmSetting
from cohong.statistics.warning.patterns import festival_parts
from cohong.statistics.warning.patterns import judge as judge_series
from cohong.statistics.warning.raising import QUIET as ALARM_QUIET_PERIODS
from cohong.statistics.warning.raising import watch
from cohong.statistics.warning.reading import (
    UNDER_WAY as ALARMS_UNDER_WAY,
)
from cohong.statistics.warning.reading import (
    alarm,
    alarm_counts,
    alarm_offices,
    alarm_steps,
    alarms,
)
from cohong.statistics.warning.refusals import AlarmChanged, NoSuchAct, NoSuchAlarm, NotAnOffice
from cohong.statistics.warning.rules import Rule as AlarmRule
from cohong.statistics.warning.rules import rules as alarm_rules
from cohong.statistics.warning.rules import settings as alarm_settings
from cohong.statistics.warning.shapes import AlarmStepView, AlarmView, Watched
from cohong.statistics.warning.shapes import Subject as AlarmSubject
from cohong.statistics.warning.states import ALARM_LIFE, AlarmAct, AlarmSeverity, AlarmState

__all__ = [
    "ALARMS_UNDER_WAY",
    "ALARM_LIFE",
    "ALARM_QUIET_PERIODS",
    "DATA_FORMATS",
    "FEWEST_VALUES",
    "FIGURE_COLUMNS",
    "FORECAST_LEVELS",
    "FORECAST_MODEL",
    "FOUR_MODELS",
    "LIST_COLUMNS",
    "MOST_SAVED_QUERIES",
    "REPORT_LIFE",
    "SIZE_RULE",
    "TRACED",
    "VALUE_COLUMNS",
    "Accuracy",
    "Actual",
    "AlarmAct",
    "AlarmChanged",
    "AlarmMark",
    "AlarmPattern",
    "AlarmRule",
    "AlarmSetting",
    "AlarmSeverity",
    "AlarmState",
    "AlarmStepView",
    "AlarmSubject",
    "AlarmView",
    "Band",
    "BreakdownBy",
    "Bulletin",
    "CellsFlawed",
    "Change",
    "Check",
    "Checked",
    "Choice",
    "Chosen",
    "Comparison",
    "Completeness",
    "Contents",
    "ContextFact",
    "Contribution",
    "DataOffer",
    "DataSet",
    "DayInFuture",
    "DayTooEarly",
    "Definition",
    "DimensionsWrong",
    "DownloadFormat",
    "EventView",
    "ExcludedAlready",
    "FactsFlawed",
    "Field",
    "FieldKind",
    "FigureDraft",
    "FigureState",
    "FigureStatus",
    "FigureView",
    "FiguresFlawed",
    "FiguresTaken",
    "FileNotOurs",
    "FileOfAnotherForm",
    "FileOfAnotherPeriod",
    "FileOfAnotherUnit",
    "FileOfAnotherVersion",
    "Finding",
    "ForecastView",
    "Foreseen",
    "Form",
    "FormFlawed",
    "Frequency",
    "FrequencyUnknown",
    "Ground",
    "HorizonTooLong",
    "How",
    "IndicatorSource",
    "IndicatorUnit",
    "IndicatorUnknown",
    "Level",
    "Line",
    "ListReport",
    "LiveTrade",
    "MatchState",
    "MatchView",
    "Measure",
    "Missed",
    "NameTaken",
    "NoResearchRight",
    "NoSuchAct",
    "NoSuchAlarm",
    "NoSuchDataSet",
    "NoSuchForecast",
    "NoSuchForm",
    "NoSuchIndicator",
    "NoSuchMatch",
    "NoSuchQuery",
    "NoSuchQuestion",
    "NoSuchRelease",
    "NoSuchReport",
    "NoSuchTarget",
    "NoSuchUnit",
    "NoSuchVintage",
    "NotAnOffice",
    "NotBrokenDown",
    "NotExcluded",
    "NotFromOrders",
    "NotOwed",
    "NotYourRegion",
    "NothingChanges",
    "NothingChosen",
    "NothingCorrected",
    "NothingPublished",
    "NothingStated",
    "NothingToPublish",
    "NumberUnreadable",
    "ObservationView",
    "Observed",
    "Option",
    "OrderBehind",
    "OrdersBehind",
    "Origin",
    "Outlook",
    "PastReport",
    "PathImpossible",
    "PathShape",
    "Period",
    "PeriodNotForecast",
    "PeriodNotOver",
    "PeriodUnreadable",
    "PeriodWrong",
    "PeriodsReversed",
    "Place",
    "PlaceNames",
    "PlatformKind",
    "PlatformKindMissing",
    "PointView",
    "Prospect",
    "ProvinceOnly",
    "PublicForecast",
    "PublicRecord",
    "PublicRow",
    "PublishedView",
    "QueriesUnanswered",
    "QuestionState",
    "QuestionView",
    "ReasonTooShort",
    "Reconciliation",
    "RegionMissing",
    "ReleaseView",
    "Remit",
    "ReportChanged",
    "ReportFlawed",
    "ReportRow",
    "ReportState",
    "ReportView",
    "RightTooLong",
    "RightUnchanged",
    "RightView",
    "RowFlaw",
    "Rows",
    "SameReviewer",
    "SameUnit",
    "SavedQueryView",
    "Scenario",
    "Scheduled",
    "Series",
    "SeriesTooShort",
    "Severity",
    "Sheet",
    "SizeClass",
    "Source",
    "SourceView",
    "Standing",
    "Status",
    "StepView",
    "SubmittedAlready",
    "SystemOnly",
    "Table",
    "Takeover",
    "TargetPlan",
    "TargetPoint",
    "TargetReading",
    "TargetStanding",
    "TargetTerms",
    "TargetUnit",
    "TargetView",
    "TermsIncomplete",
    "Texts",
    "TooManyFigures",
    "TooManyQueries",
    "TooManyQuestions",
    "TooMuchChosen",
    "TooShort",
    "Total",
    "Traded",
    "UnitClosed",
    "UnitCodeTaken",
    "UnitDraft",
    "UnitJoined",
    "UnitKind",
    "UnitKnown",
    "UnitNotJoined",
    "UnitOpen",
    "UnitStanding",
    "UnitView",
    "Unweighed",
    "Uploaded",
    "ValueImpossible",
    "VersionView",
    "VintageView",
    "Watched",
    "Way",
    "Widening",
    "WrongLevel",
    "YearsOnly",
    "accuracy",
    "adopt_plan",
    "alarm",
    "alarm_counts",
    "alarm_offices",
    "alarm_rules",
    "alarm_settings",
    "alarm_steps",
    "alarms",
    "answer_breakdown",
    "approve_report",
    "ask_breakdown",
    "audit",
    "branches",
    "breakdown",
    "breakdowns",
    "bulletin",
    "bulletin_period_name",
    "bulletin_periods",
    "can_be_broken_down",
    "cells",
    "change_unit",
    "check_publisher",
    "check_report",
    "choose",
    "citation",
    "close_unit",
    "completeness",
    "compute",
    "contributions",
    "correct_report",
    "count_above",
    "count_figures_asked",
    "count_units",
    "data_offers",
    "data_set",
    "data_sets",
    "decide_match",
    "delete_query",
    "disclosure",
    "documents_of",
    "end_research",
    "exclude",
    "export_data_set",
    "festival_parts",
    "figure_history",
    "figure_series",
    "figures_template",
    "forecast",
    "forecast_due",
    "forecast_series",
    "forecasts",
    "foresee_units",
    "forget_live",
    "form",
    "forms",
    "grant_research",
    "growth_a_year",
    "handle_alarm",
    "hierarchies",
    "import_units",
    "is_officer",
    "join_units",
    "judge_series",
    "learned_widening",
    "list_template",
    "make_forecasts",
    "mase",
    "may_ask_breakdown",
    "may_grant_research",
    "members_of_form",
    "merge_units",
    "naive_forecast",
    "observe",
    "official_figures",
    "open_due",
    "open_reports",
    "open_unit",
    "order_release",
    "orders_behind",
    "origins",
    "outlook",
    "outlook_of",
    "own_region",
    "part_units",
    "places",
    "plan_scenarios",
    "platforms_above",
    "printed_points",
    "prospect",
    "prospect_of",
    "public_forecast",
    "public_forecasts",
    "publish",
    "published_cells",
    "published_series",
    "read_choice",
    "read_number",
    "read_release",
    "recall_report",
    "reconcile",
    "release",
    "release_of",
    "releases",
    "remind_due",
    "remit_of",
    "reopen_unit",
    "report",
    "report_for",
    "report_template",
    "report_values",
    "reports",
    "reports_of",
    "research_right_until",
    "research_rights",
    "restore",
    "return_report",
    "rounding",
    "save_query",
    "save_report",
    "saved_queries",
    "saved_query",
    "score_due",
    "see_query",
    "series",
    "set_target",
    "share_query",
    "shared_query",
    "sheet_of",
    "size_class",
    "smape",
    "source_names",
    "split_unit",
    "state_figures",
    "submit_report",
    "take_over_facts",
    "take_over_reports",
    "takeovers",
    "target",
    "target_history",
    "target_id",
    "target_path",
    "target_path_at",
    "target_plan",
    "target_reading",
    "targets",
    "trade_today",
    "tree",
    "unit",
    "unit_coded",
    "unit_history",
    "unit_matches",
    "unit_names",
    "unit_of",
    "unit_sources",
    "units",
    "units_named",
    "unpublished",
    "upload_figures",
    "upload_report",
    "vintage",
    "vintages",
    "watch",
    "widening_from",
    "withdraw_target",
    "write_choice",
    "write_figures",
]
