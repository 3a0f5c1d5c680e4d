"""Why an act of the register does not happen."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotFound


class NoSuchUnit(NotFound):
    """There is no such unit, or the actor may not know of it."""

    message = _("There is no such reporting unit.")


class NoSuchMatch(NotFound):
    """There is no such question."""

    message = _("There is no such question of two units being one.")


class UnitCodeTaken(Conflict):
    """Another unit has this credit code."""

    message = _("The unit “{name}” ({unit_code}) has this credit code already.")


class UnitKnown(Conflict):
    """The register has this unit already, or one that is too like it."""

    message = _("The register has “{name}” ({unit_code}) already.")


class UnitClosed(Conflict):
    """The unit is closed."""

    message = _("The unit has been closed since {since}.")


class UnitOpen(Conflict):
    """The unit is not closed."""

    message = _("The unit is open.")


class UnitJoined(Conflict):
    """The unit turned out to be another one; what happens, happens to that."""

    message = _("This unit was found to be another one. Please change that one, or part the two first.")


class UnitNotJoined(Conflict):
    """The unit counts by itself."""

    message = _("This unit was not joined to another one.")


class SameUnit(BadInput):
    """A unit was named twice."""

    message = _("A unit cannot be merged or joined with itself.")


class DayTooEarly(BadInput):
    """The day lies before what is known of the unit already."""

    message = _("The day must not be before {since}, from which the unit is known as it is.")


class DayInFuture(BadInput):
    """What happens to a unit is entered when it has happened."""

    message = _("The day must not lie in the future.")


class NothingChanges(BadInput):
    """The unit is as it is stated already."""

    message = _("Nothing would change.")


class RegionMissing(BadInput):
    """Of a unit without a region only an authority without one could know."""

    message = _("Please say in which region the unit is.")


class PlatformKindMissing(BadInput):
    """A platform needs to be its operator's own or a third party's; nothing else may be."""

    message = _(
        "Say of a platform, and only of a platform, whether it is its operator’s own or a third party’s."
    )


class PartsMissing(BadInput):
    """A split gives at least one new unit."""

    message = _("A split needs at least one new unit.")


class RowTwice(BadInput):
    """Two rows of a list are the same unit."""

    message = _("Row {other} is the same unit.")
