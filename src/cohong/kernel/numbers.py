"""Short numbers that people read aloud and type: of orders, waybills, pick-ups. They look like `7K3M-92QX-P`.

How a number is made from a serial of the database's sequence `kernel_number`:

1. The serial is *scrambled* by a fixed permutation, so that two orders of one day do not tell how many lay
   between them. This hides volume from a glance, not from someone who reads this file; it is no secret and
   gives no right to anything. Who may see an order is always checked.
2. The result is written as eight characters of Crockford's base 32: digits and capitals without I, L, O, U.
3. A ninth is the check character of ISO 7064 MOD 37,36 (`stdnum.iso7064.mod_37_36`): it finds every single
   wrong character and nearly every pair swapped.

MOD 37,36 may itself yield I, L, O or U, and reading "O" as "0" would then be ambiguous. So the eighth
character is chosen only among those that give a check character inside Crockford's alphabet. After any seven
characters there are at least 28 of them, and exactly the first 28 are used; that leaves 28 * 32**7 serials
(some 9.6e11, 30 years at a thousand a second). So every number is nine Crockford characters, and any ISO
7064 library can check it.
"""

from typing import Final
from unicodedata import normalize

from django.db import connection
from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_37_36

from cohong.kernel.errors import BadInput

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SEQUENCE: Final = "kernel_number"
"""The PostgreSQL sequence that all short numbers are drawn from."""

_CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # ISO 7064's own, which the check is computed in
_PREFIX_CHARACTERS = 7
_NUMBER_CHARACTERS = 9
_LAST_CHOICES = 28
CAPACITY: Final = _LAST_CHOICES * 32**_PREFIX_CHARACTERS
"""Serials run from 0 up to, not including, this."""

_HALF_BITS = 20
_HALF_MASK = (1 << _HALF_BITS) - 1
# First fractional bits of the square roots of 2, 3, 5, 7, 11 and 13: numbers with nothing up their sleeve.
_ROUND_KEYS = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C)

# What people type for what: Crockford reads letters that look like digits as those digits.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = frozenset("-‐‒–—―−_.·")  # the dashes that keyboards and documents make
_TYPED_LENGTH_MAX = 40


class NotANumber(BadInput):
    """The text is not a short number, or was misread or mistyped: its check character says so."""

    message = _("“{number}” is not a valid number. Please check it character by character.")


def encode(serial: int) -> str:
    """Write a serial (at least 0, below `CAPACITY`, else ValueError) as its number, grouped for reading."""
    if not 0 <= serial < CAPACITY:
        raise ValueError(f"serials run from 0 to {CAPACITY - 1}")
    prefix_value, choice = divmod(_scramble(serial), _LAST_CHOICES)
    shifts = range(5 * (_PREFIX_CHARACTERS - 1), -1, -5)
    prefix = "".join([ALPHABET[prefix_value >> shift & 31] for shift in shifts])
    ending = _ENDINGS[mod_37_36.checksum(prefix)][choice]
    return f"{prefix[:4]}-{prefix[4:]}{ending[0]}-{ending[1]}"


def decode(text: str) -> int:
    """Find the serial behind a number, however it was typed. Raises NotANumber."""
    compact = _compact(text) if len(text) <= _TYPED_LENGTH_MAX else ""
    if len(compact) != _NUMBER_CHARACTERS or not set(compact) <= set(ALPHABET):
        raise NotANumber(number=text[:_TYPED_LENGTH_MAX])
    prefix, ending = compact[:_PREFIX_CHARACTERS], compact[_PREFIX_CHARACTERS:]
    endings = _ENDINGS[mod_37_36.checksum(prefix)]
    if ending not in endings:
        raise NotANumber(number=text[:_TYPED_LENGTH_MAX])
    prefix_value = 0
    for character in prefix:
        prefix_value = prefix_value << 5 | ALPHABET.index(character)
    return _unscramble(prefix_value * _LAST_CHOICES + endings.index(ending))


def normalise(text: str) -> str:
    """Bring a number into its one written form: `7k3m 92qxp` becomes `7K3M-92QX-P`. Raises NotANumber.

    Small letters, full-width characters, spaces and dashes (missing, or of any kind) are forgiven; O reads
    as 0, I and L as 1, at each of the nine places alike, because no number contains these letters.
    """
    decode(text)
    compact = _compact(text)
    return f"{compact[:4]}-{compact[4:8]}-{compact[8:]}"


def is_valid(text: str) -> bool:
    """Tell whether the text, however typed, is a number that `encode` can make."""
    try:
        decode(text)
    except NotANumber:
        return False
    return True


def draw(count: int) -> list[str]:
    """Draw that many new numbers from the database, in one statement; none is ever drawn twice.

    Numbers drawn in a transaction that fails are not used again: there may be gaps, as nobody counts by them.
    """
    if count <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"select nextval('{SEQUENCE}') from generate_series(1, %s)", [count])
        return [encode(serial) for (serial,) in cursor.fetchall()]


def _compact(text: str) -> str:
    """Undo what keyboards, hands and documents do to a number; what is left may still be wrong."""
    kept = [one for one in normalize("NFKC", text) if one not in _SEPARATORS and not one.isspace()]
    return "".join(kept).upper().translate(_READ_AS)


def _scramble(serial: int) -> int:
    """Map serials to serials one to one, near ones far apart."""
    result = _feistel(serial, _ROUND_KEYS)
    # The network permutes 40 bits, of which 7/8 are serials: walking on until one is met keeps it one to one.
    while result >= CAPACITY:
        result = _feistel(result, _ROUND_KEYS)
    return result


def _unscramble(scrambled: int) -> int:
    """Undo `_scramble`: the same network with its keys and halves turned round, walked the other way."""
    result = _swap(_feistel(_swap(scrambled), _ROUND_KEYS[::-1]))
    while result >= CAPACITY:
        result = _swap(_feistel(_swap(result), _ROUND_KEYS[::-1]))
    return result


def _feistel(value: int, keys: tuple[int, ...]) -> int:
    """Run a Feistel network over two halves of 20 bits: one to one whatever its round function is."""
    left, right = value >> _HALF_BITS, value & _HALF_MASK
    for key in keys:
        mixed = (right ^ key >> 12) * (key | 1)
        left, right = right, left ^ ((mixed ^ mixed >> 13) * 0x2C1B3C6D >> 9 & _HALF_MASK)
    return left << _HALF_BITS | right


def _swap(value: int) -> int:
    """Exchange the two halves."""
    return (value & _HALF_MASK) << _HALF_BITS | value >> _HALF_BITS


def _endings(state: str) -> list[str]:
    """List the last two characters, own and check, that a number may end in after a prefix in that state."""
    endings = [own + mod_37_36.calc_check_digit(state + own) for own in ALPHABET]
    return [ending for ending in endings if ending[1] in ALPHABET][:_LAST_CHOICES]


# A prefix acts on what follows only through its checksum, and the single characters have each checksum once.
_ENDINGS = {mod_37_36.checksum(state): _endings(state) for state in _CHECK_ALPHABET}
