"""The words of targets."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class TargetUnit(TextChoices):
    """What the values of a target count. Money is in whole units of the region's currency (yuan)."""

    MONEY = "money", pgettext_lazy("target unit", "Money")
    PERCENT = "percent", pgettext_lazy("target unit", "Percent")
    PERSONS = "persons", pgettext_lazy("target unit", "Persons")
    FIRMS = "firms", pgettext_lazy("target unit", "Firms")
    NUMBER = "number", pgettext_lazy("target unit", "Number")


class Comparison(TextChoices):
    """When a target is met."""

    ABOVE_VALUE = "above_value", pgettext_lazy("target", "Above a value")
    ABOVE_SERIES = "above_series", pgettext_lazy("target", "Above another series")
    MORE_UNITS = "more_units", pgettext_lazy("target", "More than so many above a size")


class PathShape(TextChoices):
    """How the way from the baseline to the target is thought to go."""

    LINEAR = "linear", pgettext_lazy("target path", "The same step each year")
    GROWTH = "growth", pgettext_lazy("target path", "The same growth each year")
    GIVEN = "given", pgettext_lazy("target path", "Set year by year")


class Standing(TextChoices):
    """How a target stands."""

    MET = "met", pgettext_lazy("target standing", "Met")
    ON_TRACK = "on_track", pgettext_lazy("target standing", "On track")
    BEHIND = "behind", pgettext_lazy("target standing", "Behind its path")
    OPEN = "open", pgettext_lazy("target standing", "Not met yet")
    MISSED = "missed", pgettext_lazy("target standing", "Missed")
