"""What a sandbox has been told to do wrong: rules that match calls and notices by their facts."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from cohong.kernel.outside.sandbox.books import Books

SCHEMA = """
CREATE TABLE IF NOT EXISTS faults (
    rule INTEGER PRIMARY KEY,
    fault TEXT NOT NULL,
    match TEXT NOT NULL,
    args TEXT NOT NULL,
    remaining INTEGER CHECK (remaining >= 0)
);
"""


class OwnFault(NamedTuple):
    """A fault of one system: what it does, and the verbs whose work looks for it."""

    text: str
    verbs: frozenset[str]


TRANSPORT = {
    "slow": "wait `seconds` before the work",
    "fail": "answer 500 and do nothing",
    "busy": "answer 429 and do nothing",
    "lose_answer": "do the work, then say nothing for `seconds` (30) and hang up",
    "cut": "do the work, then hang up in the middle of the answer",
    "fail_after": "do the work, then answer 500",
    "garble": "do the work, then answer, rightly signed, something that is not JSON",
    "wrong_signature": "sign with another key (an answer; with verb `notify` a notice)",
}
NOTICES = {
    "never_notify": "never send this notice",
    "notify_twice": "send this notice `copies` (2) times, though it was accepted",
    "notify_late": "send this notice `seconds` late",
    "notify_overtaken": "hold this notice until a later one on the same subject has been delivered",
}


class Faults:
    """The rules, kept in the books.

    A rule has a fault's name, the facts that a call or a notice must have (`verb` among them; all of them
    must be equal; none at all match everything), the fault's arguments, and how many times it still holds.
    """

    def __init__(self, books: Books, known: Mapping[str, str]) -> None:
        self.known = dict(known)
        self._books = books
        with books.transaction() as db:
            self._any = db.execute("SELECT 1 FROM faults LIMIT 1").fetchone() is not None

    def tell(
        self, fault: str, *, match: Mapping[str, Any], args: Mapping[str, Any], times: int | None
    ) -> int:
        """Add a rule that holds this many times (`None`: always); return its number.

        A rule that always holds is not added twice: whoever starts it with old books may tell it again.
        """
        if fault not in self.known:
            raise ValueError(f"no such fault: {fault}; there are {', '.join(sorted(self.known))}")
        match_text = msgspec.json.encode(match, order="sorted").decode()
        rule = (fault, match_text, msgspec.json.encode(args, order="sorted").decode())
        with self._books.transaction() as db:
            same = "SELECT rule FROM faults WHERE fault = ? AND match = ? AND args = ? AND remaining IS NULL"
            known = db.execute(same, rule).fetchone()
            if times is None and known is not None:
                return int(known["rule"])
            cursor = db.execute(
                "INSERT INTO faults (fault, match, args, remaining) VALUES (?, ?, ?, ?)", (*rule, times)
            )
            self._any = True
            return int(cursor.lastrowid or 0)

    @property
    def any(self) -> bool:
        """Whether there is a rule at all: most of the time there is none, and nothing has to be matched."""
        return self._any

    def take(self, facts: Mapping[str, Any], among: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return the faults that these facts meet, with their arguments, and use each up by one time.

        `among` are those that can act where this is asked: a rule is not used up where it would do nothing.
        """
        if not self._any:
            return {}
        taken: dict[str, dict[str, Any]] = {}
        with self._books.transaction() as db:
            for row in db.execute(
                "SELECT * FROM faults WHERE remaining IS NULL OR remaining > 0 ORDER BY rule"
            ):
                match = msgspec.json.decode(row["match"], type=dict[str, Any])
                differs = any(facts.get(name) != value for name, value in match.items())
                if row["fault"] not in among or row["fault"] in taken or differs:
                    continue
                taken[row["fault"]] = msgspec.json.decode(row["args"], type=dict[str, Any])
                db.execute("UPDATE faults SET remaining = remaining - 1 WHERE rule = ?", (row["rule"],))
        return taken

    def clear(self) -> None:
        """Forget every rule."""
        with self._books.transaction() as db:
            db.execute("DELETE FROM faults")
            self._any = False

    def listed(self) -> list[dict[str, Any]]:
        """Return the rules as they stand."""
        with self._books.transaction() as db:
            return [dict(row) for row in db.execute("SELECT * FROM faults ORDER BY rule")]
