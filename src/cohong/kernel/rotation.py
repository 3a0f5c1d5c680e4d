"""Rotating the keys of personal data: every encrypted column of every module is brought under the first key.

Columns of the encrypted field types (`kernel.privacy`) are found by themselves, so that no module can forget one. What
stands beside them is declared by its module on import: a `digest` that finds an encrypted value by a keyed index, a
`column` of another type that holds tokens somewhere in it.

It goes through each table in the order of its key, some rows in a transaction. A row that is under the first key already is
left alone, so a run that was killed is simply run again, and trade may go on meanwhile.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from cohong.kernel import privacy, sets
from cohong.kernel.models import IdempotencyKey
from cohong.kernel.progress import StepReport

_BATCH: Final = 200  # pictures in messages are some hundred kilobytes each

Through = Callable[[Any, Callable[[str], str]], Any]
"""Takes a column's value and what to do with a token, and returns the value with that done to each token in it."""


@dataclass(frozen=True, slots=True)
class _Digest:
    """A keyed index: of which encrypted column, and how it is made of that one's text (under the first key)."""

    of: str
    make: Callable[[str], str]


@dataclass(slots=True)
class _Place:
    """One table: its encrypted columns, and the keyed indexes of them."""

    model: type[models.Model]
    columns: dict[str, Through] = field(default_factory=dict)
    digests: dict[str, _Digest] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001 - Django's own name for what is public

    @property
    def key(self) -> list["models.Field[Any, Any]"]:
        return list(self.model._meta.pk_fields)  # noqa: SLF001 - as above

    @property
    def guards(self) -> list[str]:
        """Name the triggers that keep written rows as they are: the text stays, only its key changes."""
        meta = self.model._meta  # noqa: SLF001 - as above
        return [f"{meta.label}:{trigger.name}" for trigger in getattr(meta, "triggers", ())]

    def type_of(self, name: str) -> str:
        return str(self.model._meta.get_field(name).db_type(connection))  # noqa: SLF001 - as above


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Of one table: how many values each key opens (`0` is the first, which encrypts), and how many none does."""

    table: str
    under: dict[int, int]
    unreadable: int

    @property
    def behind(self) -> int:
        """Count the values that an older key is still needed for."""
        return sum(count for place, count in self.under.items() if place)


_columns: dict[type[models.Model], dict[str, Through]] = {}
_digests: dict[type[models.Model], dict[str, _Digest]] = {}


def column(model: type[models.Model], name: str, *, through: Through) -> None:
    """Declare a column that holds tokens without being of an encrypted type."""
    _columns.setdefault(model, {})[name] = through


def digest(model: type[models.Model], name: str, *, of: str, make: Callable[[str], str]) -> None:
    """Declare a keyed index (`privacy.blind_index`) of an encrypted column, so that it changes with its key."""
    _digests.setdefault(model, {})[name] = _Digest(of, make)


def survey(*, report: StepReport | None = None) -> list[Survey]:
    """Count under which key the values of each table are. Nothing is changed."""
    return [_survey(place, report) for place in _places()]


def reencrypt(*, report: StepReport | None = None) -> dict[str, int]:
    """Bring every value under the first key; return how many rows of each table were written.

    What no key opens stays as it is: see `survey`.
    """
    return {place.table: _through(place, report) for place in _places()}


# --- where -----------------------------------------------------------------------------------------------


def _places() -> list[_Place]:
    found = []
    for model in apps.get_models():
        names = [one.name for one in model._meta.local_fields if isinstance(one, privacy.EncryptedField)]  # noqa: SLF001 - as above
        columns = {**dict.fromkeys(names, _whole), **_columns.get(model, {})}
        if columns:
            found.append(_Place(model, columns, _digests.get(model, {})))
    return sorted(found, key=lambda place: place.table)


def _whole(value: str, do: Callable[[str], str]) -> str:
    """Go through a column that is one token."""
    return do(value)


def in_json(value: str, do: Callable[[str], str]) -> str:
    """Go through a column of JSON that holds tokens among other things."""

    def walk(inner: Any) -> Any:
        if isinstance(inner, dict):
            return {name: walk(one) for name, one in inner.items()}
        if isinstance(inner, list):
            return [walk(one) for one in inner]
        return do(inner) if isinstance(inner, str) and inner.startswith(privacy.PREFIX) else inner

    return json.dumps(walk(json.loads(value)))


def in_bytes(value: str, do: Callable[[str], str]) -> str:
    """Go through a column of bytes that are one token; the database's own hexadecimal form of them."""
    return "\\x" + do(bytes.fromhex(value.removeprefix("\\x")).decode()).encode().hex()


