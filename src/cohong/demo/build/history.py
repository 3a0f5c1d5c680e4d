"""Five years of the region's statistics before the demo's present: generated, and marked as generated everywhere.

The platform itself is two months old in the demo; its past trade is compact facts of origin “generated” between sellers and
buyers who are nobody's (negative ids). What the whole region's platforms, enterprises and service firms report, and what
official statistics say, is taken over for the same years. The shipped plan is of 2010 to 2015 and stays as it is; the demo
aims at the same figures moved to its own years, so that pages show progress over years that have data: from 800 billion yuan
in the first year to more than 3.2 trillion in the demo's present one.

Two things are planted for the alarms, at fixed places counted back from the present month (see `PLANTED`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from cohong.demo.build.calendar import Calendar
from cohong.demo.build.trade_history import TradeHistory
from cohong.demo.data.history import (
    CITIES,
    INDUSTRIES,
    PLATFORMS,
    SERVICE_FIRMS,
    SPREAD,
    enterprise_names,
)
from cohong.demo.identity import credit_code
from cohong.kernel import clock, journal
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import FigureDraft, PastReport, Period, UnitKind

#: What is planted: series, months before the present one, what happens.
PLANTED: Final = {
    "level shift": (
        "turnover, region 440600 (Foshan)",
        9,
        "from then on 45 % more than before, for no known reason",
    ),
    "outlier": ("turnover, region 441300 (Huizhou)", 5, "that one month 2.6 times the usual"),
}
YEARS: Final = 5
_SIGNER: Final = "演示数据（生成）"
_PUBLISHER: Final = "演示数据（生成，非官方公布）"
_LIST: Final = "生成名录（演示）"
# The region's turnover by year, in units of a billion yuan, from the first year on; retail in it, per mille.
_TURNOVER: Final = (806, 1_048, 1_371, 1_792, 2_418, 3_310)
_RETAIL: Final = (440, 444, 449, 452, 455, 458)
_SEASON: Final = (94, 78, 96, 97, 100, 104, 95, 96, 101, 101, 129, 109)
_MANY, _AT_ONCE = 100_000_000, 4_000
Tell = Callable[[int, int], None]
Contents = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a history is generated: a small demo gets a short one."""

    years: int
    sellers: int
    platforms: int
    enterprises: int


WHOLE: Final = Size(YEARS, 260, len(PLATFORMS), 48)
SMALL: Final = Size(1, 4, 3, 3)


