"""How many platforms are above a size, for the target that counts them."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from django.conf import settings

from cohong.kernel.money import exponent
from cohong.statistics.reporting.selectors import report_values
from cohong.statistics.reporting.states import Status
from cohong.statistics.targets.rules import count_above

_FORM, _FIELD = "P101", "turnover"
_MONTHS: Final = range(1, 13)


def platforms_above(*, year: int, each_above: Decimal) -> int | None:
    """Count the platforms whose approved reports of a year come to more than a turnover; None if there are no reports.

    `each_above` is in whole units of the region's currency. A number of platforms gives none of them away.
    """
    found = report_values(
        form=_FORM, periods=[f"{year}-{month:02}" for month in _MONTHS], status=Status.FINAL
    )
    sums: defaultdict[str, int] = defaultdict(int)
    for unit, name, value in zip(found["unit_id"], found["field"], found["value"], strict=True):
        if name == _FIELD:
            sums[unit] += value
    if not sums:
        return None
    places = exponent(settings.COHONG_CURRENCY)
    return count_above([Decimal(value).scaleb(-places) for value in sums.values()], each_above=each_above)
