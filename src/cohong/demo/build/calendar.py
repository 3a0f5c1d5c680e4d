"""The demo's calendar: when things happened, counted back from the day on which it was built."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cohong.demo.companies import Company, companies
from cohong.kernel import clock
from cohong.parties import api as parties

# Days before the build.
_OPENED: Final = 91
_REGISTERED: Final = 90
_SET_UP: Final = 85
_LISTED: Final = 80
_ON_OFFER: Final = 75
TRADING_DAYS: Final = 60


class NotTheDemos(Exception):  # noqa: N818 - said as what is the matter
    """The database holds somebody else's data, to which made-up companies with a known password must not come."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When things happened. `built` is the demo's present, the end of its history."""

    built: datetime

    def _ago(self, days: int) -> datetime:
        return self.built - timedelta(days=days)

    @property
    def opened(self) -> datetime:
        """When the platform opened, with its reference data."""
        return self._ago(_OPENED)

    @property
    def registered(self) -> datetime:
        """When the first company registered."""
        return self._ago(_REGISTERED)

    @property
    def set_up(self) -> datetime:
        """When carriers and warehouses were set up."""
        return self._ago(_SET_UP)

    @property
    def listed(self) -> datetime:
        """When sellers wrote their listings."""
        return self._ago(_LISTED)

    @property
    def on_offer(self) -> datetime:
        """When the first listing was published; the others followed within a fortnight."""
        return self._ago(_ON_OFFER)

    @property
    def trading(self) -> datetime:
        """When the first trade was possible."""
        return self._ago(TRADING_DAYS)


def calendar(seed: int) -> Calendar:
    """Return the calendar of the demo in this database, or of one that begins now.

    Raises NotTheDemos if there are parties but not the demo's first company.
    """
    if (first := registered(companies(seed)[0])) is not None:
        return Calendar(first.registered_at + timedelta(days=_REGISTERED))
    others = [party for party in parties.find(limit=2) if party.id != parties.PLATFORM_ID]
    if others:
        raise NotTheDemos("This database holds somebody's data already. The demo needs an empty one.")
    return Calendar(clock.now())


def registered(company: Company) -> parties.PartyView | None:
    """Find a company of the demo by its credit code."""
    found = parties.find(text=company.credit_code, kind=parties.Kind.ORGANISATION)
    return next((party for party in found if party.credit_code == company.credit_code), None)
