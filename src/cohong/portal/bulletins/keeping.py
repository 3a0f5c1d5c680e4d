"""A bulletin's PDF: set when it is first asked for, then kept, so that a release's bulletin is the same file for ever.

It is written whole: a file is there with all its bytes or not at all, whatever is killed on the way.
"""

import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation

from cohong.kernel.ids import new_id
from cohong.portal.design.templatetags.portal import day
from cohong.portal.printing import typesetting
from cohong.portal.printing.sheets import Bulletin as Sheet
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency, Period

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)


def bulletin_pdf(*, period: str, language: str, release: int | None = None) -> bytes:
    """Return a month's bulletin as PDF, as a release shows it (the newest); of January and February there is one of both.

    Raises `NoSuchRelease`, `PeriodUnreadable`.
    """
    wanted = Period.parse(period)
    if wanted.frequency is not Frequency.MONTH:
        raise statistics.PeriodUnreadable(code=period)
    if language not in LANGUAGES:
        raise ValueError(f"no bulletin is written in {language}")
    shown = (
        statistics.release(release_id=release)
        if release is not None
        else next(iter(statistics.releases(limit=1)), None)
    )
    if shown is None:
        raise statistics.NoSuchRelease
    # By its document, not its number: a database that was made anew counts from one again.
    name = f"{wanted.start:%Y-%m}-{wanted.end:%m}-{language}.pdf"
    path = settings.DATA_FOLDER / "bulletins" / str(shown.document) / name
    try:
        return bytes(path.read_bytes())
    except FileNotFoundError:
        content = _set(wanted, language, shown.id)
        _keep(path, content)
        return content


def _set(period: Period, language: str, release: int) -> bytes:
    text = statistics.bulletin(period=period, language=language, release=release)
    with translation.override(language):
        sheet = Sheet(said=text, published=f"{text.published} {day(text.published_at)}")
        return typesetting.pdf("bulletin", sheet, at=text.published_at)


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{new_id().hex}.part")
    with draft.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(path)
