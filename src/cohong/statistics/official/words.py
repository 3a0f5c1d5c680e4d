"""The words of official figures."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cohong.statistics.periods import Frequency


class FigureState(TextChoices):
    """How its publisher calls a figure."""

    PRELIMINARY = "preliminary", pgettext_lazy("official figure", "Preliminary")
    REVISED = "revised", pgettext_lazy("official figure", "Revised")
    FINAL = "final", pgettext_lazy("official figure", "Final")


KEPT_BY: Final[Mapping[Frequency, str | Promise]] = {
    Frequency.YEAR: pgettext_lazy("official figure kept by the", "year"),
    Frequency.QUARTER: pgettext_lazy("official figure kept by the", "quarter"),
    Frequency.MONTH: pgettext_lazy("official figure kept by the", "month"),
    Frequency.DAY: pgettext_lazy("official figure kept by the", "day"),
}
"""How long the shortest periods of a series are, as people say it."""
