"""How quick the data centre's pages are on an installation's own figures: server time and queries.

Nothing is written. Server time is that of the whole application in this process, middleware included, one request at a time, as a
stranger sees the newest release. The first look at each page is told apart: it reads what the process then keeps.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from cohong.bench.pages import asker, most_statements, part
from cohong.parties import api as parties
from cohong.statistics import api as statistics

LIMIT_MS: Final = 150.0


def measure(*, requests: int) -> dict[str, Any]:
    """Ask for each kind of page so many times, its addresses in turn."""
    settings.ALLOWED_HOSTS = ["*"]
    ask = asker()
    figures: list[dict[str, Any]] = []
    for name, paths in _addresses().items():
        begun = time.perf_counter()
        ask(paths[0])
        first = (time.perf_counter() - begun) * 1000
        times = []
        for number in range(requests):
            begun = time.perf_counter()
            ask(paths[number % len(paths)])
            times.append((time.perf_counter() - begun) * 1000)
        figures.append(
            {
                "name": name,
                "p50_ms": round(part(times, 50), 1),
                "p95_ms": round(part(times, 95), 1),
                "first_ms": round(first, 1),
                "queries": most_statements(paths[:5]),
            }
        )
    releases = statistics.releases(limit=1)
    return {
        "release": releases[0].id if releases else None,
        "limit_ms": LIMIT_MS,
        "pages": figures,
        "within": all(one["p95_ms"] <= LIMIT_MS for one in figures),
    }


def _addresses() -> Mapping[str, Sequence[str]]:
    regions = parties.regions()
    tops = {one.code for one in regions if not one.parent_code}
    public = [one.code for one in statistics.tree().ordered if one.is_public]
    found = {
        "overview": ["/data/", "/data/?map=share_mobile", "/data/?map=orders"],
        "today": ["/data/today/"],
        "plan": ["/data/plan/"],
        "places": ["/data/places/"],
        "city": [f"/data/cities/{one.code}/" for one in regions if one.parent_code in tops],
        "industry": [f"/data/industries/{one.code}/" for one in parties.industries()],
        "market": [f"/data/markets/{one.code}/" for one in parties.markets()],
        "indicators": ["/data/indicators/"],
        "indicator": [f"/data/indicators/{code}/" for code in public],
        "chart": [f"/data/charts/{code}/" for code in public],
    }
    return {name: paths for name, paths in found.items() if paths}
