"""The providers that this installation is connected to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from os import getpid
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from cohong.kernel.ids import named_id
from cohong.kernel.outside import Credentials
from cohong.payments import refusals
from cohong.payments.kinds import AccountKind
from cohong.payments.ledger import AccountKey
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import PaymentProvider

BANK: Final = "bank"
DEFAULT_PROVIDER: Final = BANK
PROVIDERS: Final = frozenset({BANK})

_put_in: dict[str, PaymentProvider] = {}


def provider(code: str) -> PaymentProvider:
    """Return the client of a provider. Raises NoSuchProvider, or NotConnected if it is not set up here."""
    if code in _put_in:
        return _put_in[code]
    if code not in PROVIDERS:
        raise refusals.NoSuchProvider(provider=code)
    path = Path(settings.COHONG_BANK_CREDENTIALS)
    if not path.is_file():
        raise refusals.NotConnected(provider=code)
    return _bank(getpid(), path, path.stat().st_mtime_ns, settings.COHONG_BANK_URL)


@lru_cache(maxsize=4)
def _bank(process: int, path: Path, written_ns: int, url: str) -> BankProvider:  # noqa: ARG001 - what it holds for
    """Make the bank's client, once for each process (connections survive no fork) and state of its file."""
    credentials = Credentials.load(path)
    return BankProvider(replace(credentials, url=url) if url else credentials)


def pay_page_origins() -> tuple[str, ...]:
    """Return where browsers are sent to pay: origins (`https://host`), none while no bank is connected.

    They are the address in the bank's file, unless `COHONG_BANK_PAGES` names others.
    """
    if settings.COHONG_BANK_PAGES:
        return tuple(settings.COHONG_BANK_PAGES)
    path = Path(settings.COHONG_BANK_CREDENTIALS)
    return (_origin(path, path.stat().st_mtime_ns),) if path.is_file() else ()


@lru_cache(maxsize=4)
def _origin(path: Path, written_ns: int) -> str:  # noqa: ARG001 - what it holds for
    parts = urlsplit(Credentials.load(path).url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def connected(code: str, client: PaymentProvider) -> Iterator[None]:
    """Let this client stand for a provider inside the block: for programs with sandboxes of their own."""
    before = _put_in.get(code)
    _put_in[code] = client
    try:
        yield
    finally:
        if before is None:
            del _put_in[code]
        else:
            _put_in[code] = before


def clearing_key(code: str, currency: str, shard: int = 0) -> AccountKey:
    """Return what the clearing account at a provider is: our money there in one currency."""
    if code not in PROVIDERS:
        raise refusals.NoSuchProvider(provider=code)
    return AccountKey(AccountKind.CLEARING, named_id("payments.provider", code), currency, shard)


def notify_url(code: str) -> str:
    """Return the address that a provider sends its notifications to."""
    return f"{settings.COHONG_PUBLIC_URL.rstrip('/')}/api/v1/payments/notifications/{code}"


def standing() -> dict[str, bool]:
    """Tell of each provider whether it is set up here."""
    found = {}
    for code in sorted(PROVIDERS | _put_in.keys()):
        try:
            provider(code)
        except refusals.NotConnected:
            found[code] = False
        else:
            found[code] = True
    return found
