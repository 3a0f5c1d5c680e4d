"""`cohong demo`, a small one: it comes up, comes up again with its data, survives, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from running import cohong, environment, start
from test_serve import free_port

from cohong.cli.embedded import EmbeddedServer

pytestmark = pytest.mark.timeout(600)
UP_S = 240
GONE_S = 60


@dataclass(frozen=True)
class Interrupted:
    """A build that was told to stop while it was at work: where, and how it ended."""

    folder: Path
    status: int
    errors: str
    left: list[str]


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interrupted]:
    """What all tests here go on from."""
    made = tmp_path_factory.mktemp("demo")
    env = environment(DATABASE_URL=None, COHONG_DATA=str(made))
    try:
        with start(*small(free_port()), "--build-only", env=env) as demo:
            wait_for((made / "outside/register.sqlite").exists, UP_S)
            demo.send_signal(signal.SIGINT)
            errors = demo.communicate(timeout=GONE_S)[1]
        yield Interrupted(made, demo.returncode, errors, processes_of(made))
    finally:
        EmbeddedServer(made).remove()


@pytest.fixture(scope="module")
def folder(interrupted: Interrupted) -> Path:
    return interrupted.folder


@pytest.fixture(scope="module")
def env(folder: Path) -> dict[str, str]:
    return environment(DATABASE_URL=None, COHONG_DATA=str(folder))


def small(port: int) -> list[str]:
    return ["demo", "--port", str(port), "--listings", "30", "--trades", "3"]


def processes_of(folder: Path) -> list[str]:
    """Whatever still runs with this folder: on its command line or in its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            is_ours = any(str(folder) in word for word in words) or (
                process.environ().get("COHONG_DATA") == str(folder)
            )
        except psutil.Error:
            continue
        if is_ours and process.status() != psutil.STATUS_ZOMBIE:
            found.append(" ".join(words))
    return found


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def opened(demo: "subprocess.Popen[str]") -> str:
    """Read what it prints until it is open."""
    assert demo.stdout is not None
    told = ""
    while "Ctrl-C stops it" not in told:
        line = demo.stdout.readline()
        assert line, demo.communicate()[1]
        told += line
    return told


def get(port: int, path: str) -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=10).status_code
    except httpx.TransportError:
        return 0


def figures(folder: Path) -> tuple[object, ...]:
    with psycopg.connect(f"postgresql://postgres@/cohong?host={folder}/postgres") as connection:
        found = connection.execute(
            "select (select count(*) from parties_party), (select count(*) from catalog_listing),"
            " (select count(*) from orders_order)"
        ).fetchone()
    assert found is not None
    return found


def test_an_interrupted_build_stops_in_order(interrupted: Interrupted):
    assert interrupted.status == 130, interrupted.errors
    assert "Traceback" not in interrupted.errors
    assert interrupted.left == []


def test_it_goes_on_opens_and_ctrl_c_stops_everything(folder: Path, env: dict[str, str]):
    port = free_port()
    with start(*small(port), env=env) as demo:
        told = opened(demo)
        assert f"http://127.0.0.1:{port}" in told
        assert "steel-owner" in told
        assert "password" in told
        assert get(port, "/") == 200
        assert get(port, "/api/v1/docs") == 200
        parties, listings, orders = figures(folder)
        assert (listings, int(str(orders)) >= 3, int(str(parties)) > 60) == (30, True, True)
        second = cohong("demo", "--port", str(free_port()), env=env)
        assert (second.returncode, "running from" in second.stderr) == (2, True)
        # As a terminal does: to everyone in the foreground at once.
        os.killpg(demo.pid, signal.SIGINT)
        errors = demo.communicate(timeout=GONE_S)[1]
    assert demo.returncode == 0, errors
    assert "Traceback" not in errors
    assert processes_of(folder) == []


def test_a_second_run_keeps_the_data_and_survives_the_loss_of_its_database(folder: Path, env: dict[str, str]):
    port = free_port()
    with start(*small(port), env=env) as demo:
        opened(demo)
        before = figures(folder)
        postmaster = int((folder / "postgres/postmaster.pid").read_text().split("\n")[0])
        os.kill(postmaster, signal.SIGKILL)
        wait_for(lambda: get(port, "/health") != 200, GONE_S)
        wait_for(lambda: get(port, "/health") == 200, GONE_S)
        assert figures(folder) == before
        demo.send_signal(signal.SIGTERM)
        errors = demo.communicate(timeout=GONE_S)[1]
    assert demo.returncode == 0, errors
    assert "The database had died and was started again." in errors
    assert processes_of(folder) == []


def test_killed_it_takes_its_processes_along_and_starts_again(folder: Path, env: dict[str, str]):
    port = free_port()
    with start(*small(port), env=env) as demo:
        opened(demo)
        demo.kill()
        demo.communicate()
    # Its database stays up, as nobody was left to stop it; whoever uses the folder next does.
    wait_for(lambda: all("postgres" in one for one in processes_of(folder)), GONE_S)
    done = cohong("verify", env=env)
    assert done.returncode == 0, done.stdout
    assert processes_of(folder) == []


def test_starting_afresh_asks_first(folder: Path, env: dict[str, str]):
    done = cohong("demo", "--fresh", env=env)
    assert (done.returncode, "add --yes" in done.stderr) == (2, True)
    with EmbeddedServer(folder).running():
        used = cohong("demo", "--fresh", "--yes", env=env)
        assert (used.returncode, "is in use" in used.stderr) == (2, True)
    other = cohong("demo", "--fresh", "--yes", env={**env, "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"})
    assert (other.returncode, "embedded database only" in other.stderr) == (2, True)


def test_a_port_that_is_taken_is_said_at_once(env: dict[str, str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cohong("demo", "--port", str(port), env=env)
    assert done.returncode == 2
    assert f"Nothing can listen on 127.0.0.1 port {port}" in done.stderr
