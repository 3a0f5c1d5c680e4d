"""What a forecast is refused for."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, NotFound


class NoSuchForecast(NotFound):
    """There is no such forecast, or it is of a region that another authority answers for."""

    message = _("There is no such forecast.")


class SeriesTooShort(BadInput):
    """A history of fewer than three values says nothing of what follows."""

    message = _("A series needs at least {fewest} values to be forecast.")


class HorizonTooLong(BadInput):
    """The horizon is no number of periods that can be forecast."""

    message = _("Forecast between 1 and {most} periods.")


class ValueImpossible(BadInput):
    """A value of the series is no finite number, or beyond anything that is counted."""

    message = _("The series of {indicator} has a value that cannot be right.")


class PeriodNotForecast(NotFound):
    """The forecast does not reach that period."""

    message = _("The forecast does not include {period}.")
