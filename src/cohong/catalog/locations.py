"""Acts on locations that are there: rename one, close one that is empty."""

from uuid import UUID

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.stock_acts import SCOPE
from cohong.kernel import clock, sets
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

_NAME = 100


@sets.act
def rename_location(*, actor: Actor, location_id: UUID, name: str) -> None:
    """Give a location another name. Raises NoSuchLocation, NotYours, LocationNameTaken, or what is wrong with the name."""
    party_id = _lock(actor, location_id)
    rules.check_text("name", name, most=_NAME)
    if sets.fetch(
        "select 1 from catalog_location where party_id = %s and name = %s and id <> %s",
        (party_id, name.strip(), location_id),
    ):
        raise no.LocationNameTaken(name=name.strip())
    sets.run("update catalog_location set name = %s where id = %s", (name.strip(), location_id))


@sets.act
def close_location(*, actor: Actor, location_id: UUID) -> None:
    """Close a location where nothing lies. Closing it again changes nothing.

    Raises NoSuchLocation, NotYours, LocationNotEmpty.
    """
    _lock(actor, location_id)
    [(there,)] = sets.fetch(
        "select coalesce(sum(on_hand), 0) from catalog_stock where location_id = %s", (location_id,)
    )
    if there:
        raise no.LocationNotEmpty(quantity=int(there))
    sets.run(
        "update catalog_location set closed_at = %s where id = %s and closed_at is null",
        (clock.now(), location_id),
    )


@sets.act
def reopen_location(*, actor: Actor, location_id: UUID) -> None:
    """Open a closed location again. Raises NoSuchLocation, NotYours."""
    _lock(actor, location_id)
    sets.run("update catalog_location set closed_at = null where id = %s", (location_id,))


def _lock(actor: Actor, location_id: UUID) -> UUID:
    """Lock a location of the actor's party against everybody who brings goods; return whose it is."""
    found = sets.fetch("select party_id from catalog_location where id = %s for update", (location_id,))
    if not found:
        raise no.NoSuchLocation(location=str(location_id))
    party_id = UUID(str(found[0][0]))
    parties.require(actor, party_id, Role.WAREHOUSE, scope=SCOPE)
    return party_id
