"""Charts that the server draws: plain SVG that needs no script, fits any width, and can be read as a table too.

Text keeps its size whatever the width: places along the x axis are percentages, heights are pixels. Only a line's path is
stretched, in a picture of its own inside the chart. Figures are whole numbers or decimals; `shown` says how one is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

Number = int | Decimal

HEIGHT: Final = 168
_TOP, _FOOT = 12, 24
_LEFT_PERCENT, _LEFT_MOST = Decimal(9), Decimal(18)
_NARROWEST: Final = 330
_WIDE_CHARACTER, _NARROW_CHARACTER = Decimal("11.5"), Decimal("6.4")
_APART: Final = 10
_MOST_DOTS: Final = 24
_MOST_LABELS: Final = 6
_GROUP_SHARE: Final = Decimal("0.72")
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_WANTED_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Series:
    """Figures under one name, one for each label, or None. `tone` picks the ink: blue, jade, soft, or call (cinnabar)."""

    name: str
    values: Sequence[Number | None]
    tone: str = "blue"


@dataclass(frozen=True, slots=True)
class Band:
    """An interval around a line, one for each label; None where there is none."""

    name: str
    low: Sequence[Number | None]
    high: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class _Tick:
    y: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class _Label:
    x: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    x: Decimal
    width: Decimal
    y: Decimal
    height: Decimal
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class _Line:
    points: str
    tone: str
    dots: tuple[tuple[Decimal, Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws, and `rows` (label, figures as written) for those who would rather read."""

    title: str
    height: int
    left: Decimal
    baseline: Decimal
    ticks: tuple[_Tick, ...]
    labels: tuple[_Label, ...]
    columns: tuple[_Column, ...]
    lines: tuple[_Line, ...]
    bands: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def dot(self) -> str:
        """Say how large a line's dots are: small where there are many."""
        return "3" if len(self.rows) <= _MOST_DOTS else "1.5"

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not self.rows


Shown = Callable[[Any], str]


def plain(value: Number) -> str:
    """Write a figure with its thousands apart."""
    return f"{value:,}"


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    shown: Shown = plain,
    axis: Shown | None = None,
) -> Chart:
    """Draw columns, side by side where there are several series. `axis` writes the ticks, if shorter than `shown`."""
    frame = _Frame(labels, _Scale(series), axis or shown)
    width = frame.slot * _GROUP_SHARE / max(1, len(series))
    drawn = []
    for number, one in enumerate(series):
        for index, value in enumerate(one.values):
            if value is None:
                continue
            x = frame.left + frame.slot * index + frame.slot * (1 - _GROUP_SHARE) / 2 + width * number
            top, bottom = sorted((frame.scale.y(value), frame.scale.baseline))
            said = f"{labels[index]} · {one.name}: {shown(value)}"
            drawn.append(_Column(_cut(x), _cut(width), top, max(bottom - top, Decimal(0)), one.tone, said))
    return _chart(frame, series, title=title, shown=shown, columns_=tuple(drawn))


def stacked(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    shown: Shown = plain,
    axis: Shown | None = None,
) -> Chart:
    """Draw columns one upon the other: parts of a whole, none of them below zero. What is not known has no part."""
    sums = [
        sum((Decimal(one.values[index] or 0) for one in series), Decimal(0)) for index in range(len(labels))
    ]
    frame = _Frame(labels, _Scale([Series("", sums)]), axis or shown)
    width = frame.slot * _GROUP_SHARE
    drawn = []
    for index, label in enumerate(labels):
        x, below = frame.left + frame.slot * index + frame.slot * (1 - _GROUP_SHARE) / 2, Decimal(0)
        for one in series:
            value = one.values[index]
            if value is None or value <= 0:
                continue
            top, bottom = frame.scale.y(below + Decimal(value)), frame.scale.y(below)
            said = f"{label} · {one.name}: {shown(value)}"
            drawn.append(_Column(_cut(x), _cut(width), top, bottom - top, one.tone, said))
            below += Decimal(value)
    return _chart(frame, series, title=title, shown=shown, columns_=tuple(drawn))


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    shown: Shown = plain,
    axis: Shown | None = None,
    band: Band | None = None,
) -> Chart:
    """Draw a line for each series, broken where a figure is missing; a band behind them, if there is one."""
    edges = [] if band is None else [Series("", band.low), Series("", band.high)]
    frame = _Frame(labels, _Scale([*series, *edges]), axis or shown)
    drawn = [line for one in series for line in _runs(frame, one, shown)]
    bands: tuple[str, ...] = ()
    if band is not None:
        pairs = [
            (frame.x(index), low, high)
            for index, (low, high) in enumerate(zip(band.low, band.high, strict=True))
            if low is not None and high is not None
        ]
        outline = [(x, high) for x, _, high in pairs] + [(x, low) for x, low, _ in reversed(pairs)]
        bands = (" ".join(f"{x},{frame.scale.y(value)}" for x, value in outline),) if pairs else ()
    return _chart(frame, series, title=title, shown=shown, lines_=tuple(drawn), bands=bands)


