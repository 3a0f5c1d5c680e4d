"""Numbers of valid form for invented companies and people.

They pass the checks of ``stdnum.cn`` and belong to nobody: organisation codes come from a series far
ahead of those handed out, resident ids carry a city's collective code and an order code that is not
given to adults (000, or one of those once kept for centenarians), phones start with the unopened 154.
"""

import datetime as dt
from random import Random

from stdnum.cn import ric, uscc

_ORG_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CODE_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}

# Cities whose collective code stdnum knows for every birth year; the others were founded in 1988 and after.
_OLD_CITIES = ("440100", "440200", "440300", "440400", "440500", "440600", "440700", "440800", "440900")


def credit_code(rng: Random, registrar: str, region: str) -> str:
    """Give an 18-character unified social credit code; ``registrar`` is its first two digits."""
    body = "MAY" + "".join(rng.choice(_ORG_ALPHABET) for _ in range(5))
    number = f"{registrar}{region}{body}{_organisation_check(body)}"
    return number + str(uscc.calc_check_digit(number))


def _organisation_check(body: str) -> str:
    """Give the check character of an organisation code (GB 11714)."""
    total = sum(_CODE_VALUES[letter] * weight for letter, weight in zip(body, _ORG_WEIGHTS, strict=True))
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def resident_id(rng: Random, *, city: str, is_male: bool, born_from: int, born_to: int) -> str:
    """Give an 18-character resident id with a birth date between 1 January and 31 December of two years."""
    year = rng.randint(born_from, born_to)
    born = dt.date(year, 1, 1) + dt.timedelta(days=rng.randrange(365))
    place = city if year > 1994 or city in _OLD_CITIES else rng.choice(_OLD_CITIES)
    order = rng.choice(("997", "999")) if is_male else rng.choice(("000", "998"))
    number = f"{place}{born:%Y%m%d}{order}"
    return number + str(ric.calc_check_digit(number + "0"))


def mobile(rng: Random) -> str:
    """Give an 11-digit mobile number."""
    return f"154{rng.randrange(10**8):08d}"
