"""Every test runs on a real PostgreSQL: the embedded one, in a folder of its own, unless `DATABASE_URL` names a server."""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

from cohong.cli.embedded import EmbeddedServer

_started: list[EmbeddedServer | Path] = []


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the controlling process, before Django reads its settings.

    The settings are named here and not in pyproject.toml, where pytest-django would read them too early.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "cohong.site.settings"
    os.environ.setdefault("COHONG_SECRET", "tests-only")
    os.environ.setdefault("COHONG_DATA_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _start_server()
    django.setup()


def _start_server() -> None:
    folder = Path(tempfile.mkdtemp(prefix="cohong-tests-"))
    folder.chmod(0o755)
    os.environ["COHONG_DATA"] = str(folder)
    if "DATABASE_URL" not in os.environ:
        # Tests do not outlive the machine: waiting for the disk would only slow them.
        fast = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        server = EmbeddedServer(folder, extra_configuration=fast)
        os.environ["DATABASE_URL"] = server.enter()
        _started.append(server)
    _started.append(folder)


def pytest_unconfigure() -> None:
    """Stop the server and remove its folder."""
    for thing in _started:
        if isinstance(thing, Path):
            shutil.rmtree(thing, ignore_errors=True)
        else:
            thing.leave()
    _started.clear()
