"""What was meant: the word in what was found that comes closest to the word that was typed."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from cohong.catalog.search import text
from cohong.catalog.search.text import Run

_SAME_SOUND, _BEGINS, _LETTERS, _ONE_CHARACTER, _NEAR_SOUND, _INITIALS = range(6)
_LONGEST: Final = 6
_FAR: Final = 3


def meant(run: Run, found: Iterable[str]) -> str | None:
    """Take from texts that were found the word that this run stands for: the closest one, of several the most frequent."""
    votes: Counter[tuple[float, str]] = Counter()
    for one in found:
        near = _nearest(run, one)
        if near is not None:
            votes[near] += 1
    if not votes:
        return None
    closest = min(closeness for closeness, _ in votes)
    return max(
        ((count, word) for (closeness, word), count in votes.items() if closeness == closest),
        key=lambda vote: (vote[0], -len(vote[1]), vote[1]),
    )[1]


def _nearest(run: Run, found: str) -> tuple[float, str] | None:
    if any(run.text in one.text if run.is_han else run.text == one.text for one in text.runs(found)):
        return -1, run.text
    near = _han_nearest(run.text, found) if run.is_han else _latin_nearest(run.text, found)
    return min(near, default=None)


def _han_nearest(word: str, found: str) -> list[tuple[float, str]]:
    size = len(word)
    heard = text.sound(word)
    near: list[tuple[float, str]] = []
    for run in text.runs(found):
        if not run.is_han:
            continue
        for start in range(len(run.text) - size + 1):
            candidate = run.text[start : start + size]
            differing = sum(one != other for one, other in zip(word, candidate, strict=True))
            if "".join(text.syllables(run.text)[start : start + size]) == heard:
                # Of words that sound alike, the one that has more of the same characters is meant.
                near.append((_SAME_SOUND + differing / 100, candidate))
            elif differing == 1 and size > 2:  # noqa: PLR2004 - of two characters, both count
                near.append((_ONE_CHARACTER, candidate))
    return near


def _latin_nearest(word: str, found: str) -> list[tuple[float, str]]:
    near: list[tuple[float, str]] = []
    for run in text.runs(found):
        if run.is_han:
            near += _sounding(word, run.text)
        elif run.text.startswith(word):
            near.append((_BEGINS, run.text))
        elif distance(word, run.text) < _FAR - (len(word) < 8):  # noqa: PLR2004 - as the query forgives
            near.append((_LETTERS, run.text))
    return near


def _sounding(letters: str, han: str) -> list[tuple[float, str]]:
    heard = text.syllables(han)
    near: list[tuple[float, str]] = []
    for start in range(len(heard)):
        for end in range(start + 1, min(len(heard), start + _LONGEST) + 1):
            sound = "".join(heard[start:end])
            if sound == letters:
                near.append((_SAME_SOUND, han[start:end]))
            elif len(letters) >= _LONGEST and distance(letters, sound) == 1:
                near.append((_NEAR_SOUND, han[start:end]))
            elif "".join(one[:1] for one in heard[start:end]) == letters:
                near.append((_INITIALS, han[start:end]))
    return near


def distance(one: str, other: str) -> int:
    """Count the letters to change, add, leave out or swap with their neighbour; `_FAR` for whatever is that far or farther."""
    if abs(len(one) - len(other)) >= _FAR:
        return _FAR
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, here[column - 1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(here) >= _FAR:
            return _FAR
        before, last = last, here
    return min(last[-1], _FAR)
