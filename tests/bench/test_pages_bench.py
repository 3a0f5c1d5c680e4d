"""The pages' bench measures what it says, in a database of its own that is gone afterwards."""

import argparse
import json

import pytest
from django.db import connection

from cohong.bench import command


@pytest.mark.django_db(transaction=True)
def test_pages_are_timed_counted_and_asked_for_over_http(capsys: pytest.CaptureFixture[str]):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    before = connection.settings_dict["NAME"]
    arguments = parser.parse_args(
        ["pages", "--json", "--listings", "60", "--requests", "5", "--seconds", "0.3"]
    )
    assert command.run(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert connection.settings_dict["NAME"] == before
    assert figures["listings"] == 60
    pages = {one["name"]: one for one in figures["pages"]}
    assert pages.keys() == {"limit", "home", "hall", "category", "search", "listing", "seller"}
    for one in pages.values():
        assert 0 < one["p50_ms"] <= one["p95_ms"]
        assert one["requests_per_s"] > 0
        assert 1 <= one["queries"] <= 45
    assert (pages["limit"]["queries"], pages["limit"]["ratio_to_limit"]) == (1, 1)
