"""A list of findings that stays short however much is wrong."""

from cohong.kernel.audit import MOST_FINDINGS, Check


class Findings:
    """Collects findings of one check: the first ones in words, the rest as a count."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.figure = 0
        self._told: list[str] = []
        self._more = 0

    def add(self, text: str) -> None:
        """Take a finding."""
        if len(self._told) < MOST_FINDINGS:
            self._told.append(text)
        else:
            self._more += 1

    def check(self) -> Check:
        """Return what was found."""
        more = [f"and {self._more} more"] if self._more else []
        return Check(name=self.name, figure=self.figure, findings=[*self._told, *more])
