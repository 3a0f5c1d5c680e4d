"""The command line of a sandbox system."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohong.kernel.outside.sandbox.faults import NOTICES, TRANSPORT
from cohong.kernel.outside.sandbox.server import Sandbox

_STDIN = 0


def parser(system: type[Sandbox], description: str) -> argparse.ArgumentParser:
    """Return the options that every sandbox has."""
    known = {**TRANSPORT, **NOTICES, **{name: fault.text for name, fault in system.own_faults.items()}}
    told = "\n".join(f"  {name:<18}{text}" for name, text in known.items())
    options = argparse.ArgumentParser(
        description=description,
        epilog=f'faults, told by POST /control {{"tell": {{"fault", "match", "args", "times"}}}}:\n{told}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument(
        "--data", type=Path, metavar="FILE", help="its books, an SQLite file (default: memory)"
    )
    options.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    options.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    options.add_argument(
        "--public-url", default="", metavar="URL", help="how others reach it, if not by its port"
    )
    options.add_argument(
        "--credentials",
        type=Path,
        metavar="FILE",
        help="where to write what its client needs: address and keys (default: beside the books)",
    )
    options.add_argument(
        "--stop-with-stdin",
        action="store_true",
        help="stop when standard input closes: with whoever started it",
    )
    options.set_defaults(system=system)
    return options


def run(options: argparse.ArgumentParser, argv: Sequence[str] | None = None, **more: Any) -> int:
    """Serve until a signal, or until standard input closes; print one line of JSON when ready."""
    given = vars(options.parse_args(argv))
    system: type[Sandbox] = given.pop("system")
    credentials: Path | None = given.pop("credentials")
    stop_with_stdin: bool = given.pop("stop_with_stdin")
    data: Path | None = given["data"]
    if credentials is None and data is not None:
        credentials = data.with_name(data.name + ".credentials.json")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if data is not None:
        data.parent.mkdir(parents=True, exist_ok=True)
    sandbox = system(**given, **more)
    sandbox.start()
    if credentials is not None:
        sandbox.credentials.save(credentials)
    ready = {
        "name": sandbox.name,
        "url": sandbox.url,
        "credentials": str(credentials) if credentials else None,
    }
    sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
    sys.stdout.flush()
    if stop_with_stdin:
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    stop.wait()
    sandbox.stop()
    return 0


def _wait_for_end(stop: threading.Event) -> None:
    # Not through `sys.stdin`: its lock would be held for ever at the end of this process.
    while os.read(_STDIN, 4096):
        pass
    stop.set()
