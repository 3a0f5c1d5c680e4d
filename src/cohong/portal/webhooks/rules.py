"""Pure rules: signatures, when to try again, which addresses are nobody's business."""

import base64
import hashlib
import hmac
import ipaddress
import os
import secrets
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput

MOST_ATTEMPTS: Final = 10
PAUSE_AFTER: Final = 20
MOST_ENDPOINTS: Final = 10
KEPT: Final = timedelta(days=30)
OVERLAP: Final = timedelta(hours=24)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=12)
_URL_MAX = 500
_SECRET_BYTES = 32
_PREFIX = "whsec_"
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class BadEndpoint(BadInput):
    """The address is not one that documents are sent to."""

    message = _("This is not an https address that can be reached from outside.")


def wait_after(attempts: int) -> timedelta:
    """Say how long to wait after so many attempts: 15 s, a minute, 4 minutes, … at most 12 hours."""
    times: int = 4 ** min(max(attempts - 1, 0), 10)
    return min(_FIRST_WAIT * times, _LONGEST_WAIT)


def new_secret() -> str:
    """Make a secret, as the Standard Webhooks specification writes them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def allows_loopback() -> bool:
    """Tell whether a listener on this machine may be told: in the demo, where everything is on it."""
    return os.environ.get("COHONG_DEMO") == "1"


def clean_url(url: str) -> str:
    """Check an endpoint's address as far as that can be done without asking the network. Raises BadEndpoint."""
    url = url.strip()
    parts = _split(url)
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise BadEndpoint
    local = host in _LOOPBACK_NAMES
    if local and allows_loopback():
        return url
    if parts.scheme != "https" or local:
        raise BadEndpoint
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # A name: where it leads is looked up anew for each delivery. Numbers in disguise (0x7f.1, 2130706433) are none.
        if "." not in host or not host.rsplit(".", 1)[1][:1].isalpha():
            raise BadEndpoint from None
    else:
        if not is_public(str(address)):
            raise BadEndpoint
    return url


def _split(url: str) -> SplitResult:
    if not url or len(url) > _URL_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise BadEndpoint
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadEndpoint from None
    if parts.scheme not in {"http", "https"} or port == 0 or "\\" in url:
        raise BadEndpoint
    return parts


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public network: nothing private, local, shared, mapped or reserved."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside is not None and not is_public(str(inside)):
            return False
        if found.is_site_local:  # deprecated, and inside wherever it is still used
            return False
        # NAT64 leads back to an IPv4 address of its last four bytes.
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
