"""What stands at a bulletin's end: what its figures are, how to read them, and where they come from."""

from django.utils.translation import gettext as _

from cohong.statistics.bulletins.figures import HEAD, PARTS, RATES, Figures
from cohong.statistics.facts.shapes import Origin
from cohong.statistics.facts.taking_over import origins
from cohong.statistics.indicators.definitions import tree
from cohong.statistics.periods import Period


def definitions(of: Figures) -> tuple[tuple[str, str], ...]:
    """Define each indicator that the bulletin names: what it takes in, and how it is counted."""
    named = [HEAD, *(code for code in PARTS if of.total(code, of.period).value is not None), "orders"]
    if not of.period.is_two_months:
        named += [code for code in RATES if of.total(code, of.period).value is not None]
    found = [tree().by_code[code] for code in named if of.total(code, of.period).value is not None]
    return tuple(
        (str(one.names), _("{scope}. {counting}.").format(scope=one.scope, counting=one.counting))
        for one in found
    )


def disclaimer(period: Period) -> str:
    """Say so where figures are generated: nobody must take them for a region's own."""
    spans = [period.code, period.year_before().code]
    made = {origin for every in origins(periods=spans).values() for origin in every}
    if Origin.GENERATED not in made:
        return ""
    return _(
        "These figures rest on data generated for demonstration. They say nothing about any real region or company."
    )


def notes(of: Figures) -> tuple[str, ...]:
    """Say how the figures are to be read, and where they come from."""
    said = []
    if of.is_provisional:
        said.append(_("Figures of this period are provisional: later releases may change them."))
    said.append(
        _("January and February are published together, because Spring Festival falls into either of them.")
    )
    said.append(
        _(
            "Changes and shares are computed from figures before rounding; rounded figures may not add up exactly."
        )
    )
    said.append(_("x: not shown, to protect single companies.  —: not known, or not comparable."))
    said.append(_("Shares are of the turnover of the whole platform, sellers from elsewhere included."))
    said.append(
        _(
            "All figures are those of release {release}, which states them in document {document};"
            " it can be shown again at any time."
        ).format(release=of.release.id, document=of.release.document)
    )
    return tuple(said)
