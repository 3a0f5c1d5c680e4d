"""Where the index lies on disk, and how it is opened.

    <data folder>/search/<database>/current.json     which index is the current one, and how far it has read the journal
                                    building.json    the same of one that is being built
                                    suspect          a reader could not use the current one: whoever writes looks into it
                                    <generation>/    an index

Only the worker writes (under the follower's lock), any number of processes read. `current.json` is replaced whole
after each commit, so that its look on disk tells a reader that there is something new; what a crash leaves between the
two is done again, as the follower's cursor has not moved either. An index names the last document that it has read by
position and digest: one that another journal knows nothing of (a restored database) is noticed by that.
"""

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import tantivy
from django.conf import settings
from django.db import connection
from tantivy import (
    Filter,
    Index,
    IndexWriter,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from cohong.kernel.ids import new_id

_log = logging.getLogger("cohong.search")

VERSION: Final = 1
"""Of the schema and of how texts are read: an index of another version is built anew."""

TITLE_WORDS, TITLE, NAMES, FACTS = "title_words", "title", "names", "facts"
SELLER_NAMES, PLACES, CODES, BODY = "seller_names", "places", "codes", "body"
LATIN, PINYIN, INITIALS, PHRASES = "latin", "pinyin", "initials", "phrases"
ID, READ = "id", "read"
CATEGORY, REGION, SELLER, MARKET, OPTION, BAND, CURRENCY = (
    *("category", "region", "seller", "market"),
    *("option", "band", "currency"),
)
PRICE, PUBLISHED, LOTS = "price", "published", "lots"

_SEQUENCES: Final = (TITLE, NAMES, FACTS, SELLER_NAMES, PLACES)
_WORDS: Final = (TITLE_WORDS, CODES, BODY)
_SPELLINGS: Final = (LATIN, PINYIN, INITIALS, PHRASES)
_FACETS: Final = (CATEGORY, REGION, SELLER, MARKET, OPTION, BAND, CURRENCY)
_NUMBERS: Final = (PRICE, PUBLISHED, LOTS)

_SMALL_HEAP, _LARGE_HEAP = 15_000_000, 96_000_000
_CURRENT, _BUILDING, _SUSPECT = "current.json", "building.json", "suspect"
#: What tantivy says of files that it cannot use.
Unusable: Final = (ValueError, OSError, RuntimeError)


class Scope(msgspec.Struct, frozen=True):
    """Listings that have to be read again: those of a category, seller, region, industry; or all that sold since a moment."""

    kind: str
    code: str
    after: str = ""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far an index is: `position` documents of the journal are in it, the last of which has this digest.

    `after` is where building has got to, `categories` are digests of the categories as they were read, `sold_until` is the moment
    (seconds) up to which sales were looked at, `pending` what is still to be read again, `commits` counts.
    """

    generation: str
    version: int
    position: int = 0
    digest: str = ""
    commits: int = 0
    after: str = ""
    sold_until: float = 0
    categories: dict[str, str] = {}
    pending: tuple[Scope, ...] = ()


_states = msgspec.json.Decoder(State)


def folder() -> Path:
    """Return the folder of this database's index: databases of one installation do not share one."""
    return Path(settings.DATA_FOLDER) / "search" / str(connection.settings_dict["NAME"])


@cache
def schema() -> Schema:
    """Return the fields."""
    fields = SchemaBuilder()
    fields.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    for name in _SEQUENCES:
        fields.add_text_field(name, tokenizer_name="words", index_option="position")
    for name in _WORDS:
        fields.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name in _SPELLINGS:
        fields.add_text_field(name, tokenizer_name="spellings", index_option="basic")
    for name in _FACETS:
        fields.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        fields.add_unsigned_field(name, indexed=True, fast=True)
    # What a person would read of it: where the word that was meant is taken from.
    fields.add_text_field(READ, stored=True, tokenizer_name="raw", index_option="basic")
    return fields.build()


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return what brings each word to its stem."""
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("english")).build()


def _open(path: Path) -> Index:
    index = Index(schema(), path=str(path), reuse=True)
    index.register_tokenizer("words", analyzer())
    index.register_tokenizer("spellings", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


# --- state -----------------------------------------------------------------------------------------------


def _read(name: str) -> State | None:
    try:
        found = _states.decode((folder() / name).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.version == VERSION else None


def current() -> State | None:
    """Return how far the current index is; None if there is none of this version."""
    return _read(_CURRENT)


def building() -> State | None:
    """Return how far the index that is being built is, if one is."""
    return _read(_BUILDING)


def _write(name: str, state: State) -> None:
    path = folder() / name
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(msgspec.json.encode(state))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


# --- writing ---------------------------------------------------------------------------------------------


def begin(state: State) -> State:
    """Begin to build an index; what was being built before is given up. The current one stays until it is done."""
    state = msgspec.structs.replace(state, generation=new_id().hex)
    (folder() / state.generation).mkdir(parents=True)
    _write(_BUILDING, state)
    return state


@contextlib.contextmanager
def writer(state: State, *, is_large: bool = False) -> Iterator[IndexWriter]:
    """Open an index for writing; what was written is committed at the block's end, or dropped if it fails."""
    into = _open(folder() / state.generation).writer(_LARGE_HEAP if is_large else _SMALL_HEAP, 1)
    try:
        yield into
        into.commit()
    except BaseException:
        into.rollback()
        raise
    finally:
        into.wait_merging_threads()


def keep(state: State) -> None:
    """Say how far the index that is being built is."""
    _write(_BUILDING, state)


def publish(state: State) -> None:
    """Let readers see what was committed; an index that was being built takes the old one's place."""
    _write(_CURRENT, state)
    (folder() / _BUILDING).unlink(missing_ok=True)
    (folder() / _SUSPECT).unlink(missing_ok=True)
    for path in folder().iterdir():
        if path.is_dir() and path.name != state.generation:
            shutil.rmtree(path, ignore_errors=True)


def advance(state: State) -> None:
    """Let readers see what was committed to the current index."""
    _write(_CURRENT, state)


def discard() -> None:
    """Throw all of it away."""
    shutil.rmtree(folder(), ignore_errors=True)


def is_usable(state: State) -> bool:
    """Open an index, read from it, and tell whether that went well."""
    try:
        searcher = _open_existing(state).searcher()
        found = searcher.search(tantivy.Query.all_query(), 1)
        for _, address in found.hits:
            searcher.doc(address)
    except Unusable:
        _log.exception("the search index cannot be used")
        return False
    return True


def _open_existing(state: State) -> Index:
    path = folder() / state.generation
    if not Index.exists(str(path)):
        raise FileNotFoundError(path)
    return _open(path)


def is_suspected() -> bool:
    """Tell whether a reader could not use the current index."""
    return (folder() / _SUSPECT).exists()


def unsuspect() -> None:
    """Take the current index for good again."""
    (folder() / _SUSPECT).unlink(missing_ok=True)


def suspect() -> None:
    """Tell the writer that the current index cannot be used."""
    with contextlib.suppress(OSError):
        (folder() / _SUSPECT).touch()


def count(searcher: Searcher, query: tantivy.Query) -> int:
    """Count what a query finds."""
    found: Any = searcher.search(query, 1)
    return int(found.count)


# --- reading ---------------------------------------------------------------------------------------------


class Reader(msgspec.Struct, frozen=True):
    """The index as it stood at one commit. `stamp` differs for whatever differs."""

    state: State
    stamp: tuple[str, int]
    index: Any
    searcher: Searcher


_readers: dict[Path, tuple[tuple[int, int], Reader]] = {}
_turn = threading.Lock()


def reader() -> Reader | None:
    """Return the index as it stands now; None if there is none to read, so that something else has to do."""
    path = folder()
    try:
        look = (path / _CURRENT).stat()
    except OSError:
        return None
    seen = (look.st_ino, look.st_mtime_ns)
    known = _readers.get(path)
    if known is not None and known[0] == seen:
        return known[1]
    with _turn:
        return _reload(path, seen)


def _reload(path: Path, seen: tuple[int, int]) -> Reader | None:
    known = _readers.get(path)
    if known is not None and known[0] == seen:
        return known[1]
    state = current()
    if state is None:
        return None
    try:
        if known is not None and known[1].state.generation == state.generation:
            index = known[1].index
            index.reload()
        else:
            index = _open_existing(state)
        fresh = Reader(state, (state.generation, state.commits), index, index.searcher())
    except Unusable:
        _log.exception("the search index cannot be opened")
        suspect()
        return None
    _readers[path] = (seen, fresh)
    return fresh
