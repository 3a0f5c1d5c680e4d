"""Refusals: what a person may meet, as outcomes with a stable code and parameters.

An act that cannot be done *refuses*: it raises, or returns in its place of a batch, a `Refusal`. The refusal's
class name is its code and never changes once published; its message is a translatable sentence with the
parameters filled in at the edge, in the reader's language. The five kinds say in general terms what is
wrong, so that an edge (HTTP, a page, the command line) can choose its own way to say so.

A programming mistake is not a refusal: it stays an ordinary exception.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

T = TypeVar("T")


class Refusal(Exception):  # noqa: N818 - a refusal is an outcome, not an error of the program
    """An act did not happen, and changed nothing; `code` and `params` say why.

    Parameters must be JSON values, or things whose `str` is what a person should read (a `Money`, a UUID).
    """

    message: ClassVar[str | Promise] = _("This cannot be done.")
    code: ClassVar[str] = "Refusal"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take the class's name as its code."""
        super().__init_subclass__(**kwargs)
        cls.code = cls.__name__

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return str(self.message).format(**self.params)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({inside})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refusal):
            return NotImplemented
        return self.code == other.code and self.params == other.params

    def __hash__(self) -> int:
        return hash((self.code, repr(self.params)))


class BadInput(Refusal):
    """What was asked makes no sense as it stands; the same words will never do."""


class NotAllowed(Refusal):
    """The actor may not do this."""

    message = _("You may not do this.")


class NotFound(Refusal):
    """There is no such thing, or the actor may not know of it."""

    message = _("There is no such thing here.")


class Conflict(Refusal):
    """The world is in another state than the act needs; another time it may do."""


class Unavailable(Refusal):
    """An outside system does not answer; trying again later is right."""

    message = _("This service does not answer at the moment. Please try again later.")


def one(results: Sequence[T | Refusal]) -> T:
    """Unwrap a batch of one: return its result, or raise its refusal."""
    [result] = results
    if isinstance(result, Refusal):
        raise result
    return result
