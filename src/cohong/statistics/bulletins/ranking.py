"""What is said of cities and of industries: who leads, who grew the most, and a table of them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cohong.statistics.bulletins import numbers
from cohong.statistics.bulletins.figures import HEAD, Figures, Known, Part
from cohong.statistics.bulletins.numbers import Growth, Way, amount, growth, listed, percent, share, shown
from cohong.statistics.bulletins.shapes import Row, Section, Tabled

_LEADERS: Final = 3
#: Whoever has less of the turnover than this, in percent, is not named for growing fast.
_WORTH_NAMING: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is said of the parts, in sentences that were translated whole."""

    heading: str
    caption: str
    head: str
    leaders: str
    leaders_shown: str
    moved: str
    fastest: str
    hidden: str


def cities(of: Figures) -> Section | None:
    """Rank the cities; None where none is shown."""
    hidden = sum(one.now.withheld for one in of.cities)
    return _ranked(
        of,
        of.cities,
        _Texts(
            heading=pgettext("bulletin", "Cities"),
            caption=_("Turnover by city"),
            head=pgettext("bulletin", "City"),
            leaders=_("The cities with the most turnover were {leaders}."),
            leaders_shown=_("Of the cities whose figures are shown, {leaders} had the most turnover."),
            moved=_("Turnover grew in {grew} of {all} cities with comparable figures."),
            fastest=_("Of the cities with at least 1% of the turnover, {name} grew the most, by {percent}."),
            hidden=ngettext(
                "The figure of {count} city is not shown, to protect companies.",
                "The figures of {count} cities are not shown, to protect companies.",
                hidden,
            ).format(count=hidden),
        ),
    )


def industries(of: Figures) -> Section | None:
    """Rank the industries; None where none is shown."""
    hidden = sum(one.now.withheld for one in of.industries)
    return _ranked(
        of,
        of.industries,
        _Texts(
            heading=pgettext("bulletin", "Industries"),
            caption=_("Turnover by industry"),
            head=pgettext("bulletin", "Industry"),
            leaders=_("The industries with the most turnover were {leaders}."),
            leaders_shown=_("Of the industries whose figures are shown, {leaders} had the most turnover."),
            moved=_("Turnover grew in {grew} of {all} industries with comparable figures."),
            fastest=_(
                "Of the industries with at least 1% of the turnover, {name} grew the most, by {percent}."
            ),
            hidden=ngettext(
                "The figure of {count} industry is not shown, to protect companies.",
                "The figures of {count} industries are not shown, to protect companies.",
                hidden,
            ).format(count=hidden),
        ),
    )


def _ranked(of: Figures, parts: Sequence[Part], texts: _Texts) -> Section | None:
    """Rank parts by what is shown of them, say what is remarkable, and table them all."""
    ranking = sorted(
        (one for one in parts if one.now.value is not None), key=lambda one: -(one.now.value or 0)
    )
    if not ranking:
        return None
    hidden = any(one.now.withheld for one in parts)
    said = [*_leading(of, ranking, texts, are_all=not hidden), *_growing(of, ranking, texts)]
    if hidden:
        said.append(texts.hidden)
    return Section(texts.heading, (numbers.joined(said),), tables=(_table(of, parts, texts),))


def _leading(of: Figures, ranking: Sequence[Part], texts: _Texts, *, are_all: bool) -> Iterator[str]:
    leaders = [(one, one.now.value) for one in ranking[:_LEADERS] if one.now.value]
    if len(leaders) < 2:  # noqa: PLR2004 - one alone leads nobody
        return
    names = [
        pgettext("name and amount", "{name} ({amount})").format(name=shown(one.names), amount=amount(value))
        for one, value in leaders
    ]
    yield (texts.leaders if are_all else texts.leaders_shown).format(leaders=listed(names))
    together = share(sum((value for _one, value in leaders), Decimal(0)), of.total(HEAD, of.period).value)
    if len(ranking) > len(leaders) and together is not None:
        yield _("Together they had {share} of the whole turnover.").format(share=percent(together))


def _growing(of: Figures, ranking: Sequence[Part], texts: _Texts) -> Iterator[str]:
    changes = [(one, change) for one in ranking if (change := growth(one.now.value, one.before.value))]
    if not changes:
        return
    yield texts.moved.format(grew=sum(change.way is Way.ROSE for _one, change in changes), all=len(changes))
    whole = of.total(HEAD, of.period).value
    large = [(one, change) for one, change in changes if (share(one.now.value, whole) or 0) >= _WORTH_NAMING]
    if len(large) > 1:
        best, change = max(large, key=lambda pair: pair[1].percent)
        if change.way is Way.ROSE:
            yield texts.fastest.format(name=shown(best.names), percent=percent(change.percent))


def _table(of: Figures, parts: Sequence[Part], texts: _Texts) -> Tabled:
    largest = max((one.now.value for one in parts if one.now.value is not None), default=Decimal(0))
    scale = numbers.scale_for(largest)
    so_far = not of.period.is_two_months
    rows = []
    for one in sorted(parts, key=lambda one: (one.now.value is None, -(one.now.value or 0))):
        cells = [
            shown(one.names),
            _cell(one.now, scale),
            _signed(growth(one.now.value, one.before.value)),
            _or_dash(share(one.now.value, of.total(HEAD, of.period).value)),
        ]
        if so_far:
            cells += [_cell(one.so_far, scale), _signed(growth(one.so_far.value, one.so_far_before.value))]
        bar = float(one.now.value / largest) if one.now.value is not None and largest else 0.0
        rows.append(Row(tuple(cells), bar))
    columns = [
        texts.head,
        pgettext("bulletin", "Turnover"),
        pgettext("bulletin", "On a year earlier (%)"),
        pgettext("bulletin", "Share (%)"),
    ]
    if so_far:
        columns += [pgettext("bulletin", "Since January"), pgettext("bulletin", "On a year earlier (%)")]
    return Tabled(texts.caption, numbers.unit(scale), tuple(columns), tuple(rows))


def _signed(change: Growth | None) -> str:
    return change.signed if change else numbers.UNKNOWN


def _cell(known: Known, scale: numbers.Scale) -> str:
    if known.withheld:
        return numbers.WITHHELD
    return numbers.UNKNOWN if known.value is None else numbers.scaled(known.value, scale)


def _or_dash(value: Decimal | None) -> str:
    return numbers.UNKNOWN if value is None else numbers.plain(value, Decimal("0.1"))
