"""How well goods are found: a judged set of questions over the bench's assortment, and a baseline in the same run.

What is relevant is judged by rules on how each listing was made (its product, brand, attributes, codes), never by
asking the search: 3 for what is exactly meant, 1 for what is of the kind. The baseline is the tables' own `browse`,
which looks for the words in titles (ILIKE).
"""

import math
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cohong.bench.assortment import Progress, fill
from cohong.bench.scratch import scratch_database
from cohong.catalog import api as catalog
from cohong.catalog.api import Asked, Browse
from cohong.demo import DEFAULT_SEED
from cohong.demo.companies import companies
from cohong.demo.industries import category
from cohong.demo.listings import Listing
from cohong.kernel import journal
from cohong.kernel.errors import one
from cohong.kernel.ids import named_id, new_id
from cohong.parties.api import Actor, Role

LISTINGS: Final = 5_000
_EXACT, _KIND = 3, 1
_TOP, _RECALLED = 10, 20
_TIMES: Final = 5
_FRESH: Final = 5
_BEAT_S, _LOOKS_S = 0.2, 0.01
_PATIENCE_S: Final = 30.0

Rule = Callable[[Listing], int]
Finder = Callable[[str], list[UUID]]


@dataclass(frozen=True)
class Question:
    """Words that somebody may type, of which class they are, and how much each listing answers them."""

    kind: str
    words: str
    grade: Rule


# --- the judged set --------------------------------------------------------------------------------------


def _product(zh_hans: str) -> Rule:
    """Grade by the product: the very one, or another of its category."""

    def grade(listing: Listing) -> int:
        if f" {zh_hans}" in listing.title_zh:
            return _EXACT
        return _KIND if any(one_.zh_hans == zh_hans for one_ in category(listing.category).products) else 0

    return grade


def _titled(*words: str) -> Rule:
    """Grade by words of the title, all of which have to be there."""
    return lambda listing: (
        _EXACT if all(word in f"{listing.title_zh} {listing.title_en}".lower() for word in words) else 0
    )


def _in(code: str, *words: str) -> Rule:
    """Grade by the category, and by words of the title within it."""

    def grade(listing: Listing) -> int:
        if listing.category != code:
            return 0
        text = f"{listing.title_zh} {listing.title_en}".lower()
        return _EXACT if all(word in text for word in words) else _KIND

    return grade


def _sold_by(brand: str, word: str = "") -> Rule:
    """Grade by the seller's brand, and by a word of the title besides."""

    def grade(listing: Listing) -> int:
        if not listing.title_zh.startswith(f"{brand} "):
            return 0
        return _EXACT if word in listing.title_zh else _KIND

    return grade


def _having(code: str, attribute: str, value: str, word: str = "") -> Rule:
    """Grade by an attribute's value in a category, whether or not the title names it."""

    def grade(listing: Listing) -> int:
        if listing.category != code or word not in listing.title_zh:
            return 0
        values = [*listing.attributes, *(pair for sku in listing.skus for pair in sku.attributes)]
        return _EXACT if (attribute, value) in values else _KIND

    return grade


