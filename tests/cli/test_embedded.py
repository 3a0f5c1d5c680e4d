"""The embedded server: shared by its users, stopped by the last, and back after a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cohong.cli.embedded import EmbeddedServer, ServerFailed, data_folder

FAST = "fsync = off\n"  # the machine does not crash, only the server
HOLD = (
    "import sys\n"
    "from pathlib import Path\n"
    "from cohong.cli.embedded import EmbeddedServer\n"
    "server = EmbeddedServer(Path(sys.argv[1]))\n"
    "print(server.enter(), flush=True)\n"
    "sys.stdin.read()\n"
    "server.leave()\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cluster for all tests here: making one is what takes long."""
    made = tmp_path_factory.mktemp("embedded")
    yield made
    EmbeddedServer(made).remove()


@pytest.fixture
def server(folder: Path) -> EmbeddedServer:
    return EmbeddedServer(folder, extra_configuration=FAST)


def postmaster(server: EmbeddedServer) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split("\n")[0])


def is_running(server: EmbeddedServer) -> bool:
    return (server.cluster / "postmaster.pid").exists()


def another_holder(server: EmbeddedServer) -> "subprocess.Popen[str]":
    """Hold the server in another process, until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(server.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=60)


def test_it_serves_a_database_and_stops_with_its_user(server: EmbeddedServer):
    with server.running() as url, psycopg.connect(url) as connection:
        found = connection.execute(
            "select datcollate, pg_encoding_to_char(encoding) from pg_database"
            " where datname = current_database()"
        ).fetchone()
        assert found == ("C.UTF-8", "UTF8")
        assert connection.execute("show listen_addresses").fetchone() == ("",), (
            "nobody else's machine may reach it"
        )
    assert not is_running(server)


def test_a_second_holder_does_not_wait_and_the_last_one_stops_it(server: EmbeddedServer):
    with server.running():
        pid = postmaster(server)
        other = another_holder(server)
        assert postmaster(server) == pid
    assert postmaster(server) == pid, "the other still holds it"
    end(other)
    assert not is_running(server)


def test_a_holder_that_is_killed_holds_nothing(server: EmbeddedServer):
    other = another_holder(server)
    other.kill()
    end(other)
    assert is_running(server), "nobody was there to stop it"
    with server.running():
        assert is_running(server)
    assert not is_running(server)


def test_many_who_come_and_go_at_once_always_find_it_running(server: EmbeddedServer):
    come_and_go = (
        "import sys\n"
        "from pathlib import Path\n"
        "import psycopg\n"
        "from cohong.cli.embedded import EmbeddedServer\n"
        "for _ in range(3):\n"
        "    with EmbeddedServer(Path(sys.argv[1])).running() as url, psycopg.connect(url) as connection:\n"
        "        connection.execute('select 1')\n"
    )
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", come_and_go, str(server.folder)], stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for one in crowd:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    assert not is_running(server)


def test_a_crash_of_the_server_loses_nothing_that_was_committed(server: EmbeddedServer):
    other = another_holder(server)
    with psycopg.connect(server.enter()) as connection:
        connection.execute("create table kept as select 42 as answer")
    os.kill(postmaster(server), signal.SIGKILL)
    server.leave()
    with server.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
        connection.execute("drop table kept")
    end(other)
    assert not is_running(server)


def test_a_holder_can_bring_a_dead_server_back(server: EmbeddedServer):
    with server.running() as url:
        assert not server.revive()
        os.kill(postmaster(server), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not server.revive():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_stranger_with_the_dead_servers_number_is_not_taken_for_it(server: EmbeddedServer):
    with server.running():
        told = (server.cluster / "postmaster.pid").read_text().split("\n")
    told[0] = str(os.getpid())
    (server.cluster / "postmaster.pid").write_text("\n".join(told))
    with server.running():
        assert postmaster(server) != os.getpid()
    assert psutil.pid_exists(os.getpid())


def test_what_a_killed_first_start_left_is_no_obstacle(tmp_path: Path):
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server = EmbeddedServer(tmp_path, extra_configuration=FAST)
    with server.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert not half.exists()
    assert server.remove()


def test_a_folder_too_deep_for_a_socket_still_works(tmp_path: Path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    server = EmbeddedServer(deep, extra_configuration=FAST)
    with server.running() as url:
        sockets = Path(url.partition("host=")[2])
        assert sockets.stat().st_mode & 0o077 == 0, "nobody else may get in"
        with psycopg.connect(url) as connection:
            connection.execute("select 1")
    assert not sockets.exists()
    assert server.remove()


def test_a_server_in_use_is_not_removed(server: EmbeddedServer):
    with server.running():
        assert not EmbeddedServer(server.folder).remove()
        assert is_running(server)


def test_a_server_that_cannot_start_says_why_in_its_own_words(server: EmbeddedServer):
    with server.running():
        pass
    configuration = server.cluster / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text(sound + "shared_buffers = 'much'\n")
    try:
        with pytest.raises(ServerFailed, match=r'invalid value for parameter "shared_buffers": "much"'):
            server.enter()
    finally:
        configuration.write_text(sound)
    with server.running():
        assert is_running(server)


def test_nobody_else_can_read_the_data(server: EmbeddedServer):
    with server.running():
        assert server.cluster.stat().st_mode & 0o077 == 0


def test_cohong_data_moves_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("COHONG_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("COHONG_DATA")
    assert data_folder().name == "cohong"
    assert data_folder().is_absolute()
