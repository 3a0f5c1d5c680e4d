"""The demo's carriers: what they offer, and what it costs."""

from datetime import datetime
from typing import Final

from django.db import transaction

from cohong.demo import industries
from cohong.demo.build.residents import Cast
from cohong.demo.companies import companies
from cohong.kernel import clock
from cohong.logistics import api as logistics
from cohong.parties.api import SYSTEM, Role

# By the company's slug: its code as a carrier, and its services.
_OFFERS: Final = {
    "yuedatong": ("YDT", ("express", "part_load", "full_load", "city")),
    "zhulan": ("ZHL", ("express", "city", "cross_border")),
    "linghan": ("LHC", ("cold_chain",)),
}
CONNECTED: Final = "zhulan"
"""The carrier whose own system takes bookings, once the demo's history is written."""

_HOME, _HONG_KONG, _MACAU, _ANYWHERE = "44", "81", "82", ""
# Price in fen: up to the first grams, and for each further step begun. By service, then zones from and to.
_KG, _TONNE = 1_000, 1_000_000
_Price = tuple[int, int, int, int]
_PRICES: Final[dict[str, dict[tuple[str, str], _Price]]] = {
    "express": {
        (_HOME, _HOME): (_KG, 1_000, _KG, 180),
        (_HOME, _ANYWHERE): (_KG, 1_400, _KG, 600),
        (_HOME, _HONG_KONG): (_KG, 2_800, _KG, 1_100),
        (_HOME, _MACAU): (_KG, 3_000, _KG, 1_200),
    },
    "part_load": {
        (_HOME, _HOME): (50 * _KG, 6_000, 10 * _KG, 260),
        (_HOME, _ANYWHERE): (50 * _KG, 11_000, 10 * _KG, 780),
        (_HOME, _HONG_KONG): (50 * _KG, 22_000, 10 * _KG, 1_500),
        (_HOME, _MACAU): (50 * _KG, 24_000, 10 * _KG, 1_600),
    },
    "full_load": {
        (_HOME, _HOME): (10 * _TONNE, 180_000, _TONNE, 9_500),
        (_HOME, _ANYWHERE): (10 * _TONNE, 560_000, _TONNE, 31_000),
    },
    "city": {(city, city): (5 * _KG, 1_500, 5 * _KG, 260) for city in ("4401", "4403", "4406", "4419")},
    "cross_border": {
        (_HOME, _HONG_KONG): (_KG, 2_600, _KG, 900),
        (_HOME, _MACAU): (_KG, 2_700, _KG, 950),
    },
    "cold_chain": {
        (_HOME, _HOME): (10 * _KG, 4_800, 10 * _KG, 1_300),
        (_HOME, _ANYWHERE): (10 * _KG, 9_800, 10 * _KG, 3_600),
    },
}
# What the carriers ask of that, in percent. The connected one is the cheapest for parcels: there they are seen to move.
_LEVEL: Final = {"yuedatong": 100, "zhulan": 95, "linghan": 100}


def set_up_carriers(seed: int, cast: Cast, at: datetime) -> None:
    """Let the transport companies be carriers with tariffs, all in one transaction."""
    if len(logistics.carriers()) >= len(_OFFERS):
        return
    with transaction.atomic(), clock.at(at):
        for slug in _OFFERS:
            _define(seed, cast, slug, connected=False)
            logistics.define_tariff(
                actor=cast.acting(slug, Role.SALES), carrier_id=cast.parties[slug], rows=_tariff(slug)
            )


def connect_carrier(seed: int, cast: Cast) -> None:
    """Connect a carrier's own system, which then hears of every shipment that it is given."""
    _define(seed, cast, CONNECTED, connected=True)


def _define(seed: int, cast: Cast, slug: str, *, connected: bool) -> None:
    code, services = _OFFERS[slug]
    company = next(company for company in companies(seed) if company.slug == slug)
    logistics.define_carrier(
        actor=SYSTEM,
        id=cast.parties[slug],
        code=code,
        name=company.brand.zh_hans,
        name_en=company.brand.en,
        services=services,
        connected=connected,
    )


def _tariff(slug: str) -> list[logistics.TariffRow]:
    level = _LEVEL[slug]
    return [
        logistics.TariffRow(
            service=service,
            from_zone=start,
            to_zone=end,
            currency="CNY",
            first_grams=first_grams,
            first_minor=first * level // 100,
            step_grams=step_grams,
            step_minor=step * level // 100,
        )
        for service in _OFFERS[slug][1]
        for (start, end), (first_grams, first, step_grams, step) in _PRICES[service].items()
    ]


def carrier_for(category: str, grams: int) -> tuple[str, str]:
    """Choose the carrier (a company's slug) and the service for goods of a category and a weight."""
    if category in {"farm-produce.fish", "farm-produce.vegetable"}:
        return "linghan", "cold_chain"
    if grams >= 10 * _TONNE:
        return "yuedatong", "full_load"
    if grams >= 60 * _KG or industries.category(category).unit == "kg":
        return "yuedatong", "part_load"
    return "zhulan", "express"
