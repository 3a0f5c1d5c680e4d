"""The forms of what the house itself has said, over HTTP."""

from typing import Self

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from cohong.parties.schemas import NamesBoth
from cohong.parties.views import HoldReasonView
from cohong.parties.words import HoldKind


class ParameterIn(Schema):
    """Another number, and why."""

    value: StrictInt
    reason: str = Field(max_length=500)


class ParameterOut(Schema):
    """A number of the house: what holds now, what held before anyone changed it, and its bounds."""

    name: str
    label: str
    hint: str
    unit: str
    value: int
    default: int
    least: int
    most: int


class HoldReasonIn(Schema):
    """A ground for holds: the text that a reason begins with, the law that it rests on, and for what it is."""

    names: NamesBoth
    law: NamesBoth
    applies_to: list[HoldKind] = Field(max_length=len(HoldKind))
    position: StrictInt = 0
    retired: StrictBool = False


class HoldReasonOut(HoldReasonIn):
    """A ground for holds as it stands."""

    code: str

    @classmethod
    def of(cls, view: HoldReasonView) -> Self:
        """Show a ground."""
        return cls(
            code=view.code,
            names=NamesBoth.of(view.names),
            law=NamesBoth.of(view.law),
            applies_to=list(view.applies_to),
            position=view.position,
            retired=view.retired,
        )
