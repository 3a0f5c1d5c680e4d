"""Why an act of early warning does not happen."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotFound


class NoSuchAlarm(NotFound):
    """There is no such alarm, or another authority answers for its region."""

    message = _("There is no such alarm.")


class AlarmChanged(Conflict):
    """Something has happened to the alarm since it was looked at."""

    message = _("Something has happened to this alarm meanwhile. Please look at it again.")


class NoSuchAct(BadInput):
    """An officer can't do that with an alarm."""

    message = _("There is no such step for an alarm.")


class NotAnOffice(BadInput):
    """An alarm can only be handed to a statistics authority that answers for its region."""

    message = _("An alarm can only be handed to a statistics authority that answers for its region.")