_SETS: Final[tuple[tuple[str, tuple[tuple[str, Rule], ...]], ...]] = (
    (
        "chinese",
        (
            ("热轧钢卷", _product("热轧钢卷")),
            ("钢卷", _titled("钢卷")),
            ("螺纹钢", _titled("螺纹钢")),
            ("不锈钢", _titled("不锈钢")),
            ("降噪耳机", _product("降噪耳机")),
            ("收腰连衣裙", _product("收腰连衣裙")),
            ("护眼显示器", _product("护眼显示器")),
            ("微控制器芯片", _product("微控制器芯片")),
            ("耐磨钢板", _product("耐磨钢板")),
            ("商务办公笔记本", _product("商务办公笔记本")),
        ),
    ),
    (
        "traditional",
        (
            ("熱軋鋼卷", _product("热轧钢卷")),
            ("螺紋鋼", _titled("螺纹钢")),
            ("連衣裙", _titled("连衣裙")),
            ("無線耳機", _product("无线耳机")),
            ("護眼顯示器", _product("护眼显示器")),
            ("傳感器芯片", _product("传感器芯片")),
            ("遊戲電競耳機", _product("游戏电竞耳机")),
        ),
    ),
    (
        "english",
        (
            ("steel coil", _titled("steel coil")),
            ("hot-rolled steel coils", _titled("hot-rolled steel coil")),
            ("wireless headphones", _titled("wireless headphones")),
            ("smartphones", _titled("smartphone")),
            ("laptop", _titled("laptop")),
            ("seismic rebar", _titled("seismic rebar")),
            ("memory chip", _titled("memory chip")),
            ("gaming monitor", _titled("gaming monitor")),
        ),
    ),
    (
        "pinyin",
        (
            ("gangjuan", _titled("钢卷")),
            ("gang juan", _titled("钢卷")),
            ("luowengang", _titled("螺纹钢")),
            ("lianyiqun", _titled("连衣裙")),
            ("erji", _titled("耳机")),
            ("xianshiqi", _titled("显示器")),
            ("shouji", _titled("手机")),
            ("jiangzao erji", _titled("降噪", "耳机")),
        ),
    ),
    (
        "initials",
        (
            ("lyq", _titled("连衣裙")),
            ("lwg", _titled("螺纹钢")),
            ("xsq", _titled("显示器")),
            ("jzej", _titled("降噪耳机")),
            ("rzgj", _titled("热轧钢卷")),
        ),
    ),
    (
        "misspelt",
        (
            ("steal coil", _titled("steel coil")),
            ("wirless headphones", _titled("wireless headphones")),
            ("smartfone", _titled("smartphone")),
            ("labtop", _titled("laptop")),
            ("sesmic rebar", _titled("seismic rebar")),
            ("galvanized", _titled("galvanised")),
            ("moniter", _titled("monitor")),
            ("螺汶钢", _titled("螺纹钢")),
            ("连农裙", _titled("连衣裙")),
            ("传惑器芯片", _product("传感器芯片")),
        ),
    ),
    (
        "homophone",
        (
            ("刚卷", _titled("钢卷")),
            ("热扎钢卷", _product("热轧钢卷")),
            ("罗纹钢", _titled("螺纹钢")),
            ("而机", _titled("耳机")),
            ("连一裙", _titled("连衣裙")),
            ("先示器", _titled("显示器")),
        ),
    ),
    (
        "model",
        (
            ("Q235B", _titled("q235b")),
            ("q355", _titled("q355")),
            ("HRB400E", _titled("hrb400e")),
            ("SUS304", _titled("sus304")),
            ("1250mm", _titled("1250mm")),
            ("NM400", _titled("nm400")),
        ),
    ),
    (
        "attribute",
        (
            ("Q235B 钢卷", _in("steel.coil", "q235b", "钢卷")),
            ("热镀锌 钢管", _in("steel.pipe", "热镀锌")),
            ("QFN-32 芯片", _having("electronics.chip", "package", "qfn-32")),
            ("天青 手机", _having("electronics.phone", "colour", "celadon", "手机")),
            ("JIS G3131 钢卷", _having("steel.coil", "standard", "jis-g3131", "钢卷")),
            ("seamless pipe", _in("steel.pipe", "seamless")),
        ),
    ),
    (
        "seller",
        (
            ("南源", _sold_by("南源")),
            ("nanyuan", _sold_by("南源")),
            ("深曜 耳机", _sold_by("深曜", "耳机")),
            ("顺沐 风扇", _sold_by("顺沐", "扇")),
            (
                "佛山 钢管",
                lambda listing: _EXACT if "钢管" in listing.title_zh and _city(listing) == "4406" else 0,
            ),
        ),
    ),
    (
        "two words",
        (
            ("真丝 连衣裙", _titled("真丝", "连衣裙")),
            ("抗震 螺纹钢", _titled("抗震", "螺纹钢")),
            ("5G 手机", _titled("5g", "手机")),
            ("4K 显示器", _titled("4k", "显示器")),
            ("coil q355b", _in("steel.coil", "q355b")),
            ("车规级 芯片", _titled("车规级", "芯片")),
        ),
    ),
)
QUESTIONS: Final = tuple(Question(kind, words, grade) for kind, judged in _SETS for words, grade in judged)


def _city(listing: Listing) -> str:
    home = {company.slug: company.region for company in companies(DEFAULT_SEED)}
    return home.get(listing.seller, "")[:4]


# --- figures ---------------------------------------------------------------------------------------------


