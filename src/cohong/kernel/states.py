"""State machines: the states, the acts that lead from one to another, and nothing else possible.

A machine is declared once, beside its model, as data. The service asks it (`next`), the database guards it
(`check_constraint`), the documentation shows it (`mermaid`, `markdown`): one table, three readers. It is
checked where it is declared, so a table with a hole stops the program from starting.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import Conflict

S = TypeVar("S", bound=TextChoices)


class WrongState(Conflict):
    """The act is not possible in this state. `state` and `act` are codes, `label` is for people."""

    message = _("This cannot be done while the state is “{label}”.")


class StateMachine(Generic[S]):
    """States and the acts between them.

    `transitions` gives for each state what each act makes of it; a state that is left out, or that has no
    acts, is final. An act that leads back to its own state is one that is allowed there and changes nothing
    of it. Raises ValueError if a state is not of the enum or cannot be reached from `initial`.
    """

    def __init__(self, states: type[S], *, initial: S, transitions: Mapping[S, Mapping[str, S]]) -> None:
        self.states: Final = states
        self.initial: Final = initial
        self._table: Final[dict[S, dict[str, S]]] = {
            state: {str(act): target for act, target in transitions.get(state, {}).items()}
            for state in states
        }
        self._check(transitions)

    def next(self, state: S | str, act: str) -> S:
        """Tell which state the act leads to. Raises WrongState if it is not possible there."""
        current = self.states(state)
        target = self._table[current].get(str(act))
        if target is None:
            raise WrongState(state=current.value, act=str(act), label=current.label)
        return target

    def allows(self, state: S | str, act: str) -> bool:
        """Tell whether the act is possible there."""
        return str(act) in self._table[self.states(state)]

    def acts(self, state: S | str) -> list[str]:
        """List the acts that are possible there, in the order of the table."""
        return list(self._table[self.states(state)])

    def sources(self, act: str) -> list[S]:
        """List the states in which the act is possible (none if unknown): a set-based update's guard."""
        return [state for state, acts in self._table.items() if str(act) in acts]

    def is_final(self, state: S | str) -> bool:
        """Tell whether nothing leads out of that state."""
        return not any(target != self.states(state) for target in self._table[self.states(state)].values())

    def check_constraint(self, name: str, field: str = "state") -> CheckConstraint:
        """Make the constraint that keeps the column to the machine's states."""
        return CheckConstraint(condition=Q(**{f"{field}__in": list(self.states.values)}), name=name)

    def mermaid(self) -> str:
        """Draw the machine as a Mermaid state diagram (without the code fence)."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [
            f"    {state.value} --> {target.value}: {act}"
            for state, acts in self._table.items()
            for act, target in acts.items()
        ]
        lines += [f"    {state.value} --> [*]" for state in self.states if self.is_final(state)]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """Write the machine as a Markdown table: a row for each act in each state, a dash where final."""
        rows = [("state", "act", "next state"), ("---", "---", "---")]
        for state, acts in self._table.items():
            rows += [(state.value, act, target.value) for act, target in acts.items()] or [
                (state.value, "—", "—")
            ]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"

    def _check(self, transitions: Mapping[S, Mapping[str, S]]) -> None:
        """Refuse a table that names what is no state, or that leaves a state out of reach."""
        targets = [target for acts in transitions.values() for target in acts.values()]
        strangers = [
            one for one in [self.initial, *transitions, *targets] if not isinstance(one, self.states)
        ]
        if strangers:
            raise ValueError(f"not of {self.states.__name__}: {_listed(strangers)}")
        reached, edge = {self.initial}, [self.initial]
        while edge:
            new = set(self._table[edge.pop()].values()) - reached
            reached |= new
            edge += new
        lost = [state for state in self.states if state not in reached]
        if lost:
            raise ValueError(
                f"no act of {self.states.__name__} leads from {self.initial.value} to: {_listed(lost)}"
            )


def _listed(states: Iterable[object]) -> str:
    """Name states in an error."""
    return ", ".join(str(state) for state in states)
