"""Personal data: encrypted where it is kept, found by a keyed index, and masked where it is shown.

At rest a value is a *token*: `pd1:` and base64url of one byte that names the key, a random nonce of 12
bytes, and the ciphertext with its tag (AES-256-GCM, NIST SP 800-38D). Version and key byte are authenticated
with it, so a token that was changed anywhere, or made by nobody who has a key, does not decrypt.

Keys come from `settings.COHONG_DATA_KEYS`, base64 of 32 bytes each. The first encrypts, all decrypt. To
rotate, put a new key in front, write each row once (`kernel.rotation`), then drop the old key. From each key two
are derived (HKDF, RFC 5869): one encrypts, one indexes, so that neither use weakens the other.
"""

import json
import re
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from hmac import digest as hmac_digest
from os import urandom
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

PREFIX: Final = "pd1:"
"""What every token begins with: its format and version."""

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField  # Django's fields take type parameters only in the eyes of a type checker


class CannotDecrypt(Exception):  # noqa: N818 - read as what happened
    """The text is no token, was changed since, or its key is not (any more) among the installation's."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One of the installation's keys, as its two derived ones; `name` is the byte that tokens name it by."""

    name: bytes
    cipher: AESGCM
    index: bytes


def encrypt(text: str) -> str:
    """Turn a text into a token; the same text gives another token each time."""
    key = _keys()[0]
    nonce = urandom(_NONCE_BYTES)
    sealed = key.cipher.encrypt(nonce, text.encode(), PREFIX.encode() + key.name)
    return PREFIX + urlsafe_b64encode(key.name + nonce + sealed).decode()


def decrypt(token: str) -> str:
    """Turn a token back into its text. Raises CannotDecrypt."""
    return _open(token)[1]


def reencrypt(token: str) -> str:
    """Bring a token under the first key, for rotation; one that is under it already stays as it is."""
    key, text = _open(token)
    return token if key == _keys()[0] else encrypt(text)


def is_encrypted(text: str) -> bool:
    """Tell whether the text is a token that opens here: what an audit of the tables asks."""
    try:
        decrypt(text)
    except CannotDecrypt:
        return False
    return True


NO_KEY: Final = -1
"""What `place_of_key` answers where no key opens a token."""


def place_of_key(token: str) -> int:
    """Tell which of the installation's keys opens a token: 0 is the first, which encrypts; `NO_KEY` if none does."""
    try:
        key = _open(token)[0]
    except CannotDecrypt:
        return NO_KEY
    return _keys().index(key)


def key_names() -> list[str]:
    """Return what the installation's keys are called where they are listed, in their order; it tells nothing of a key."""
    return [name_of_key(key) for key in getattr(settings, "COHONG_DATA_KEYS", ())]


def name_of_key(encoded: str) -> str:
    """Name a key, as it stands in the settings, for people: eight hex digits of its digest."""
    return sha256(b"cohong personal data: listed" + encoded.encode()).hexdigest()[:8]


def blind_index(value: str, purpose: str) -> str:
    """Compute what stands beside an encrypted value so that equal ones can be found: 64 hex digits.

    Equal values have equal indexes within one purpose ("phone"), different purposes cannot be compared. The
    caller normalises the value first. It is HMAC-SHA-256 under a key, so nobody without it can try out all
    phone numbers.
    """
    return _index(_keys()[0], value, purpose)


def blind_indexes(value: str, purpose: str) -> list[str]:
    """Compute the index under each key, for looking up (`field__in=`) while a rotation is under way."""
    return [_index(key, value, purpose) for key in _keys()]


def check_keys() -> None:
    """Make sure that there is a usable key before anything is written. Raises ImproperlyConfigured."""
    _keys()


class EncryptedField(_TextField):
    """A text column of tokens. It can be asked whether it is null, nothing else: look up by a blind index."""

    def get_lookup(self, lookup: str) -> "type[models.Lookup[Any]] | None":
        """Allow `isnull` only: an equal text is another token, so `exact` would silently find nothing."""
        return super().get_lookup(lookup) if lookup == "isnull" else None

    def get_transform(self, _lookup: str) -> None:
        """Allow no transforms: the database cannot read what is in here."""


