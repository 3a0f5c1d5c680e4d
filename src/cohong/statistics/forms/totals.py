"""What comes out of a half-filled form: sums of columns, and what parts come to beside what they are held against. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from cohong.statistics.forms.checking import plain
from cohong.statistics.forms.definitions import Field, FieldKind, Form, Rows
from cohong.statistics.forms.expressions import Surroundings, comes_to, sides


@dataclass(frozen=True, slots=True)
class Total:
    """What something comes to, in the unit of the field beside which it is shown.

    `name` says what was added up ("goods and services"); it is empty for the sum of the field's own rows.
    """

    field: str
    name: str
    value: str


def totals(form: Form, around: Surroundings, *, language: str) -> list[Total]:
    """Return all totals of a form that can be said so far, in its order. A share is rounded as its field is, half to even."""
    found = []
    for field in form.fields():
        if form.table(field.table).rows != Rows.NONE and field.kind in {FieldKind.MONEY, FieldKind.COUNT}:
            column = around.sheet.sum(field.code)
            if column is not None:
                found.append(Total(field.code, "", _written(column, field)))
        for one in form.checks:
            held = sides(one.rule) if one.total.zh_hans else None
            if held is not None and held.field == field.code:
                value = comes_to(held.other, around)
                if value is not None:
                    found.append(Total(field.code, one.total.shown(language), _written(value, field)))
    return found


def _written(value: Fraction, field: Field) -> str:
    scale = 10**field.decimals
    return plain(Fraction(round(value * scale), scale))
