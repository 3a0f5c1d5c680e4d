"""A party's address book: where its goods go, kept so that nobody types it twice.

It is personal data of whoever is named there. Lists show it masked; the whole is shown to those who order, receive or serve
for the party, and each such look is recorded.
"""

from uuid import UUID

from msgspec import json

from cohong.kernel import clock, privacy, sets
from cohong.kernel.documents import canonical
from cohong.kernel.ids import new_id
from cohong.logistics import refusals
from cohong.logistics.rules import flaw_of_address
from cohong.logistics.structs import Address, SavedAddress
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

MAX_ADDRESSES = 50
_BUYING = (Role.PURCHASING, Role.WAREHOUSE, Role.SERVICE)
_READ, _WRITE = "logistics:read", "logistics:write"
_PURPOSE = "logistics.saved_address"


def addresses(*, actor: Actor) -> list[SavedAddress]:
    """List the addresses of the actor's party, masked, the default one first, then the newest. Raises NotYours."""
    parties.require(actor, actor.party_id, *_BUYING, scope=_READ)
    rows = sets.fetch(
        "select id, address, is_default, saved_at from logistics_saved_address where party_id = %s"
        " order by is_default desc, saved_at desc, id",
        (actor.party_id,),
    )
    return [
        SavedAddress(id=id_, address=_opened(token).masked(), is_default=is_default, saved_at=saved_at)
        for id_, token, is_default, saved_at in rows
    ]


@sets.act
def saved_address(*, actor: Actor, address_id: UUID) -> Address:
    """Return one address whole, to be edited or used, and record the look. Raises NotYours, UnknownAddress."""
    parties.require(actor, actor.party_id, *_BUYING, scope=_READ)
    found = sets.fetch(
        "select address from logistics_saved_address where id = %s and party_id = %s",
        (address_id, actor.party_id),
    )
    if not found:
        raise refusals.UnknownAddress
    parties.record_looks(
        actor=actor, party_ids=[actor.party_id], what=["address"], in_clear=True, reason="address book"
    )
    return _opened(found[0][0])


@sets.act
def save_address(
    *, actor: Actor, address: Address, address_id: UUID | None = None, default: bool = False
) -> UUID:
    """Keep an address, or with an id change that one, and return its id. The same address is kept once.

    The first one becomes the default; with `default` this one does. Raises NotYours, AddressFlawed, RegionUnknown, PhoneInvalid,
    UnknownAddress, AddressBookFull.
    """
    parties.require(actor, actor.party_id, *_BUYING, scope=_WRITE)
    address = _clean(address)
    _take_turns(actor)
    own = sets.fetch("select id, content from logistics_saved_address where party_id = %s", (actor.party_id,))
    if address_id is not None and address_id not in {row[0] for row in own}:
        raise refusals.UnknownAddress
    indexes = privacy.blind_indexes(canonical(address).decode(), _PURPOSE)
    twin = next((id_ for id_, content in own if content in indexes), None)
    if twin is not None and address_id not in (None, twin):
        # Edited into one that is there already: one of the two goes.
        _delete(actor, [address_id])
        own = [row for row in own if row[0] != address_id]
    kept_id = twin or address_id or new_id()
    if twin is None and address_id is None and len(own) >= MAX_ADDRESSES:
        raise refusals.AddressBookFull(most=MAX_ADDRESSES)
    sets.run(
        "insert into logistics_saved_address (id, party_id, address, content, is_default, saved_at)"
        " values (%s, %s, %s, %s, false, %s) on conflict (id) do update set address = excluded.address,"
        " content = excluded.content, saved_at = excluded.saved_at",
        (
            *(kept_id, actor.party_id, privacy.encrypt(json.encode(address).decode()), indexes[0]),
            clock.now(),
        ),
    )
    if default:
        _make_default(actor, kept_id)
    else:
        _have_a_default(actor)
    return kept_id


@sets.act
def remove_address(*, actor: Actor, address_id: UUID) -> None:
    """Take an address out; if it was the default, the newest one left becomes it. Raises NotYours, UnknownAddress."""
    parties.require(actor, actor.party_id, *_BUYING, scope=_WRITE)
    _take_turns(actor)
    if not _delete(actor, [address_id]):
        raise refusals.UnknownAddress
    _have_a_default(actor)


@sets.act
def set_default_address(*, actor: Actor, address_id: UUID) -> None:
    """Let an address be the one that is proposed first. Raises NotYours, UnknownAddress."""
    parties.require(actor, actor.party_id, *_BUYING, scope=_WRITE)
    _take_turns(actor)
    if not _make_default(actor, address_id):
        raise refusals.UnknownAddress


def _clean(address: Address) -> Address:
    tidy = Address(
        recipient=" ".join(address.recipient.split()),
        phone=address.phone.strip(),
        region_code=address.region_code,
        street=" ".join(address.street.split()),
        postcode=address.postcode.strip(),
    )
    if (flaw := flaw_of_address(tidy)) is not None:
        raise flaw
    parties.region(code=tidy.region_code)
    parties.clean_phone(tidy.phone)
    return tidy


def _take_turns(actor: Actor) -> None:
    """Let those who write in one book do it one after the other: its one default and its most stay what they are."""
    sets.fetch(
        "select pg_advisory_xact_lock(hashtextextended(%s, 2))", (f"logistics.addresses {actor.party_id}",)
    )


def _delete(actor: Actor, ids: list[UUID | None]) -> int:
    return sets.run(
        "delete from logistics_saved_address where party_id = %s and id = any(%s)", (actor.party_id, ids)
    )


def _make_default(actor: Actor, address_id: UUID) -> int:
    sets.run(
        "update logistics_saved_address set is_default = false where party_id = %s and is_default and id <> %s"
        " and exists (select 1 from logistics_saved_address o where o.id = %s and o.party_id = %s)",
        (actor.party_id, address_id, address_id, actor.party_id),
    )
    return sets.run(
        "update logistics_saved_address set is_default = true where id = %s and party_id = %s",
        (address_id, actor.party_id),
    )


def _have_a_default(actor: Actor) -> None:
    sets.run(
        "update logistics_saved_address set is_default = true where id ="
        " (select id from logistics_saved_address where party_id = %s order by saved_at desc, id limit 1)"
        " and not exists (select 1 from logistics_saved_address where party_id = %s and is_default)",
        (actor.party_id, actor.party_id),
    )


def content_of(kept: str) -> str:
    """Compute the keyed digest of an address as it is kept, under the first key."""
    return privacy.blind_index(canonical(json.decode(kept, type=Address)).decode(), _PURPOSE)


def _opened(token: str) -> Address:
    return json.decode(privacy.decrypt(token), type=Address)