def _runs(frame: "_Frame", one: Series, shown: Shown) -> list[_Line]:
    """Cut a line where figures are missing."""
    runs: list[list[tuple[Decimal, Decimal, str]]] = [[]]
    for index, value in enumerate(one.values):
        if value is None:
            runs.append([])
            continue
        said = f"{frame.labels[index]} · {one.name}: {shown(value)}"
        runs[-1].append((frame.x(index), frame.scale.y(value), said))
    return [
        _Line(" ".join(f"{x},{y}" for x, y, _ in spots), one.tone, tuple(spots)) for spots in runs if spots
    ]


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes, 100 wide and 24 high: only how it went."""

    points: tuple[str, ...]
    end: tuple[Decimal, Decimal] | None


def spark(values: Sequence[Number | None]) -> Spark:
    """Draw how something went, from its lowest to its highest; broken where a figure is missing."""
    known = [Decimal(value) for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return Spark((), None)
    low, span = min(known), max(known) - min(known)
    runs: list[list[tuple[Decimal, Decimal]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        height = (Decimal(value) - low) / span if span else Decimal("0.5")
        runs[-1].append((_cut(Decimal(index) * 96 / (len(values) - 1) + 2), _cut(21 - height * 18)))
    spots = [run for run in runs if run]
    return Spark(tuple(" ".join(f"{x},{y}" for x, y in run) for run in spots), spots[-1][-1])


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a ranking: its share of the longest, in percent."""

    label: str
    shown: str
    percent: Decimal
    to: str


def bars(
    items: Sequence[tuple[str, Number]], *, shown: Shown = plain, links: Sequence[str] = ()
) -> tuple[Bar, ...]:
    """Rank figures as horizontal bars, in the order given; what is below zero has no bar."""
    most = max((Decimal(value) for _, value in items), default=Decimal(0))
    return tuple(
        Bar(
            label,
            shown(value),
            _cut(max(Decimal(0), Decimal(value)) * 100 / most) if most > 0 else Decimal(0),
            links[index] if index < len(links) else "",
        )
        for index, (label, value) in enumerate(items)
    )


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of many small charts, 100 wide and 48 high: its line, the ground under it, zero's height, its ends in words."""

    label: str
    to: str
    points: tuple[str, ...]
    areas: tuple[str, ...]
    zero: Decimal
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small charts side by side, the ends of their common scale, and all of it as a table."""

    title: str
    items: tuple[Multiple, ...]
    low: str
    high: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def multiples(
    labels: Sequence[str],
    parts: Sequence[tuple[str, Sequence[Number | None]]],
    *,
    title: str,
    shown: Shown = plain,
    axis: Shown | None = None,
    links: Sequence[str] = (),
    common: bool = True,
) -> Multiples:
    """Draw a small line for each part, broken where a figure is missing; on one scale, or with `common` off each on its own.

    Every scale has zero in it: heights are to be compared.
    """
    whole = _ends([value for _, values in parts for value in values])
    items = []
    for place, (label, values) in enumerate(parts):
        if len(values) != len(labels):
            raise ValueError(f"{label}: {len(values)} figures for {len(labels)} labels")
        known = [value for value in values if value is not None]
        low, high = whole if common else _ends(values)
        zero = _small_y(0, low, high)
        runs = _small_runs(values, low, high)
        items.append(
            Multiple(
                label=label,
                to=links[place] if place < len(links) else "",
                points=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs),
                areas=tuple(
                    " ".join(f"{x},{y}" for x, y in [(run[0][0], zero), *run, (run[-1][0], zero)])
                    for run in runs
                ),
                zero=zero,
                first=shown(known[0]) if known else "–",
                last=shown(known[-1]) if known else "–",
            )
        )
    write = axis or shown
    return Multiples(
        title=title,
        items=tuple(items),
        low=write(_whole(whole[0])),
        high=write(_whole(whole[1])),
        rows=tuple(
            (text, tuple("–" if (value := values[index]) is None else shown(value) for _, values in parts))
            for index, text in enumerate(labels)
        ),
    )


def _ends(values: Sequence[Number | None]) -> tuple[Decimal, Decimal]:
    """Return where a scale begins and ends: at zero or below, and at a round figure that holds the highest."""
    scale = _Scale([Series("", values)])
    return scale.low, scale.high


def _small_y(value: Number, low: Decimal, high: Decimal) -> Decimal:
    return _cut(2 + (high - Decimal(value)) / (high - low) * 44)


def _small_runs(
    values: Sequence[Number | None], low: Decimal, high: Decimal
) -> list[list[tuple[Decimal, Decimal]]]:
    runs: list[list[tuple[Decimal, Decimal]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        across = _cut(Decimal(index) * 96 / max(1, len(values) - 1) + 2)
        runs[-1].append((across, _small_y(value, low, high)))
    return [run for run in runs if run]


class _Scale:
    """From figures to heights. The axis begins at zero: a column's length is its meaning."""

    def __init__(self, series: Sequence[Series]) -> None:
        every = [Decimal(value) for one in series for value in one.values if value is not None]
        low, high = min([Decimal(0), *every]), max([Decimal(0), *every])
        # Of what comes in whole numbers there is no half.
        whole = all(value == value.to_integral_value() for value in every)
        self.step = _step(high - low, whole=whole)
        self.low = (low / self.step).to_integral_value(rounding="ROUND_FLOOR") * self.step
        self.high = (high / self.step).to_integral_value(rounding="ROUND_CEILING") * self.step
        if self.low == self.high:
            self.high += self.step
        self.baseline = self.y(0)

    def y(self, value: Number) -> Decimal:
        part = (self.high - Decimal(value)) / (self.high - self.low)
        return _cut(_TOP + part * (HEIGHT - _TOP - _FOOT))

    def ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * index for index in range(count + 1)]