class EncryptedTextField(EncryptedField):
    """A text, encrypted in the database and plain in Python. None stays NULL."""

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> str | None:
        """Encrypt on the way to the database."""
        return None if value is None else encrypt(str(value))

    def from_db_value(
        self, value: str | None, _expression: Expression, _connection: BaseDatabaseWrapper
    ) -> str | None:
        """Decrypt on the way from the database. Raises CannotDecrypt."""
        return None if value is None else decrypt(value)


class EncryptedJSONField(EncryptedField):
    """A JSON value, encrypted in the database and plain in Python. None stays NULL."""

    description = "Encrypted JSON"

    def to_python(self, value: Any) -> Any:
        """Leave the value as it is: unlike a text field's, it need not be a text."""
        return value

    def get_prep_value(self, value: Any) -> str | None:
        """Encrypt on the way to the database. A value that JSON cannot hold is a TypeError or ValueError."""
        if value is None:
            return None
        return encrypt(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))

    def from_db_value(
        self, value: str | None, _expression: Expression, _connection: BaseDatabaseWrapper
    ) -> Any:
        """Decrypt on the way from the database. Raises CannotDecrypt."""
        return None if value is None else json.loads(decrypt(value))


def _open(token: str) -> tuple[_Key, str]:
    """Find the key that a token is under, and its text."""
    if not token.startswith(PREFIX):
        raise CannotDecrypt("this is not encrypted")
    try:
        raw = b64decode(token[len(PREFIX) :], altchars=b"-_", validate=True)
    except (Base64Error, ValueError):
        raise CannotDecrypt("this is not a token") from None
    name, nonce, sealed = raw[:1], raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
    # Base64 can spell one value in several ways; only one of them is a token, so that no change goes unseen.
    if len(sealed) < _TAG_BYTES or urlsafe_b64encode(raw).decode() != token[len(PREFIX) :]:
        raise CannotDecrypt("this is not a token")
    # One byte may name two keys by chance; the tag tells which of them it was.
    for key in _keys():
        if key.name == name:
            with suppress(InvalidTag):
                return key, key.cipher.decrypt(nonce, sealed, PREFIX.encode() + name).decode()
    raise CannotDecrypt("no key of this installation opens it, or it was changed")


def _index(key: _Key, value: str, purpose: str) -> str:
    """Compute a blind index under one key; the separator keeps ("ab", "c") and ("a", "bc") apart."""
    if "\x00" in purpose:
        raise ValueError("a purpose is a plain word")
    return hmac_digest(key.index, f"{purpose}\x00{value}".encode(), "sha256").hex()


def _keys() -> tuple[_Key, ...]:
    """Give the installation's keys, the encrypting one first."""
    configured: Sequence[str] = getattr(settings, "COHONG_DATA_KEYS", None) or ()
    if isinstance(configured, str):
        raise ImproperlyConfigured("COHONG_DATA_KEYS is a list of keys, not one text.")
    return _read_keys(tuple(configured))


@lru_cache(maxsize=16)
def _read_keys(encoded: tuple[str, ...]) -> tuple[_Key, ...]:
    """Decode and derive keys; the error never shows one."""
    if not encoded:
        raise ImproperlyConfigured(
            "COHONG_DATA_KEYS is empty: without a key no personal data can be kept. Make one with "
            '`python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"` '
            "and keep it safe: without it the data cannot be read again."
        )
    keys = []
    for position, text in enumerate(encoded, start=1):
        try:
            raw = b64decode(text, validate=True)
        except (Base64Error, ValueError):
            raw = b""
        if len(raw) != _KEY_BYTES:
            raise ImproperlyConfigured(
                f"COHONG_DATA_KEYS: key {position} is not base64 of exactly {_KEY_BYTES} bytes."
            )
        cipher = AESGCM(_derive(raw, b"cohong personal data: encrypt"))
        name = sha256(b"cohong personal data: name" + raw).digest()[:1]
        keys.append(_Key(name, cipher, _derive(raw, b"cohong personal data: index")))
    return tuple(keys)


