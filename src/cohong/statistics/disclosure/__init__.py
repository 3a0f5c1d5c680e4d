"""Disclosure control: what of a table may be published, so that no company's figures can be worked out from it.

A *cell* is sensitive when it says too much about one of those who make it up (`rules`). It is *suppressed*: not shown. As
totals are published too, other cells have to go with it, so that it cannot be had by subtraction, nor estimated too
closely (`protect`, *secondary suppression*). The attacker is a linear program (`attack`): they know each published figure,
that totals are sums, that nothing is below zero, and what they contributed themselves.

- `cells`: tables over hierarchies, and the one space of cells in which linked tables meet.
- `protect`: which cells are shown.
- `derived`: growth and shares beside the levels.
- `queries`: the same for what somebody asks one query after another (*differencing*).

Nothing here knows of Django's tables. scipy is imported only when something has to be solved.

After A. Hundepool et al., *Handbook on Statistical Disclosure Control* (ESSNet SDC, 2010; second edition 2024), chapter 4.
Secondary suppression by linear programs after J. P. Kelly, B. L. Golden, A. A. Assad, *Cell suppression: disclosure
protection for sensitive tabular data*, Networks 22 (1992), and M. Fischetti, J. J. Salazar, *Solving the cell
suppression problem on tabular data with linear constraints*, Management Science 47 (2001).
"""

from cohong.statistics.disclosure.attack import feasible_interval
from cohong.statistics.disclosure.cells import Cell, Facts, Table, together
from cohong.statistics.disclosure.derived import growth, known_before, shares, withheld_before
from cohong.statistics.disclosure.protect import Protection, protect
from cohong.statistics.disclosure.queries import Row, Screened, screen
from cohong.statistics.disclosure.rules import Reason, Rules
from cohong.statistics.hierarchies import Hierarchy, Place

__all__ = [
    "Cell",
    "Facts",
    "Hierarchy",
    "Place",
    "Protection",
    "Reason",
    "Row",
    "Rules",
    "Screened",
    "Table",
    "feasible_interval",
    "growth",
    "known_before",
    "protect",
    "screen",
    "shares",
    "together",
    "withheld_before",
]
