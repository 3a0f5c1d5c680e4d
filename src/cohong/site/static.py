"""Static files without a build step: each under a name that says its content, so that browsers may keep it for good.

`{% static "portal/parts.css" %}` writes `/static/portal/parts.3f2a9c0d11e8.css`. The files stay in their packages: the
middleware hands them out under both names, compressed once and kept in the data folder. A module that another one imports by its
plain name is kept for a minute only and then asked for again. While developing (`COHONG_DEBUG`), names stay plain.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

_HASHED: Final = re.compile(r"(?P<stem>.+)\.(?P<digest>[0-9a-f]{12})(?P<suffix>\.[^./]+)")
_COMPRESSED: Final = frozenset({".css", ".js", ".svg", ".json", ".txt"})
_WORTH_BYTES: Final = 512
_LEVEL: Final = 9


@lru_cache(maxsize=4096)
def _digest(path: str, written_ns: int) -> str:  # noqa: ARG001 - what it holds for
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def digest_of(path: str) -> str:
    """Return the short digest of a file's content."""
    return _digest(path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - a path as the finders give it


def hashed(name: str, path: str) -> str:
    """Return a file's name with its content's digest in it."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a part of an address, with slashes on every system
    return f"{stem}.{digest_of(path)}{suffix}"


def _plain(name: str) -> tuple[str, str] | None:
    """Take a name with a digest apart: the plain name and the digest."""
    found = _HASHED.fullmatch(name)
    return (found["stem"] + found["suffix"], found["digest"]) if found else None


class HashedStorage(StaticFilesStorage):
    """Writes addresses with digests in them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        """Return the address of a file; one that is not there keeps its name, and is not found."""
        if not name or settings.DEBUG:
            return super().url(name)
        if name not in self._names:
            path = finders.find(name)
            self._names[name] = hashed(name, path) if isinstance(path, str) else name
        return super().url(self._names[name])


class HashedFinder(BaseFinder):
    """Finds a file by its name with the digest in it, as long as that is still its content."""

    def check(self, **kwargs: Any) -> list[Any]:  # noqa: ARG002 - Django's signature
        """Nothing can be set up wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """Return where the file is."""
        parts = _plain(path)
        found = finders.find(parts[0]) if parts else None
        if not parts or not isinstance(found, str) or digest_of(found) != parts[1]:
            return [] if find_all else None
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[Any]:  # noqa: ARG002 - Django's signature
        """Nothing is listed here: the files are listed under their plain names."""
        return iter(())


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Hands out static files under their plain names and under those with digests, compressed where it helps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._store = Path(settings.DATA_FOLDER) / "cache" / "static"
        super().__init__(*args, **kwargs)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """Keep a file under both of its names."""
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        named = hashed(url, path)
        self.files[named] = self.get_static_file(path, named, stat_cache=stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Tell whether this name will mean this content for ever."""
        parts = _plain(url)
        return parts is not None and digest_of(path) == parts[1]

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        """Describe a file, with its compressed form if there is one worth having."""
        small = None if self.autorefresh else self._compressed(path)
        if small is None:
            return super().get_static_file(path, url, stat_cache=stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items(), encodings={"gzip": small})

    def _compressed(self, path: str) -> str | None:
        source = Path(path)
        if source.suffix not in _COMPRESSED or source.stat().st_size < _WORTH_BYTES:
            return None
        target = self._store / f"{digest_of(path)}{source.suffix}.gz"
        if not target.exists():
            try:
                self._store.mkdir(parents=True, exist_ok=True)
                draft = target.with_name(f"{target.name}.{os.getpid()}")
                draft.write_bytes(gzip.compress(source.read_bytes(), _LEVEL, mtime=0))
                draft.replace(target)
            except OSError:  # a data folder that cannot be written: then it goes out as it is
                return None
        return str(target)