def _derive(key: bytes, use: bytes) -> bytes:
    """Derive the key for one use (HKDF-SHA-256, RFC 5869; the input is random, so it needs no salt)."""
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=use).derive(key)


# What screens show. A mask keeps what lets its owner recognise it and no more. Its stars do not count what
# they hide, except in a personal name, where the count tells next to nothing.

_STARS = "****"
_PHONE_LONG, _PHONE_SHORT = 11, 7
_IDENTITY_LONG = 15
# Codes whose length can be told without a separator after them: the region and its neighbours.
_COUNTRY = re.compile(r"(?:\+|00)(86|85[23]|886|[0-9]{1,3}(?=[ -]))")
# A place name has no digit and nothing of a street in it: what comes after those is where someone lives.
_NAME = r"[^\W\d_省市盟区區县縣旗镇鎮路街巷弄号號村A-Za-z]"
_PLACE = re.compile(
    rf"(?:{_NAME}{{2,8}}?(?:省|自治区|自治區|特别行政区|特別行政區))?"
    rf"(?:{_NAME}{{1,10}}?(?:自治州|市|地区|地區|盟))?"
    rf"(?:{_NAME}{{1,10}}?(?:区|區|县|縣|旗|市|镇|鎮))?"
)
_DOUBLE_SURNAMES = re.compile(
    "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|尉遲|公孙|公孫|慕容|"
    "令狐|司徒|夏侯|轩辕|軒轅|端木|宇文|长孙|長孫"
)


def mask_phone(phone: str) -> str:
    """Mask a phone number: `138****5678`, `+852 91****67`. A country code stays: it is nobody's own."""
    found = _COUNTRY.match(phone.strip())
    country = f"+{found[1]} " if found else ""
    digits = "".join(
        character for character in phone.strip()[found.end() if found else 0 :] if character.isdigit()
    )
    if len(digits) >= _PHONE_LONG:
        return f"{country}{digits[:3]}{_STARS}{digits[-4:]}"
    if len(digits) >= _PHONE_SHORT:
        return f"{country}{digits[:2]}{_STARS}{digits[-2:]}"
    return _STARS if digits else ""


def mask_identity(number: str) -> str:
    """Mask an identity number: `440****34` of a resident id, `A****` of a shorter one (a passport)."""
    compact = number.strip()
    if len(compact) >= _IDENTITY_LONG:
        return f"{compact[:3]}{_STARS}{compact[-2:]}"
    return f"{compact[:1]}{_STARS}" if compact else ""


def mask_name(name: str) -> str:
    """Mask a person's name: `张**`, `欧阳**`, `J*** S****`; a name of one character is hidden."""
    words = name.split()
    if len(words) == 1 and (double := _DOUBLE_SURNAMES.match(name.strip())) and double[0] != name.strip():
        return double[0] + "*" * (len(words[0]) - len(double[0]))
    return " ".join(word[0] + "*" * (len(word) - 1) if len(word) > 1 else "*" for word in words)


def mask_address(address: str) -> str:
    """Mask an address below the district, `广东省广州市天河区****`; keep a western one's last part."""
    compact = address.strip()
    if not compact:
        return ""
    place = _PLACE.match(compact)
    if place and place[0]:
        return place[0] + _STARS
    _street, comma, town = compact.rpartition(",")
    return f"{_STARS}, {town.strip()}" if comma and not any(map(str.isdigit, town)) else _STARS


def mask_email(email: str) -> str:
    """Mask a mail address: `z****@example.com`."""
    local, at, domain = email.strip().rpartition("@")
    if not at:
        return _STARS if email.strip() else ""
    return f"{local[:1]}{_STARS}@{domain}"