def _step(span: Decimal, *, whole: bool) -> Decimal:
    """Choose a round distance between ticks, so that there are about four of them."""
    if span <= 0:
        return Decimal(1)
    rough = span / _WANTED_TICKS
    if whole:
        rough = max(rough, Decimal(1))
    power = Decimal(10) ** rough.adjusted()
    steps = (factor * power for factor in _STEPS)
    return next(step for step in steps if step >= rough and not (whole and step % 1))


class _Frame:
    """Where things stand along the x axis: right of the ticks' labels, however long these are."""

    def __init__(self, labels: Sequence[str], scale: _Scale, write: Shown) -> None:
        self.labels, self.scale = labels, scale
        self.ticks = tuple(_Tick(scale.y(value), write(_whole(value))) for value in scale.ticks())
        longest = max((_breadth(tick.label) for tick in self.ticks), default=Decimal(0))
        self.left = _cut(min(_LEFT_MOST, max(_LEFT_PERCENT, (longest - 4) * 100 / _NARROWEST)))
        self.slot = (100 - self.left) / max(1, len(labels))

    def x(self, index: int) -> Decimal:
        """Return the middle of a label's place, in percent."""
        return _cut(self.left + self.slot * (index + Decimal("0.5")))


def _breadth(text: str) -> Decimal:
    """Tell about how many pixels a label takes."""
    return sum((_WIDE_CHARACTER if ord(one) > 0x2E80 else _NARROW_CHARACTER for one in text), Decimal(0))  # noqa: PLR2004


def _cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _chart(
    frame: _Frame,
    series: Sequence[Series],
    *,
    title: str,
    shown: Shown,
    columns_: tuple[_Column, ...] = (),
    lines_: tuple[_Line, ...] = (),
    bands: tuple[str, ...] = (),
) -> Chart:
    labels = frame.labels
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} figures for {len(labels)} labels")
    longest = max((_breadth(label) for label in labels), default=Decimal(0))
    most = max(1, min(_MOST_LABELS, int(_NARROWEST * (1 - frame.left / 100) / (longest + _APART))))
    every = -(-len(labels) // most) or 1

    def written(value: Number | None) -> str:
        return "–" if value is None else shown(value)

    return Chart(
        title=title,
        height=HEIGHT,
        left=frame.left,
        baseline=frame.scale.baseline,
        ticks=frame.ticks,
        labels=tuple(_Label(frame.x(index), text) for index, text in enumerate(labels) if index % every == 0),
        columns=columns_,
        lines=lines_,
        bands=bands,
        legend=tuple((one.name, one.tone) for one in series),
        rows=tuple(
            (text, tuple(written(one.values[index]) for one in series)) for index, text in enumerate(labels)
        ),
    )


def _whole(value: Decimal) -> Number:
    """Make a whole tick an integer: money is written from whole minor units."""
    return int(value) if value == value.to_integral_value() else value


def short(value: Number) -> str:
    """Write a figure for an axis in as few characters as its size allows: 12 k, 3.5 M."""
    size = abs(Decimal(value))
    for limit, letter in ((Decimal(10) ** 9, "G"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k")):
        if size >= limit:
            return f"{(Decimal(value) / limit).quantize(Decimal('0.1')).normalize():f}{letter}"
    return f"{Decimal(value).normalize():f}"
