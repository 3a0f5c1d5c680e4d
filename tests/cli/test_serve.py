"""`cohong serve` as a process of another one: it answers, and it goes when its standard input closes."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from running import WAIT_S, environment, start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, ended: Callable[[], int | None]) -> bool:
    end = time.monotonic() + WAIT_S
    with httpx.Client(trust_env=False, timeout=5) as http:
        while time.monotonic() < end and ended() is None:
            try:
                if http.get(f"http://127.0.0.1:{port}/health").is_success:
                    return True
            except httpx.TransportError:
                time.sleep(0.1)
    return False


def test_it_serves_and_stops_with_who_started_it(migrated_url: str, tmp_path: Path):
    env = environment(DATABASE_URL=migrated_url, COHONG_DATA=str(tmp_path))
    port = free_port()
    # Its processes are forked while a thread waits for standard input to close.
    with start("serve", "--port", str(port), "--workers", "2", "--stop-with-stdin", env=env) as server:
        assert answers(port, server.poll)
        said = server.communicate(timeout=WAIT_S)[1]
        assert server.returncode == 0
        assert "Fatal" not in said
