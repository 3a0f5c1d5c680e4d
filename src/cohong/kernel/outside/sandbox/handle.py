"""Start a sandbox, tell it what to do, look into its books, and stop it surely."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx
import msgspec

from cohong.kernel.outside.calling import Credentials
from cohong.kernel.outside.sandbox.server import Sandbox

STOP_WITHIN_S = 10
BOOKS = "books.sqlite"


class SandboxHandle:
    """A context manager around one sandbox, in a thread of this process or in a process of its own.

    A process of its own also stops when this process dies, however it dies. `kill` ends it as `kill -9` does
    and `start` brings it back with the same books, keys and port.
    """

    system: ClassVar[type[Sandbox]]
    module: ClassVar[str]

    def __init__(self, *, process: bool = False, data: Path | None = None, **options: Any) -> None:
        """`options` go to the sandbox: `port`, `retry_s` (in a thread only), the system's own."""
        self._folder = None if data else Path(tempfile.mkdtemp(prefix="cohong-sandbox-"))
        self.data = data or Path(str(self._folder)) / BOOKS
        self._in_process, self._options = process, options
        self._process: subprocess.Popen[str] | None = None
        self.sandbox: Sandbox | None = None
        self._http = httpx.Client(timeout=10, trust_env=False, verify=False)  # noqa: S501 - plain http
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start it; after the first time, on the port that it had."""
        if self._in_process:
            self._start_process()
            return
        sandbox = self.system(data=self.data, **self._options)
        sandbox.start()
        self.sandbox = sandbox
        self._keep(sandbox.credentials)

    def _start_process(self) -> None:
        words = [sys.executable, "-m", self.module, "--data", str(self.data), "--stop-with-stdin"]
        for name, value in self._options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"the sandbox {self.module} did not start: exit {self._process.wait()}")
        self._keep(Credentials.load(Path(msgspec.json.decode(line)["credentials"])))

    def _keep(self, credentials: Credentials) -> None:
        self.credentials, self.url = credentials, credentials.url
        self._options["port"] = int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """Stop it; its books stay. Stopping twice is stopping once."""
        if self.sandbox is not None:
            self.sandbox.stop()
            self.sandbox = None
        if self._process is not None:
            process, self._process = self._process, None
            if process.stdin is not None:
                process.stdin.close()
            self._end(process)

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        if self._process is None:
            raise RuntimeError("only a sandbox in a process of its own can be killed")
        process, self._process = self._process, None
        process.kill()
        self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        """Make sure that the process is gone, and close its pipes."""
        try:
            process.wait(timeout=STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def close(self) -> None:
        """Stop it, and remove its books if they were made for it."""
        self.stop()
        self._http.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def tell(
        self, fault: str, *, match: Mapping[str, Any] | None = None, times: int | None = 1, **args: Any
    ) -> None:
        """Tell it a fault, for calls and notices with these facts, this many times (`None`: always)."""
        match = {
            name: value if isinstance(value, int) else str(value) for name, value in (match or {}).items()
        }
        self.control(tell={"fault": fault, "match": match, "args": args, "times": times})

    def control(self, **message: Any) -> dict[str, Any]:
        """Send a control message and return what it answers."""
        return self._read(self._http.post(f"{self.url}/control", json=message))

    def look(self, path: str = "/control") -> dict[str, Any]:
        """Return what an unsigned page of figures says."""
        return self._read(self._http.get(f"{self.url}{path}"))

    @staticmethod
    def _read(response: httpx.Response) -> dict[str, Any]:
        if response.is_error:
            raise ValueError(response.text)
        return msgspec.json.decode(response.content, type=dict[str, Any])

    def notices(self) -> list[dict[str, Any]]:
        """Return its notices with their state, oldest first."""
        return list(self.look()["notices"])
