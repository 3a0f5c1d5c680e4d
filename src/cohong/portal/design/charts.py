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
_LEFT_PERCENT: Final = Decimal(9)
_MOST_LABELS: Final = 6
_GROUP_SHARE: Final = Decimal("0.72")
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_WANTED_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Series:
    """Figures under one name, one for each label. `tone` picks the ink: blue, jade, soft, or call (cinnabar)."""

    name: str
    values: Sequence[Number]
    tone: str = "blue"


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
    legend: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

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
    scale = _Scale(series)
    slot = _slot(labels)
    width = slot * _GROUP_SHARE / max(1, len(series))
    drawn = []
    for number, one in enumerate(series):
        for index, value in enumerate(one.values):
            x = _LEFT_PERCENT + slot * index + slot * (1 - _GROUP_SHARE) / 2 + width * number
            top, bottom = sorted((scale.y(value), scale.baseline))
            said = f"{labels[index]} · {one.name}: {shown(value)}"
            drawn.append(_Column(_cut(x), _cut(width), top, max(bottom - top, Decimal(0)), one.tone, said))
    return _chart(labels, series, scale, title=title, shown=shown, axis=axis, columns_=tuple(drawn))


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    shown: Shown = plain,
    axis: Shown | None = None,
) -> Chart:
    """Draw a line for each series."""
    scale = _Scale(series)
    slot = _slot(labels)
    drawn = []
    for one in series:
        spots = [
            (
                _cut(_LEFT_PERCENT + slot * (index + Decimal("0.5"))),
                scale.y(value),
                f"{labels[index]} · {one.name}: {shown(value)}",
            )
            for index, value in enumerate(one.values)
        ]
        drawn.append(_Line(" ".join(f"{x},{y}" for x, y, _ in spots), one.tone, tuple(spots)))
    return _chart(labels, series, scale, title=title, shown=shown, axis=axis, lines_=tuple(drawn))


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


class _Scale:
    """From figures to heights. The axis begins at zero: a column's length is its meaning."""

    def __init__(self, series: Sequence[Series]) -> None:
        every = [Decimal(value) for one in series for value in one.values]
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


def _slot(labels: Sequence[str]) -> Decimal:
    return (100 - _LEFT_PERCENT) / max(1, len(labels))


def _cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _chart(
    labels: Sequence[str],
    series: Sequence[Series],
    scale: _Scale,
    *,
    title: str,
    shown: Shown,
    axis: Shown | None,
    columns_: tuple[_Column, ...] = (),
    lines_: tuple[_Line, ...] = (),
) -> Chart:
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: {len(one.values)} figures for {len(labels)} labels")
    slot = _slot(labels)
    every = -(-len(labels) // _MOST_LABELS) or 1
    write = axis or shown
    return Chart(
        title=title,
        height=HEIGHT,
        left=_LEFT_PERCENT,
        baseline=scale.baseline,
        ticks=tuple(_Tick(scale.y(value), write(_whole(value))) for value in scale.ticks()),
        labels=tuple(
            _Label(_cut(_LEFT_PERCENT + slot * (index + Decimal("0.5"))), text)
            for index, text in enumerate(labels)
            if index % every == 0
        ),
        columns=columns_,
        lines=lines_,
        legend=tuple((one.name, one.tone) for one in series),
        rows=tuple(
            (text, tuple(shown(one.values[index]) for one in series)) for index, text in enumerate(labels)
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
