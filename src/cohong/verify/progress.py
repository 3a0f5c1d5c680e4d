"""How an audit says how far it is."""

from collections.abc import Callable

#: Takes what is being checked, how many are done and how many there are; 0 of 0 where nobody knows beforehand.
Report = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _total: int) -> None:
    """Say nothing."""
