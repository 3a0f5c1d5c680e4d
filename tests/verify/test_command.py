"""`cohong verify` as a program and as a person meet it."""

import json

import pytest

from cohong.cli.main import main
from cohong.kernel import sets

pytestmark = pytest.mark.django_db(transaction=True)


def test_json_and_exit_status_when_all_is_right(capsys: pytest.CaptureFixture[str]):
    assert main(["verify", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is True
    assert len(said["checks"]) > 40
    for one in said["checks"]:
        assert set(one) == {"name", "ok", "figure", "findings"}
        assert one["ok"] is True
        assert isinstance(one["figure"], int)
    names = [one["name"] for one in said["checks"]]
    assert len(names) == len(set(names))


def test_json_and_exit_status_when_something_is_wrong(capsys: pytest.CaptureFixture[str]):
    sets.run("insert into kernel_follower (name, position) values ('tests.lost', 3)")
    assert main(["verify", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert [one["name"] for one in said["checks"] if not one["ok"]] == ["journal.followers"]


def test_words_for_a_person(capsys: pytest.CaptureFixture[str]):
    sets.run("insert into kernel_follower (name, position) values ('tests.[lost]', 3)")
    assert main(["verify"]) == 1
    told = capsys.readouterr().out
    assert "follower tests.[lost]: has applied 3 documents of a log of 0" in told
    assert told.strip().endswith("1 found something wrong")
