"""Compile the translations: every `.po` beside it into a `.mo`, without the gettext programs.

`python -m cohong.cli.translations` compiles all of them; the `cohong` command compiles the stale ones as it
starts, so that an edited translation is never silently the old one.
"""

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def compile_stale(*, everything: bool = False) -> list[str]:
    """Compile each `.po` that is newer than its `.mo` (or every one); return what is wrong with those that cannot be.

    A place that cannot be written (an installation for all users) is left as it is: it was compiled when built.
    """
    flaws = []
    for source in sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if everything or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            try:
                _compile(source, target)
            except PermissionError:
                continue
            except ValueError as error:
                flaws.append(f"{source.relative_to(PACKAGE)}: {error}")
    return flaws


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - seldom needed, and slow to import
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    try:
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name, domain=source.stem, abort_invalid=True)
    except PoFileError as error:
        raise ValueError(str(error)) from error
    # Written aside and moved into place: another process may be reading the old one.
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.replace(target)


def main() -> int:
    """Compile every translation; exit with 1 if one cannot be."""
    flaws = compile_stale(everything=True)
    for flaw in flaws:
        sys.stderr.write(f"{flaw}\n")
    return 1 if flaws else 0


if __name__ == "__main__":
    raise SystemExit(main())
