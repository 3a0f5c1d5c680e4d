"""A choice of figures as an address: what a reader picked, in words that stay the same, so that a link can be kept for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput
from cohong.statistics.figures.selecting import Choice
from cohong.statistics.periods import Frequency

ALL: Final = "*"
MOST_INDICATORS: Final = 12
MOST_PLACES: Final = 60
_LENGTH: Final = 40


class FrequencyUnknown(BadInput):
    """There is no such frequency."""

    message = _("Choose months, quarters or years.")


class NothingChosen(BadInput):
    """No indicator is chosen."""

    message = _("Please choose at least one indicator.")


class TooMuchChosen(BadInput):
    """More is chosen than fits on a page."""

    message = _("Please choose at most {indicators} indicators and {places} places of a kind.")


def read(lists: Callable[[str], Sequence[str]]) -> Choice:
    """Read a choice from an address's parameters (`lists` gives all values of one). What is unknown is looked for later.

    Raises FrequencyUnknown, NothingChosen, TooMuchChosen.
    """
    indicators = _values(lists("indicator"))
    if not indicators:
        raise NothingChosen
    frequency = (_values(lists("frequency")) or (Frequency.MONTH.value,))[0]
    if frequency not in {one.value for one in Frequency}:
        raise FrequencyUnknown
    places = [_values(lists(name)) for name in ("region", "industry", "market")]
    if len(indicators) > MOST_INDICATORS or any(len(one) > MOST_PLACES for one in places):
        raise TooMuchChosen(indicators=MOST_INDICATORS, places=MOST_PLACES)
    regions, industries, markets = (_places(one) for one in places)
    return Choice(
        indicators=indicators,
        frequencies=(Frequency(frequency),),
        regions=regions,
        industries=industries,
        markets=markets,
        first=_first(lists("from")),
        last=_first(lists("to")),
    )


def read_release(lists: Callable[[str], Sequence[str]]) -> int | None:
    """Read which release is asked for; None is the newest."""
    said = _first(lists("release"))
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 18 else None  # noqa: PLR2004 - a bigint


def write(choice: Choice, *, release: int | None = None) -> str:
    """Write a choice as the query of an address; with a release it shows the same figures for ever."""
    pairs: list[tuple[str, str]] = [("indicator", code) for code in choice.indicators]
    pairs.append(("frequency", choice.frequencies[0].value))
    for name, places in (
        ("region", choice.regions),
        ("industry", choice.industries),
        ("market", choice.markets),
    ):
        if places is None:
            pairs.append((name, ALL))
        elif places != ("",):
            pairs += [(name, one or "total") for one in places]
    pairs += [(name, code) for name, code in (("from", choice.first), ("to", choice.last)) if code]
    if release is not None:
        pairs.append(("release", str(release)))
    return urlencode(pairs)


def as_data(choice: Choice) -> dict[str, Any]:
    """Write a choice as JSON."""
    return {
        "indicator": list(choice.indicators),
        "frequency": [choice.frequencies[0].value],
        "region": _written(choice.regions),
        "industry": _written(choice.industries),
        "market": _written(choice.markets),
        "from": [choice.first],
        "to": [choice.last],
    }


def from_data(data: Mapping[str, Sequence[str]]) -> Choice:
    """Read a choice that `as_data` wrote."""
    return read(lambda name: data.get(name, ()))


def total_only(choice: Choice) -> Choice:
    """Return the same without places."""
    return replace(choice, regions=("",), industries=("",), markets=("",))


def _written(places: tuple[str, ...] | None) -> list[str]:
    return [ALL] if places is None else [one or "total" for one in places]


def _places(found: tuple[str, ...]) -> tuple[str, ...] | None:
    if ALL in found:
        return None
    return tuple("" if one == "total" else one for one in found) or ("",)


def _values(found: Sequence[str]) -> tuple[str, ...]:
    # A comma serves those who write addresses by hand.
    parts = (part.strip()[:_LENGTH] for one in found for part in one.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _first(found: Sequence[str]) -> str:
    return found[0].strip()[:_LENGTH] if found else ""
