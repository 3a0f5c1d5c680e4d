"""Every test runs on a real PostgreSQL: the embedded one, in a folder of its own, unless `DATABASE_URL` names a server.

The server is started, and Django set up, when this file is loaded: before pytest-django looks for settings, and before the
conftest files below this one import models. Workers of pytest-xdist inherit the address from the first process.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.core.cache import cache
from django.db import connections
from hypothesis import HealthCheck, settings

import migrated
from cohong.cli.embedded import EmbeddedServer
from cohong.cli.translations import compile_stale

_started: list[EmbeddedServer | Path] = []

# Until all tests are there hardly anything that was made is thrown away: looking for that takes a fifth of the time.
gc.disable()


def _start_server() -> None:
    folder = Path(tempfile.mkdtemp(prefix="cohong-tests-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()  # WhiteNoise warns where there is none
    os.environ["COHONG_DATA"] = str(folder)
    _started.append(folder)
    if "DATABASE_URL" not in os.environ:
        # Tests do not outlive the machine: waiting for the disk would only slow them.
        fast = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        server = EmbeddedServer(folder, extra_configuration=fast)
        os.environ["DATABASE_URL"] = server.enter()
        _started.insert(0, server)
    else:
        migrated.forget()  # of an earlier run, perhaps with other migrations


def pytest_unconfigure() -> None:
    """Stop the server and remove its folder; on somebody's own server, what was made there."""
    if _started and not isinstance(_started[0], EmbeddedServer):
        migrated.forget()
    for thing in _started:
        if isinstance(thing, Path):
            shutil.rmtree(thing, ignore_errors=True)
        else:
            thing.leave()
    _started.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long and cannot be shared out, so that no process works on it alone at the end."""
    items.sort(key=_comes_late)
    gc.collect()
    gc.freeze()  # what every test looks at is not looked through after each
    gc.enable()


def _comes_late(item: pytest.Item) -> int:
    if item.path.name == "test_demo.py":
        return 0
    return 1 if item.path.parent.name == "cli" else 2 if "browser" in getattr(item, "fixturenames", ()) else 3


# A gate must say the same about the same code twice; whoever works on it lets Hypothesis look further each time.
# What is right is looked for, not how long it takes: on a busy machine a single example may take seconds.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("gate", derandomize=True, **_PATIENT)
settings.register_profile("here", **_PATIENT)
settings.load_profile("gate" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the database of each test process from one that was migrated once."""
    connections.settings["default"].setdefault("TEST", {})["TEMPLATE"] = migrated.database()


@pytest.fixture(autouse=True)
def parameters_as_declared() -> None:
    """Let no test read a parameter that another one changed: a process remembers them for a second."""
    from cohong.kernel import parameters  # noqa: PLC0415 - once Django stands

    parameters.forget()


@pytest.fixture(autouse=True)
def _fresh_counts(request: pytest.FixtureRequest) -> None:
    """Let no test be turned away because of how often others tried: those counts are in no table that is emptied."""
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        cache.clear()


os.environ["DJANGO_SETTINGS_MODULE"] = "cohong.site.settings"
os.environ.setdefault("COHONG_SECRET", "tests-only")
os.environ.setdefault("COHONG_KEEP", "0")  # each test has a world of its own
os.environ.setdefault("COHONG_DATA_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
if "PYTEST_XDIST_WORKER" not in os.environ:
    _start_server()
    compile_stale()
django.setup()

from speed import install  # noqa: E402 - once Django stands

install()
