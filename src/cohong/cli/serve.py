"""Serve pages and interfaces over HTTP, on this machine only unless told otherwise.

It changes nothing in the database by itself and refuses to start if migrations are missing. Behind a proxy
that speaks TLS, name the hosts that are served in COHONG_HOSTS and the outside address in COHONG_PUBLIC_URL.
`cohong worker` has to run beside it.
"""

import argparse
import os
import signal
import socket
import sys
import threading
from importlib import import_module

# Each thread holds a database connection: workers times threads stays well below what the server gives.
_THREADS = 16
_MOST_WORKERS = 4
_STDIN = 0
_LOADED, _APPLICATION = "cohong.site.loaded", "cohong.site.wsgi:application"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument(
        "--workers", type=int, default=workers, metavar="N", help="server processes (default: %(default)s)"
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=_THREADS,
        metavar="N",
        help="requests, and so database connections, at once in each process (default: %(default)s)",
    )
    parser.add_argument(
        "--stop-with-stdin",
        action="store_true",
        help="stop too when standard input closes: with whoever started it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from django.db import connections  # noqa: PLC0415 - as below
    from granian.constants import Interfaces  # noqa: PLC0415 - help must not wait for it
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    from cohong.cli.installation import CannotWork, require_migrated  # noqa: PLC0415

    require_migrated()
    if flaw := port_flaw(arguments.host, arguments.port):
        raise CannotWork(flaw)
    if arguments.stop_with_stdin:
        threading.Thread(target=_await_end, daemon=True).start()
    # Loaded once, here: the processes that are forked from this one have it, and share its memory.
    import_module(_LOADED)
    connections.close_all()
    shown = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    sys.stderr.write(f"Serving on http://{shown}:{arguments.port} (Ctrl-C stops)\n")
    Server(
        _APPLICATION,
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=arguments.threads,
        log_level=LogLevels.error,  # its warnings are advice on the figures above
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve()
    return 0


def port_flaw(host: str, port: int) -> str:
    """Say why this address cannot be listened on, or nothing if it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            return f"Nothing can listen on {host} port {port}: {error}. Choose another with --port."
    return ""


def _await_end() -> None:
    # Not through `sys.stdin`: its lock would be held for ever in processes forked from here, and at the end of this one.
    while os.read(_STDIN, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
