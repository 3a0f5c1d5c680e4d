"""`cohong rebuild` empties a follower's tables and fills them again from the journal."""

import json

import pytest
from django.db import transaction

from cohong.cli.main import main
from cohong.kernel import journal, sets
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, Sealed

pytestmark = pytest.mark.django_db(transaction=True)

kept: list[str] = []


@document("tests.rebuilt")
class Rebuilt(Body):
    text: str


@journal.follower("tests.keeper", kinds={"tests.rebuilt"}, reset=kept.clear)
def keep(batch: list[Sealed]) -> None:
    kept.extend(one.envelope.body.text for one in batch)


@journal.follower("tests.doer", kinds={"tests.rebuilt"})
def do(batch: list[Sealed]) -> None:
    """Acts on what it reads."""


@pytest.fixture(autouse=True)
def three_documents():
    kept.clear()
    with transaction.atomic():
        journal.append([Entry(subject=new_id(), issuer=new_id(), body=Rebuilt(text=text)) for text in "abc"])
    journal.seal_all()
    while journal.follow("tests.keeper"):
        pass


def test_a_follower_is_rebuilt(capsys: pytest.CaptureFixture[str]):
    kept[:] = ["damaged"]
    assert main(["rebuild", "tests.keeper", "--json"]) == 0
    assert kept == ["a", "b", "c"]
    assert json.loads(capsys.readouterr().out) == {"rebuilt": {"tests.keeper": 3}}


def test_all_rebuilds_those_that_keep_tables(capsys: pytest.CaptureFixture[str]):
    kept[:] = ["damaged"]
    assert main(["rebuild", "--all"]) == 0
    assert kept == ["a", "b", "c"]
    told = capsys.readouterr().out
    assert "tests.keeper: 3 documents" in told
    assert "tests.doer" not in told


def test_without_a_name_the_followers_are_listed(capsys: pytest.CaptureFixture[str]):
    assert main(["rebuild", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["followers"]
    assert listed["tests.keeper"] == 0
    assert listed["tests.doer"] == 3


def test_an_unknown_follower_changes_nothing(capsys: pytest.CaptureFixture[str]):
    assert main(["rebuild", "tests.keeper", "tests.nobody"]) == 2
    assert "There is no follower tests.nobody." in capsys.readouterr().err
    assert kept == ["a", "b", "c"]


def test_a_follower_that_acts_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["rebuild", "tests.doer"]) == 1
    assert "NotRebuildable" in capsys.readouterr().err
    assert sets.fetch("select count(*) from kernel_document") == [(3,)]
