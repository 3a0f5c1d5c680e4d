"""Every kind of damage to the journal is planted, and named by the check whose business it is."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction

from cohong.kernel import documents, journal, merkle, sets
from cohong.kernel.audit import Check
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry
from cohong.verify.audit import audit
from cohong.verify.tree import Frontier

pytestmark = pytest.mark.django_db(transaction=True)

ISSUER = new_id()
# Ten documents in three seals: heads over 4, 7 and 10 documents.
SEALS = (4, 3, 3)


@document("tests.verified")
class Verified(Body):
    text: str
    phone: str = ""
    lines: tuple[dict[str, str], ...] = ()


def issue(body: Verified | None = None, subject: UUID | None = None) -> UUID:
    with transaction.atomic():
        entry = Entry(subject=subject or new_id(), issuer=ISSUER, body=body or Verified(text="钢卷"))
        [receipt] = journal.append([entry])
    return receipt.id


@pytest.fixture
def log() -> list[UUID]:
    ids = []
    for count in SEALS:
        ids += [issue() for _ in range(count)]
        journal.seal_all()
    assert wrong() == {}
    return ids


def wrong() -> dict[str, list[str]]:
    return {one.name: one.findings for one in audit() if not one.ok}


def damage(table: str, *statements: str) -> None:
    """Change what may not be changed, as somebody with the database's own powers can."""
    with transaction.atomic():
        sets.run(f"alter table {table} disable trigger all")
        for statement in statements:
            assert sets.run(statement) > 0
        sets.run(f"alter table {table} enable trigger all")


@pytest.fixture
def without_digest_constraint():
    name = "document_digest_is_its_own"
    [(definition,)] = sets.fetch(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = %s", (name,)
    )
    sets.run(f"alter table kernel_document drop constraint {name}")
    yield
    sets.run("truncate kernel_document")
    sets.run(f"alter table kernel_document add constraint {name} {definition}")


def forge(form_of: Callable[[str], str], id_: UUID, *, with_digest: bool = True) -> None:
    """Rewrite a document's canonical form, and its digest with it unless told otherwise."""
    form = form_of(journal.document(id_)[2])
    digest = documents.digest(form.encode()).hex()
    quoted = form.replace("'", "''").replace("%", "%%")
    parts = f"canonical = '{quoted}'" + (f", digest = '\\x{digest}'" if with_digest else "")
    damage("kernel_document", f"update kernel_document set {parts} where id = '{id_}'")


def test_an_untouched_log_is_all_right_and_counted(log: list[UUID]):
    figures = {one.name: one.figure for one in audit()}
    assert figures["journal.digests"] == figures["journal.leaves"] == 10
    assert figures["journal.tree_heads"] == 3
    assert figures["journal.head_consistency"] == 2
    assert figures["journal.tree_nodes"] == 10 + 5 + 2 + 1
    assert figures["journal.sealed"] == 0


def test_an_empty_database_is_all_right():
    assert wrong() == {}


def test_content_changed_under_its_digest(log: list[UUID], without_digest_constraint: None):
    forge(lambda form: form.replace("钢卷", "废铁"), log[2], with_digest=False)
    found = wrong()
    assert found["journal.digests"] == [f"document {log[2]}: its digest is not that of its content"]
    assert "nothing makes sure" in found["journal.guards"][0]
    # The tree still holds what was sealed: the digest was left alone.
    assert set(found) == {"journal.digests", "journal.guards"}


def test_content_changed_with_its_digest_is_seen_by_the_tree(log: list[UUID]):
    forge(lambda form: form.replace("钢卷", "废铁"), log[2])
    found = wrong()
    assert set(found) == {"journal.tree_nodes", "journal.tree_heads"}
    assert found["journal.tree_heads"] == [
        f"tree head over {size} documents: is not the root of these documents" for size in (4, 7, 10)
    ]
    assert "tree node 0/2: is not the hash of its documents" in found["journal.tree_nodes"]


def test_content_out_of_canonical_form(log: list[UUID]):
    forge(lambda form: form.replace('{"answers"', '{ "answers"'), log[9])
    found = wrong()
    assert found["journal.canonical_form"] == [f"document {log[9]}: is not in canonical form"]


