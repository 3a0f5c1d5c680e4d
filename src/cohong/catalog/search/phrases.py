"""What is proposed while somebody types: the phrases of titles, and sellers, by how their beginning may be typed.

Each is kept under several keys: from each of its characters or words on, as it is written, in pinyin, and by initials.
In the index a key is one term, `kind:key¦shown`, so that a look at the terms with a prefix finds what may be meant, and
how many listings have it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from cohong.catalog.search import text
from cohong.parties.api import PartyView

GOODS, SELLERS = "g", "s"
SPACE: Final = "␣"
"""Stands for the space inside a key: terms are parted by spaces."""
_LONGEST_RUN: Final = 8  # characters; of a longer one, the words are proposed two by two
_MOST_WORDS: Final = 6
_CHUNKS = re.compile(r"[,;:/()|，；：（）]+")
_SAFE = re.compile(rf"[\s{text.BREAK}{SPACE}]+")


def term(kind: str, key: str, shown: str) -> str:
    """Write one term."""
    return f"{kind}:{_joined(key)}{text.BREAK}{_joined(shown)}"


def prefix(kind: str, typed: str) -> str:
    """Write the prefix with which terms are looked for."""
    return f"{kind}:{_joined(typed)}"


def shown_of(found: str) -> str:
    """Read from a term what it proposes."""
    return found.partition(text.BREAK)[2].replace(SPACE, " ")


def key_of(found: str) -> str:
    """Read from a term under which key it stands."""
    return found.partition(text.BREAK)[0].partition(":")[2].replace(SPACE, " ")


def _joined(words: str) -> str:
    return _SAFE.sub(SPACE, words.strip())


def phrase_keys(title: str, title_en: str) -> set[str]:
    """List the terms of a listing's titles."""
    found = {one for chunk in text.plain(title).split() for one in _of_chunk(chunk)}
    for chunk in _CHUNKS.split(text.plain(title_en)):
        found.update(_of_words(tuple(chunk.split())))
    return found


@lru_cache(maxsize=20_000)
def _of_chunk(chunk: str) -> frozenset[str]:
    return frozenset(
        term(GOODS, key, shown)
        for shown in _phrases_of(chunk)
        for start in range(len(shown))
        if start == 0 or text.has_han(shown[start - 1 : start + 1])
        for key in _ways(shown[start:])
    )


def _phrases_of(chunk: str) -> Iterator[str]:
    """Give what of a title's chunk is worth proposing: all of it, or of a long one its words two by two."""
    runs = text.runs(chunk)
    if not any(run.is_han for run in runs):
        return
    if len(chunk) <= _LONGEST_RUN:
        if len(chunk) > 1:
            yield chunk
        return
    words = [word for run in runs for word in (text.cut(run.text) if run.is_han else (run.text,))]
    for first, second in pairwise(words):
        yield first + second


def _ways(words: str) -> Iterator[str]:
    yield words
    heard = [
        one for run in text.runs(words) for one in (text.syllables(run.text) if run.is_han else (run.text,))
    ]
    yield "".join(heard)
    if len(heard) > 1:
        yield "".join(one[:1] for one in heard)


def _of_words(words: tuple[str, ...]) -> Iterator[str]:
    if not words or len(words) > _MOST_WORDS:
        return
    for start in range(len(words)):
        rest = " ".join(words[start:])
        if words[start][:1].isalpha() and len(rest) > 2:  # noqa: PLR2004 - two letters are no phrase
            yield term(GOODS, rest, rest)


def seller_keys(seller: PartyView) -> set[str]:
    """List the terms of a seller's names; what they propose is the seller's id."""
    return set(_of_seller(seller.id.hex, seller.name, seller.name_en))


@lru_cache(maxsize=5_000)
def _of_seller(id_: str, name: str, name_en: str) -> frozenset[str]:
    keys: set[str] = set()
    plain = text.plain(name)
    for run in text.runs(plain):
        if run.is_han:
            starts = _word_starts(run.text)
            keys.update(way for start in starts for way in _ways(run.text[start:]))
    words = text.plain(name_en).split()
    keys.update(" ".join(words[start:]) for start in range(min(3, len(words))))
    return frozenset(term(SELLERS, key, id_) for key in keys)


def _word_starts(run: str) -> list[int]:
    # The last words of a company's name say what kind it is: nobody looks for them.
    return list(range(max(1, len(run) - 4)))
