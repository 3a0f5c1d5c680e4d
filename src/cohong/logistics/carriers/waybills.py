"""Waybill numbers by the Universal Postal Union's standard S10: `CP 12345678 5 CN`.

Thirteen characters: two letters for the service (`CA` to `CZ` parcels, `EA` to `EZ` express, `RA` to `RZ`
registered letters), eight digits, a check digit, and the country of the carrier (ISO 3166). The check digit
finds a single wrong digit and a swap of two neighbours, unless the error turns a weighted sum whose remainder
by 11 is 0 into one whose remainder is 6, or back: the standard writes the digit 5 for both.
"""

import re
from collections.abc import Sequence
from typing import Final

SERIAL_MAX: Final = 99_999_999
_WEIGHTS: Final[Sequence[int]] = (8, 6, 4, 2, 3, 5, 9, 7)
_MODULUS: Final = 11
_FORM = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", re.ASCII)


def check_digit(serial: str) -> int:
    """Return the S10 check digit of eight digits."""
    if not re.fullmatch(r"[0-9]{8}", serial):
        raise ValueError(f"a serial is eight digits: {serial!r}")
    total = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(_MODULUS - total % _MODULUS, _MODULUS - total % _MODULUS)


def make_waybill(service: str, serial: int, country: str) -> str:
    """Return the waybill number of a serial (0 to `SERIAL_MAX`)."""
    if not 0 <= serial <= SERIAL_MAX:
        raise ValueError(f"a serial has eight digits: {serial}")
    digits = f"{serial:08d}"
    waybill = f"{service}{digits}{check_digit(digits)}{country}"
    if not _FORM.fullmatch(waybill):
        raise ValueError(f"a service and a country are two capital letters each: {service!r}, {country!r}")
    return waybill


def is_valid_waybill(waybill: str) -> bool:
    """Say whether this is a well-formed waybill number whose check digit fits."""
    return _FORM.fullmatch(waybill) is not None and int(waybill[10]) == check_digit(waybill[2:10])
