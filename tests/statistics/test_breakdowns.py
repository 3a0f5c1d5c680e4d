"""Breakdowns over the facts: screened against all that is known, by whomever it was asked; bounded, and only for who may."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from test_statistics_http import Caller

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


def asked(actor: Any, indicator: str, *by: BreakdownBy) -> statistics.QuestionView:
    """Ask, and let the job answer."""
    id_ = statistics.ask_breakdown(actor=actor, indicator=indicator, year="2025", by=by)
    waits = statistics.breakdown(actor=actor, question_id=id_)
    assert (waits.state, waits.cells) == (statistics.QuestionState.WAITING, ())
    statistics.answer_breakdown(actor=SYSTEM, question_id=id_)
    return statistics.breakdown(actor=actor, question_id=id_)


def told(actor: Any, indicator: str, *by: BreakdownBy) -> dict[tuple[str, ...], Decimal | None]:
    view = asked(actor, indicator, *by)
    assert view.state is statistics.QuestionState.ANSWERED
    return {cell.where: cell.value for cell in view.cells}


def findings() -> list[str]:
    return [text for check in statistics.audit() for text in check.findings]


def test_two_researchers_together_learn_nothing_of_one_company(researchers: tuple[Any, Any]):
    one, two = researchers
    by_category = told(one, "turnover", BreakdownBy.CATEGORY)
    assert by_category == {("coil",): Decimal(1800), ("pipe",): Decimal(710), ("plate",): Decimal(1990)}
    both = (BreakdownBy.CATEGORY, BreakdownBy.REGION)
    crossed = told(two, "turnover", *both)
    assert crossed["coil", "440300"] is None, "one seller"
    assert crossed["coil", "440100"] is None, (
        "the other could be taken from the total that was told to somebody else"
    )
    assert any(value is not None for value in crossed.values())
    # Whoever adds up all that both were told cannot come near what is hidden.
    by_region = told(one, "sales", BreakdownBy.REGION)
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
    assert told(one, "turnover", *both) == crossed, "the same question has the same answer"
    assert len(statistics.breakdowns(actor=one)) == 3
    assert findings() == []
    with pytest.raises(Exception, match="append"):
        sets.run("delete from statistics_research_cell")


def test_two_questions_answered_at_once_know_of_each_other(researchers: tuple[Any, Any]):
    one, two = researchers
    ids = [
        statistics.ask_breakdown(actor=actor, indicator="turnover", year="2025", by=by)
        for actor, by in ((one, [BreakdownBy.CATEGORY]), (two, [BreakdownBy.CATEGORY, BreakdownBy.REGION]))
    ]
    assert statistics.breakdown(actor=two, question_id=ids[1]).ahead == 1

    def answer(id_: UUID) -> None:
        try:
            statistics.answer_breakdown(actor=SYSTEM, question_id=id_)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, ids))
    views = [
        statistics.breakdown(actor=each, question_id=id_) for each, id_ in zip((one, two), ids, strict=True)
    ]
    whole, parts = ({cell.where: cell.value for cell in view.cells} for view in views)
    assert parts["coil", "440300"] is None, "one seller"
    # Whichever came first: not both the coils and those of Guangzhou are told.
    assert None in (whole["coil",], parts["coil", "440100"])
    before = sets.fetch("select count(*) from kernel_document")
    answer(ids[0])
    assert sets.fetch("select count(*) from kernel_document") == before, (
        "a job that runs again changes nothing"
    )


@pytest.mark.urls("test_statistics_http")
def test_a_program_asks_and_looks_until_there_is_an_answer(researchers: tuple[Any, Any]):
    one, two = researchers
    program, other = Caller(one), Caller(two)
    wanted = {"indicator": "turnover", "year": "2025", "by": ["category"]}
    asking = {
        "data": json.dumps(wanted),
        "content_type": "application/json",
        "headers": {"Idempotency-Key": "k"},
    }
    first, again = (program.client.post("/api/statistics/figures/breakdowns", **asking) for _ in range(2))
    id_ = first.json()["id"]
    assert (first.status_code, first.json()["state"], first.json()["by"]) == (202, "waiting", ["category"])
    assert first["Location"] == again["Location"] == f"/api/statistics/figures/breakdowns/{id_}"
    assert program.client.get(first["Location"]).json()["cells"] == []
    statistics.answer_breakdown(actor=SYSTEM, question_id=UUID(id_))
    answer = program.client.get(first["Location"]).json()
    assert answer["state"] == "answered"
    assert {"where": ["coil"], "value": "1800.000000"} in answer["cells"]
    [listed] = program.call("get", "/figures/breakdowns")[1]
    assert (listed["id"], listed["state"]) == (id_, "answered")
    assert other.code("get", f"/figures/breakdowns/{id_}") == (404, "NoSuchQuestion")
    assert other.call("get", "/figures/breakdowns") == (200, [])
    for wrong, refused in (
        ({"indicator": "sellers"}, (422, "NotBrokenDown")),
        ({"year": "2025-Q1"}, (422, "YearsOnly")),
        ({"by": ["form", "form"]}, (422, "DimensionsWrong")),
    ):
        assert program.code("post", "/figures/breakdowns", {**wanted, **wrong}) == refused


def test_the_audit_finds_what_was_changed_behind_a_question_and_a_right(researchers: tuple[Any, Any]):
    one, _two = researchers
    view = asked(one, "turnover", BreakdownBy.CATEGORY)
    assert findings() == []
    for table, change, finding in (
        (
            "research_cell",
            "set value = value + 1 where id = (select min(id) from statistics_research_cell)",
            f"answer to question {view.id}: it is not what was stated",
        ),
        (
            "research_question",
            "set period = '2024'",
            f"question {view.id}: its document says otherwise, or is not there",
        ),
        (
            "research_right",
            f"set until = until + 1 where party_id = '{one.party_id}'",
            f"right of {one.party_id}: it is not what was set last",
        ),
    ):
        with transaction.atomic():
            sets.run(f"alter table statistics_{table} disable trigger user")
            sets.run(f"update statistics_{table} {change}")
            assert findings() == [finding]
            transaction.set_rollback(True)
    assert findings() == []


def test_questions_are_bounded_and_for_who_may(researchers: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch):
    one, two = researchers

    def ask(
        actor: Any = one, indicator: str = "turnover", year: str = "2025", by: Any = (BreakdownBy.CATEGORY,)
    ) -> Any:
        return statistics.ask_breakdown(actor=actor, indicator=indicator, year=year, by=by)

    with pytest.raises(statistics.NoResearchRight):
        ask(acting_for(new_id()))
    for refusal, wrong in (
        (statistics.NotBrokenDown, {"indicator": "sellers"}),
        (statistics.IndicatorUnknown, {"indicator": "nothing"}),
        (statistics.YearsOnly, {"year": "2025-05"}),
        (statistics.DimensionsWrong, {"by": ()}),
        (statistics.DimensionsWrong, {"by": (BreakdownBy.FORM, BreakdownBy.FORM)}),
    ):
        with pytest.raises(refusal):
            ask(**wrong)
    assert statistics.breakdowns(actor=one) == []
    with monkeypatch.context() as few:
        few.setattr("cohong.statistics.breakdowns.asking.MOST_AN_HOUR", 1)
        id_ = ask()
        with pytest.raises(statistics.TooManyQuestions):
            ask()
    assert len(statistics.breakdowns(actor=one)) == 1
    with pytest.raises(statistics.NoSuchQuestion):
        statistics.breakdown(actor=two, question_id=id_)
    with pytest.raises(statistics.SystemOnly):
        statistics.answer_breakdown(actor=one, question_id=id_)
    with monkeypatch.context() as small:
        small.setattr("cohong.statistics.breakdowns.answering.MOST_CELLS", 2)
        too_fine = asked(two, "turnover", BreakdownBy.CATEGORY)
    assert (too_fine.state, too_fine.cells) == (statistics.QuestionState.REFUSED, ())
    officer = acting_for(new_id(), mandates=[Mandate.STATISTICS])
    assert told(officer, "turnover", BreakdownBy.REGION)
    assert findings() == []
    statistics.end_research(actor=SYSTEM, party_id=two.party_id, reason="课题结束")
    with pytest.raises(statistics.NoResearchRight):
        ask(two)
    with pytest.raises(statistics.RightUnchanged):
        statistics.end_research(actor=SYSTEM, party_id=two.party_id, reason="课题结束")
    with pytest.raises(parties.MandateMissing):
        statistics.grant_research(
            actor=one, party_id=one.party_id, until=clock.now().date() + timedelta(2), reason="自己给自己"
        )
