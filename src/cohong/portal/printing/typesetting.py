"""From a sheet to its PDF: data in, bytes out, no files written, nothing fetched from elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import manimgx_fonts_cjk
import msgspec
import typst
from django.utils.translation import get_language

from cohong.kernel import clock

TEMPLATES: Final = Path(__file__).resolve().parent
Template = Literal["labels", "slips", "statement", "bulletin"]

#: The same font has a form of each character for each place where it is written.
_FONTS: Final = {"zh-hant": "Noto Sans CJK TC"}
_FONT: Final = "Noto Sans CJK SC"


def pdf(template: Template, data: Any, *, at: datetime | None = None) -> bytes:
    """Set a sheet and return its PDF, tagged so that it can be read aloud, too; dated now, or as told.

    The same sheet of the same date gives the same bytes.
    """
    return bytes(_compile(template, data, "pdf", at=at))


def pictures(template: Template, data: Any, *, ppi: int = 144) -> list[bytes]:
    """Set a sheet and return a PNG of each of its pages: for a preview, and for whoever checks what was printed."""
    made = _compile(template, data, "png", ppi=ppi)
    return [bytes(page) for page in made] if isinstance(made, Sequence) and not _is_bytes(made) else [made]


def _compile(
    template: Template,
    data: Any,
    form: Literal["pdf", "png"],
    ppi: int | None = None,
    at: datetime | None = None,
) -> Any:
    language = get_language() or "en"
    handed_over = {"font": _FONTS.get(language, _FONT), "language": language, "data": data}
    compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True)
    return compiler.compile(
        input=TEMPLATES / f"{template}.typ",
        format=form,
        ppi=ppi,
        sys_inputs={"sheet": msgspec.json.encode(handed_over).decode()},
        timestamp=(at or clock.now()).replace(microsecond=0),
    )


def _is_bytes(made: Any) -> bool:
    return isinstance(made, bytes | bytearray)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Find the font, once for the process: its file is large, and only an index of it is kept."""
    folder = Path(manimgx_fonts_cjk.__file__).resolve().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
