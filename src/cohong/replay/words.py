"""The words that a replay shows, in the language of whoever started it: `LANGUAGE`, `LC_ALL`, … `LANG`."""

import gettext as library
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent / "locale"
_TRADITIONAL: Final = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


def _language() -> str:
    told = next(filter(None, map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))), "")
    wanted = told.split(":")[0].replace("-", "_").lower()
    if not wanted.startswith("zh"):
        return "en"
    return "zh_Hant" if wanted.startswith(_TRADITIONAL) else "zh_Hans"


@lru_cache(maxsize=4)
def _words(language: str) -> library.NullTranslations:
    return library.translation("django", _FOLDER, languages=[language], fallback=True)


def _(text: str) -> str:
    """Return a text in the reader's language; in English where there is no translation."""
    return _words(_language()).gettext(text)
