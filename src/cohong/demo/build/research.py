"""What the office and a company look into: queries that they keep, and questions over the facts with their answers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from cohong.demo.build.calendar import Calendar
from cohong.demo.build.residents import Cast
from cohong.kernel import clock
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import BreakdownBy, Choice, Frequency

_OFFICE, _COMPANY = "statistics", "nanyuan"
_RIGHT_FOR: Final = timedelta(days=365)
_GROUND: Final = "与省统计局合作的产业链研究课题"
#: Who keeps it, its name, its indicators, by months or years, of which regions and industries, and whether others may see it.
_KEPT: Final = (
    (_OFFICE, "各市年度交易额", ("turnover",), Frequency.YEAR, None, ("",), True),
    (
        _OFFICE,
        "B2B 与网络零售（月度）",
        ("turnover_b2b", "retail_sales"),
        Frequency.MONTH,
        ("",),
        ("",),
        False,
    ),
    (_COMPANY, "钢铁行业交易额（月度）", ("turnover", "orders"), Frequency.MONTH, ("",), ("steel",), False),
)
#: Who asks for what, so many years back.
_ASKED: Final = (
    (_OFFICE, "turnover", 1, (BreakdownBy.REGION, BreakdownBy.FORM)),
    (_OFFICE, "turnover", 1, (BreakdownBy.INDUSTRY, BreakdownBy.CHANNEL)),
    (_COMPANY, "turnover", 0, (BreakdownBy.CHANNEL,)),
)


def research(cast: Cast, here: Calendar) -> None:
    """Keep the queries, grant the company the right to ask, and answer what is asked."""
    with clock.at(here.built):
        if statistics.saved_queries(actor=cast.acting(_OFFICE)):
            return
        for who, name, indicators, frequency, regions, industries, shared in _KEPT:
            _keep(cast, who, name, _choice(indicators, frequency, regions, industries), shared=shared)
        statistics.grant_research(
            actor=cast.acting(_OFFICE),
            party_id=cast.parties[_COMPANY],
            until=here.built.date() + _RIGHT_FOR,
            reason=_GROUND,
        )
        for who, indicator, back, by in _ASKED:
            year = str(here.built.year - back)
            asked = statistics.ask_breakdown(actor=cast.acting(who), indicator=indicator, year=year, by=by)
            statistics.answer_breakdown(actor=SYSTEM, question_id=asked)


def _choice(
    indicators: Sequence[str],
    frequency: Frequency,
    regions: tuple[str, ...] | None,
    industries: tuple[str, ...],
) -> Choice:
    return Choice(
        indicators=tuple(indicators),
        frequencies=(frequency,),
        regions=regions,
        industries=industries,
    )


def _keep(cast: Cast, who: str, name: str, choice: Choice, *, shared: bool) -> None:
    kept = statistics.save_query(actor=cast.acting(who), name=name, choice=choice)
    if shared:
        statistics.share_query(actor=cast.acting(who), query_id=kept, shared=True)
