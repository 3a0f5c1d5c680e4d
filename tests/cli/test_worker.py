"""`cohong worker`: seals, feeds followers, runs jobs; stops in order, and killed loses nothing."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from running import WAIT_S, cohong, environment, start

from cohong.cli.working import Heartbeat, _Part
from cohong.kernel import journal
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, Sealed

followed: list[str] = []
failing = False


@document("tests.worked")
class Worked(Body):
    text: str


@journal.follower("tests.brittle", kinds={"tests.worked"})
def brittle(batch: list[Sealed]) -> None:
    if failing:
        raise OSError("the disk is full")


@journal.follower("tests.sturdy", kinds={"tests.worked"})
def sturdy(batch: list[Sealed]) -> None:
    followed.extend(one.envelope.body.text for one in batch)


def issue(*texts: str) -> None:
    with transaction.atomic():
        journal.append([Entry(subject=new_id(), issuer=new_id(), body=Worked(text=text)) for text in texts])


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    followed.clear()
    return lambda is_broken: monkeypatch.setitem(globals(), "failing", is_broken)


@pytest.mark.django_db(transaction=True)
def test_a_follower_that_fails_stops_no_other_and_is_tried_again(
    broken: Callable[[bool], None], caplog: pytest.LogCaptureFixture
):
    heartbeat = Heartbeat()
    issue("a", "b")
    broken(True)
    heartbeat.beat()
    assert followed == ["a", "b"]
    assert heartbeat.failing() == ["follower tests.brittle"]
    assert "the disk is full" in caplog.text
    assert journal.lag()["tests.brittle"] == 2
    broken(False)
    heartbeat.beat()
    assert journal.lag()["tests.brittle"] == 2, "it waits before it tries again"
    deadline = time.monotonic() + 5
    while heartbeat.failing() and time.monotonic() < deadline:
        heartbeat.beat()
        time.sleep(0.05)
    assert heartbeat.failing() == []
    assert journal.lag()["tests.brittle"] == 0


def test_who_fails_again_waits_longer():
    def fail() -> int:
        raise OSError

    part, waits = _Part("tests", fail), []
    for _ in range(9):
        part.not_before_s = 0
        now = time.monotonic()
        part.beat()
        waits.append(round(part.not_before_s - now, 1))
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


# --- as a process ----------------------------------------------------------------------------------------


def wait_until(condition: Callable[[], object], process: "subprocess.Popen[str] | None" = None) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline
        if process is not None and process.poll() is not None:
            pytest.fail(process.communicate()[1])
        time.sleep(0.1)


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def is_at_work(url: str) -> bool:
    return ask(url, "select 1 from procrastinate_workers") != []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, None])
def test_it_stops_in_order(migrated_url: str, tmp_path: Path, how: signal.Signals | None):
    env = environment(DATABASE_URL=migrated_url, COHONG_DATA=str(tmp_path))
    words = ["worker"] if how else ["worker", "--stop-with-stdin"]
    with start(*words, env=env) as process:
        wait_until(lambda: is_at_work(migrated_url), process)
        if how:
            process.send_signal(how)
        out, errors = process.communicate(timeout=WAIT_S)  # closes standard input
    assert process.returncode == 0, errors
    assert (out, errors) == ("", "")
    assert not is_at_work(migrated_url), "it signed off"


def test_what_a_killed_worker_was_doing_is_done_by_the_next(migrated_url: str, tmp_path: Path):
    """The job is marked as being done by a worker that has said nothing for long: that is what a kill leaves."""
    env = environment(DATABASE_URL=migrated_url, COHONG_DATA=str(tmp_path))
    with psycopg.connect(migrated_url, autocommit=True) as connection:
        [(worker,)] = connection.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '5 minutes') returning id"
        ).fetchall()
        [(job,)] = connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, worker_id, args, attempts)"
            " values ('default', 'logistics.sweep_bookings', 'doing', %s, '{\"timestamp\": 0}', 1) returning id",
            (worker,),
        ).fetchall()
    done = cohong("worker", "--once", env=env)
    assert done.returncode == 0, done.stderr
    assert "was left by a worker that died" in done.stderr
    assert not is_at_work(migrated_url), "with --once it stops when nothing is due any more"
    assert ask(migrated_url, f"select status from procrastinate_jobs where id = {job}") == [], (
        "done, and gone"
    )


def test_connections_that_break_are_made_anew(migrated_url: str, tmp_path: Path):
    env = environment(DATABASE_URL=migrated_url, COHONG_DATA=str(tmp_path))
    name = migrated_url.partition("?")[0].rpartition("/")[2]
    with start("worker", env=env) as process:
        wait_until(lambda: is_at_work(migrated_url), process)
        ask(
            migrated_url,
            "select pg_terminate_backend(pid) from pg_stat_activity"
            f" where datname = '{name}' and pid <> pg_backend_pid()",
        )
        ask(
            migrated_url,
            "insert into procrastinate_jobs (queue_name, task_name, status, args)"
            " values ('default', 'logistics.sweep_bookings', 'todo', '{\"timestamp\": 1}') returning id",
        )
        waiting = "select 1 from procrastinate_jobs where args = '{\"timestamp\": 1}'"
        wait_until(lambda: ask(migrated_url, waiting) == [], process)
        process.terminate()
        process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
