"""Why an act of reporting does not happen."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from cohong.statistics.forms.checking import Finding


class NoSuchReport(NotFound):
    """There is no such report, or the actor may not know of it."""

    message = _("There is no such report.")


class ReportChanged(Conflict):
    """Somebody else has changed the report since it was looked at."""

    message = _("Somebody has changed this report meanwhile. Please look at it again.")


class _WithFindings(BadInput):
    """A refusal that says all that was found; `findings` is a list of {code, severity, field, row, message}."""

    def __init__(self, *, findings: Sequence[Finding]) -> None:
        told = [
            {
                "code": one.code,
                "severity": one.severity.value,
                "field": one.field,
                "row": one.row,
                "message": one.message,
            }
            for one in findings
        ]
        super().__init__(findings=told, count=len(told), first=findings[0].message)


class ReportFlawed(_WithFindings):
    """There are errors in the report."""

    message = _("The report cannot be submitted: {first} ({count} errors in all)")


class QueriesUnanswered(_WithFindings):
    """Something has to be explained first."""

    message = _("Please explain first: {first} ({count} to be explained in all)")


class SubmittedAlready(Conflict):
    """The report is submitted and under review."""

    message = _("This report was submitted on {on} already.")


class NothingCorrected(Conflict):
    """The contents are those of the last version."""

    message = _("The contents are the same as in the version that was submitted before.")


class SameReviewer(NotAllowed):
    """Whoever approved for the city may not approve for the province."""

    message = _("Another officer has to approve for the province than for the city.")


class WrongLevel(NotAllowed):
    """A city's office may not approve for the province."""

    message = _("This takes the province’s office.")


class PeriodNotOver(Conflict):
    """The period is not over yet."""

    message = _("The period {period} is not over yet.")


class PeriodWrong(BadInput):
    """The period is of another length than the form asks for."""

    message = _("Form {form} is not filed for periods such as {period}.")


class NotOwed(NotFound):
    """The unit does not owe this form for this period."""

    message = _("The unit does not owe form {form} for {period}.")


class ExplanationTooLong(BadInput):
    """An explanation is too long."""

    message = _("An explanation may have at most {most} characters.")


# --- files -----------------------------------------------------------------------------------------------


class FileNotOurs(BadInput):
    """The file is not one that was made from the template."""

    message = _(
        "This is not a filled-in template of this system. Please download the template and fill it in."
    )


class FileOfAnotherUnit(BadInput):
    """The file is for another unit."""

    message = _("This file is for the unit {found}, not for {wanted}.")


class FileOfAnotherForm(BadInput):
    """The file is for another form."""

    message = _("This file is for form {found}, not for {wanted}.")


class FileOfAnotherVersion(BadInput):
    """The file was made from an old or unknown version of the template."""

    message = _("This file was made from version {found} of the form; version {wanted} is needed.")


class FileOfAnotherPeriod(BadInput):
    """The file is for another period."""

    message = _("This file is for the period {found}, not for {wanted}.")


class CellsFlawed(BadInput):
    """Cells of the file cannot be read; `cells` is a list of {cell, code, message}."""

    message = _("Cell {cell}: {told} ({count} cells in all)")

    def __init__(self, *, cells: Sequence[dict[str, str]]) -> None:
        super().__init__(cells=list(cells), cell=cells[0]["cell"], told=cells[0]["message"], count=len(cells))
