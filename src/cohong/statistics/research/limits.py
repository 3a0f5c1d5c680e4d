"""How much one visitor takes in how short a time: figures are free, but not for programs that never stop asking."""

from allauth.core.internal import ratelimit  # the public one counts no GET
from django.http import HttpRequest

from cohong.kernel.http import TooOften


def count(request: HttpRequest, action: str) -> None:
    """Count a request for `figures`, or for a `figures_file`. `ACCOUNT_RATE_LIMITS` says how many are too many.

    Raises `TooOften`.
    """
    if not ratelimit.consume(request, app="allauth.account", action=action, limit_get=True):
        raise TooOften
