"""What is published beside the levels: growth and shares. They are levels in another dress, and give them away."""

from collections.abc import Mapping
from fractions import Fraction

from cohong.statistics.disclosure.cells import Cell, Table
from cohong.statistics.disclosure.protect import Protection
from cohong.statistics.hierarchies import Place


def growth(
    now: Mapping[Place, int | None], before: Mapping[Place, int | None]
) -> dict[Place, Fraction | None]:
    """Give each cell's growth (0.1: a tenth more) between two tables as they were shown.

    It is shown only where both levels are: with one of them it would give away the other. None too where there was
    nothing before, or less.
    """
    found: dict[Place, Fraction | None] = {}
    for place, value in now.items():
        base = before.get(place)
        found[place] = None if value is None or base is None or base <= 0 else Fraction(value - base, base)
    return found


def shares(shown: Mapping[Place, int | None], *, of: Place) -> dict[Place, Fraction | None]:
    """Give each cell's share of one cell, the total as a rule. None where either is suppressed, or the whole is nothing."""
    whole = shown[of]
    return {
        place: None if value is None or not whole else Fraction(value, whole)
        for place, value in shown.items()
    }


def known_before(table: Table, *, shown_before: Mapping[Cell, int]) -> set[Cell]:
    """List the cells that whoever kept an earlier vintage knows already: published then with the value that they have now.

    A cell that was revised is not among them: its old value is not its value. Whoever publishes small revisions of
    sensitive cells lets them be estimated all the same; such cells can be named as known by hand.
    """
    return {
        cell
        for place, facts in table.facts.items()
        if (cell := table.cell(place)) in shown_before and shown_before[cell] == facts.value
    }


def withheld_before(protection: Protection, *, revised: bool = False) -> set[Cell]:
    """List the cells of an earlier publication that must stay suppressed: showing one now would undo what it hid then.

    `revised`: all values have changed since, so that only what was sensitive by itself is listed.
    """
    return {cell for cell, reason in protection.suppressed.items() if reason.primary or not revised}
