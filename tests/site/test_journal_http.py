"""The journal over HTTP: documents to those they name, proofs to everyone, and proofs that hold."""

import hashlib
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from cohong.kernel import journal, merkle
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Kind, Mandate, Role

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/v1/journal"


@document("orders.tests_told")
class Told(Body):
    text: str


@document("catalog.tests_shown")
class Shown(Body):
    public = True
    text: str


def party(name: str, kind: Kind = Kind.ORGANISATION) -> UUID:
    parties.ensure_platform()
    country = "CN" if kind == Kind.AUTHORITY else "GB"
    item = parties.Registration(id=new_id(), kind=kind, name=name, country=country)
    [outcome] = parties.register_many(actor=SYSTEM, items=[item])
    assert isinstance(outcome, UUID), outcome
    return outcome


def client(party_id: UUID, *scopes: str) -> Client:
    owner = Actor(party_id=party_id, roles=frozenset({Role.OWNER}))
    _, secret = parties.issue_token(actor=owner, name="tests", scopes=scopes or ("orders:read",))
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


def issue(issuer: UUID, *seen_by: UUID, subject: UUID | None = None, body: Body | None = None) -> UUID:
    entry = Entry(
        subject=subject or new_id(), issuer=issuer, body=body or Told(text="钢卷"), visible_to=seen_by
    )
    with transaction.atomic():
        [receipt] = journal.append([entry])
    return receipt.id


def test_a_document_and_its_proof_can_be_checked_with_nothing_else():
    seller, buyer = party("Seller"), party("Buyer")
    issued = issue(seller, buyer)
    issue(seller, buyer)
    journal.seal_all()
    shown = client(buyer).get(f"{BASE}/documents/{issued}").json()
    assert '"text":"钢卷"' in shown["canonical"]
    digest = hashlib.sha256(shown["canonical"].encode()).digest()
    assert shown["digest"] == digest.hex()
    proof = shown["proof"]
    assert proof == Client().get(f"{BASE}/documents/{issued}/proof").json(), "the proof is everyone's"
    assert merkle.verify_inclusion(
        merkle.leaf_hash(digest),
        proof["position"],
        proof["tree_size"],
        [bytes.fromhex(one) for one in proof["path"]],
        bytes.fromhex(proof["root"]),
    )
    assert shown["position"] == proof["position"]


def test_a_document_not_sealed_yet_is_shown_without_proof():
    seller = party("Seller")
    issued = issue(seller)
    shown = client(seller).get(f"{BASE}/documents/{issued}").json()
    assert (shown["position"], shown["proof"]) == (None, None)
    assert Client().get(f"{BASE}/documents/{issued}/proof").status_code == 404


def test_only_those_whom_a_document_names_see_it():
    seller, buyer, stranger = party("Seller"), party("Buyer"), party("Stranger")
    issued = issue(seller, buyer)
    for one, status in ((seller, 200), (buyer, 200), (stranger, 404)):
        assert client(one).get(f"{BASE}/documents/{issued}").status_code == status
    assert Client().get(f"{BASE}/documents/{issued}").status_code == 401
    assert client(buyer).get(f"{BASE}/documents/{new_id()}").status_code == 404


def test_what_is_public_everyone_sees_who_signs_in():
    issued = issue(party("Seller"), body=Shown(text="on offer"))
    assert client(party("Stranger"), "catalog:read").get(f"{BASE}/documents/{issued}").status_code == 200


def test_a_token_sees_what_its_scopes_cover():
    seller = party("Seller")
    issued = issue(seller)
    refused = client(seller, "payments:read").get(f"{BASE}/documents/{issued}")
    assert (refused.status_code, refused.json()["code"]) == (403, "ScopeMissing")


def test_supervision_sees_all():
    authority = party("Authority", Kind.AUTHORITY)
    parties.grant_mandate(actor=SYSTEM, party_id=authority, mandate=Mandate.SUPERVISION)
    issued = issue(party("Seller"))
    assert client(authority).get(f"{BASE}/documents/{issued}").status_code == 200


def test_a_subjects_file_holds_what_its_reader_may_see_in_order():
    seller, buyer, subject = party("Seller"), party("Buyer"), new_id()
    first = issue(seller, buyer, subject=subject)
    inside = issue(seller, subject=subject)
    last = issue(buyer, seller, subject=subject)
    issue(seller, buyer)
    journal.seal_all()

    def seen(by: UUID) -> list[str]:
        return [one["id"] for one in client(by).get(f"{BASE}/subjects/{subject}").json()["items"]]

    assert seen(buyer) == [str(first), str(last)]
    assert seen(seller) == [str(first), str(inside), str(last)]
    assert client(party("Stranger")).get(f"{BASE}/subjects/{subject}").status_code == 404
    refused = client(seller, "payments:read").get(f"{BASE}/subjects/{subject}")
    assert refused.json()["code"] == "ScopeMissing"


def test_heads_and_consistency_are_public_and_hold():
    seller = party("Seller")
    for _ in range(3):
        issue(seller)
        issue(seller)
        journal.seal_all()
    heads = Client().get(f"{BASE}/heads").json()
    sizes = [one["size"] for one in heads]
    assert sizes == sorted(sizes, reverse=True)
    assert len(Client().get(f"{BASE}/heads?limit=2").json()) == 2
    old, new = heads[-1], heads[0]
    proof = Client().get(f"{BASE}/consistency", {"first": old["size"]}).json()
    assert (proof["first_root"], proof["second_root"]) == (old["root"], new["root"])
    assert merkle.verify_consistency(
        proof["first_size"],
        proof["second_size"],
        bytes.fromhex(proof["first_root"]),
        bytes.fromhex(proof["second_root"]),
        [bytes.fromhex(one) for one in proof["path"]],
    )
    refused = Client().get(f"{BASE}/consistency", {"first": 10_000})
    assert (refused.status_code, refused.json()["code"]) == (422, "NoSuchHead")
