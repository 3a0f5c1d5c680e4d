"""Whoever publishes is killed: nothing half-published is seen, and the next one publishes what it would have been."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from running import WAIT_S, environment, start

import migrated
import published_world
from cohong.kernel import journal, sets
from cohong.kernel.ids import new_id
from cohong.parties.api import SYSTEM, Mandate
from cohong.statistics import api as statistics
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Table
from cohong.statistics.publishing.releasing import SUBJECT
from trading import acting_for

_WAITS = (
    "select 1 from pg_stat_activity where application_name = %s and wait_event_type = 'Lock'"
    " and query ilike %s"
)
_SHOWN = (
    "select indicator, period, region, industry, market, status, value, withheld from statistics_released_value"
    " order by indicator, period, region, industry, market"
)


def line(seller: int, base: int) -> dict[str, Any]:
    return {
        "day": date(2025, 1 + seller % 3, 3),
        "position": seller,
        "trade": seller,
        "way": "retail",
        "form": "b2b",
        "seller": seller,
        "buyer": 99,
        "seller_region": ("440100", "440300")[seller % 2],
        "buyer_region": "440100",
        "cross_border": False,
        "channel": "web",
        "industry": ("clothing", "steel")[seller % 5 == 0],
        "currency": "CNY",
        "line": 0,
        "fact": "sale",
        "service": False,
        "orders": 1,
        "quantity": 1,
        "minor": base,
        "base": base,
    }


@pytest.fixture
def url(transactional_db: None, settings: Any, tmp_path: Path) -> str:
    """Observe what few sellers in two cities sold, on the tests' database; return its address."""
    settings.DATA_FOLDER = tmp_path
    published_world.define_places()
    store.add(Table.TRADE, [line(seller, 1000 * seller) for seller in range(1, 15)])
    statistics.observe(reason="test", everything=True)
    return migrated.url_of(connection.settings_dict["NAME"])


def undisturbed() -> list[tuple[Any, ...]]:
    """Publish, look, and undo it."""
    with transaction.atomic():
        statistics.publish(actor=SYSTEM)
        figures = sets.fetch(_SHOWN)
        transaction.set_rollback(True)
    return figures


def until(condition: str, *values: str, met: bool = True) -> None:
    """Wait until a query finds something, or nothing any more."""
    deadline = time.monotonic() + WAIT_S
    while bool(sets.fetch(condition, values)) is not met:
        assert time.monotonic() < deadline, (condition, values)
        time.sleep(0.02)


@contextmanager
def killed_at(
    url: str, process: "subprocess.Popen[str]", who: str, *, lock: str, query: str
) -> Iterator[None]:
    """Hold a lock, let the block set the process going, and kill it where it has to wait for that lock."""
    with psycopg.connect(url) as keeper:
        keeper.execute(lock.encode())
        yield
        until(_WAITS, who, query)
        process.send_signal(signal.SIGKILL)
        process.wait(WAIT_S)
    until("select 1 from pg_stat_activity where application_name = %s", who, met=False)


def seen() -> tuple[Any, ...]:
    journal.seal_all()
    return statistics.releases(), journal.file_of([SUBJECT]), sets.fetch(_SHOWN)


def findings() -> list[str]:
    return [text for check in statistics.audit() for text in check.findings]


def test_a_killed_publication_leaves_nothing_and_the_next_one_publishes_the_same(url: str, tmp_path: Path):
    figures, officer = undisturbed(), acting_for(new_id(), mandates=[Mandate.STATISTICS])
    assert {row[-1] for row in figures} > {"", "few"}, "something is shown, and something withheld"
    places = {"DATABASE_URL": url, "COHONG_DATA": str(tmp_path)}
    by_hand, worker, next_one = ({**places, "PGAPPNAME": name} for name in ("by_hand", "worker", "next_one"))
    with (
        start("statistics", "publish", env=environment(**by_hand)) as one,
        start("worker", env=environment(**worker)) as two,
    ):
        with killed_at(
            url,
            one,
            "by_hand",
            lock="lock table kernel_document in share mode",
            query="copy%kernel_document%",
        ):
            pass
        assert seen() == ([], [], [])
        with killed_at(
            url,
            two,
            "worker",
            lock="lock table statistics_released_value in share mode",
            query="insert into statistics_released_value%",
        ):
            statistics.order_release(actor=officer, note="五月")
    assert seen() == ([], [], [])
    assert findings() == []
    # The worker has been silent for long: the next one takes its work up, and is killed while it commits.
    sets.run("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    with start("worker", "--once", env=environment(**next_one)) as three:
        commits = {"lock": "select 1 from statistics_vintage for update", "query": "commit%"}
        with killed_at(url, three, "next_one", **commits):
            pass
    [release], [document], shown = seen()
    assert shown == figures
    assert (release.note, document.envelope.body.published_by) == ("五月", officer.user_id)
    assert findings() == []
    assert sets.fetch("select count(*) from procrastinate_jobs where task_name = 'statistics.forecast'") == [
        (1,)
    ]
    with pytest.raises(statistics.NothingToPublish):
        statistics.publish(actor=SYSTEM)
