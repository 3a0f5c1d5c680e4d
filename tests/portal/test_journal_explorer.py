"""The journal explorer: what everyone finds in it, what a proof looks like, and that a reader's own browser can check it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from authority_town import Offices, offices
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from portal_town import Town
from portal_window import DESK, PHONE, Window
from test_authority import text_of

from cohong.kernel import directory, journal
from cohong.kernel.merkle import MemoryStore, append, leaf_hash
from cohong.portal.authority import proofs

Browse = Callable[..., Client]


@pytest.fixture
def here(town: Town) -> Offices:
    return offices(town)


def test_a_stranger_finds_what_was_published_and_an_authority_all(here: Offices, browse: Browse):
    stranger, office = browse(), browse("lantern")
    assert "Listing published" in text_of(stranger.get("/journal/"))
    assert "Order placed" not in text_of(stranger.get("/journal/?kind=orders.placed"))
    assert "Order placed" in text_of(office.get("/journal/?kind=orders.placed"))
    subject = f"/journal/?subject={here.order_id}"
    assert "No documents." in text_of(stranger.get(subject))
    assert "Paid into escrow" in text_of(office.get(subject))
    assert "Paid into escrow" in text_of(browse("moon").get(subject)), "one of the order's two sides"
    assert "Party registered" in text_of(office.get(f"/journal/?issuer={here.town.seller.party_id}"))
    assert "No documents." in text_of(office.get("/journal/?since=2030-01-01"))
    assert "No documents." in text_of(office.get("/journal/?until=2001-01-01"))
    at = text_of(office.get("/journal/?position=0"))
    assert "No. 0" in at
    for nonsense in ("?before=x", "?position=99999999999999999999", "?subject=1", "?since=soon", "?kind=%00"):
        assert stranger.get(f"/journal/{nonsense}").status_code == 200, nonsense


def test_pages_go_on_where_the_last_one_ended(here: Offices, browse: Browse):
    client, seen, address = browse("lantern"), [], "/journal/"
    while True:
        answer = client.get(address)
        seen += [filed.position for filed in answer.context["documents"]]
        if answer.context["next"] is None:
            break
        address = f"/journal/?before={answer.context['next']}"
    assert seen == list(range(journal.size()))[::-1]


def test_a_document_is_read_by_its_parties_and_proved_to_everyone(here: Offices, browse: Browse):
    address = f"/journal/documents/{here.document_id}/"
    number = here.town.view(here.order_id).number
    own = text_of(browse("moon").get(address))
    for said in ("Paid into escrow", number, "Order placed", "Goods shipped", "in the sealed log"):
        assert said in own
    stranger = browse().get(address)
    assert number not in stranger.content.decode()
    assert "in the sealed log" in text_of(stranger)
    assert "data-canonical" not in stranger.content.decode()
    assert browse().get(f"{address}canonical/").status_code == 404
    filed = directory.by_ids(ids=[here.document_id])[here.document_id]
    saved = browse("moon").get(f"{address}canonical/")
    assert sha256(saved.content).digest() == filed.digest


def test_what_is_pasted_is_looked_up_and_one_changed_character_is_noticed(here: Offices, browse: Browse):
    client = browse()
    filed = directory.by_ids(ids=[here.document_id])[here.document_id]
    for said in (filed.digest.hex(), f" {filed.digest.hex().upper()}\n", filed.canonical):
        assert "This is in the sealed log" in text_of(client.post("/journal/check/", {"said": said}))
    changed = filed.canonical.replace('"minor":', '"minor":1', 1)
    assert "not in the sealed log" in text_of(client.post("/journal/check/", {"said": changed}))
    file = SimpleUploadedFile("document.json", f"{filed.canonical}\n".encode())
    assert "This is in the sealed log" in text_of(client.post("/journal/check/", {"file": file}))
    assert client.post("/journal/check/", {"said": "  "}).status_code == 422
    large = SimpleUploadedFile("large.json", b"x" * (1 << 20) + b"xx")
    assert client.post("/journal/check/", {"file": large}).status_code == 422
    hostile = client.post("/journal/check/", {"said": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in hostile


def test_two_heads_are_proved_consistent_and_a_size_without_a_head_is_refused(here: Offices, browse: Browse):
    with_more = here.town.goods("再来一条")
    journal.pump()
    newest, *_, oldest = directory.heads(limit=200)
    client = browse()
    page = text_of(client.get(f"/journal/heads/?first={newest.size}&second={oldest.size}"))
    assert f"The log of {newest.size:,} documents only adds to that of {oldest.size:,}" in page
    assert "There is no tree head" in text_of(client.get(f"/journal/heads/?first=1&second={newest.size}"))
    assert with_more


def test_a_drawn_proof_ends_in_the_root_whatever_the_trees_shape():
    for size in (1, 2, 3, 5, 8, 13, 64, 100):
        store = MemoryStore()
        digests = [sha256(bytes([n])).digest() for n in range(size)]
        append(store, 0, [leaf_hash(one) for one in digests])
        for position in {0, size // 2, size - 1}:
            proof = _proof(store, digests, position, size)
            assert proof.holds()
            walked = proofs.steps(proof)
            assert [sibling for _, sibling, _ in walked] == proof.path
            assert (walked[-1][2] if walked else leaf_hash(digests[0])) == proof.root
            drawing = proofs.drawn(proof)
            assert len(drawing.boxes) == 2 * len(walked) + 1
            assert all(0 <= box.x <= drawing.width - drawing.box_width for box in drawing.boxes)


def _proof(store: MemoryStore, digests: list[bytes], position: int, size: int) -> journal.InclusionProof:
    from cohong.kernel import merkle  # noqa: PLC0415
    from cohong.kernel.ids import new_id  # noqa: PLC0415

    return journal.InclusionProof(
        document_id=new_id(),
        digest=digests[position],
        position=position,
        tree_size=size,
        root=merkle.root(store, size),
        path=merkle.inclusion_proof(store, position, size),
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_readers_own_browser_checks_the_proof(
    here: Offices, site: str, browser: Any, size: dict[str, int]
):
    window = Window(browser, site, size=size)
    window.become("lantern")
    for address in (f"/journal/documents/{here.document_id}/", f"/journal/documents/{_first()}/"):
        window.page.goto(f"{site}{address}")
        window.page.wait_for_selector('[data-result="holds"]')
        window.fits()
    assert window.complaints == []
    assert window.strangers == []
    window.context.close()


def _first() -> Any:
    return directory.at_position(position=0)
