"""Writing a bulletin: which sentences are said, from the figures alone."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cohong.statistics.bulletins import numbers
from cohong.statistics.bulletins.closing import definitions, disclaimer, notes
from cohong.statistics.bulletins.figures import (
    HEAD,
    PARTS,
    RATES,
    Figures,
    home_names,
    months_in,
    was_over,
)
from cohong.statistics.bulletins.numbers import Way, amount, dated, growth, joined, percent, share, shown
from cohong.statistics.bulletins.ranking import cities, industries
from cohong.statistics.bulletins.shapes import Bulletin, Drawing, Line, Row, Section, Tabled, Tile
from cohong.statistics.indicators.definitions import Unit, tree
from cohong.statistics.periods import Period
from cohong.statistics.publishing import selectors
from cohong.statistics.publishing.selectors import NoSuchRelease

#: After so many months a record is one.
_RECORD_AFTER: Final = 24
_STREAK_FROM: Final = 3
_FIRST_OF_A_MONTH_ON_MONTH: Final = 4


def bulletin(*, period: Period, language: str, release: int | None = None) -> Bulletin:
    """Write the bulletin of a month (January and February: of both), as a release shows it (the newest).

    Raises `NoSuchRelease` where nothing was published, or nothing of that period.
    """
    wanted = release if release is not None else next((one.id for one in selectors.releases(limit=1)), None)
    if wanted is None:
        raise NoSuchRelease
    with override(language):
        figures = Figures(selectors.release(release_id=wanted), period)
        if figures.total(HEAD, figures.period).value is None or not was_over(figures.period, figures.release):
            raise NoSuchRelease
        return _written(figures)


def bulletin_periods(*, release: int) -> list[str]:
    """Return the codes of the periods that a release has a bulletin of, newest first."""
    return months_in(release)


def bulletin_period_name(*, code: str, language: str) -> str:
    """Name a bulletin's period in a language: 2026年10月, October 2026. Raises `PeriodUnreadable`."""
    with override(language):
        return dated(Period.parse(code))


def _written(of: Figures) -> Bulletin:
    names = home_names()
    return Bulletin(
        title=_("E-commerce statistics of {region}").format(region=shown(names))
        if names
        else pgettext("bulletin", "E-commerce statistics"),
        period=dated(of.period),
        issue=pgettext("bulletin", "Monthly bulletin"),
        release=of.release.id,
        published=_("Release {release}, published").format(release=of.release.id),
        published_at=of.release.published_at,
        disclaimer=disclaimer(of.period),
        tiles=tuple(_tiles(of)),
        sections=tuple(
            one for one in (_overview(of), _structure(of), cities(of), industries(of), _service(of)) if one
        ),
        definitions_heading=pgettext("bulletin", "What the figures are"),
        definitions=definitions(of),
        notes_heading=pgettext("bulletin", "Notes"),
        notes=notes(of),
        foot=_("Release {release} of vintage {vintage}").format(
            release=of.release.id, vintage=of.release.vintage
        ),
    )


def _name(code: str) -> str:
    return str(tree().by_code[code].names)


# --- headline -----------------------------------------------------------------------------------------------


def _tiles(of: Figures) -> Iterator[Tile]:
    for code in (HEAD, "retail_sales", "turnover_cross_border", "orders"):
        now = of.total(code, of.period).value
        if now is None:
            continue
        change = growth(now, of.total(code, of.period.year_before()).value)
        written = amount(now) if tree().by_code[code].unit is Unit.MONEY else numbers.count(now)
        yield Tile(
            _name(code),
            written,
            change.on_a_year() if change else "",
            bool(change and change.way is Way.ROSE),
        )


def _overview(of: Figures) -> Section:
    return Section(
        pgettext("bulletin", "Overview"),
        (joined(list(_headline(of))),),
        drawing=_two_years(of),
    )


def _headline(of: Figures) -> Iterator[str]:
    now = of.total(HEAD, of.period).value
    assert now is not None  # noqa: S101 - `bulletin` refuses otherwise
    change = growth(now, of.total(HEAD, of.period.year_before()).value)
    if change is None:
        yield _("In {period}, e-commerce turnover came to {amount}.").format(
            period=dated(of.period), amount=amount(now)
        )
    else:
        yield _("In {period}, e-commerce turnover came to {amount}, {change}.").format(
            period=dated(of.period), amount=amount(now), change=change.on_a_year()
        )
    if of.period.start.month >= _FIRST_OF_A_MONTH_ON_MONTH:
        before = of.period.shifted(-1)
        if (month := growth(now, of.total(HEAD, before).value)) is not None:
            yield month.on_a_month(numbers.month(before))
    yield from _year_so_far(of)
    yield from _remarkable(of, now)


def _year_so_far(of: Figures) -> Iterator[str]:
    if of.period.is_two_months:
        return
    so_far = of.so_far(HEAD, of.period).value
    if so_far is None:
        return
    change = growth(so_far, of.so_far(HEAD, of.period.year_before()).value)
    month = numbers.month(of.period)
    if change is None:
        yield _("From January to {month} it added up to {amount}.").format(month=month, amount=amount(so_far))
    else:
        yield _("From January to {month} it added up to {amount}, {change}.").format(
            month=month, amount=amount(so_far), change=change.on_a_year()
        )


