"""Open data: everything that is published, as whole data sets that anybody may take and use.

A file is written when somebody asks for it first, whole or not at all, and kept for its release. It says the same in all
languages: codes and Chinese names, and a code book in each.
"""

import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cohong.kernel import sets
from cohong.kernel.errors import NotFound
from cohong.statistics import durable
from cohong.statistics.figures.selecting import Choice, NothingPublished, choose, release_of
from cohong.statistics.indicators.definitions import Definition, Texts, tree
from cohong.statistics.periods import Frequency
from cohong.statistics.publishing.selectors import ReleaseView
from cohong.statistics.research import books, files, tables
from cohong.statistics.research.files import Format

FORMATS: Final = (Format.CSV, Format.PARQUET)
_EVERYTHING: Final = 3_000_000
_RELEASES_KEPT: Final = 3
_DRAFTS_KEPT_S: Final = 3_600
_LANGUAGES: Final = ("zh-hans", "zh-hant", "en")


class NoSuchDataSet(NotFound):
    """There is no such data set, or it is not made in this format."""

    message = _("There is no such data set.")


class DataSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data set: the public indicators of one group."""

    code: str
    names: Texts
    about: Texts

    @property
    def indicators(self) -> tuple[Definition, ...]:
        """Return its indicators."""
        return tuple(one for one in tree().by_code.values() if one.is_public and one.group == self.code)


@dataclass(frozen=True, slots=True)
class Offer:
    """A data set with what a release has of it: years and number of figures, 0 where it has none."""

    of: DataSet
    release: ReleaseView
    first: str
    last: str
    figures: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    data_set: list[DataSet]


@cache
def data_sets() -> tuple[DataSet, ...]:
    """Return the data sets, in their order."""
    text = resources("cohong.statistics").joinpath("data/open_data.toml").read_text()
    return tuple(msgspec.convert(tomllib.loads(text), _File).data_set)


def data_set(code: str) -> DataSet:
    """Return one. Raises NoSuchDataSet."""
    found = next((one for one in data_sets() if one.code == code), None)
    if found is None:
        raise NoSuchDataSet
    return found


_counted: dict[UUID, dict[str, tuple[str, str, int]]] = {}


def offers(*, release_id: int | None = None) -> list[Offer]:
    """List what is open, as a release (the newest) has it; nothing before the first. Raises NoSuchRelease."""
    try:
        release = release_of(release_id)
    except NothingPublished:
        return []
    # A release never changes, so it is counted once.
    if release.document not in _counted:
        while len(_counted) > _RELEASES_KEPT:
            _counted.pop(next(iter(_counted)))
        found = sets.fetch(
            "select indicator, min(left(period, 4)), max(left(period, 4)),"
            " count(distinct (region, industry, market, period)) from statistics_released_value"
            " where release_id <= %s group by 1",
            (release.id,),
        )
        _counted[release.document] = {code: (first, last, count) for code, first, last, count in found}
    return [_offer(one, release, _counted[release.document]) for one in data_sets()]


def _offer(of: DataSet, release: ReleaseView, counted: dict[str, tuple[str, str, int]]) -> Offer:
    known = [counted[one.code] for one in of.indicators if one.code in counted]
    first, last = min((one[0] for one in known), default=""), max((one[1] for one in known), default="")
    return Offer(of, release, first, last, sum(one[2] for one in known))


def export(*, code: str, format_: Format, release_id: int | None = None, address: str = "") -> Path:
    """Return the file of a data set as a release (the newest) shows it, made if there is none yet.

    `address` is where the file is found again, for the citation. Raises NoSuchDataSet, NothingPublished, NoSuchRelease.
    """
    of = data_set(code)
    if format_ not in FORMATS:
        raise NoSuchDataSet
    release = release_of(release_id)
    folder = Path(settings.DATA_FOLDER) / "statistics" / str(connection.settings_dict["NAME"]) / "open"
    path = folder / f"{code}-{release.id}-{release.document.hex[-8:]}.{format_.ending}"
    if not path.exists():
        content = _content(of, release, format_, address)
        durable.write_whole(path, lambda draft: draft.write_bytes(content))
        _sweep(folder, code, format_)
    return path


def _content(of: DataSet, release: ReleaseView, format_: Format, address: str) -> bytes:
    codes = tuple(one.code for one in of.indicators)
    with translation.override("zh-hans"):
        chosen = choose(
            Choice(
                indicators=codes, frequencies=tuple(Frequency), regions=None, industries=None, markets=None
            ),
            release_id=release.id,
            most=_EVERYTHING,
        )
        citation = books.citation(codes, release, address)
        rows = tables.rows(chosen)
        if format_ is Format.CSV:
            figures = files.csv_text(tables.COLUMNS, rows)
        else:
            figures = files.parquet(rows, metadata={"citation": citation})
    members = {f"{of.code}.{format_.value}": figures, "citation.txt": f"{citation}\n".encode()}
    places = {(one.region, one.industry, one.market) for one in chosen.figures}
    for language, book in _code_books(codes, places):
        members[f"codebook.{language}.csv"] = book
    return files.archive(members)


def _code_books(codes: tuple[str, ...], places: set[tuple[str, str, str]]) -> Iterator[tuple[str, bytes]]:
    for language in _LANGUAGES:
        with translation.override(language):
            yield language, files.csv_text(books.COLUMNS, books.code_book(codes, places=places))


def _sweep(folder: Path, code: str, format_: Format) -> None:
    """Delete files of old releases, which can be made again, and what a kill left behind."""
    kept = sorted(
        folder.glob(f"{code}-*.{format_.ending}"), key=lambda one: one.stat().st_mtime, reverse=True
    )
    old = [
        one for one in folder.glob(f"*{durable.DRAFT}") if time.time() - one.stat().st_mtime > _DRAFTS_KEPT_S
    ]
    for one in (*kept[_RELEASES_KEPT:], *old):
        one.unlink(missing_ok=True)
