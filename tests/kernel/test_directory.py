"""The journal's directory: what finds a document by kind, issuer, time and digest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from cohong.kernel import clock, directory, journal, sets
from cohong.kernel.directory import Asked
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@document("tests.apple")
class Apple(Body, frozen=True, kw_only=True):
    n: int


@document("tests.pear")
class Pear(Body, frozen=True, kw_only=True):
    n: int


def issue(*bodies: Body, issuer=None, subject=None, answers=()):
    issuer, subject = issuer or new_id(), subject or new_id()
    with transaction.atomic():
        return journal.append(
            [Entry(subject=subject, issuer=issuer, body=body, answers=answers) for body in bodies]
        )


def numbers(found):
    return [filed.envelope.body.n for filed in found]


def test_documents_are_found_by_kind_issuer_and_time_newest_first_and_paged():
    one, other = new_id(), new_id()
    for day in range(4):
        with clock.at(NOON + timedelta(days=day)):
            issue(Apple(n=10 * day), Pear(n=10 * day + 1), issuer=one if day % 2 else other)
    journal.pump()
    assert directory.known_kinds() == ["tests.apple", "tests.pear"]
    assert numbers(directory.find(limit=3)) == [31, 30, 21]
    assert numbers(directory.find(before=5, limit=2)) == [20, 11]
    assert numbers(directory.find(asked=Asked(kinds=["tests.apple"]))) == [30, 20, 10, 0]
    assert numbers(directory.find(asked=Asked(kinds=["tests.apple"]), before=4)) == [10, 0]
    assert numbers(directory.find(asked=Asked(issuers=[one]))) == [31, 30, 11, 10]
    assert numbers(directory.find(asked=Asked(issuers=[one, other], kinds=["tests.pear"]), limit=2)) == [
        31,
        21,
    ]
    window = Asked(since=NOON + timedelta(days=1), until=NOON + timedelta(days=2))
    assert numbers(directory.find(asked=window)) == [11, 10]
    assert directory.find(asked=Asked(kinds=[])) == []
    assert directory.find(asked=Asked(kinds=["tests.plum"])) == []


def test_days_are_counted_once_however_often_they_are_entered():
    with clock.at(NOON):
        issue(Apple(n=1), Pear(n=2), Pear(n=3))
    with clock.at(NOON + timedelta(hours=13)):  # the next day in the region
        issue(Apple(n=4))
    journal.pump()
    directory.enter(0, journal.size())
    counted = [
        (date(2026, 3, 1), "tests.apple", 1),
        (date(2026, 3, 1), "tests.pear", 2),
        (date(2026, 3, 2), "tests.apple", 1),
    ]
    assert directory.by_day(since=date(2026, 3, 1)) == counted
    assert directory.by_day(since=date(2026, 3, 2), kinds=["tests.pear"]) == []
    assert directory.totals() == {"tests.apple": 2, "tests.pear": 2}
    assert journal.rebuild(directory.FOLLOWER) == 4
    assert directory.by_day(since=date(2026, 3, 1)) == counted


def test_a_digest_a_position_and_an_id_name_a_document_only_once_it_is_sealed():
    [receipt] = issue(Apple(n=1))
    assert directory.with_digest(digest=receipt.digest) is None
    assert directory.by_ids(ids=[receipt.id, new_id()])[receipt.id].position is None
    assert directory.unsealed() == 1
    journal.pump()
    assert directory.with_digest(digest=receipt.digest) == receipt.id
    assert directory.with_digest(digest=receipt.digest[:8] + bytes(24)) is None, (
        "the whole digest is compared"
    )
    assert directory.with_digest(digest=b"short") is None
    assert directory.at_position(position=0) == receipt.id
    assert directory.at_position(position=1) is None
    assert directory.by_ids(ids=[receipt.id])[receipt.id].position == 0
    assert directory.unsealed() == 0


def test_a_document_leads_to_what_answers_it():
    subject = new_id()
    [first] = issue(Apple(n=1), subject=subject)
    [second] = issue(Pear(n=2), subject=subject, answers=[first.id])
    issue(Pear(n=3), subject=subject, answers=[second.id])
    issue(Pear(n=4), answers=[first.id])
    assert numbers(directory.answering(document_id=first.id, subject=subject)) == [2]
    journal.pump()
    assert numbers(directory.of_subject(subject=subject)) == [3, 2, 1]
    assert numbers(directory.of_subject(subject=subject, before=1)) == [1]


def test_heads_tell_when_they_were_made_and_how_long_documents_had_waited():
    issue(Apple(n=1), Apple(n=2))
    journal.pump()
    issue(Apple(n=3))
    journal.pump()
    assert [head.size for head in directory.heads()] == [3, 2]
    assert [head.size for head in directory.heads(before=3)] == [2]
    assert directory.heads_of(sizes=[2, 7, -1, 2**70]).keys() == {2}
    delays = directory.sealing_delays()
    assert len(delays) == 2
    assert all(timedelta(0) <= delay < timedelta(minutes=1) for delay in delays)


def test_an_audit_finds_a_directory_that_says_otherwise_than_the_documents():
    from cohong.verify import sealing  # noqa: PLC0415

    issue(Apple(n=1), Apple(n=2))
    journal.pump()
    assert sealing._directory().ok
    sets.run("update kernel_directory set kind = 'tests.pear' where position = 0")
    assert sealing._directory().findings == [
        "position 0: the directory of documents has another entry for it"
    ]
    sets.run("delete from kernel_directory where position = 0")
    assert sealing._directory().findings == [
        "position 0: the directory of documents has no entry for it",
        "the directory has 1 entries and counts 2, of 2 documents",
    ]