def _remarkable(of: Figures, now: Decimal) -> Iterator[str]:
    """Say what is out of the ordinary: a record, or growth period after period."""
    single = [one for one in of.steps if not one.is_two_months]
    earlier = [of.total(HEAD, one).value or Decimal(0) for one in single if one.end < of.period.start]
    if not of.period.is_two_months and len(earlier) >= _RECORD_AFTER and now > max(earlier):
        yield _("That is the most in any single month since the series began in {start}.").format(
            start=dated(of.steps[0])
        )
    streak = 0
    for one in reversed(of.steps):
        change = growth(of.total(HEAD, one).value, of.total(HEAD, one.year_before()).value)
        if change is None or change.way is not Way.ROSE:
            break
        streak += 1
    if streak >= _STREAK_FROM:
        yield _("It has grown on a year earlier {count} times in a row.").format(count=streak)


def _two_years(of: Figures) -> Drawing:
    """Draw this year's and last year's turnover over the same periods."""
    year = of.period.start.year
    codes = ["01+02", *(f"{month:02}" for month in range(3, 13))]
    values = {
        each: [of.total(HEAD, Period.parse(f"{each:04}-{code}")).value for code in codes]
        if each < year
        else [
            of.total(HEAD, one).value
            if (one := Period.parse(f"{each:04}-{code}")).end <= of.period.end
            else None
            for code in codes
        ]
        for each in (year - 1, year)
    }
    largest = max(value for row in values.values() for value in row if value is not None)
    scale = numbers.scale_for(largest)
    return Drawing(
        title=_("E-commerce turnover by month, this year and last year"),
        unit=numbers.unit(scale),
        labels=(
            pgettext("on a small axis", "Jan–Feb"),
            *(_axis(month) for month in range(3, 13)),
        ),
        lines=tuple(
            Line(str(each), tuple(None if value is None else float(value / scale.size) for value in row))
            for each, row in values.items()
        ),
    )


def _axis(month: int) -> str:
    """Write a month on a small axis."""
    name = numbers.month_name(month)
    return name if numbers.is_chinese() else name[:3]


# --- structure ----------------------------------------------------------------------------------------------


def _structure(of: Figures) -> Section | None:
    said, rows = [], []
    whole = of.total(HEAD, of.period)
    scale = numbers.scale_for(whole.value or Decimal(0))
    for code in PARTS:
        now, before = of.total(code, of.period), of.total(code, of.period.year_before())
        part = share(now.value, whole.value)
        if now.value is None or part is None:
            continue
        change = growth(now.value, before.value)
        earlier = share(before.value, of.total(HEAD, of.period.year_before()).value)
        said.append(_part_said(_name(code), now.value, change, part, earlier))
        rows.append(
            Row(
                (
                    _name(code),
                    numbers.scaled(now.value, scale),
                    change.signed if change else numbers.UNKNOWN,
                    numbers.plain(part, Decimal("0.1")),
                    _shift(part, earlier),
                ),
                float(part / 100),
            )
        )
    if not rows:
        return None
    columns = (
        pgettext("bulletin", "Part"),
        pgettext("bulletin", "Turnover"),
        pgettext("bulletin", "On a year earlier (%)"),
        pgettext("bulletin", "Share (%)"),
        _("Change of share (points)"),
    )
    table = Tabled(_("What the turnover is made of"), numbers.unit(scale), columns, tuple(rows))
    return Section(pgettext("bulletin", "Structure"), (joined(said),), tables=(table,))


def _part_said(
    name: str, now: Decimal, change: numbers.Growth | None, part: Decimal, earlier: Decimal | None
) -> str:
    moved = "" if earlier is None else _share_moved(part - earlier)
    values = {
        "name": name,
        "amount": amount(now),
        "change": change.on_a_year() if change else "",
        "share": percent(part),
        "moved": moved,
    }
    if change is None or not moved:
        return _("{name} came to {amount}, {share} of the total.").format(**values)
    return _("{name} came to {amount}, {change}; that is {share} of the total, {moved}.").format(**values)


def _share_moved(points: Decimal) -> str:
    """Say how a share moved, in percentage points."""
    written = numbers.plain(abs(points), Decimal("0.1"))
    if not points:
        return _("the same share as a year earlier")
    if points > 0:
        return _("{points} percentage points more than a year earlier").format(points=written)
    return _("{points} percentage points less than a year earlier").format(points=written)


def _shift(now: Decimal, before: Decimal | None) -> str:
    if before is None:
        return numbers.UNKNOWN
    points = now - before
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{numbers.plain(abs(points), Decimal('0.1'))}"


# --- service ------------------------------------------------------------------------------------------------


def _service(of: Figures) -> Section | None:
    """Table how trade was served; of two months there is no such figure, as rates are not added up."""
    if of.period.is_two_months:
        return None
    rows = []
    for code in RATES:
        now, before = of.total(code, of.period).value, of.total(code, of.period.year_before()).value
        if now is None:
            continue
        is_percent = tree().by_code[code].unit is Unit.PERCENT
        unit = "%" if is_percent else ""
        rows.append(
            Row(
                (
                    _name(code),
                    *(numbers.UNKNOWN if one is None else numbers.plain(one) + unit for one in (now, before)),
                ),
                0.0,
            )
        )
    if not rows:
        return None
    columns = (pgettext("bulletin", "Indicator"), dated(of.period), dated(of.period.year_before()))
    return Section(
        pgettext("bulletin", "Service"),
        (),
        tables=(Tabled(_("How orders were served"), "", columns, tuple(rows)),),
    )
