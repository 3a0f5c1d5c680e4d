"""Files that are there whole or not at all: written under another name, on the disk before they get their own."""

import os
from collections.abc import Callable
from pathlib import Path

from cohong.kernel.ids import new_id

DRAFT = ".part"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a draft, and give it its name once all of it is on the disk.

    Killed at any point, this leaves at most a draft, whose name ends in `.part`. Who writes the same file at the same time
    writes a draft of their own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{new_id().hex}{DRAFT}")
    try:
        write(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
