"""What statistics does when it reads the journal: it writes facts.

The files stand outside the database and can be lost by themselves. What counts and is not there can only come from the
journal, so everything is written anew then.
"""

import logging
import time
from typing import Final

from cohong.kernel import journal
from cohong.kernel.journal import Sealed
from cohong.statistics.facts import known, store, writing
from cohong.statistics.facts.shapes import Table

_log = logging.getLogger("cohong.statistics")
_NAME: Final = "statistics.facts"
_LOOK_EVERY_S: Final = 600.0
_looked: dict[str, float] = {}


def _reset() -> None:
    store.reset()
    known.reset()


def _tend() -> int:
    """Begin anew if files are lost; else merge the files of a day that has too many."""
    here = str(store.folder(Table.TRADE))
    if time.monotonic() - _looked.get(here, -_LOOK_EVERY_S) >= _LOOK_EVERY_S:
        _looked[here] = time.monotonic()
        if lost := store.lost():
            _log.error(
                "%s files of facts are lost, the first is %s: all are written anew", len(lost), lost[0]
            )
            _reset()
            journal.begin_again(_NAME)
            return len(lost)
        store.sweep()
    return store.merge_one()


@journal.follower(_NAME, kinds=set(writing.KINDS), reset=_reset, tend=_tend)
def write_facts(batch: list[Sealed]) -> None:
    """Write the facts that a batch comes to."""
    writing.write(batch)
