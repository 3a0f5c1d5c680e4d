"""From words to a query: what has the words themselves, and what comes close to them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from tantivy import Occur, Query, Schema, Searcher

from cohong.catalog.search import store, text
from cohong.catalog.search.text import Run

_MOST_RUNS: Final = 12
_LONGEST: Final = 40  # characters of one run that are looked at

# How much a word counts, by where it stands.
_TITLE: Final = 4.0
_SEQUENCES: Final = (
    (store.TITLE, _TITLE),
    (store.NAMES, 2.0),
    (store.FACTS, 1.5),
    (store.SELLER_NAMES, 2.0),
    (store.PLACES, 1.0),
)
_CODE, _BODY, _TITLE_CHARACTER, _CHARACTER = 4.0, 0.3, 1.5, 0.6
_WHOLE_TITLE, _WHOLE_NAME = 6.0, 3.0
_TIE: Final = 0.1
_LONG_WORD: Final = 4
_IN_PARTS: Final = 0.5

# How near what is forgiven comes, in fixed steps.
_SAME_SOUND, _INITIALS, _BEGINS, _ONE_LETTER, _ONE_SOUND, _TWO_LETTERS, _ONE_CHARACTER = (
    5,
    4,
    4,
    3,
    2.5,
    1.5,
    2,
)
_FUZZY_FROM, _FUZZIER_FROM, _SOUND_FUZZY_FROM, _PREFIX_FROM = 4, 8, 6, 3
_GAP_FROM, _GAP_TO = 3, 12
_MOST_INITIALS: Final = 6


class Reading(msgspec.Struct, frozen=True):
    """A text as it is asked for: its runs, without those that say nothing."""

    runs: tuple[Run, ...]

    @property
    def written(self) -> str:
        """Write it in the plain form."""
        return " ".join(run.text for run in self.runs)


def read(words: str) -> Reading:
    """Read what somebody typed."""
    return reading_of(text.runs(text.plain_once(words)))


def reading_of(runs: Iterable[Run]) -> Reading:
    """Make a reading of runs: each once, stop words only where there is nothing else."""
    cut = dict.fromkeys(Run(run.text[:_LONGEST], run.is_han) for run in runs)
    telling = [run for run in cut if run.text not in text.STOP_WORDS]
    return Reading(tuple((telling or list(cut))[:_MOST_RUNS]))


def joined(reading: Reading) -> Reading | None:
    """Read Latin words that are pinyin as one (gang juan: gangjuan); None if nothing changes by that."""
    runs: list[Run] = []
    for run in reading.runs:
        spoken = not run.is_han and run.text.isalpha() and text.as_syllables(run.text) is not None
        before = runs[-1] if runs else None
        if spoken and before is not None and not before.is_han and text.as_syllables(before.text):
            runs[-1] = Run(before.text + run.text, is_han=False)
        else:
            runs.append(run)
    return Reading(tuple(runs)) if len(runs) < len(reading.runs) else None


class Asker:
    """Builds queries over one state of the index."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._schema: Schema = store.schema()

    # --- exact ------------------------------------------------------------------------------------------

    def exact(self, reading: Reading) -> Query:
        """Ask for what has all the words; what has them in a row, as they are asked for, comes first."""
        must = [(Occur.Must, self._word(word)) for word in self._words(reading)]
        whole = [part for run in reading.runs for part in self._parts(run)]
        if len(must) > 1 and len(whole) > 1:
            for field, boost in ((store.TITLE, _WHOLE_TITLE), (store.NAMES, _WHOLE_NAME)):
                must.append((Occur.Should, self._phrase(field, whole, boost)))
            must += [
                (Occur.Should, self._phrase(store.TITLE, list(run.text), _WHOLE_TITLE))
                for run in reading.runs
                if run.is_han and len(run.text) > 1 and len(reading.runs) > 1
            ]
        return _boolean(must)

    def _words(self, reading: Reading) -> list[Run]:
        words: dict[Run, None] = {}
        for run in reading.runs:
            pieces = text.cut(run.text) if run.is_han else (run.text,)
            words |= dict.fromkeys(Run(piece, run.is_han) for piece in pieces)
        telling = [word for word in words if word.text not in text.STOP_WORDS]
        return telling or list(words)

    def _word(self, word: Run) -> Query:
        if word.is_han:
            return self._han(word.text)
        return self._latin(word.text)

    def _han(self, word: str) -> Query:
        ways = [self._term(store.TITLE_WORDS, word, _TITLE), self._term(store.BODY, word, _BODY)]
        if len(word) == 1:
            ways.append(self._term(store.TITLE, word, _TITLE_CHARACTER))
            ways += [self._term(field, word, _CHARACTER) for field, _ in _SEQUENCES[1:]]
        else:
            ways += [self._phrase(field, list(word), boost) for field, boost in _SEQUENCES]
        if len(word) >= _LONG_WORD:
            parts = [(Occur.Must, self._han(part)) for part in text.smaller_words(word)]
            ways.append(Query.boost_query(_boolean(parts), _IN_PARTS))
        return Query.disjunction_max_query(ways, _TIE)

    def _latin(self, word: str) -> Query:
        parts = self._parts(Run(word, is_han=False))
        ways = [
            self._term(field, self._stem(form), boost)
            for form in text.written_forms(word)
            for field, boost in ((store.TITLE_WORDS, _TITLE), (store.CODES, _CODE), (store.BODY, _BODY))
        ]
        if parts:
            ways += [self._phrase(field, parts, boost) for field, boost in _SEQUENCES]
        return Query.disjunction_max_query(ways, _TIE)

    def _parts(self, run: Run) -> list[str]:
        return [self._stem(part) if not run.is_han else part for part in run.parts]

    @staticmethod
    def _stem(word: str) -> str:
        found = store.analyzer().analyze(word)
        return found[0] if found else word

    def _term(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, word), boost)

    def _phrase(self, field: str, parts: Sequence[Any], boost: float) -> Query:
        if len(parts) == 1:
            return self._term(field, parts[0], boost)
        return Query.boost_query(Query.phrase_query(self._schema, field, list(parts)), boost)

    def is_known(self, run: Run) -> bool:
        """Tell whether anything on offer has this run itself."""
        return bool(self._searcher.search(self.exact(Reading((run,))), 1).hits)

    # --- forgiven ---------------------------------------------------------------------------------------

    def forgiven(self, reading: Reading, *, far: bool) -> Query:
        """Ask for what has all the words or comes close to them: the same sound, or what begins so; if `far`, mistakes too."""
        return _boolean([(Occur.Must, self._near(run, far=far)) for run in reading.runs])

    def _near(self, run: Run, *, far: bool) -> Query:
        ways = [self.exact(Reading((run,)))]
        ways += self._near_han(run.text, far=far) if run.is_han else self._near_latin(run.text, far=far)
        return Query.disjunction_max_query(ways, 0.0)

    def _near_latin(self, word: str, *, far: bool) -> list[Query]:
        ways: list[Query] = []
        length = len(word)
        if length >= _PREFIX_FROM:
            ways.append(self._fuzzy(store.LATIN, word, 0, _BEGINS, prefix=True))
        if far and length >= _FUZZY_FROM:
            ways.append(self._fuzzy(store.LATIN, word, 1, _ONE_LETTER))
        if far and length >= _FUZZIER_FROM:
            ways.append(self._fuzzy(store.LATIN, word, 2, _TWO_LETTERS))
        if word.isalpha() and word.isascii():
            ways += self._sounds(word, far=far)
        return ways

    def _sounds(self, letters: str, *, far: bool) -> list[Query]:
        ways = [self._fixed(store.PINYIN, letters, _SAME_SOUND)]
        if 1 < len(letters) <= _MOST_INITIALS:
            ways.append(self._fixed(store.INITIALS, letters, _INITIALS))
        if len(letters) >= _FUZZY_FROM:
            ways.append(self._fuzzy(store.PINYIN, letters, 0, _ONE_SOUND, prefix=True))
        if far and len(letters) >= _SOUND_FUZZY_FROM:
            ways.append(self._fuzzy(store.PINYIN, letters, 1, _ONE_SOUND))
        heard = text.as_syllables(letters) or ()
        for place in range(1, len(heard)):
            halves = ("".join(heard[:place]), "".join(heard[place:]))
            if all(self._searcher.doc_freq(store.PINYIN, half) for half in halves):
                both = _boolean([(Occur.Must, self._fixed(store.PINYIN, half, 1)) for half in halves])
                ways.append(Query.const_score_query(both, _ONE_SOUND))
        return ways

    def _near_han(self, word: str, *, far: bool) -> list[Query]:
        ways: list[Query] = []
        if 1 < len(word) <= _MOST_INITIALS:
            ways.append(self._fixed(store.PINYIN, text.sound(word), _SAME_SOUND))
        if far and _GAP_FROM <= len(word) <= _GAP_TO:
            ways += self._gaps(word)
        groups = self._groups(word)
        if len(groups) > 1:
            near = [(Occur.Must, self._same_sound(group)) for group in groups]
            ways.append(Query.const_score_query(_boolean(near), _ONE_CHARACTER))
        return ways

    def _gaps(self, word: str) -> list[Query]:
        """Ask for all but one of the characters, each in its place."""
        ways = []
        for gap in range(len(word)):
            rest: list[Any] = [(place, one) for place, one in enumerate(word) if place != gap]
            first = rest[0][0]
            rest = [(place - first, one) for place, one in rest]
            ways += [
                Query.const_score_query(Query.phrase_query(self._schema, field, rest), _ONE_CHARACTER)
                for field in (store.TITLE, store.NAMES, store.FACTS, store.SELLER_NAMES)
            ]
        return ways

    def _groups(self, word: str) -> list[str]:
        """Cut Chinese into words that are known and what stands between them, which may be misspelt."""
        groups: list[str] = []
        open_group = False
        for piece in text.cut(word):
            if len(piece) > 1 and self.is_known(Run(piece, is_han=True)):
                groups.append(piece)
                open_group = False
            elif open_group:
                groups[-1] += piece
            else:
                groups.append(piece)
                open_group = True
        return groups

    def _same_sound(self, word: str) -> Query:
        ways = [self.exact(Reading((Run(word, is_han=True),)))]
        if len(word) <= _MOST_INITIALS:
            ways.append(self._fixed(store.PINYIN, text.sound(word), 1))
        return Query.disjunction_max_query(ways, 0.0)

    def _fixed(self, field: str, word: str, score: float) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, word), score)

    def _fuzzy(self, field: str, word: str, distance: int, score: float, *, prefix: bool = False) -> Query:
        fuzzy = Query.fuzzy_term_query(self._schema, field, word, distance, prefix=prefix)
        return Query.const_score_query(fuzzy, score)

    def any_of(self, reading: Reading) -> Query:
        """Ask for what has at least one of the words."""
        return _boolean([(Occur.Should, self._word(word)) for word in self._words(reading)])


def _boolean(clauses: Sequence[tuple[Occur, Query]]) -> Query:
    return Query.boolean_query(list(clauses)) if clauses else Query.empty_query()
