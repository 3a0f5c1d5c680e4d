"""The life of an alarm, as a table, and the words for what alarms are."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class AlarmState(TextChoices):
    """Where an alarm stands."""

    OPEN = "open", pgettext_lazy("alarm", "Open")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("alarm", "Being looked into")
    EXPLAINED = "explained", pgettext_lazy("alarm", "Explained")
    ACTED = "acted", pgettext_lazy("alarm", "Acted upon")
    CLOSED = "closed", pgettext_lazy("alarm", "Closed")
    FALSE_ALARM = "false_alarm", pgettext_lazy("alarm", "False alarm")


class AlarmSeverity(TextChoices):
    """How much an alarm matters."""

    NOTE = "note", pgettext_lazy("alarm", "Worth a look")
    WARNING = "warning", pgettext_lazy("alarm", "Warning")
    GRAVE = "grave", pgettext_lazy("alarm", "Grave")


class AlarmAct(TextChoices):
    """What was done with an alarm. The first four are the watch's own, the others an officer's."""

    RAISE = "raise", pgettext_lazy("alarm act", "Raised")
    REVISE = "revise", pgettext_lazy("alarm act", "New figures")
    SUBSIDE = "subside", pgettext_lazy("alarm act", "No longer holds")
    RETURN = "return", pgettext_lazy("alarm act", "Holds again")
    ACKNOWLEDGE = "acknowledge", pgettext_lazy("alarm act", "Taken on")
    HAND_OVER = "hand_over", pgettext_lazy("alarm act", "Handed over")
    EXPLAIN = "explain", pgettext_lazy("alarm act", "Explained")
    ACT = "act", pgettext_lazy("alarm act", "Acted upon")
    DISMISS = "dismiss", pgettext_lazy("alarm act", "Found to be a false alarm")
    CLOSE = "close", pgettext_lazy("alarm act", "Closed")
    REOPEN = "reopen", pgettext_lazy("alarm act", "Taken up again")


S = AlarmState

ALARM_LIFE: Final = StateMachine(
    AlarmState,
    initial=S.OPEN,
    transitions={
        S.OPEN: {
            "acknowledge": S.ACKNOWLEDGED,
            "dismiss": S.FALSE_ALARM,
            "revise": S.OPEN,
            "subside": S.CLOSED,
        },
        S.ACKNOWLEDGED: {
            "explain": S.EXPLAINED,
            "act": S.ACTED,
            "dismiss": S.FALSE_ALARM,
            "hand_over": S.ACKNOWLEDGED,
            "revise": S.ACKNOWLEDGED,
            "subside": S.ACKNOWLEDGED,
        },
        S.EXPLAINED: {
            "act": S.ACTED,
            "close": S.CLOSED,
            "dismiss": S.FALSE_ALARM,
            "hand_over": S.EXPLAINED,
            "revise": S.EXPLAINED,
            "subside": S.EXPLAINED,
        },
        S.ACTED: {
            "explain": S.EXPLAINED,
            "close": S.CLOSED,
            "hand_over": S.ACTED,
            "revise": S.ACTED,
            "subside": S.ACTED,
        },
        S.CLOSED: {"reopen": S.ACKNOWLEDGED, "revise": S.CLOSED, "return": S.OPEN},
        S.FALSE_ALARM: {"reopen": S.ACKNOWLEDGED, "revise": S.FALSE_ALARM, "subside": S.FALSE_ALARM},
    },
)
"""An officer takes an alarm on, says what is behind it or what was done, and closes it; or finds that it is none.

What nobody has taken on and holds no more after a revision closes by itself, and opens again should it hold again.
"""

OFFICERS_ACTS: Final = (
    AlarmAct.ACKNOWLEDGE,
    AlarmAct.HAND_OVER,
    AlarmAct.EXPLAIN,
    AlarmAct.ACT,
    AlarmAct.CLOSE,
    AlarmAct.DISMISS,
    AlarmAct.REOPEN,
)
WITHOUT_REASON: Final = frozenset({AlarmAct.ACKNOWLEDGE, AlarmAct.HAND_OVER})
