"""The real server, as its own process, over the test's database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.db import connection


@contextmanager
def served(*, threads: int = 8) -> Iterator[str]:
    """Serve this test's database on a free loopback port; yields the base address."""
    settings = connection.settings_dict
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": (
            f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}"
            f"?host={settings['HOST']}&port={settings['PORT'] or 5432}"
        ),
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *(
            "--blocking-threads",
            str(threads),
            "--no-ws",
            "--log-level",
            "error",
            "cohong.site.loaded:application",
        ),
    ]
    process = subprocess.Popen(command, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(15)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        assert process.poll() is None, "the server did not start"
        try:
            if httpx.get(f"{address}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not answer")
