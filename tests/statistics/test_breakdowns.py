"""Breakdowns over the facts: screened against all that is known, by whomever it was asked; bounded, and only for who may."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import published_world
from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Registration
from cohong.statistics import api as statistics
from cohong.statistics import disclosure
from cohong.statistics.api import BreakdownBy
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Table
from trading import acting_for

#: Category, region, sales of each seller in yuan. Of the coils of Shenzhen there is one seller.
SALES = {
    ("coil", "440100"): (400, 300, 350, 250),
    ("coil", "440300"): (500,),
    ("plate", "440100"): (210, 240, 260),
    ("plate", "440300"): (330, 310, 350, 290),
    ("pipe", "440100"): (120, 140, 110),
    ("pipe", "440300"): (90, 80, 100, 70),
}


@pytest.fixture
def researchers(transactional_db: None, settings: Any, tmp_path: Path) -> tuple[Any, Any]:
    settings.DATA_FOLDER = tmp_path
    published_world.define_places()
    rows, seller = [], 0
    for (category, region), sizes in SALES.items():
        for size in sizes:
            seller += 1
            rows.append(
                {
                    "day": date(2025, 5, seller),
                    "position": seller,
                    "trade": seller,
                    "line": 0,
                    "fact": "sale",
                    "seller": seller,
                    "buyer": 99,
                    "seller_region": region,
                    "category": category,
                    "industry": "steel",
                    "form": "b2b",
                    "way": "shop",
                    "service": False,
                    "orders": 1,
                    "minor": size * 100,
                    "base": size * 100,
                    "quantity": 1,
                    "cross_border": False,
                }
            )
    store.add(Table.TRADE, rows)
    both = [acting_for(new_id()) for _ in range(2)]
    for one, name in zip(both, ("中山大学", "暨南大学"), strict=True):
        [_] = parties.register_many(
            actor=SYSTEM, items=[Registration(id=one.party_id, name=name, region_code="440100")]
        )
        statistics.grant_research(
            actor=SYSTEM, party_id=one.party_id, until=clock.now().date() + timedelta(90), reason="课题"
        )
    return both[0], both[1]


def told(view: statistics.BreakdownView) -> dict[tuple[str, ...], Decimal | None]:
    return {cell.where: cell.value for cell in view.cells}


def test_two_researchers_together_learn_nothing_of_one_company(researchers: tuple[Any, Any]):
    one, two = researchers
    by_category = told(
        statistics.ask_breakdown(actor=one, indicator="turnover", year="2025", by=[BreakdownBy.CATEGORY])
    )
    assert by_category == {("coil",): Decimal(1800), ("pipe",): Decimal(710), ("plate",): Decimal(1990)}
    both = [BreakdownBy.CATEGORY, BreakdownBy.REGION]
    crossed = told(statistics.ask_breakdown(actor=two, indicator="turnover", year="2025", by=both))
    assert crossed["coil", "440300"] is None, "one seller"
    assert crossed["coil", "440100"] is None, (
        "the other could be taken from the total that was told to somebody else"
    )
    assert any(value is not None for value in crossed.values())
    # Whoever adds up all that both were told cannot come near what is hidden.
    by_region = told(
        statistics.ask_breakdown(actor=one, indicator="sales", year="2025", by=[BreakdownBy.REGION])
    )
    leaves = {
        place: disclosure.Facts(value=sum(sizes), contributors=len(sizes), largest=max(sizes))
        for place, sizes in SALES.items()
    }
    table = disclosure.Table(
        (
            disclosure.Hierarchy.flat("category", ["coil", "plate", "pipe"]),
            disclosure.Hierarchy.flat("region", ["440100", "440300"]),
        ),
        leaves,
    )
    hidden = [table.cell(place) for place in leaves if crossed[place] is None]
    hidden += [frozenset({("region", region)}) for (region,), value in by_region.items() if value is None]
    if None in by_region.values():
        hidden.append(frozenset())
    low, high = disclosure.feasible_interval([table], suppressed=hidden, cell=table.cell(("coil", "440300")))
    assert low <= 450
    assert high >= 550
    again = told(statistics.ask_breakdown(actor=one, indicator="turnover", year="2025", by=both))
    assert again == crossed, "the same question has the same answer"
    assert len(statistics.breakdowns(actor=one)) == 3
    with pytest.raises(Exception, match="append"):
        sets.run("delete from statistics_research_cell")


def test_questions_are_bounded_and_for_who_may(researchers: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch):
    one, two = researchers

    def ask(
        actor: Any = one, indicator: str = "turnover", year: str = "2025", by: Any = (BreakdownBy.CATEGORY,)
    ) -> Any:
        return statistics.ask_breakdown(actor=actor, indicator=indicator, year=year, by=by)

    with pytest.raises(statistics.NoResearchRight):
        ask(acting_for(new_id()))
    for refusal, asked in (
        (statistics.NotBrokenDown, {"indicator": "sellers"}),
        (statistics.IndicatorUnknown, {"indicator": "nothing"}),
        (statistics.YearsOnly, {"year": "2025-05"}),
        (statistics.DimensionsWrong, {"by": ()}),
        (statistics.DimensionsWrong, {"by": (BreakdownBy.FORM, BreakdownBy.FORM)}),
    ):
        with pytest.raises(refusal):
            ask(**asked)
    assert statistics.breakdowns(actor=one) == []
    monkeypatch.setattr("cohong.statistics.breakdowns.asking.MOST_AN_HOUR", 1)
    ask()
    with pytest.raises(statistics.TooManyQuestions):
        ask()
    assert len(statistics.breakdowns(actor=one)) == 1
    monkeypatch.setattr("cohong.statistics.breakdowns.asking.MOST_CELLS", 2)
    with pytest.raises(statistics.QuestionTooFine):
        ask(two)
    assert ask(acting_for(new_id(), mandates=[Mandate.STATISTICS]), by=(BreakdownBy.REGION,)).cells
    statistics.end_research(actor=SYSTEM, party_id=two.party_id, reason="课题结束")
    with pytest.raises(statistics.NoResearchRight):
        ask(two)
    with pytest.raises(statistics.RightUnchanged):
        statistics.end_research(actor=SYSTEM, party_id=two.party_id, reason="课题结束")
    with pytest.raises(parties.MandateMissing):
        statistics.grant_research(
            actor=one, party_id=one.party_id, until=clock.now().date() + timedelta(2), reason="自己给自己"
        )
