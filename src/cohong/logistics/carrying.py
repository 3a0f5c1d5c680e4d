"""Carriers and their tariffs: who carries, what it offers, what it costs."""

from collections.abc import Sequence
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.logistics import rules
from cohong.logistics.models import Service
from cohong.logistics.refusals import CarrierCodeTaken, CarrierFlawed, UnknownCarrier
from cohong.logistics.structs import TariffRow
from cohong.parties import api as parties

_LONGEST_CODE, _LONGEST_NAME = 20, 100
_TARIFF_COLUMNS = (
    *("id", "carrier_id", "service", "from_zone", "to_zone", "currency"),
    *("first_grams", "first_minor", "step_grams", "step_minor"),
)


@sets.act
def define_carrier(
    *,
    actor: parties.Actor,
    id: UUID,  # noqa: A002 - a carrier's id is its party's
    code: str,
    name: str,
    services: Sequence[str],
    name_en: str = "",
    connected: bool = False,
) -> UUID:
    """Let a party be a carrier, or change what it offers; `connected`: its own system takes bookings.

    Needs the platform's mandate. Raises `CarrierFlawed`, `CarrierCodeTaken`; `NotFound` for an unknown party.
    """
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="logistics:write")
    flaws = {
        "code": not 1 <= len(code.strip()) <= _LONGEST_CODE,
        "name": not 1 <= len(name.strip()) <= _LONGEST_NAME,
        "name_en": len(name_en) > _LONGEST_NAME,
        "services": not services or not set(services) <= set(Service.values),
    }
    for field, is_wrong in flaws.items():
        if is_wrong:
            raise CarrierFlawed(field=field)
    parties.party(party_id=id)
    if sets.fetch("select 1 from logistics_carrier where code = %s and id <> %s", (code, id)):
        raise CarrierCodeTaken(code=code)
    offered = [service for service in Service.values if service in set(services)]
    sets.run(
        "insert into logistics_carrier (id, code, name, name_en, services, connected, defined_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do update set code = excluded.code,"
        " name = excluded.name, name_en = excluded.name_en, services = excluded.services,"
        " connected = excluded.connected",
        (id, code, name, name_en, offered, connected, clock.now()),
    )
    return id


@sets.act
def define_tariff(*, actor: parties.Actor, carrier_id: UUID, rows: Sequence[TariffRow]) -> int:
    """Replace a carrier's tariff by these rows; return how many there are.

    The carrier's sales do it, or the platform. Raises `UnknownCarrier`, `NotYours`, `TariffFlawed`.
    """
    found = sets.fetch("select services from logistics_carrier where id = %s for update", (carrier_id,))
    if not found:
        raise UnknownCarrier(carrier_id=carrier_id)
    if parties.Mandate.PLATFORM not in actor.mandates:
        parties.require(actor, carrier_id, parties.Role.SALES, scope="logistics:write")
    rules.check_tariff(rows, found[0][0])
    sets.run("delete from logistics_tariff where carrier_id = %s", (carrier_id,))
    sets.insert(
        "logistics_tariff",
        _TARIFF_COLUMNS,
        [
            (
                *(new_id(), carrier_id, row.service, row.from_zone, row.to_zone, row.currency),
                *(row.first_grams, row.first_minor, row.step_grams, row.step_minor),
            )
            for row in rows
        ],
    )
    return len(rows)