column(IdempotencyKey, "answer", through=in_bytes)


# --- through a table -------------------------------------------------------------------------------------


def _batches(place: _Place, *, lock: str = "") -> Iterator[list[tuple[Any, ...]]]:
    """Read a table's rows as texts, in the order of its key; with a lock, the caller's transaction holds each batch."""
    keys = [f'"{one.column}"' for one in place.key]
    names = [f'"{name}"::text' for name in (*place.columns, *place.digests)]
    after: tuple[Any, ...] | None = None
    while True:
        where = f"where ({', '.join(keys)}) > ({', '.join(['%s'] * len(keys))})" if after else ""
        rows = sets.fetch(
            f'select {", ".join([*keys, *names])} from "{place.table}" {where}'
            f" order by {', '.join(keys)} limit {_BATCH} {lock}",
            after or (),
        )
        if not rows:
            return
        after = rows[-1][: len(keys)]
        yield rows


def _count(place: _Place) -> int:
    [(count,)] = sets.fetch(f'select count(*) from "{place.table}"')
    return int(count)


def _survey(place: _Place, report: StepReport | None) -> Survey:
    under: Counter[int] = Counter()
    total, done = _count(place), 0
    first = len(place.key)

    def look(token: str) -> str:
        under[privacy.place_of_key(token)] += 1
        return token

    for rows in _batches(place):
        for row in rows:
            values = row[first : first + len(place.columns)]
            for through, value in zip(place.columns.values(), values, strict=True):
                if value:
                    through(value, look)
        done += len(rows)
        if report:
            report(place.table, done, max(done, total))
    unreadable = under.pop(privacy.NO_KEY, 0)
    return Survey(table=place.table, under=dict(sorted(under.items())), unreadable=unreadable)


def _through(place: _Place, report: StepReport | None) -> int:
    total, done, written = _count(place), 0, 0
    batches = _batches(place, lock="for no key update")
    while True:
        # The reading, with its locks, belongs into the transaction that writes.
        with transaction.atomic():
            rows = next(batches, None)
            if rows is None:
                return written
            written += _write(place, rows)
        done += len(rows)
        if report:
            report(place.table, done, max(done, total))


def _write(place: _Place, rows: Sequence[tuple[Any, ...]]) -> int:
    first = len(place.key)
    changed = []
    for row in rows:
        before = list(row[first:])
        after = _rewritten(place, before)
        if after != before:
            changed.append((*row[:first], *after))
    if not changed:
        return 0
    keys = place.key
    names = (*place.columns, *place.digests)
    sides = [f"k{number}" for number in range(len(keys))] + [f"v{number}" for number in range(len(names))]
    types = [str(one.rel_db_type(connection)) for one in keys] + ["text"] * len(names)
    statement = (
        f'update "{place.table}" t set '
        + ", ".join(f'"{name}" = n.v{number}::{place.type_of(name)}' for number, name in enumerate(names))
        + f" from unnest({', '.join(f'%s::{type_}[]' for type_ in types)}) as n({', '.join(sides)}) where "
        + " and ".join(f't."{one.column}" = n.k{number}' for number, one in enumerate(keys))
    )
    with _past(place.guards), connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for values in zip(*changed, strict=True)])
    return len(changed)


def _past(guards: list[str]) -> AbstractContextManager[None]:
    return pgtrigger.ignore(*guards) if guards else nullcontext()


def _rewritten(place: _Place, before: list[str | None]) -> list[str | None]:
    """Return a row's columns and indexes under the first key; a value that no key opens, and its index, as they are."""
    columns = dict(zip(place.columns, before, strict=False))
    digests = dict(zip(place.digests, before[len(columns) :], strict=True))
    for name, through in place.columns.items():
        if value := columns[name]:
            columns[name] = through(value, _anew)
    for name, made in place.digests.items():
        token = columns[made.of]
        if token and digests[name] is not None and privacy.is_encrypted(token):
            digests[name] = made.make(privacy.decrypt(token))
    return [*columns.values(), *digests.values()]


def _anew(token: str) -> str:
    return privacy.reencrypt(token) if privacy.is_encrypted(token) else token