class History:
    """Generates the past and takes it over; what is there already stays."""

    def __init__(self, seed: int, calendar: Calendar, size: Size) -> None:
        self._seed, self._size = seed, size
        self._now = calendar.built
        self._today = localdate(calendar.built)
        self._first = date(self._today.year - size.years, 1, 1)
        self._offset = YEARS - size.years

    def write(self, tell: Tell) -> None:
        """Take over trade, reports, figures and the plan, and leave some work on the desk of the present month."""
        if statistics.vintages(limit=1):  # computed from a history that was whole
            return
        with clock.at(self._now):
            steps = (self._trade, self._reports, self._figures, self._plan, self._desk)
            for done, step in enumerate(steps):
                tell(done, len(steps))
                with transaction.atomic():
                    step()
            tell(len(steps), len(steps))

    def observe(self, tell: Tell) -> None:
        """Compute the indicators over everything, once the facts of the demo's own trade are written."""
        if statistics.vintages(limit=1):
            return
        journal.seal_all()
        while journal.follow("statistics.facts"):
            pass
        with clock.at(self._now):
            statistics.observe(
                reason="first computation (demo)", progress=lambda _stage, done, total: tell(done, total)
            )

    def publish(self, tell: Tell) -> None:
        """Show the public what was computed."""
        if statistics.releases(limit=1):
            return
        with clock.at(self._now):
            statistics.publish(
                actor=SYSTEM,
                note="演示数据，历史部分由程序生成。",
                progress=lambda _stage, done, total: tell(done, total),
            )

    # --- trade on the platform -----------------------------------------------------------------------------

    def _trade(self) -> None:
        if statistics.takeovers():
            return
        trade, steps = TradeHistory(self._seed, self._first, self._today, self._size.sellers).tables()
        statistics.take_over_facts(actor=SYSTEM, origin=statistics.Origin.GENERATED, trade=trade, steps=steps)

    # --- units and their reports ---------------------------------------------------------------------------

    def _units(self) -> dict[str, Any]:
        """Enter the generated units by a list; return their ids by credit code."""
        rng = Random(f"{self._seed}:history:units")
        lines = ["name,kind,platform,credit_code,industry,region,size"]
        wanted: list[tuple[str, str, str, str, str, str]] = [
            (name, "platform", "third_party" if place % 4 else "own", "", city, "large")
            for place, (name, city) in enumerate(PLATFORMS[: self._size.platforms])
        ]
        for place, (name, city) in enumerate(enterprise_names(self._size.enterprises)):
            size = ("large", "medium", "small")[place % 3]
            wanted.append((name, "enterprise", "", INDUSTRIES[place % len(INDUSTRIES)][0], city, size))
        for kind, firms in SERVICE_FIRMS.items():
            some = firms if self._size.years == YEARS else firms[:1]
            wanted += [(name, kind, "", "", city, "medium") for name, city in some]
        self._codes: dict[str, list[str]] = {}
        for name, kind, platform, industry, city, size in wanted:
            code = credit_code(rng, "91", city)
            self._codes.setdefault(kind, []).append(code)
            lines.append(f"{name},{kind},{platform},{code},{industry},{city},{size}")
        report = statistics.import_units(
            actor=SYSTEM,
            content="\n".join(lines).encode(),
            filename="list.csv",
            list_name=_LIST,
            on=self._first,
            reason="演示数据",
        )
        if report.flaws:
            raise ValueError(f"the generated list is flawed: {report.flaws[:3]}")
        units = statistics.units(actor=SYSTEM, on=self._today, limit=_AT_ONCE)
        return {one.credit_code: one.id for one in units if one.credit_code}

    def _reports(self) -> None:
        self._ids = self._units()
        items: list[PastReport] = []
        for kind, codes in self._codes.items():
            for place, code in enumerate(codes):
                unit = self._ids.get(code)
                if unit is not None:
                    items += self._past_of(unit, kind, place, len(codes))
        for start in range(0, len(items), _AT_ONCE):
            statistics.take_over_reports(actor=SYSTEM, items=items[start : start + _AT_ONCE], signer=_SIGNER)

    def _past_of(self, unit: Any, kind: str, place: int, count: int) -> Iterator[PastReport]:
        frequency, makers = {
            "platform": ("month", self._platform),
            "enterprise": ("quarter", self._enterprise),
            "carrier": ("quarter", self._carrier),
            "payment": ("quarter", self._payment),
            "credit": ("year", self._credit),
            "certification": ("year", self._certification),
        }[kind]
        last = Period.of(self._today, statistics.Frequency(frequency)).shifted(-1)
        first = Period.of(self._first, statistics.Frequency(frequency))
        for period in first.until(last):
            # Every fourth unit has not reported the last period yet: the desk has work.
            if period == last and place % 4 == 3 and frequency != "year":
                continue
            for form, contents in makers(period, place, count):
                yield PastReport(unit_id=unit, form=form, period=period.code, contents=contents)

    def _whole(self, period: Period) -> Decimal:
        """Return the region's turnover in a period, in thousand yuan, with its season."""
        months = [
            date(period.start.year, month, 1) for month in range(period.start.month, period.end.month + 1)
        ]
        total = Decimal(0)
        for month in months:
            year = _TURNOVER[self._offset + month.year - self._first.year]
            total += Decimal(year) * 1_000_000 * _SEASON[month.month - 1] / 1_200
        return total

    def _noise(self, *what: object) -> float:
        return Random(f"{self._seed}:{what}").uniform(0.96, 1.04)

    def _platform(self, period: Period, place: int, count: int) -> Iterator[tuple[str, Contents]]:
        weights = [0.88**one for one in range(count)]
        share = weights[place] / sum(weights) * self._noise("platform", place, period.code)
        turnover = int(float(self._whole(period)) * share)
        retail_mille = _RETAIL[self._offset + period.start.year - self._first.year]
        retail = turnover * min(900, retail_mille + (place % 5 - 2) * 90) // 1_000
        services, c2c, cross = (
            turnover * (6 + place % 7) // 100,
            retail * (place % 4) // 20,
            turnover * 4 // 100,
        )
        mobile = turnover * min(78, 22 + 9 * (self._offset + period.start.year - self._first.year)) // 100
        by_city = _parts(turnover * 97 // 100, [weight for _, weight in CITIES], place)
        retail_by_city = [min(part, retail * part // max(turnover, 1)) for part in by_city]
        by_industry = _parts(turnover, [weight for _, weight, _ in INDUSTRIES], place)
        yield (
            "P102",
            {
                "region_turnover": _rows([code for code, _ in CITIES], by_city),
                "region_retail": _rows([code for code, _ in CITIES], retail_by_city),
            },
        )
        yield "P103", {"category_turnover": _rows([code for code, *_ in INDUSTRIES], by_industry)}
        yield (
            "P101",
            _texts(
                turnover=turnover,
                goods=turnover - services,
                services=services,
                b2b=turnover - retail,
                b2c=retail - c2c,
                c2c=c2c,
                self_operated=turnover * (60 if place % 4 == 0 else 8) // 100,
                exported=cross * 3 // 5,
                imported=cross - cross * 3 // 5,
                mobile=mobile,
                refunds=retail * 3 // 100,
                orders=max(1, turnover * 1_000 // (1_900 + 130 * place)),
                buyers=max(1, turnover * 1_000 // (5_200 + 90 * place)),
                sellers=max(1, turnover // 2_400),
            ),
        )

    def _enterprise(self, period: Period, place: int, _: int) -> Iterator[tuple[str, Contents]]:
        year = self._offset + period.start.year - self._first.year + (period.start.month - 1) / 12
        noise = self._noise("enterprise", place, period.code)
        sales = int((22_000 + 5_300 * (place % 11)) * (1.07**year) * noise)
        purchases = sales * (58 + place % 9) // 100
        online = int(sales * min(0.9, (0.15 + 0.034 * year) * (0.8 + place % 5 * 0.1)))
        bought = int(purchases * min(0.95, (0.33 + 0.056 * year) * (0.9 + place % 3 * 0.1)))
        staff = 60 + 37 * (place % 13)
        yield (
            "E201",
            _texts(
                sales=sales,
                online_sales=online,
                sales_own=online * 2 // 5,
                sales_third_party=online - online * 2 // 5,
                sales_abroad=online // 12,
                online_sales_share=round(Decimal(online) * 100 / sales, 2),
                purchases=purchases,
                online_purchases=bought,
                purchases_own=bought // 3,
                purchases_third_party=bought - bought // 3,
                online_purchases_share=round(Decimal(bought) * 100 / purchases, 2),
                staff=staff,
                online_staff=int(staff * min(0.5, 0.06 + 0.03 * year)),
                logistics_costs=sales * 3 // 100,
                payment_costs=online * 6 // 1_000,
                taxes=sales * 31 // 1_000,
                online_taxes=online * 31 // 1_000,
            ),
        )

    def _carrier(self, period: Period, place: int, count: int) -> Iterator[tuple[str, Contents]]:
        parcels = int(float(self._whole(period)) / 1_000 / 38 / count * (1.6 - place / count))
        revenue = parcels * 88
        yield (
            "L301",
            _texts(
                parcels=parcels,
                online_parcels=parcels * 83 // 100,
                freight=parcels * 6,
                storage=12_000 + 3_500 * place,
                revenue=revenue,
                online_revenue=revenue * 76 // 100,
                staff=420 + 65 * place + parcels // 40,
                on_time_share=round(Decimal("93.4") + Decimal(place % 5) + self._years_in(period) / 4, 2),
            ),
        )

    def _years_in(self, period: Period) -> Decimal:
        return Decimal(self._offset + period.start.year - self._first.year)

    def _payment(self, period: Period, place: int, count: int) -> Iterator[tuple[str, Contents]]:
        amount = int(float(self._whole(period)) / 10 / count * (1.5 - place / count))
        yield (
            "F501",
            _texts(
                payments=max(1, amount // 230),
                amount=amount,
                mobile_amount=amount * min(82, 35 + 9 * int(self._years_in(period))) // 100,
                cross_border_amount=amount * 3 // 100,
                success_share=round(Decimal("97.8") + self._years_in(period) / 5, 2),
                revenue=amount * 10 * 4 // 1_000,
                staff=180 + 40 * place,
            ),
        )

    def _credit(self, period: Period, place: int, _: int) -> Iterator[tuple[str, Contents]]:
        grown = int(100 * Decimal("1.22") ** int(self._years_in(period)))
        revenue = (26_000 + 4_100 * place) * grown // 100
        yield (
            "C401",
            _texts(
                rated=(1_900 + 260 * place) * grown // 100,
                reports=(14_000 + 2_300 * place) * grown // 100,
                revenue=revenue,
                online_revenue=revenue * 41 // 100,
                staff=74 + 11 * place,
            ),
        )

    def _certification(self, period: Period, place: int, _: int) -> Iterator[tuple[str, Contents]]:
        grown = int(100 * Decimal("1.31") ** int(self._years_in(period)))
        revenue = (19_000 + 3_600 * place) * grown // 100
        yield (
            "S601",
            _texts(
                issued=(120_000 + 31_000 * place) * grown // 100,
                valid=(310_000 + 64_000 * place) * grown // 100,
                revenue=revenue,
                online_revenue=revenue * 66 // 100,
                staff=96 + 17 * place,
            ),
        )

    # --- official figures ----------------------------------------------------------------------------------

    def _figures(self) -> None:
        items: list[FigureDraft] = []
        last_year = self._today.year - 1
        for year in range(self._first.year, self._today.year + 1):
            place = self._offset + year - self._first.year
            if year <= last_year:
                items += self._yearly(year, place)
            for month in range(1, 13):
                period = Period.of(date(year, month, 1), statistics.Frequency.MONTH)
                # Published some three weeks after the month.
                if period.end + timedelta(days=21) < self._today:
                    items += self._monthly(period, place)
        statistics.state_figures(actor=SYSTEM, items=items)

    def _yearly(self, year: int, place: int) -> Iterator[FigureDraft]:
        code = str(year)
        for series, start, growth in (
            ("employment", 68_000_000, 14),
            ("firms", 6_400_000, 62),
            ("sites", 1_150_000, 91),
        ):
            total = start * (1_000 + growth) ** place // 1_000**place
            parts = _parts(total, [weight for _, weight in CITIES], 0)
            for (city, _), part in zip(CITIES, parts, strict=True):
                yield _figure(series, code, part, city)
            yield _figure(series, code, sum(parts), "440000")
        share = (Decimal("8.1"), Decimal("9.8"), Decimal("11.9"), Decimal("15.4"), Decimal("19.1"))[place]
        yield _figure("national_retail_share", code, share, "")

    def _monthly(self, period: Period, place: int) -> Iterator[FigureDraft]:
        retail = (
            366_000_000_000 * 1_042**place // 1_000**place * (95 + _SEASON[period.start.month - 1]) // 195
        )
        trade = (
            690_000_000_000 * 1_031**place // 1_000**place * (190 + _SEASON[period.start.month - 1]) // 290
        )
        parts = _parts(retail, [weight for _, weight in CITIES], 0)
        for (city, _), part in zip(CITIES, parts, strict=True):
            yield _figure("total_retail_sales", period.code, part, city)
        yield _figure("total_retail_sales", period.code, sum(parts), "440000")
        # Foreign trade and taxes are published for the province alone.
        yield _figure("foreign_trade", period.code, trade, "440000")
        yield _figure("tax_revenue", period.code, retail * 21 // 50, "440000")

    # --- plan ----------------------------------------------------------------------------------------------

    def _plan(self) -> None:
        """Aim at the figures of the shipped plan in the demo's years: its last year is the demo's present one."""
        for code, terms in statistics.target_plan().targets.items():
            years = self._today.year - terms.due.year
            moved = replace(
                terms,
                due=terms.due.replace(year=self._today.year),
                names=replace(
                    terms.names,
                    zh_hans=f"{terms.names.zh_hans}（演示）",
                    zh_hant=f"{terms.names.zh_hant}（示範）",
                    en=f"{terms.names.en} (demo)",
                ),
                note=replace(
                    terms.note,
                    zh_hans=_moved(terms.note.zh_hans, years),
                    zh_hant=_moved(terms.note.zh_hant, years),
                    en=_moved(terms.note.en, years),
                ),
                baseline=terms.baseline
                and replace(
                    terms.baseline, on=terms.baseline.on.replace(year=terms.baseline.on.year + years)
                ),
            )
            statistics.set_target(
                actor=SYSTEM,
                code=code.replace(str(terms.due.year), str(self._today.year)),
                terms=moved,
                reason="演示：把规划的目标移到演示数据的年份。",
            )

    # --- work for the desk ---------------------------------------------------------------------------------

    def _desk(self) -> None:
        """Open what is owed; of what is missing, let two platforms' reports wait for review."""
        statistics.open_due()
        last = Period.of(self._today, statistics.Frequency.MONTH).shifted(-1)
        missing = [place for place in range(len(self._codes["platform"])) if place % 4 == 3]
        for place in missing[:2]:
            unit = self._ids[self._codes["platform"][place]]
            made = dict(self._platform(last, place, len(self._codes["platform"])))
            ids = {
                form: statistics.report_for(actor=SYSTEM, form=form, period=last.code, unit_id=unit)
                for form in ("P102", "P103", "P101")
            }
            open_ = {
                one.id
                for one in statistics.reports(actor=SYSTEM, unit_id=unit, period=last.code)
                if one.state == statistics.ReportState.DRAFT
            }
            for form, report_id in ids.items():
                if report_id in open_:
                    statistics.save_report(
                        actor=SYSTEM,
                        report_id=report_id,
                        contents=made[form],
                        explanations={},
                    )
            for report_id in ids.values():
                if report_id in open_:
                    self._submit(report_id)

    @staticmethod
    def _submit(report_id: Any) -> None:
        """Submit a report, explaining whatever is asked."""
        try:
            statistics.submit_report(actor=SYSTEM, report_id=report_id, way=statistics.Way.FILE)
        except statistics.QueriesUnanswered as asked:
            view = statistics.report(actor=SYSTEM, report_id=report_id)
            statistics.save_report(
                actor=SYSTEM,
                report_id=report_id,
                contents=view.contents,
                explanations={_key(one): "旺季前备货，属实。" for one in asked.params["findings"]},
            )
            statistics.submit_report(actor=SYSTEM, report_id=report_id, way=statistics.Way.FILE)


def _key(finding: dict[str, str]) -> str:
    return ":".join(part for part in (finding["code"], finding["field"], finding["row"]) if part)


def _moved(text: str, years: int) -> str:
    for year in (2010, 2015):
        text = text.replace(str(year), f"\x00{year + years}\x00")
    return text.replace("\x00", "")


def _figure(series: str, period: str, value: int | Decimal, region: str) -> FigureDraft:
    return FigureDraft(
        series=series,
        period=period,
        value=Decimal(value),
        region=region,
        publisher=_PUBLISHER,
        source=_SIGNER,
    )


def _texts(**numbers: object) -> Contents:
    return {name: str(value) for name, value in numbers.items()}


def _rows(members: Sequence[str], values: Sequence[int]) -> dict[str, str]:
    return {member: str(value) for member, value in zip(members, values, strict=True) if value}


def _parts(total: int, weights: Sequence[int], place: int) -> list[int]:
    """Take a whole apart by weights that differ a little from place to place; the parts add up to it."""
    tilted = [weight * (100 + SPREAD[(place * 7 + one) % len(SPREAD)]) for one, weight in enumerate(weights)]
    whole = sum(tilted)
    parts = [total * weight // whole for weight in tilted]
    parts[0] += total - sum(parts)
    return parts


__all__ = ["PLANTED", "SMALL", "WHOLE", "History", "Size", "UnitKind"]