@pytest.mark.parametrize("form", ["no document", '{"id":', "[]", '{"a":' * 2_000])
def test_content_that_is_no_document(log: list[UUID], form: str):
    forge(lambda _: form, log[9])
    found = wrong()["journal.canonical_form"]
    assert found == [f"document {log[9]}: cannot be read as a document of kind tests.verified"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("kind = 'tests.noted'", "kind"),
        ("version = 2", "version"),
        ("subject = gen_random_uuid()", "subject"),
        ("issuer = gen_random_uuid()", "issuer"),
        ("visible_to = array[gen_random_uuid()]", "visible_to"),
        ("answers = array[gen_random_uuid()]", "answers"),
        ("issued_at = issued_at - interval '1 day'", "issued_at"),
    ],
)
def test_a_row_that_says_something_else_than_its_document(log: list[UUID], change: str, column: str):
    damage("kernel_document", f"update kernel_document set {change} where id = '{log[0]}'")
    assert wrong() == {"journal.columns": [f"document {log[0]}: says another {column} than its row"]}


def test_a_document_removed(log: list[UUID]):
    damage("kernel_document", f"delete from kernel_document where id = '{log[5]}'")
    found = wrong()
    assert found["journal.leaves"] == [f"position 5: its document {log[5]} does not exist"]
    assert set(found) == {"journal.leaves", "journal.tree_nodes", "journal.tree_heads"}


def test_a_document_added_behind_the_sealers_back_is_found_once_it_is_old(log: list[UUID]):
    issued = issue()
    assert wrong() == {}, "a document may wait a moment"
    two_minutes_ago = UUID(int=issued.int - (120_000 << 80))
    forge(lambda form: form.replace(str(issued), str(two_minutes_ago)), issued)
    damage("kernel_document", f"update kernel_document set id = '{two_minutes_ago}' where id = '{issued}'")
    assert wrong() == {"journal.sealed": [f"document {two_minutes_ago}: is still not sealed"]}


def test_two_documents_swapped_in_the_log(log: list[UUID]):
    damage(
        "kernel_leaf",
        "update kernel_leaf set document_seq = -document_seq, document_id = gen_random_uuid()"
        " where position in (1, 2)",
        f"update kernel_leaf set document_seq = (select seq from kernel_document where id = '{log[2]}'),"
        f" document_id = '{log[2]}' where position = 1",
        f"update kernel_leaf set document_seq = (select seq from kernel_document where id = '{log[1]}'),"
        f" document_id = '{log[1]}' where position = 2",
    )
    assert set(wrong()) == {"journal.tree_nodes", "journal.tree_heads"}


def test_a_leaf_that_names_another_document(log: list[UUID]):
    stranger = new_id()
    damage("kernel_leaf", f"update kernel_leaf set document_id = '{stranger}' where position = 3")
    found = wrong()
    assert found == {"journal.leaves": [f"position 3: names document {stranger} and points to {log[3]}"]}


def test_a_gap_in_the_positions(log: list[UUID]):
    damage("kernel_leaf", "delete from kernel_leaf where position = 6")
    found = wrong()
    assert found["journal.leaves"] == ["position 6 is missing: the next one is 7"]
    assert found["journal.tree_heads"][0] == "tree heads over more than 6 documents cannot be computed"


def test_the_end_of_the_log_cut_off(log: list[UUID]):
    damage("kernel_leaf", "delete from kernel_leaf where position >= 8")
    damage("kernel_document", f"delete from kernel_document where id in ('{log[8]}', '{log[9]}')")
    found = wrong()
    assert found["journal.tree_heads"] == ["tree head over 10 documents: the log holds only 8"]
    assert found["journal.tree_nodes"] == ["there are 18 tree nodes, 15 belong to the log"]


def test_a_tree_head_changed(log: list[UUID]):
    damage("kernel_tree_head", "update kernel_tree_head set root = sha256('x') where size = 7")
    found = wrong()
    assert found["journal.tree_heads"] == ["tree head over 7 documents: is not the root of these documents"]
    assert found["journal.head_consistency"] == [
        "tree heads over 4 and 7 documents: the later is no addition to the earlier",
        "tree heads over 7 and 10 documents: the later is no addition to the earlier",
    ]


