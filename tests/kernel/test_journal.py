"""The journal: appended with its act, sealed late commits included, followed in order, provable."""

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from cohong.kernel import documents, journal, sets
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry

pytestmark = pytest.mark.django_db(transaction=True)

ISSUER = new_id()


@document("tests.noted")
class Noted(Body):
    text: str
    number: int = 0


def note(text: str, subject: UUID | None = None) -> journal.Receipt:
    with transaction.atomic():
        [receipt] = journal.append([Entry(subject=subject or new_id(), issuer=ISSUER, body=Noted(text=text))])
    return receipt


def log() -> list[str]:
    return [
        documents.read(form).body.text
        for (form,) in sets.fetch(
            "select d.canonical from kernel_leaf l join kernel_document d on d.seq = l.document_seq order by l.position"
        )
    ]


def test_document_is_digested_over_its_canonical_form_and_read_back():
    receipt = note("钢卷")
    envelope, digest, form = journal.document(receipt.id)
    assert digest == receipt.digest == documents.digest(form.encode())
    assert envelope.body == Noted(text="钢卷", number=0)
    assert (envelope.kind, envelope.version, envelope.issuer) == ("tests.noted", 1, ISSUER)
    assert '"body":{"number":0,"text":"钢卷"}' in form


def test_append_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        journal.append([Entry(subject=new_id(), issuer=ISSUER, body=Noted(text="x"))])


def test_documents_leaves_and_heads_cannot_be_changed():
    note("as it was")
    journal.seal_all()
    for statement in (
        "update kernel_document set kind = 'forged'",
        "delete from kernel_document",
        "delete from kernel_leaf",
        "update kernel_tree_head set root = ''",
        "delete from kernel_tree_node",
    ):
        with pytest.raises(ProgrammingError):
            sets.run(statement)
    with pytest.raises(IntegrityError):
        sets.run(
            "insert into kernel_document (id, kind, version, subject, issuer, visible_to, answers, issued_at, canonical,"
            " digest) values (%s, 'k', 1, %s, %s, '{}', '{}', now(), '{}', 'wrong')",
            (new_id(), new_id(), new_id()),
        )
    assert log() == ["as it was"]


def test_every_document_is_proved_against_the_head():
    receipts = [note(str(number)) for number in range(13)]
    journal.seal(limit=5)
    assert journal.size() == 5
    with pytest.raises(journal.DocumentNotSealed):
        journal.prove(receipts[7].id)
    old_size, old_root = journal.head()
    journal.seal_all()
    assert log() == [str(number) for number in range(13)]
    for receipt in receipts:
        proof = journal.prove(receipt.id)
        assert proof.tree_size == 13
        assert proof.holds()
    new_size, new_root = journal.head()
    path = journal.prove_consistency(old_size, new_size)
    assert journal.merkle.verify_consistency(old_size, new_size, old_root, new_root, path)


def test_a_late_commit_is_sealed_and_order_per_subject_holds():
    """The slow transaction writes first and commits last; a third one keeps the horizon back."""
    subject = new_id()
    wrote, may_commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                journal.append([Entry(subject=new_id(), issuer=ISSUER, body=Noted(text="late"))])
                wrote.set()
                may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    note("first", subject)
    note("second", subject)
    journal.seal_all()
    assert log() == ["first", "second"]
    may_commit.set()
    thread.join()
    note("third", subject)
    journal.seal_all()
    journal.seal_all()
    assert log() == ["first", "second", "late", "third"]


def test_many_writers_and_a_sealer_lose_nothing_and_keep_order_per_subject():
    subjects = [new_id() for _ in range(4)]
    done = threading.Event()

    def write(subject: UUID):
        try:
            for number in range(40):
                with transaction.atomic():
                    journal.append(
                        [Entry(subject=subject, issuer=ISSUER, body=Noted(text=str(subject), number=number))]
                    )
        finally:
            connection.close()

    def keep_sealing():
        try:
            while not done.is_set():
                journal.seal()
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(subject,)) for subject in subjects]
    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    journal.seal_all()
    found = sets.fetch(
        "select d.canonical from kernel_leaf l join kernel_document d on d.seq = l.document_seq order by l.position"
    )
    bodies = [documents.read(form).body for (form,) in found]
    assert len(bodies) == 160
    for subject in subjects:
        assert [body.number for body in bodies if body.text == str(subject)] == list(range(40))


def test_a_follower_applies_each_document_once_and_can_be_rebuilt():
    seen: list[str] = []
    name = f"tests.{new_id()}"
    journal.follower(name, kinds={"tests.noted"}, reset=seen.clear)(
        lambda batch: seen.extend(one.envelope.body.text for one in batch)
    )
    note("a")
    note("b")
    assert journal.follow(name) == 0
    journal.seal_all()
    assert journal.follow(name, limit=1) == 1
    assert journal.follow(name) == 1
    assert journal.follow(name) == 0
    assert seen == ["a", "b"]
    assert journal.rebuild(name) == 2
    assert seen == ["a", "b"]


def test_a_follower_that_fails_stays_where_it_was():
    name = f"tests.{new_id()}"
    fail = [True]
    seen: list[str] = []

    def apply(batch):
        sets.run("insert into kernel_follower (name, position) values (%s, 0)", (f"trace.{new_id()}",))
        if fail[0]:
            raise ValueError("not today")
        seen.extend(one.envelope.body.text for one in batch)

    journal.follower(name, kinds={"tests.noted"})(apply)
    note("a")
    journal.seal_all()
    with pytest.raises(ValueError, match="not today"):
        journal.follow(name)
    assert sets.fetch("select count(*) from kernel_follower where name like 'trace.%%'") == [(0,)]
    fail[0] = False
    assert journal.follow(name) == 1
    assert seen == ["a"]


def test_a_document_may_not_hold_floats_or_anything():
    class Floating(Body):
        price: float

    with pytest.raises(TypeError):
        document("tests.floating")(Floating)
