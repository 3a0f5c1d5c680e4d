"""Why an act about targets does not happen."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.errors import BadInput, NotFound


class NoSuchTarget(NotFound):
    """There is no such target."""

    message = _("There is no such target.")


_TERMS: Final = {
    "indicator": pgettext_lazy("target", "indicator"),
    "against": pgettext_lazy("target", "indicator to compare with"),
    "value": pgettext_lazy("target", "value"),
    "each_above": pgettext_lazy("target", "threshold of each unit"),
}


class TermsIncomplete(BadInput):
    """What the comparison needs is missing, or is no number that a target may have. `field` names it, `label` in words."""

    message = _("The target cannot be measured as it stands: “{label}” is missing or out of range.")

    def __init__(self, *, field: str) -> None:
        """Take the field of the terms."""
        super().__init__(field=field, label=_TERMS[field])


class PathImpossible(BadInput):
    """The path does not lead from the baseline to the target."""

    message = _(
        "There is no such path: its days must follow each other up to the due day, it needs a value to go to,"
        " and growth begins above zero."
    )
