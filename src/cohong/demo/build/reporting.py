"""Which of the demo's own companies report: the office classifies them, and opens what they owe."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from cohong.demo.build.calendar import Calendar
from cohong.demo.build.residents import Cast
from cohong.kernel import clock, journal
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency, Period, SizeClass

_OFFICE, _FORM = "statistics", "E201"
_OWING: Final = (("nanyuan", SizeClass.MEDIUM), ("zhuqi", SizeClass.SMALL))
_GROUND: Final = "按营业收入和从业人员划定规模。"


def owe_reports(cast: Cast, here: Calendar) -> None:
    """Give companies their size class, and open their report of the last quarter that ended since they are there."""
    journal.seal_all()
    while journal.follow("statistics.units"):
        pass
    with clock.at(here.built):
        office = cast.acting(_OFFICE)
        since: list[date] = []
        for company, size in _OWING:
            unit = statistics.unit_of(party_id=cast.parties[company])
            if unit is None or unit.size_class is not None:
                continue
            draft = replace(unit.to_draft(), size_class=size)
            statistics.change_unit(actor=office, unit_id=unit.id, draft=draft, on=unit.since, reason=_GROUND)
            since.append(unit.since)
        this_quarter = Period.of(here.built.date(), Frequency.QUARTER)
        ended = this_quarter.start - timedelta(days=1)
        if since and max(since) <= ended:
            period = Period.of(ended, Frequency.QUARTER)
            statistics.open_reports(actor=office, form=_FORM, period=period.code)
