"""Pure rules: what sensible consignments and events are, what freight costs, what pick-up codes look like."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from unicodedata import normalize

from cohong.kernel.errors import Refusal
from cohong.kernel.money import EXPONENTS, MAX_MINOR
from cohong.logistics.models import EventKind, Service
from cohong.logistics.refusals import (
    AddressFlawed,
    AddressMissing,
    EventFlawed,
    EventInFuture,
    OnlyWithCode,
    PackagesFlawed,
    ServiceUnknown,
    TariffFlawed,
)
from cohong.logistics.structs import Address, Consignment, Package, TariffRow, TrackingEvent

#: Clocks of carriers may run ahead of ours by this much.
CLOCK_TOLERANCE = timedelta(minutes=10)
MOST_PACKAGES, MOST_CONTENTS = 500, 2_000  # an order, which has no more lines, fits into one package
HEAVIEST_GRAMS = 10**12
LONGEST_NOTE = 500
CODE_DIGITS = 8

# `values` of an enum is made anew each time it is asked for.
_KINDS, _SERVICES = frozenset(EventKind.values), frozenset(Service.values)
_REGION = re.compile(r"[A-Za-z0-9.-]{2,40}")
_ZONE = re.compile(r"[A-Za-z0-9.-]{0,40}")
_ADDRESS_LENGTHS = {"recipient": 100, "phone": 40, "street": 300}
_POSTCODE_LENGTH = 20


def _is_count(value: object, *, least: int, most: int) -> bool:
    """Say whether a value is a whole number (and not a truth value) within bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


# --- consignments ----------------------------------------------------------------------------------------


def flaw_of_consignment(item: Consignment) -> Refusal | None:
    """Say what is wrong with a consignment, if anything."""
    if not 1 <= len(item.packages) <= MOST_PACKAGES:
        return PackagesFlawed(field="packages")
    for number, package in enumerate(item.packages, start=1):
        if field := _flaw_of_package(package):
            return PackagesFlawed(field=f"packages.{number}.{field}")
    if item.service and item.service not in _SERVICES:
        return ServiceUnknown(service=item.service[:20])
    if item.address is None:
        return None if item.pick_up else AddressMissing()
    return flaw_of_address(item.address)


def _flaw_of_package(package: Package) -> str:
    if not _is_count(package.weight_grams, least=0, most=HEAVIEST_GRAMS):
        return "weight_grams"
    if not 1 <= len(package.contents) <= MOST_CONTENTS:
        return "contents"
    if not all(_is_count(quantity, least=1, most=MAX_MINOR) for _line, quantity in package.contents):
        return "quantity"
    return ""


def flaw_of_address(address: Address) -> Refusal | None:
    """Say what is wrong with an address, if anything."""
    for field, longest in _ADDRESS_LENGTHS.items():
        if not 1 <= len(getattr(address, field).strip()) <= longest:
            return AddressFlawed(field=field)
    if not _REGION.fullmatch(address.region_code):
        return AddressFlawed(field="region_code")
    if len(address.postcode) > _POSTCODE_LENGTH:
        return AddressFlawed(field="postcode")
    return None


# --- events ----------------------------------------------------------------------------------------------


def flaw_of_event(event: TrackingEvent, now: datetime) -> Refusal | None:
    """Say what is wrong with an event in itself, if anything."""
    if event.kind not in _KINDS:
        return EventFlawed(field="kind")
    if event.kind == EventKind.COLLECTED:
        return OnlyWithCode()
    if event.at.tzinfo is None:
        return EventFlawed(field="at")
    if event.region_code and not _REGION.fullmatch(event.region_code):
        return EventFlawed(field="region_code")
    if len(event.note) > LONGEST_NOTE or "\x00" in event.note:
        return EventFlawed(field="note")
    return EventInFuture() if event.at > now + CLOCK_TOLERANCE else None


# --- pick-up codes ---------------------------------------------------------------------------------------


def new_code() -> str:
    """Draw a pick-up code: eight random digits, easily read aloud. Five tries find one in 20 million."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def same_code(given: str, right: str) -> bool:
    """Compare codes in constant time; spaces, dashes and full-width digits are forgiven."""
    plain = "".join(one for one in normalize("NFKC", given[:40]) if one not in " -")
    return secrets.compare_digest(plain.encode(), right.encode())


# --- freight ---------------------------------------------------------------------------------------------


def freight_minor(
    *, weight_grams: int, first_grams: int, first_minor: int, step_grams: int, step_minor: int
) -> int:
    """Compute freight in minor units: the first weight, then each further step begun (rounded up).

    First 1 kg 12.00, each further 0.5 kg 3.00:

    | weight | steps | price |
    | --- | --- | --- |
    | 1 g to 1,000 g | 0 | 12.00 |
    | 1,001 g to 1,500 g | 1 | 15.00 |
    | 2,300 g | 3 | 21.00 |
    """
    beyond = max(0, weight_grams - first_grams)
    steps = -(-beyond // step_grams)
    return first_minor + steps * step_minor


def best_zone(zones: Sequence[tuple[str, str]], from_region: str, to_region: str) -> tuple[str, str] | None:
    """Choose the pair of zones that fits two regions most closely: by destination first, then by origin."""
    fitting = [
        (start, end) for start, end in zones if from_region.startswith(start) and to_region.startswith(end)
    ]
    return max(fitting, key=lambda pair: (len(pair[1]), len(pair[0])), default=None)


def check_tariff(rows: Sequence[TariffRow], services: Sequence[str]) -> None:
    """Raise `TariffFlawed` at the first row that makes no sense, or stands there twice."""
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(rows, start=1):
        key = (row.service, row.from_zone, row.to_zone)
        flaws = {
            "service": row.service not in services,
            "from_zone": not _ZONE.fullmatch(row.from_zone),
            "to_zone": not _ZONE.fullmatch(row.to_zone),
            "currency": row.currency not in EXPONENTS,
            "first_grams": not _is_count(row.first_grams, least=1, most=HEAVIEST_GRAMS),
            "first_minor": not _is_count(row.first_minor, least=0, most=MAX_MINOR),
            "step_grams": not _is_count(row.step_grams, least=1, most=HEAVIEST_GRAMS),
            "step_minor": not _is_count(row.step_minor, least=0, most=MAX_MINOR),
            "zones": key in seen,
        }
        for field, is_wrong in flaws.items():
            if is_wrong:
                raise TariffFlawed(row=number, field=field)
        seen.add(key)
