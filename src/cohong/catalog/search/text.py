"""How words are read, the same when they are indexed and when they are asked for.

One plain form for everything (width, case, Traditional and Simplified); Chinese cut into words by jieba and, besides, kept
character by character, so that what jieba cuts in another way inside a longer text is found all the same; Latin words with
their digits; the sound of Chinese as pinyin, whole and by initials.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Final

import msgspec

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
# A Latin word keeps what joins its parts (gb/t, lqfp-64, 2.0mm), but not what stands around it.
_RUN = re.compile(rf"(?P<han>{_HAN}+)|(?P<latin>[a-z0-9à-ÿ]+(?:[.\-/+&'_][a-z0-9à-ÿ]+)*)")
_PART = re.compile(r"[a-zà-ÿ]+\d[a-zà-ÿ0-9]*|\d+(?:\.\d+)?|[a-zà-ÿ]+")
_MODEL = re.compile(r"([a-z]+)(\d+)[a-z0-9]*")
_LETTERS = re.compile(r"[a-z]+")
_CHINESE = re.compile(_HAN)
_HAN_RUN = re.compile(rf"{_HAN}+")
BREAK: Final = "¦"
"""Stands between texts of one field, so that no phrase reaches from one into the next."""
_LONGEST_SOUND: Final = 6  # characters whose pinyin is kept in one word

STOP_WORDS: Final = frozenset(
    [
        *(
            "the",
            "a",
            "an",
            "of",
            "and",
            "for",
            "in",
            "on",
            "with",
            "to",
            "by",
            "from",
            "or",
            "at",
            "is",
            "are",
        ),
        *"的了和与及或在是有个",
    ]
)


class Run(msgspec.Struct, frozen=True):
    """A stretch of one script: Chinese characters, or one Latin word with its digits."""

    text: str
    is_han: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """Give the characters of a Chinese run, the parts of a Latin word (`2.0mm`: `2`, `mm`)."""
        return tuple(self.text) if self.is_han else latin_parts(self.text)


# --- one plain form --------------------------------------------------------------------------------------


@cache
def _simplifier() -> Any:
    from opencc import OpenCC  # noqa: PLC0415 - its tables are read when they are first needed

    return OpenCC("t2s")


@cache
def _taiwan_simplifier() -> Any:
    from opencc import OpenCC  # noqa: PLC0415

    return OpenCC("tw2sp")


def plain_once(text: str) -> str:
    """Bring a text that will hardly come again into the plain form."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(folded)) if _CHINESE.search(folded) else folded


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Bring a text into the form in which texts are compared: NFKC, lower case, Simplified Chinese."""
    return plain_once(text)


def mainland(text: str) -> str:
    """Say Taiwanese words as the mainland does (滑鼠: 鼠标), in the plain form."""
    return str(_taiwan_simplifier().convert(unicodedata.normalize("NFKC", text).lower()))


def runs(text: str) -> tuple[Run, ...]:
    """Cut a text that is in the plain form into its runs; what is neither Chinese nor a Latin word is left out."""
    return tuple(Run(found.group(), found.lastgroup == "han") for found in _RUN.finditer(text))


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character in it."""
    return _CHINESE.search(text) is not None


@lru_cache(maxsize=20_000)
def latin_parts(word: str) -> tuple[str, ...]:
    """Cut a Latin word into letters and numbers; a model number (q235b) stays whole, 2.0 is 2."""
    return tuple(_number(part) for part in _PART.findall(word))


def _number(part: str) -> str:
    return part.rstrip("0").rstrip(".") if "." in part else part


# --- words -----------------------------------------------------------------------------------------------


@cache
def _jieba() -> Any:
    import rjieba  # noqa: PLC0415 - its dictionary is read when it is first needed

    return rjieba


@lru_cache(maxsize=20_000)
def cut(han: str) -> tuple[str, ...]:
    """Cut Chinese characters into words, each character in one word: how a question is read."""
    return tuple(_jieba().cut(han))


@lru_cache(maxsize=20_000)
def smaller_words(word: str) -> tuple[str, ...]:
    """Cut a long word into the words that it is made of (无缝钢管: 无缝, 钢管), or in two where jieba knows none."""
    inner = set(_cut_small(word)) - {word}
    pieces: list[str] = []
    rest = word
    while rest:
        piece = max((one for one in inner if rest.startswith(one)), key=len, default=rest[:2])
        pieces.append(piece)
        rest = rest[len(piece) :]
    return tuple(pieces)


@lru_cache(maxsize=50_000)
def _cut_small(han: str) -> tuple[str, ...]:
    return tuple(_jieba().cut_for_search(han))


def index_words(text: str) -> Iterator[str]:
    """List the words by which a plain text is found: Chinese in jieba's search mode; Latin whole and in parts."""
    for run in runs(text):
        if run.is_han:
            yield from _cut_small(run.text)
        else:
            yield from latin_forms(run.text)


