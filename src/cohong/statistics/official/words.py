"""The words of official figures."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class FigureState(TextChoices):
    """How its publisher calls a figure."""

    PRELIMINARY = "preliminary", pgettext_lazy("official figure", "Preliminary")
    REVISED = "revised", pgettext_lazy("official figure", "Revised")
    FINAL = "final", pgettext_lazy("official figure", "Final")
