"""The index follows the journal: what is on offer is found, whatever breaks in between."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from catalog_market import COIL, Market, coil, coil_sku, order

from cohong.catalog import api as catalog
from cohong.catalog.api import Asked, SearchSort
from cohong.catalog.search import keeping, store
from cohong.kernel import journal, sets
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Names

pytestmark = pytest.mark.django_db
FOLLOWER = "catalog.search"


def catch_up() -> None:
    journal.seal_all()
    while journal.follow(FOLLOWER):
        pass


def found(text: str = "", **more: Any) -> list[str]:
    return [card.title for card in catalog.search(asked=Asked(text=text, **more)).cards]


def documents() -> int:
    reader = store.reader()
    assert reader is not None
    return int(reader.searcher.num_docs)


def position() -> int:
    state = store.current()
    assert state is not None
    return state.position


# --- what the journal brings -----------------------------------------------------------------------------


def test_what_is_published_is_found_until_it_is_withdrawn(market: Market):
    listing_id = market.publish(coil(title="镀锌钢卷")).listing_id
    catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil(title="草稿钢卷"))
    catch_up()
    assert found("钢卷") == ["镀锌钢卷"]
    assert catalog.withdraw(actor=market.seller, listing_ids=[listing_id]) == [None]
    catch_up()
    assert found("钢卷") == []
    assert documents() == 0
    assert catalog.publish(actor=market.seller, listing_ids=[listing_id]) == [None]
    catch_up()
    assert found("钢卷") == ["镀锌钢卷"]


def test_a_change_is_found_by_its_new_words_only(market: Market):
    listing_id = market.publish(coil(title="镀锌钢卷", title_en="Zinc")).listing_id
    catch_up()
    catalog.change_listing(
        actor=market.seller, listing_id=listing_id, draft=coil(title="彩涂板", title_en="Painted")
    )
    catch_up()
    assert found("彩涂板") == ["彩涂板"]
    assert found("镀锌钢卷") == []
    assert documents() == 1


def test_a_hold_hides_and_its_lifting_shows_again(market: Market):
    listing_id = market.publish(coil(title="镀锌钢卷")).listing_id
    catch_up()
    holds = [
        catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="疑似假冒")
        for _ in range(2)
    ]
    catch_up()
    assert documents() == 0
    catalog.lift_hold(actor=market.authority, hold_id=holds[0], reason="查清")
    catch_up()
    assert documents() == 0
    catalog.lift_hold(actor=market.authority, hold_id=holds[1], reason="查清")
    catch_up()
    assert found("钢卷") == ["镀锌钢卷"]


def test_a_hold_hides_at_once_and_prices_are_never_old(market: Market):
    held = market.publish(coil(title="甲钢卷")).listing_id
    kept = market.publish(coil(title="乙钢卷", skus=[coil_sku("c", (1, 395))])).listing_id
    catch_up()
    # The journal is not read any further from here on.
    catalog.hold_listing(actor=market.authority, listing_id=held, reason="疑似假冒")
    catalog.change_listing(
        actor=market.seller, listing_id=kept, draft=coil(title="乙钢卷", skus=[coil_sku("c", (1, 777))])
    )
    sku_id = catalog.listings(ids=[kept])[kept].skus[0].id
    market.receive(sku_id, 40)
    [card] = catalog.search(asked=Asked(text="钢卷")).cards
    assert (card.title, card.price_from.minor, card.available) == ("乙钢卷", 777, 40)


def test_who_and_where_are_found_by_their_new_names(market: Market):
    market.publish(coil(title="镀锌板"))
    catch_up()
    assert found("南沙服装厂") == ["镀锌板"]
    assert found("广州") == ["镀锌板"]
    parties.change_details(actor=market.seller, party_id=market.seller_id, name="珠江冶金厂")
    parties.define_region(
        actor=parties.SYSTEM,
        code="440100",
        names=Names("羊城市", "羊城市", "Yangcheng"),
        parent_code="440000",
    )
    parties.define_industry(
        actor=parties.SYSTEM, code="steel", names=Names("黑色金属", "黑色金屬", "Ferrous")
    )
    catch_up()
    for text in ("珠江冶金厂", "羊城市", "黑色金属", "ferrous", "yangcheng"):
        assert found(text) == ["镀锌板"], text
    assert found("南沙服装厂") == []


def test_a_category_that_is_called_otherwise_is_noticed(market: Market, monkeypatch: pytest.MonkeyPatch):
    market.publish(coil(title="镀锌板", title_en="Plate"))
    catch_up()
    renamed = msgspec.structs.replace(COIL, names=Names("金属带材", "金屬帶材", "Metal strip"))
    catalog.define_category(actor=market.platform, category=renamed)
    monkeypatch.setattr(keeping, "_CHECKED_EVERY_S", 0.0)
    catch_up()
    assert found("金属带材") == ["镀锌板"]
    assert found("strip") == ["镀锌板"]


def test_what_was_dispatched_most_sells_best(market: Market, monkeypatch: pytest.MonkeyPatch):
    sku_ids = {}
    for title in ("甲钢卷", "乙钢卷", "丙钢卷"):
        sku_ids[title] = market.publish(coil(title=title)).sku_ids[0]
        market.receive(sku_ids[title], 100)
    catch_up()
    for title, quantity in (("乙钢卷", 30), ("丙钢卷", 50)):
        wanted = order((sku_ids[title], quantity))
        catalog.reserve(orders=[wanted])
        catalog.dispatch(items=[catalog.DispatchLine(wanted.lines[0].line_id, quantity, new_id())])
    monkeypatch.setattr(keeping, "_SOLD_EVERY_S", 0.0)
    monkeypatch.setattr(keeping, "_CHECKED_EVERY_S", 0.0)
    keeping.tend()
    keeping.tend()
    assert found(sort=SearchSort.SELLING) == ["丙钢卷", "乙钢卷", "甲钢卷"]


# --- at least once ---------------------------------------------------------------------------------------


class CrashError(Exception):
    """The power fails."""


def test_a_crash_between_the_index_and_the_cursor_is_harmless(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    market.publish(coil(title="镀锌钢卷"))
    catch_up()
    before = position()
    listing_id = market.publish(coil(title="彩涂钢卷")).listing_id
    journal.seal_all()
    run = sets.run

    def crash(sql: str, params: Any = ()) -> int:
        if sql.startswith("update kernel_follower set position"):
            raise CrashError
        return run(sql, params)

    with monkeypatch.context() as patched:
        patched.setattr(sets, "run", crash)
        with pytest.raises(CrashError):
            journal.follow(FOLLOWER)
    # It is found already, and is not found twice once the same document is read again.
    assert sorted(found("钢卷")) == ["彩涂钢卷", "镀锌钢卷"]
    assert position() == before + 1
    catalog.withdraw(actor=market.seller, listing_ids=[listing_id])
    catch_up()
    assert found("钢卷") == ["镀锌钢卷"]
    assert documents() == 1
    assert journal.lag()[FOLLOWER] == 0


def test_what_the_index_could_not_keep_is_read_again(market: Market, monkeypatch: pytest.MonkeyPatch):
    market.publish(coil(title="镀锌钢卷"))
    catch_up()
    before = position()
    market.publish(coil(title="彩涂钢卷"))
    journal.seal_all()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_write", full)
        with pytest.raises(OSError, match="No space"):
            journal.follow(FOLLOWER)
    assert (position(), journal.lag()[FOLLOWER]) == (before, 1)
    assert found("钢卷") == ["镀锌钢卷"]
    catch_up()
    assert sorted(found("钢卷")) == ["彩涂钢卷", "镀锌钢卷"]


def test_documents_that_are_in_already_are_not_read_twice(market: Market, monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        market.publish(coil(title=f"钢卷{number}"))
    journal.seal_all()
    written: list[UUID] = []
    write = keeping._write
    monkeypatch.setattr(
        keeping, "_write", lambda into, ids: write(into, (written.extend(ids := list(ids)), ids)[1])
    )
    while journal.follow(FOLLOWER):
        pass
    # Built out of the tables, all at once; the documents that say the same are passed over.
    assert len(written) == len(set(written)) == 3


# --- lost, old, broken -----------------------------------------------------------------------------------


def test_without_an_index_the_tables_answer(market: Market):
    market.publish(coil(title="镀锌钢卷"))
    answer = catalog.search(asked=Asked(text="钢卷", categories=("steel.coil",), regions=("440000",)))
    assert ([card.title for card in answer.cards], answer.counts) == (["镀锌钢卷"], None)
    assert found("连衣裙") == []
    assert found(categories=("clothing",)) == []
    assert found(sellers=(market.rival_id,)) == []
    assert found(price_to_minor=394) == []
    assert found(price_to_minor=395) == ["镀锌钢卷"]
    assert catalog.suggest(typed="钢") == []
    assert catalog.widen(asked=Asked(text="钢卷 红")) == catalog.Wider()


def test_without_an_index_there_are_pages_too(market: Market):
    for number in range(5):
        market.publish(coil(title=f"钢卷{number}"))
    pages = [catalog.search(asked=Asked(), page=page, size=2) for page in (1, 2, 3)]
    assert [len(page.cards) for page in pages] == [2, 2, 1]
    assert [page.pages for page in pages] == [2, 3, 3]
    assert len({card.id for page in pages for card in page.cards}) == 5


@pytest.mark.parametrize("harm", ["folder", "state", "segments", "garbage", "version", "journal"])
def test_what_is_lost_old_or_broken_is_noticed_and_built_anew(
    market: Market, monkeypatch: pytest.MonkeyPatch, harm: str
):
    market.publish(coil(title="镀锌钢卷"))
    market.publish(coil(title="彩涂钢卷"))
    catch_up()
    state = store.current()
    assert state is not None
    generation = store.folder() / state.generation
    match harm:
        case "folder":
            store.discard()
        case "state":
            (store.folder() / "current.json").write_text("{")
        case "segments":
            for path in generation.glob("*.term"):
                path.unlink()
        case "garbage":
            (generation / "meta.json").write_text("nonsense")
        case "version":
            monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
        case "journal":
            store.advance(msgspec.structs.replace(state, digest="00" * 32, commits=state.commits + 1))
    store._readers.clear()
    assert sorted(found("钢卷")) == ["彩涂钢卷", "镀锌钢卷"]  # from the tables, or from what is left
    keeping._checked.clear()
    catch_up()
    fresh = store.current()
    assert fresh is not None
    assert fresh.generation != state.generation
    answer = catalog.search(asked=Asked(text="gangjuan"))
    assert sorted(card.title for card in answer.cards) == ["彩涂钢卷", "镀锌钢卷"]
    assert [path.name for path in store.folder().iterdir() if path.is_dir()] == [fresh.generation]


def test_building_goes_on_where_it_was_stopped(market: Market, monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        market.publish(coil(title=f"钢卷{number}"))
    journal.seal_all()
    monkeypatch.setattr(keeping, "_BUILT_AT_ONCE", 2)
    assert journal.follow(FOLLOWER) == 2
    being_built = store.building()
    assert being_built is not None
    assert store.current() is None
    late = market.publish(coil(title="钢卷9")).listing_id
    catalog.withdraw(actor=market.seller, listing_ids=[late])
    catch_up()
    state = store.current()
    assert state is not None
    assert state.generation == being_built.generation
    assert sorted(found("钢卷")) == [f"钢卷{number}" for number in range(5)]
    assert store.building() is None


def test_rebuilding_by_hand(market: Market):
    market.publish(coil(title="镀锌钢卷"))
    catch_up()
    before = store.current()
    told: list[tuple[int, int]] = []
    assert journal.rebuild(FOLLOWER, progress=lambda *step: told.append(step)) == journal.size()
    after = store.current()
    assert before is not None
    assert after is not None
    assert after.generation != before.generation
    assert found("钢卷") == ["镀锌钢卷"]
    assert all(done <= total for done, total in told)


def test_another_database_has_an_index_of_its_own(market: Market, monkeypatch: pytest.MonkeyPatch):
    market.publish(coil(title="镀锌钢卷"))
    catch_up()
    from django.db import connection  # noqa: PLC0415

    here = store.folder()
    monkeypatch.setitem(connection.settings_dict, "NAME", "another")
    assert store.folder() != here
    assert store.reader() is None
