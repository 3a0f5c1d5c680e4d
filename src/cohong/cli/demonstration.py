"""How the demo region runs: its outside systems, what is built once, and the two processes that serve it."""

import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import httpx
import msgspec

from cohong.cli.children import Child
from cohong.cli.embedded import EmbeddedServer
from cohong.cli.installation import CannotWork, Installation, installation, prepare
from cohong.cli.serve import port_flaw

if TYPE_CHECKING:
    from cohong.kernel.outside.sandbox import SandboxHandle

HOST: Final = "127.0.0.1"
OUTSIDE: Final = ("bank", "carrier", "register")
_READY_S: Final = 60.0
_LOOK_S: Final = 0.5
_PARCEL_STEP_S: Final = 20
_CREDENTIALS: Final = "{name}.sqlite.credentials.json"


class Demonstration:
    """The demo region in one data folder; `size` makes it a smaller one than it is (`listings`, `trades`)."""

    def __init__(self, *, folder: Path | None, port: int, size: Mapping[str, int] | None = None) -> None:
        self.folder = prepare(folder)
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self._size = dict(size or {})
        self._outside = self.folder / "outside"

    def throw_away(self, *, ask: bool) -> bool:
        """Remove the database, the pictures and the outside systems' books; tell whether that was wanted."""
        if os.environ.get("DATABASE_URL"):
            raise CannotWork(
                "--fresh throws away an embedded database only. Empty the one of DATABASE_URL yourself."
            )
        with self._alone():
            if ask and not _agrees(f"This removes all data in {self.folder}. Type yes to go on: "):
                return False
            if not EmbeddedServer(self.folder).remove():
                raise CannotWork(f"The database in {self.folder} is in use. Stop what uses it first.")
            for name in ("media", "outside"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
        return True

    def run(self, *, serve: bool) -> int:
        """Build what is missing and serve until told to stop; return the exit status."""
        if serve and (flaw := port_flaw(HOST, self.port)):
            raise CannotWork(flaw)
        self._connect()
        with ExitStack() as stack:
            stack.enter_context(self._alone())
            _say(f"Data: {self.folder}")
            here = stack.enter_context(installation())
            self._migrate()
            for name in OUTSIDE:
                stack.enter_context(self._outside_system(name))
            self._build()
            if serve:
                self._serve(here)
        return 0

    # --- building -------------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second demonstration out of the same folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CannotWork(f"A demo is running from {self.folder} already.") from error
            yield
        finally:
            os.close(descriptor)

    def _connect(self) -> None:
        """Name the outside systems to the settings, of this process and of its children."""
        for name in OUTSIDE:
            os.environ[f"COHONG_{name.upper()}_CREDENTIALS"] = str(
                self._outside / _CREDENTIALS.format(name=name)
            )
        os.environ["COHONG_PUBLIC_URL"] = self.url
        os.environ["COHONG_DEMO"] = "1"

    def _migrate(self) -> None:
        from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

        call_command("migrate", interactive=False, verbosity=0)

    @contextmanager
    def _outside_system(self, name: str) -> "Iterator[SandboxHandle]":
        """Run a sandbox system with books that stay, on the port that it had, if that is still free."""
        from cohong.logistics.carriers.sandbox import SandboxCarrier  # noqa: PLC0415 - Django is set up by now
        from cohong.parties.register.sandbox import SandboxRegister  # noqa: PLC0415
        from cohong.payments.providers.sandbox import SandboxBank  # noqa: PLC0415

        kinds: dict[str, type[SandboxHandle]] = {
            "bank": SandboxBank,
            "carrier": SandboxCarrier,
            "register": SandboxRegister,
        }
        options = self._options(name)
        if port := self._port_before(name):
            options["port"] = port
        with kinds[name](process=True, data=self._outside / f"{name}.sqlite", **options) as handle:
            yield handle

    def _options(self, name: str) -> dict[str, object]:
        """Give what a system of the demo is told besides: parcels that move, records of who lives here."""
        from cohong.demo.build import write_records  # noqa: PLC0415 - Django is set up by now

        if name == "carrier":
            return {"step_s": _PARCEL_STEP_S}
        return {"records": write_records(self._outside / "records.jsonl")} if name == "register" else {}

    def _port_before(self, name: str) -> int:
        """Return the port of last time: links to its pay pages are in the database."""
        try:
            known = msgspec.json.decode((self._outside / _CREDENTIALS.format(name=name)).read_bytes())
            port = int(known["url"].rpartition(":")[2])
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return 0
        return 0 if port_flaw(HOST, port) else port

    def _build(self) -> None:
        from cohong.demo.build import build  # noqa: PLC0415 - Django is set up by now
        from cohong.kernel.progress import steps  # noqa: PLC0415

        with steps() as progress:
            build(progress, **self._size)

    # --- serving --------------------------------------------------------------------------------------------

    def _serve(self, here: Installation) -> None:
        children = [Child(["serve", "--host", HOST, "--port", str(self.port)]), Child(["worker"])]
        stop = threading.Event()

        def asked(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, asked)
        try:
            for child in children:
                child.start()
            if self._await_ready(children, stop):
                self._welcome()
            while not stop.wait(_LOOK_S):
                _watch(here, children)
        finally:
            _say("Stopping …")
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()

    def _await_ready(self, children: list[Child], stop: threading.Event) -> bool:
        deadline = time.monotonic() + _READY_S
        with httpx.Client(trust_env=False, timeout=2.0) as http:
            while not stop.wait(0.1):
                if not all(child.is_alive() for child in children) or time.monotonic() > deadline:
                    raise CannotWork("The demo does not start; its processes say above why.")
                try:
                    if http.get(f"{self.url}/health").is_success:
                        return True
                except httpx.TransportError:
                    continue
        return False

    def _welcome(self) -> None:
        from cohong.demo.build import who_can_sign_in  # noqa: PLC0415 - Django is set up by now

        lines = ["", f"Cohong is open: {self.url}", "", "Who can sign in:"]
        lines += [f"  {line}" for line in who_can_sign_in()]
        lines += ["", "Ctrl-C stops it; the data stays.", ""]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()


def _watch(here: Installation, children: list[Child]) -> None:
    """Bring back what has died: the database first, as the others live on it."""
    if here.server is not None and here.server.revive():
        _say("The database had died and was started again.")
    for child in children:
        if child.revive():
            _say(f"`cohong {child.name}` has died and is started again.")


def _agrees(question: str) -> bool:
    if not sys.stdin.isatty():
        raise CannotWork("--fresh asks before it removes anything; where nobody can answer, add --yes.")
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
