"""The bench measures what it says, in a database of its own that is gone afterwards."""

import argparse
import json

import pytest
from django.db import connection

from cohong.bench import command
from cohong.cli.main import main
from cohong.kernel import sets


@pytest.mark.django_db(transaction=True)
def test_loop_measures_lives_and_the_limit(capsys: pytest.CaptureFixture[str]):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    before = connection.settings_dict["NAME"]
    arguments = parser.parse_args(["loop", "--json", "--seconds", "0.3", "--batch", "5", "--processes", "1"])
    assert command.run(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["lives_per_second"] > 0
    assert figures["single_lives_per_second"] > 0
    assert figures["limit_per_second"] > 0
    assert figures["ratio"] == pytest.approx(
        figures["lives_per_second"] / figures["limit_per_second"], rel=0.01, abs=0.0001
    )
    assert connection.settings_dict["NAME"] == before
    assert sets.fetch("select count(*) from orders_order") == [(0,)]
    assert (
        sets.fetch("select datname from pg_database where starts_with(datname, %s)", (f"{before}_bench_",))
        == []
    )


def test_help_tells_what_is_measured(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["bench", "--help"])
    assert "whole lives of orders" in capsys.readouterr().out
