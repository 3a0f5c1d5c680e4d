"""What a bulletin is made of, ready to be set: every text in one language, every number written."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure: what it is, how much, and how it moved (empty where nothing can be said)."""

    name: str
    value: str
    change: str
    rose: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be drawn: its name, and a height for each label; None where nothing is known or shown."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines over the same labels. `unit` is what their heights are in."""

    title: str
    unit: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, and how long its bar is, as a share of the longest (0 to 1)."""

    cells: tuple[str, ...]
    bar: float


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table: its caption, the unit its amounts are in, the heads of its columns, and its rows."""

    caption: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the bulletin: sentences, then what is drawn, then what is tabled."""

    heading: str
    paragraphs: tuple[str, ...]
    drawing: Drawing | None = None
    tables: tuple[Tabled, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The bulletin of a period, as a release shows it."""

    title: str
    period: str
    issue: str
    release: int
    published: str
    published_at: datetime
    disclaimer: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    definitions_heading: str
    definitions: tuple[tuple[str, str], ...]
    notes_heading: str
    notes: tuple[str, ...]
    foot: str
