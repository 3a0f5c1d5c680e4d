"""Texts that everyone will read: readable, within their bounds, without anybody's phone or identity number."""

import unicodedata

from cohong.parties import api as parties
from cohong.retail import refusals as no

_BREAKS = "\n\t"


def clean(value: str, *, field: str, most: int, least: int = 0, lines: bool = False) -> str:
    """Trim a text and bring its line breaks into one form. `most`, `least` are characters.

    Raises TextMissing, TextTooLong, TextUnreadable, PersonalDataInText (each with the field's name).
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        text = " ".join(text.split())
    if any(unicodedata.category(one) in {"Cc", "Cs", "Co", "Cn"} and one not in _BREAKS for one in text):
        raise no.TextUnreadable(field=field)
    if len(text) > most:
        raise no.TextTooLong(field=field, most=most)
    if len(text) < least:
        raise no.TextMissing(field=field, least=least)
    try:
        parties.public_text(" ".join(text.split()), name=field, most=most, least=0)
    except parties.PersonalDataInText:
        raise no.PersonalDataInText(field=field) from None
    return text
