"""Names as they are compared, and how sure it is that two that were found are one. Pure.

Names are brought to NFKC, small letters and Simplified Chinese; spaces, punctuation and marks go; the many ways to write a
legal form become one. What is left is the *key*. The *core* is the key without the legal form and without the region that so
many names begin with: 广州市甲服装有限公司 and 甲服装厂 share theirs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from cohong.catalog import api as catalog
from cohong.statistics.units.words import UnitKind

CERTAIN: Final = 900
DOUBTFUL: Final = 600
"""From `CERTAIN` on (thousandths) two are one without asking; from `DOUBTFUL` on an officer is asked."""

_NOISE = re.compile(r"[\W_]+")
# The many ways to write a legal form, each as it is kept; the longest come first, as one may end in another.
_FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("股份有限责任公司", "股份有限公司"),
    ("股份有限公司", "股份有限公司"),
    ("股份公司", "股份有限公司"),
    ("有限责任公司", "有限公司"),
    ("有限公司", "有限公司"),
    ("companylimited", "ltd"),
    ("corporation", "corp"),
    ("incorporated", "inc"),
    ("coltd", "ltd"),
    ("limited", "ltd"),
    ("company", "co"),
    ("corp", "corp"),
    ("ltd", "ltd"),
    ("inc", "inc"),
)
_ENDS: Final = (
    *("股份有限公司", "有限公司", "集团公司", "集团", "总公司", "分公司", "公司", "总厂", "工厂", "厂"),
    *("经营部", "商行", "商店", "专业合作社", "合作社", "ltd", "corp", "inc", "co"),
)
_LEAST_CORE: Final = 2
_ALIKE_FROM: Final = 0.8


@dataclass(frozen=True, slots=True)
class NameMarks:
    """A name as it is compared. `block` is what a core begins with: near ones are looked for among those that share it."""

    key: str
    core: str
    block: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What two are compared by."""

    name: NameMarks
    kind: UnitKind
    credit_code: str
    region_code: str


def marks_of(name: str, *, places: Iterable[str] = ()) -> NameMarks:
    """Bring a name into the forms in which it is compared; `places` are names of regions as `place_names` makes them."""
    plain = _NOISE.sub("", catalog.plain(name))
    for written, kept in _FORMS:
        if plain.endswith(written):
            plain = plain[: -len(written)] + kept
            break
    core = _without_end(_without_place(plain, places))
    return NameMarks(plain, core, core[:2])


def place_names(names: Sequence[str]) -> tuple[str, ...]:
    """Give the ways in which a name may begin with one of these regions, the longest first: 广州市, 广州."""
    found = set()
    for name in names:
        plain = _NOISE.sub("", catalog.plain(name))
        short = plain[:-1] if plain.endswith(("省", "市", "区", "县")) else plain
        found |= {one for one in (plain, short) if len(one) >= _LEAST_CORE}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def _without_place(plain: str, places: Iterable[str]) -> str:
    for _ in range(2):  # a province, and then its city
        for place in places:
            if plain.startswith(place) and len(plain) - len(place) >= _LEAST_CORE:
                plain = plain[len(place) :]
                break
    return plain


def _without_end(plain: str) -> str:
    for end in _ENDS:
        if plain.endswith(end) and len(plain) - len(end) >= _LEAST_CORE:
            return plain[: -len(end)]
    return plain


def score(one: Marks, other: Marks) -> int:
    """Say in thousandths how sure it is that two are one.

    1. A platform and what is none are two, whoever runs it.
    2. Two credit codes decide: the same is one (of platforms only with the same name: a company may run several), another is two.
    3. Without both codes: the same name in the same region is one. The same but for its legal form or its region is doubtful,
       and so is a like one in the same region.
    """
    if (one.kind == UnitKind.PLATFORM) != (other.kind == UnitKind.PLATFORM):
        return 0
    same_name = one.name.key == other.name.key
    if one.credit_code and other.credit_code:
        if one.credit_code != other.credit_code:
            return 0
        return 1000 if same_name or one.kind != UnitKind.PLATFORM else 700
    return _score_names(one, other)


def _score_names(one: Marks, other: Marks) -> int:
    same_region = one.region_code == other.region_code != ""
    if one.name.key == other.name.key:
        return 950 if same_region else 800
    if one.name.core == other.name.core:
        return 850 if same_region else 650
    if not same_region:
        return 0
    alike = SequenceMatcher(None, one.name.core, other.name.core, autojunk=False).ratio()
    return round(alike * 800) if alike >= _ALIKE_FROM else 0