def test_the_newest_tree_head_removed(log: list[UUID]):
    damage("kernel_tree_head", "delete from kernel_tree_head where size = 10")
    found = wrong()
    assert found == {"journal.tree_heads": ["the log holds 10 documents, the newest tree head covers 7"]}


def test_a_tree_node_changed(log: list[UUID]):
    damage("kernel_tree_node", "update kernel_tree_node set hash = sha256('x') where level = 1 and index = 2")
    found = wrong()
    assert found["journal.tree_nodes"] == ["tree node 1/2: is not the hash of its documents"]
    assert "journal.head_consistency" in found, "the proofs that are handed out would not hold"


def test_a_tree_node_removed_and_one_too_many(log: list[UUID]):
    damage("kernel_tree_node", "delete from kernel_tree_node where level = 1 and index = 2")
    assert "tree node 1/2: is missing" in wrong()["journal.tree_nodes"]
    sets.insert("kernel_tree_node", ("level", "index", "hash"), [(9, 9, b"x" * 32), (9, 10, b"x" * 32)])
    assert "there are 19 tree nodes, 18 belong to the log" in wrong()["journal.tree_nodes"]


@pytest.mark.parametrize("position", [-1, 11])
def test_a_follower_out_of_the_log(log: list[UUID], position: int):
    sets.run("insert into kernel_follower (name, position) values ('tests.lost', %s)", (position,))
    assert wrong() == {
        "journal.followers": [f"follower tests.lost: has applied {position} documents of a log of 10"]
    }


def test_a_guard_switched_off(log: list[UUID]):
    sets.run("alter table kernel_document disable trigger all")
    try:
        [finding] = wrong()["journal.guards"]
        assert finding.startswith("table kernel_document: its guard pgtrigger_document_is_append_only")
    finally:
        sets.run("alter table kernel_document enable trigger all")


@pytest.mark.parametrize(
    "body",
    [
        Verified(text="x", phone="13812345678"),
        Verified(text="x", lines=({"note": "y"}, {"recipient": "陈大文"})),
    ],
)
def test_personal_data_in_clear(body: Verified):
    issued = issue(body)
    name = "phone" if body.phone else "recipient"
    assert wrong()["journal.no_personal_data"] == [f"document {issued}: holds {name} in clear"]


def test_personal_data_masked_or_encrypted_is_all_right():
    from cohong.kernel import privacy  # noqa: PLC0415 - once Django stands

    issue(Verified(text="x", phone="138****5678"))
    issue(Verified(text="x", phone=privacy.encrypt("13812345678")))
    assert wrong() == {}


def test_many_findings_are_cut_short():
    for _ in range(25):
        issue(Verified(text="x", phone="13812345678"))
    found = wrong()["journal.no_personal_data"]
    assert len(found) == 21
    assert found[-1] == "and 5 more"


def test_an_audit_that_cannot_be_carried_out_is_a_finding(monkeypatch: pytest.MonkeyPatch):
    def broken() -> list[Check]:
        sets.fetch("select * from no_such_table")
        return []

    monkeypatch.setattr("cohong.catalog.api.audit", broken)
    found = wrong()
    assert set(found) == {"catalog.audit"}
    assert found["catalog.audit"][0].startswith("could not be carried out: ProgrammingError")


def test_the_audit_writes_nothing(monkeypatch: pytest.MonkeyPatch):
    def meddling() -> list[Check]:
        sets.run("delete from kernel_follower")
        return []

    monkeypatch.setattr("cohong.orders.api.audit", meddling)
    assert "read-only transaction" in wrong()["orders.audit"][0]


def test_the_frontier_computes_what_the_tree_does():
    store, frontier = merkle.MemoryStore(), Frontier()
    for size in range(40):
        assert frontier.root() == merkle.root(store, size)
        leaf = merkle.leaf_hash(bytes([size]))
        completed = dict(frontier.append(leaf))
        before = dict(store.hashes)
        merkle.append(store, size, [leaf])
        assert completed == {node: one for node, one in store.hashes.items() if node not in before}
