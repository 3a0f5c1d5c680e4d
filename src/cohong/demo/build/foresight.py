"""What early warning finds in the demo's figures, and what is to be expected: made of what its history holds.

One alarm has been looked into, and some forecasts are of half a year ago, so that they can be held against what came.
"""

from datetime import timedelta
from typing import Final

from cohong.demo.build.calendar import Calendar
from cohong.demo.build.goods import Tell
from cohong.demo.build.residents import Cast
from cohong.kernel import clock
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmAct

#: So far back the watch looks: both of what the history plants lie in it.
_MONTHS_BACK: Final = 8
_HALF_A_YEAR: Final = timedelta(days=185)
_EARLIER, _NOW = 3, 14
_SAID: Final = "当月一家大卖家完成一次性订单，已与卖家核实。"


def watch(cast: Cast, here: Calendar) -> None:
    """Let the rules look at the last months; the office takes one alarm on, and explains it."""
    with clock.at(here.built):
        if statistics.alarms(actor=SYSTEM, limit=1):
            return
        statistics.watch(actor=SYSTEM, back=_MONTHS_BACK)
        found = statistics.alarms(actor=SYSTEM, rule="outlier")
        if not found:
            return
        officer = cast.acting("statistics")
        for act, reason in ((AlarmAct.ACKNOWLEDGE, ""), (AlarmAct.EXPLAIN, _SAID)):
            statistics.handle_alarm(actor=officer, alarm_id=found[0].id, act=act, reason=reason)


def forecast(here: Calendar, tell: Tell) -> None:
    """Forecast a few published series twice, the plan's among them: from what was there half a year ago, and from all."""
    with clock.at(here.built):
        if statistics.public_forecasts():
            return
        tell(0, 2)
        today = here.built.date()
        statistics.forecast_due(actor=SYSTEM, published=True, most=_EARLIER, today=today - _HALF_A_YEAR)
        tell(1, 2)
        statistics.forecast_due(actor=SYSTEM, published=True, most=_NOW)
        tell(2, 2)
