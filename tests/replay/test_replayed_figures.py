"""A replayed book in the statistics: turnover by month and by country and refunds are those of the file, to the penny."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from test_executor import UK, run, write

from cohong.kernel import journal
from cohong.statistics import api as statistics
from cohong.statistics import followers

pytestmark = pytest.mark.django_db(transaction=True)

#: Two months and three countries; carriage, a discount, what is given back in the month after, and what is no trade.
BOOK = (
    f"536365,A1,RED MUG,6,2010-12-01 08:26:00,2.55,17850,{UK}",
    f"536365,B2,PAPER STAR,3,2010-12-01 08:26:00,0.50,17850,{UK}",
    f"536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850,{UK}",
    f"536365,D,Discount,-1,2010-12-01 08:26:00,1.00,17850,{UK}",
    "536370,A1,RED MUG,48,2010-12-31 15:45:00,2.10,12583,France",
    "536371,A1,RED MUG,4,2011-01-04 11:00:00,2.55,12345,EIRE",
    "536372,B2,PAPER STAR,10,2011-01-04 12:00:00,0.50,12583,France",
    "C536373,A1,RED MUG,-8,2011-01-05 10:00:00,2.10,12583,France",
    f"C536374,A1,RED MUG,-2,2010-12-02 10:00:00,2.55,17850,{UK}",
    f"C536375,Z9,VASE,-1,2011-01-05 11:00:00,3.00,17850,{UK}",  # never sold
    "536376,A1,lost,-2,2011-01-06 09:30:00,0,,United Kingdom",
)
COUNTRIES = {UK: "GB", "France": "FR", "EIRE": "IE"}
NOT_SOLD = "C536375"


def of_the_file() -> tuple[dict[tuple[str, str], Decimal], dict[tuple[str, str], Decimal]]:
    """Add up quantity by price, by month and country: what was sold, and what went back."""
    sold: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    back: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in BOOK:
        invoice, _code, _title, quantity, at, price, _customer, country = row.split(",")
        value = int(quantity) * Decimal(price)
        if not value or invoice == NOT_SOLD:
            continue
        sums = back if invoice.startswith("C") else sold
        for where in ("", COUNTRIES[country]):
            sums[at[:7], where] += value
    return dict(sold), dict(back)


def shown(indicator: str, *regions: str) -> dict[tuple[str, str], Decimal]:
    return {
        (one.period, region): one.value
        for region in regions
        for one in statistics.series(indicators=[indicator], region=region)
        if one.value
    }


def test_turnover_by_month_and_country_and_refunds_are_those_of_the_file(tmp_path: Path, settings: Any):
    settings.DATA_FOLDER = tmp_path
    settings.COHONG_CURRENCY, settings.TIME_ZONE = "GBP", "Europe/London"
    followers._looked.clear()
    account = run(write(tmp_path, *BOOK))
    while journal.follow("statistics.facts"):
        pass
    statistics.observe(reason="replayed")
    sold, back = of_the_file()
    assert shown("purchases", "", "GB", "FR", "IE") == sold
    assert shown("turnover", "") == {where: value for where, value in sold.items() if not where[1]}
    assert shown("refunds", "") == {where: value for where, value in back.items() if not where[1]}
    assert sum(shown("net_turnover", "").values()) * 100 == account.value_ledger
    done = statistics.reconcile()
    assert (done.orders, done.differences, done.facts) == (4, [], {"GBP": account.value_ledger})
    followers._looked.clear()