def written_forms(word: str) -> tuple[str, ...]:
    """List how a Latin word may be written as a whole: as it is, and without what joins its parts (gb/t: gbt)."""
    return tuple(dict.fromkeys((word, re.sub(r"[^a-z0-9à-ÿ.]+", "", word))))


@lru_cache(maxsize=50_000)
def latin_forms(word: str) -> tuple[str, ...]:
    """List by what a Latin word is found: as it may be written, each part, and the beginnings of a model number.

    Of q235b and sus304 these are q235, 235 and 304: people say them so.
    """
    forms = [*written_forms(word), *latin_parts(word)]
    for part in latin_parts(word):
        if (model := _MODEL.fullmatch(part)) is not None:
            forms += [model[1] + model[2], *([model[2]] if len(model[2]) > 2 else [])]  # noqa: PLR2004
    return tuple(dict.fromkeys(forms))


def index_sequence(texts: Iterable[str]) -> str:
    """Write plain texts as a field of single characters and word parts, for phrases; a break between texts."""
    return f" {BREAK} ".join(_sequence(text) for text in texts if text)


@lru_cache(maxsize=50_000)
def _sequence(text: str) -> str:
    return " ".join(part for run in runs(text) for part in run.parts)


@lru_cache(maxsize=50_000)
def latin_words(text: str) -> frozenset[str]:
    """List the Latin words of a plain text as they are written: what spelling is compared with."""
    found: set[str] = set()
    for run in runs(text):
        if not run.is_han and len(run.text) > 1:
            found.add(run.text)
            if not run.text.isalnum():
                found.update(part for part in run.parts if len(part) > 1)
    return frozenset(found)


# --- sound -----------------------------------------------------------------------------------------------


@cache
def _pinyin() -> Any:
    import pypinyin  # noqa: PLC0415 - its tables take half a second

    return pypinyin


@lru_cache(maxsize=50_000)
def _word_syllables(word: str) -> tuple[str, ...]:
    found = _pinyin().lazy_pinyin(word, errors=lambda other: [""] * len(other))
    return tuple(str(one) for one in found)


@lru_cache(maxsize=20_000)
def syllables(han: str) -> tuple[str, ...]:
    """Give the pinyin of each character. Words are sounded whole, so that 重 is chong in 重庆 and zhong in 重型."""
    return tuple(one for word in cut(han) for one in _word_syllables(word))


@lru_cache(maxsize=20_000)
def sound(han: str) -> str:
    """Give the pinyin of Chinese characters in one word."""
    return "".join(syllables(han))


@cache
def all_syllables() -> frozenset[str]:
    """List the syllables that pinyin has."""
    readings = _pinyin().pinyin_dict.pinyin_dict.values()
    style = _pinyin().style
    spoken: set[str] = set()
    for reading in readings:
        for one in reading.split(","):
            spoken.add(style.convert(one, _pinyin().Style.NORMAL, strict=False))
    return frozenset(one for one in spoken if _LETTERS.fullmatch(one))


@lru_cache(maxsize=10_000)
def as_syllables(letters: str) -> tuple[str, ...] | None:
    """Cut letters into pinyin syllables, longest first; None if they cannot be."""
    if not letters:
        return ()
    known = all_syllables()
    for length in range(min(6, len(letters)), 0, -1):
        if letters[:length] in known and (rest := as_syllables(letters[length:])) is not None:
            return (letters[:length], *rest)
    return None


class Sounds(msgspec.Struct, frozen=True):
    """By which sounds a text is found."""

    pinyin: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=20_000)
def _sounds_of_run(han: str) -> Sounds:
    heard = syllables(han)
    pinyin = {sound(word) for word in _cut_small(han)}
    initials = set()
    for start in range(len(heard)):
        for end in range(start + 2, min(len(heard), start + _LONGEST_SOUND) + 1):
            pinyin.add("".join(heard[start:end]))
            initials.add("".join(one[:1] for one in heard[start:end]))
    return Sounds(frozenset(pinyin - {""}), frozenset(initials - {""}))


def sounds(text: str) -> Sounds:
    """List the pinyin of a plain text's words and of any 2 to 6 characters in a row, and the initials of these."""
    pinyin: set[str] = set()
    initials: set[str] = set()
    for han in _HAN_RUN.findall(text):
        heard = _sounds_of_run(han)
        pinyin |= heard.pinyin
        initials |= heard.initials
    return Sounds(frozenset(pinyin), frozenset(initials))


def warm() -> None:
    """Read all dictionaries now, so that nobody waits for them later."""
    plain("鋼卷")
    mainland("鋼卷")
    sounds("钢卷")
    as_syllables("gangjuan")
