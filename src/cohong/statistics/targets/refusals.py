"""Why an act about targets does not happen."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, NotFound


class NoSuchTarget(NotFound):
    """There is no such target."""

    message = _("There is no such target.")


class TermsIncomplete(BadInput):
    """What the comparison needs is missing, or is no number that a target may have."""

    message = _("The target cannot be measured as it stands: “{field}” is missing or out of range.")


class PathImpossible(BadInput):
    """The path does not lead from the baseline to the target."""

    message = _(
        "There is no such path: its days must follow each other up to the due day, it needs a value to go to,"
        " and growth begins above zero."
    )
