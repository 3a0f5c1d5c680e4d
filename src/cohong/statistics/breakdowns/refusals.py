"""What a question over the facts can be refused for."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from cohong.kernel.http import TooOften


class NoResearchRight(NotAllowed):
    """The party may not ask over the facts."""

    message = _(
        "Your organisation has no research right, or it has ended. The province's statistics office grants it."
    )


class NotBrokenDown(BadInput):
    """The indicator is no sum over trade."""

    message = _("This indicator cannot be broken down further. Choose one that is a sum over trade.")


class DimensionsWrong(BadInput):
    """Not one or two different dimensions."""

    message = _("Break down by one or two different dimensions.")


class YearsOnly(BadInput):
    """Breakdowns are answered for years."""

    message = _(
        "Breakdowns are answered for whole years, as 2025. Shorter periods would give companies away."
    )


class QuestionTooFine(Conflict):
    """The answer would have too many cells, or they would take too long to protect: the question is refused."""


class NoSuchQuestion(NotFound):
    """There is no such question, or it is somebody else's."""

    message = _("There is no such question.")


class TooManyQuestions(TooOften):
    """More questions than a party has in an hour or a day."""

    message = _("You have asked {most} questions in this time. Please go on later.")


class RightUnchanged(Conflict):
    """The party has no such right to end."""

    message = _("This organisation has no research right.")


class RightTooLong(BadInput):
    """A right ends between tomorrow and three years from now."""

    message = _("A research right ends between tomorrow and three years from now.")
