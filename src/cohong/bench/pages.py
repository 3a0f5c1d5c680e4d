"""How quick the market's pages are on a region's worth of listings: server time, queries, and requests a second.

Server time is that of the whole application in this process, middleware included, one request at a time; requests a second
are those of the real server with its processes, asked by several connections at once. The limit of the same run is the
health page: a request that only asks the database for a one.
"""

import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from cohong.bench.assortment import fill
from cohong.bench.scratch import scratch_database
from cohong.catalog import api as catalog
from cohong.demo.listings import Listing
from cohong.kernel import sets
from cohong.parties import api as parties

Progress = Callable[[str, int, int], None]
LISTINGS: Final = 100_000
_SAMPLE: Final = 400
_HOST: Final = "127.0.0.1"
_CONNECTIONS: Final = 8
_STARTS_S: Final = 60.0


@dataclass(frozen=True)
class Figures:
    """One page: milliseconds of server time, the most statements that one request sent, requests a second."""

    name: str
    p50_ms: float
    p95_ms: float
    queries: int
    requests_per_s: float


def measure(
    *, listings: int, requests: int, seconds: float, progress: Progress | None = None
) -> dict[str, Any]:
    """Take all figures in one run, in a scratch database: `requests` of each page for its time, `seconds` for its rate."""
    titles: dict[UUID, Listing] = {}
    with scratch_database() as environment:
        filled = fill(listings, progress=progress, seen=lambda id_, one: _keep(titles, id_, one))
        pages = _addresses(titles, filled.sellers)
        timed = {name: _times(paths, requests) for name, paths in pages.items()}
        counted = {name: most_statements(paths) for name, paths in pages.items()}
        with _served(environment) as port:
            rates = {name: _rate(port, paths, seconds) for name, paths in pages.items()}
    figures = [
        Figures(
            name, round(part(times, 50), 2), round(part(times, 95), 2), counted[name], round(rates[name], 1)
        )
        for name, times in timed.items()
    ]
    limit = next(one for one in figures if one.name == "limit")
    return {
        "listings": filled.listings,
        "pages": [
            {
                "name": one.name,
                "p50_ms": one.p50_ms,
                "p95_ms": one.p95_ms,
                "queries": one.queries,
                "requests_per_s": one.requests_per_s,
                "ratio_to_limit": round(one.requests_per_s / limit.requests_per_s, 4),
            }
            for one in figures
        ],
        "fill_s": round(filled.publish_s + filled.seal_s + filled.follow_s, 1),
    }


def _keep(titles: dict[UUID, Listing], id_: UUID, one: Listing) -> None:
    # Every hundredth is enough to ask for, wherever in the assortment it stands.
    if len(titles) < _SAMPLE or id_.int % 100 == 0:
        titles[id_] = one


def _addresses(titles: Mapping[UUID, Listing], sellers: Sequence[UUID]) -> dict[str, list[str]]:
    """Choose what is asked for of each kind of page: many different ones, so that no cache of one page flatters."""
    chance = random.Random(1)  # noqa: S311 - which of them does not matter
    shown = chance.sample(sorted(titles), min(_SAMPLE, len(titles)))
    words = [word for id_ in shown for word in _words(titles[id_], chance)]
    leaves = [one.code for one in catalog.categories() if one.parent_code is not None]
    return {
        "limit": ["/health"],
        "home": ["/"],
        "hall": [f"/halls/{one.code}/" for one in parties.industries()],
        "category": [f"/categories/{code}/" for code in leaves],
        "search": [f"/search/?q={quote(word)}" for word in words],
        "listing": [f"/listings/{id_}/" for id_ in shown],
        "seller": [f"/sellers/{id_}/" for id_ in sellers],
    }


def _words(listing: Listing, chance: random.Random) -> list[str]:
    """Say what somebody may have typed who wants this: two words of its title, or one English word."""
    chinese, english = listing.title_zh.split(), listing.title_en.split()
    return [" ".join(chance.sample(chinese, min(2, len(chinese)))), chance.choice(english)]


# --- server time -----------------------------------------------------------------------------------------


def asker() -> Callable[[str], None]:
    """Return a function that lets this process's application answer a request."""
    application, factory = WSGIHandler(), RequestFactory()

    def ask(path: str) -> None:
        told: list[str] = []

        def start_response(status: str, _headers: Any, _error: Any = None, /) -> Callable[[bytes], object]:
            told.append(status)
            return bytes.__len__

        answer = application(
            factory.get(path, HTTP_HOST=_HOST, HTTP_ACCEPT_LANGUAGE="zh-CN").environ, start_response
        )
        size = sum(len(part) for part in answer)
        answer.close()
        if not told[0].startswith("200") or not size:
            raise RuntimeError(f"{path} answered {told[0]}")

    return ask


def _times(paths: Sequence[str], requests: int) -> list[float]:
    """Ask one after the other; return the milliseconds of each."""
    ask = asker()
    chance = random.Random(2)  # noqa: S311
    for path in chance.sample(paths, min(10, len(paths))):
        ask(path)
    times = []
    for _ in range(requests):
        path = chance.choice(paths)
        start = time.perf_counter()
        ask(path)
        times.append((time.perf_counter() - start) * 1000)
    return times


def part(times: Sequence[float], percent: int) -> float:
    """Return the time below which so many percent of the times are."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def most_statements(paths: Sequence[str]) -> int:
    """Count the statements that a request sends, Django's and those of `kernel.sets`; return the most."""
    ask = asker()
    sent = 0

    def counting(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*asked)

    plain = sets.fetch, sets.run
    most = 0
    sets.fetch, sets.run = ((lambda *asked, one=one: counting(one, *asked)) for one in plain)
    try:
        with connection.execute_wrapper(counting):
            for path in paths[:20]:
                sent = 0
                ask(path)
                most = max(most, sent)
    finally:
        sets.fetch, sets.run = plain
    return most


# --- requests a second -----------------------------------------------------------------------------------


@contextmanager
def _served(environment: Mapping[str, str]) -> Iterator[int]:
    """Run the real server over the scratch database; yield its port."""
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = int(free.getsockname()[1])
    address = "postgresql://{PGUSER}:{PGPASSWORD}@/{PGDATABASE}?host={PGHOST}&port={PGPORT}".format_map(
        environment
    )
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "cohong.cli.main", "serve", "--host", _HOST, "--port", str(port)],
        env={**os.environ, "DATABASE_URL": address},
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(http.client.HTTPConnection(_HOST, port, timeout=2)) as one:
                _get(one, "/health")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server does not start")


def _get(one: http.client.HTTPConnection, path: str) -> None:
    one.request("GET", path, headers={"Accept-Language": "zh-CN"})
    answer = one.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}")


def _rate(port: int, paths: Sequence[str], seconds: float) -> float:
    """Ask over several connections for so long; return answers a second. A failed request fails the measurement."""
    counts: list[int] = []
    failures: list[BaseException] = []
    deadline = time.perf_counter() + seconds

    def keep_asking(seed: int) -> None:
        chance, done = random.Random(seed), 0  # noqa: S311
        try:
            with closing(http.client.HTTPConnection(_HOST, port, timeout=30)) as one:
                while time.perf_counter() < deadline:
                    _get(one, chance.choice(paths))
                    done += 1
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            failures.append(error)
        counts.append(done)

    askers = [threading.Thread(target=keep_asking, args=(seed,)) for seed in range(_CONNECTIONS)]
    start = time.perf_counter()
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    if failures:
        raise RuntimeError("a request failed while the rate was taken") from failures[0]
    return sum(counts) / (time.perf_counter() - start)
