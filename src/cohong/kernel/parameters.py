"""Parameters: the few numbers of the house that its operator may change while it runs.

A module declares its own, with bounds that keep a slip of the pen from stopping trade:

    PAY_HOURS = parameters.declare("orders.pay_hours", label=_("Time to pay"), unit=Unit.HOURS, default=24, least=1, most=720)

    parameters.value(PAY_HOURS)

A change is a document and never alters what was agreed before it. Hot acts read parameters too, so a process asks the
database at most once a second; that is how long a change may take to reach the others. The kernel knows no mandates: who may
change a parameter is checked by `parties.set_parameter`.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, sets
from cohong.kernel.documents import Body, document
from cohong.kernel.errors import BadInput, Conflict, NotFound
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.journal import Entry, append

_KNOWN_FOR_S: Final = 1.0


class Unit(StrEnum):
    """What a parameter's number counts."""

    HOURS = "hours"
    DAYS = "days"
    COUNT = "count"


class UnknownParameter(NotFound):
    """No module declares a parameter of this name."""

    message = _("There is no parameter “{name}”.")


class ParameterOutOfBounds(BadInput):
    """The number is not a whole one between the parameter's bounds."""

    message = _("“{label}” must be a whole number from {least} to {most}.")


class ParameterUnchanged(Conflict):
    """The parameter has this value already."""

    message = _("“{label}” is {value} already.")


@document("kernel.parameter_changed")
class ParameterChanged(Body, frozen=True, kw_only=True):
    """The platform lets this number hold from now on. Everyone may know it."""

    public: ClassVar[bool] = True

    name: str
    was: int
    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that may be changed between its bounds; `label` and `hint` are for people."""

    name: str
    label: str | Promise
    hint: str | Promise
    unit: Unit
    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a parameter."""

    id: UUID
    name: str
    was: int
    value: int
    reason: str
    set_by: UUID
    set_by_user: UUID | None
    set_at: datetime
    document: UUID


_declared: dict[str, Parameter] = {}
_known: dict[str, int] = {}
_known_until_s = 0.0


def declare(
    name: str,
    *,
    label: str | Promise,
    hint: str | Promise,
    unit: Unit,
    default: int,
    least: int,
    most: int,
) -> Parameter:
    """Declare a parameter under its stable name, `<module>.<what>`."""
    if name in _declared:
        raise ValueError(f"parameter {name} is declared twice")
    if not least <= default <= most:
        raise ValueError(f"parameter {name} has a default outside of its bounds")
    _declared[name] = Parameter(name, label, hint, unit, default, least, most)
    return _declared[name]


def declared() -> list[Parameter]:
    """Return all parameters, by name."""
    return sorted(_declared.values(), key=lambda one: one.name)


def value(parameter: Parameter) -> int:
    """Return the number that holds now."""
    global _known_until_s  # noqa: PLW0603 - one memory for each process
    now_s = time.monotonic()
    if now_s >= _known_until_s:
        _known.clear()
        _known.update(current())
        _known_until_s = now_s + _KNOWN_FOR_S
    return _known.get(parameter.name, parameter.default)


def current() -> dict[str, int]:
    """Return the numbers that were ever set and hold now, by name, as the database has them."""
    return dict(
        sets.fetch("select distinct on (name) name, value from kernel_parameter order by name, id desc")
    )


def forget() -> None:
    """Ask the database next time, however lately it was asked."""
    global _known_until_s  # noqa: PLW0603 - see above
    _known_until_s = 0.0


@sets.act
def change(*, name: str, value: int, reason: str, issuer: UUID, user: UUID | None) -> UUID:  # noqa: A002, RUF100
    """Let another number hold from now on; return the id of the document that says so.

    Raises UnknownParameter, ParameterOutOfBounds, ParameterUnchanged. Who may is the caller's to check.
    """
    parameter = _declared.get(name)
    if parameter is None:
        raise UnknownParameter(name=name[:64])
    if type(value) is not int or not parameter.least <= value <= parameter.most:
        raise ParameterOutOfBounds(label=parameter.label, least=parameter.least, most=parameter.most)
    # One at a time, so that each change names the value that it replaced.
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"kernel.parameter {name}",))
    was = current().get(name, parameter.default)
    if was == value:
        raise ParameterUnchanged(label=parameter.label, value=value)
    body = ParameterChanged(name=name, was=was, value=value, reason=reason)
    [receipt] = append([Entry(subject=named_id("parameter", name), issuer=issuer, body=body)])
    sets.insert(
        "kernel_parameter",
        ("id", "name", "was", "value", "reason", "set_by", "set_by_user", "set_at", "document"),
        [(new_id(), name, was, value, reason, issuer, user, clock.now(), receipt.id)],
    )
    forget()
    return receipt.id


def changes(*, name: str | None = None, limit: int = 50) -> list[Change]:
    """Return the changes of a parameter, or of all, newest first."""
    rows = sets.fetch(
        "select id, name, was, value, reason, set_by, set_by_user, set_at, document from kernel_parameter"
        " where %s::text is null or name = %s order by id desc limit %s",
        (name, name, limit),
    )
    return [Change(*row) for row in rows]