def ndcg(grades: Sequence[int], ideal: Iterable[int]) -> float:
    """Compute the normalised discounted cumulative gain of the first ten."""
    best = _gain(sorted(ideal, reverse=True)[:_TOP])
    return _gain(grades[:_TOP]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def reciprocal_rank(grades: Sequence[int], most: int) -> float:
    """Compute the reciprocal of the place at which the first best answer stands."""
    return next((1 / (place + 1) for place, grade in enumerate(grades) if grade == most), 0.0)


@dataclass(frozen=True)
class _Outcome:
    kind: str
    ndcg: float
    rank: float
    recall: float
    is_empty: bool
    times_ms: tuple[float, ...]


def _ask(question: Question, judged: Mapping[UUID, int], find: Finder) -> _Outcome:
    times = []
    found: list[UUID] = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        found = find(question.words)
        times.append((time.perf_counter() - start) * 1_000)
    grades = [judged.get(id_, 0) for id_ in found]
    most = max(judged.values())
    wanted = min(_RECALLED, sum(grade == most for grade in judged.values()))
    return _Outcome(
        kind=question.kind,
        ndcg=ndcg(grades, judged.values()),
        rank=reciprocal_rank(grades, most),
        recall=sum(grade == most for grade in grades[:_RECALLED]) / wanted,
        is_empty=not found,
        times_ms=tuple(times),
    )


def _figures(outcomes: Sequence[_Outcome]) -> dict[str, Any]:
    times = sorted(time_ms for outcome in outcomes for time_ms in outcome.times_ms)
    return {
        "questions": len(outcomes),
        "ndcg_10": round(statistics.fmean(one_.ndcg for one_ in outcomes), 4),
        "mrr": round(statistics.fmean(one_.rank for one_ in outcomes), 4),
        "recall_20": round(statistics.fmean(one_.recall for one_ in outcomes), 4),
        "zero_results": round(statistics.fmean(one_.is_empty for one_ in outcomes), 4),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[min(len(times) - 1, len(times) * 95 // 100)], 2),
        "per_s": round(1_000 * len(times) / sum(times), 1),
    }


def measure(*, listings: int, progress: Progress | None = None) -> dict[str, Any]:
    """Take all figures in one run, in a scratch database."""
    made: dict[UUID, Listing] = {}
    with scratch_database():
        filled = fill(listings, progress=progress, seen=made.__setitem__)
        judged = [
            (question, {id_: grade for id_, listing in made.items() if (grade := question.grade(listing))})
            for question in QUESTIONS
        ]
        # Of what a small assortment lacks, nothing can be found.
        asked = [(question, grades) for question, grades in judged if _EXACT in grades.values()]
        by_index = [_ask(question, grades, _search) for question, grades in asked]
        by_table = [_ask(question, grades, _browse) for question, grades in asked]
        suggestions = _suggestion_times()
        freshness = _freshness(filled.sellers[0])
    kinds = list(dict.fromkeys(outcome.kind for outcome in by_index))
    total, baseline = _figures(by_index), _figures(by_table)
    return {
        "listings": listings,
        "search": total,
        "baseline": baseline,
        "ratio": {
            name: round(total[name] / baseline[name], 2) if baseline[name] else None
            for name in ("ndcg_10", "mrr", "recall_20", "per_s")
        },
        "kinds": [
            {
                "kind": kind,
                **_figures([one_ for one_ in by_index if one_.kind == kind]),
                "baseline_ndcg_10": _figures([one_ for one_ in by_table if one_.kind == kind])["ndcg_10"],
            }
            for kind in kinds
        ],
        "suggest_p95_ms": suggestions,
        "freshness_s": freshness,
        "unasked": [question.words for question, grades in judged if _EXACT not in grades.values()],
    }


def _search(words: str) -> list[UUID]:
    return [card.id for card in catalog.search(asked=Asked(text=words), size=_RECALLED).cards]


def _browse(words: str) -> list[UUID]:
    return [card.id for card in catalog.browse(asked=Browse(text=words), limit=_RECALLED).items]


def _suggestion_times() -> float:
    times = []
    for question in QUESTIONS:
        for end in range(1, len(question.words) + 1):
            start = time.perf_counter()
            catalog.suggest(typed=question.words[:end])
            times.append((time.perf_counter() - start) * 1_000)
    return round(sorted(times)[len(times) * 95 // 100], 2)


class _Worker(threading.Thread):
    """Beats as the worker does: seals, lets the index follow, and rests when there was nothing to do."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Beat until told to stop."""
        while not self.stopping.is_set():
            if not journal.seal_all() + journal.follow("catalog.search"):
                self.stopping.wait(_BEAT_S)
        connection.close()


def _freshness(seller_id: UUID) -> float:
    """Publish listings one by one while a worker beats; return the longest time from publishing to being found."""
    actor = Actor(
        party_id=seller_id, user_id=named_id("bench.user", seller_id), roles=frozenset([Role.OWNER])
    )
    worker = _Worker()
    worker.start()
    try:
        return round(max(_wait_for(actor, f"fresh{number}x") for number in range(_FRESH)), 3)
    finally:
        worker.stopping.set()
        worker.join()


def _wait_for(actor: Actor, word: str) -> float:
    draft = catalog.ListingDraft(
        category_code="steel.coil",
        title=f"{word} 钢卷",
        currency="CNY",
        unit="kg",
        attributes={"grade": "q235b", "standard": "gb-t-3274", "width": 1250},
        skus=[catalog.SkuDraft("f", {"thickness": "2.0"}, [catalog.Tier(1, 400)])],
        id=new_id(),
    )
    one(catalog.create_listings(actor=actor, seller_id=actor.party_id, drafts=[draft], publish=True))
    start = time.perf_counter()
    while not catalog.search(asked=Asked(text=word)).exact:
        if time.perf_counter() - start > _PATIENCE_S:
            raise RuntimeError("what was published is not found")
        time.sleep(_LOOKS_S)
    return time.perf_counter() - start
