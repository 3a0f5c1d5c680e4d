"""The ids and names of all that an order book becomes.

Every id is computed from the folder's fingerprint and the plan's key, so each run of the same files names
the same things, and what is done already is found again. Other files are another wholesaler's book: a
folder with a month more is traded from its beginning, by a seller of its own, for what its lines mean may
depend on later ones.

Ids of what happened at a time carry that time (``named_id_at``), so that lists sort by the book's dates.
"""

import hashlib
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from babel import Locale

from cohong.kernel.ids import named_id, named_id_at
from cohong.parties import api as parties
from cohong.replay.online_retail.matching import buyer_of

_ROOT: Final = "replay.online-retail"
_NAME_LENGTH_MAX: Final = 120

# How the book writes countries that the standard names otherwise. What has no code at all is "ZZ", unknown.
_COUNTRIES: Final = {
    "channel islands": "JE",
    "czech republic": "CZ",
    "eire": "IE",
    "european community": "EU",
    "hong kong": "HK",
    "korea": "KR",
    "rsa": "ZA",
    "uk": "GB",
    "usa": "US",
}
_UNKNOWN_COUNTRY: Final = "ZZ"


class Book:
    """One folder's order book, by its fingerprint."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.seller_id = self._named("seller")

    @property
    def lock_key(self) -> int:
        """A number that no two replays share: 64 bits, signed, as PostgreSQL takes it."""
        return int.from_bytes(bytes.fromhex(self.fingerprint)[:8], "big", signed=True)

    def _named(self, *parts: object) -> UUID:
        return named_id(_ROOT, self.fingerprint, *parts)

    def _at(self, moment: datetime, *parts: object) -> UUID:
        return named_id_at(moment, _ROOT, self.fingerprint, *parts)

    def buyer_id(self, customer: str | None, country: str) -> UUID:
        """Name the buyer: a customer, or the walk-ins of a country."""
        return self._named(buyer_of(customer=customer, country=country))

    def listing_id(self, stock_code: str) -> UUID:
        """Name the listing of a stock code."""
        return self._named("listing", stock_code)

    def sku_id(self, stock_code: str) -> UUID:
        """Name the one SKU of that listing."""
        return self._named("sku", stock_code)

    def opening_stock_id(self, stock_code: str) -> UUID:
        """Name the receipt of the opening stock."""
        return self._named("opening stock", stock_code)

    def order_id(self, sale_key: str, at: datetime) -> UUID:
        """Name the order of a sale."""
        return self._at(at, sale_key)

    def line_id(self, sale_key: str, at: datetime, number: int) -> UUID:
        """Name a line of that order."""
        return self._at(at, sale_key, "line", number)

    def step_id(self, key: str, at: datetime, step: str = "") -> UUID:
        """Name a return, a stock adjustment, a deposit, a shipment."""
        return self._at(at, key, step)


def public_text(text: str, *, otherwise: str) -> str:
    """Return ``text`` as it may stand in a document; ``otherwise``, with a mark of it, if it may not.

    What looks like a telephone or an identity number is not published, and a book may hold anything.
    """
    shown = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one)[0] != "C")
    shown = " ".join(shown.split())[:_NAME_LENGTH_MAX]
    try:
        return parties.public_text(shown, name="text")
    except (parties.BadText, parties.PersonalDataInText):
        # Letters only: digits could make another number of that kind.
        digits = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"{otherwise} {digits.translate(str.maketrans('0123456789', 'ghjkmnpqrs'))}"


@lru_cache(maxsize=1024)
def country_code(country: str) -> str:
    """Return the ISO 3166 code of a country as the book writes it, "ZZ" if there is none."""
    name = country.strip().casefold()
    return _COUNTRIES.get(name) or _standard_names().get(name, _UNKNOWN_COUNTRY)


@lru_cache(maxsize=1)
def _standard_names() -> dict[str, str]:
    names = Locale("en").territories.items()
    return {name.casefold(): code for code, name in names if re.fullmatch("[A-Z]{2}", code)}
