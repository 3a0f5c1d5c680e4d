"""The life of a movement: money that crosses the platform's border through a provider."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.states import StateMachine


class MovementKind(TextChoices):
    """What crosses the border, and in which direction."""

    PAYMENT = "payment", pgettext_lazy("movement", "payment")
    """In: for an order, into its escrow."""
    TOP_UP = "top_up", pgettext_lazy("movement", "top-up")
    """In: into a party's balance."""
    PAYOUT = "payout", pgettext_lazy("movement", "payout")
    """Out: from a party's balance to its bank account."""
    RETURN = "return", pgettext_lazy("movement", "return to the payer")
    """Out: a payment, or a part of it, back to where it came from."""

    @property
    def is_incoming(self) -> bool:
        """Tell whether money comes in."""
        return self in _INCOMING


_INCOMING = frozenset({MovementKind.PAYMENT, MovementKind.TOP_UP})


class MovementState(TextChoices):
    """How far a movement is. Until it is `done` or `failed` the provider is asked again and again."""

    STARTED = "started", pgettext_lazy("movement", "started")
    """We want it; the provider may have heard of it or not."""
    OPEN = "open", pgettext_lazy("movement", "waiting")
    """The provider knows of it and nothing has moved yet."""
    CLOSING = "closing", pgettext_lazy("movement", "being closed")
    """We want it no more; it may have been paid all the same."""
    DONE = "done", pgettext_lazy("movement", "done")
    """The money has moved, and is booked."""
    FAILED = "failed", pgettext_lazy("movement", "failed")
    """The money has not moved and never will; what was reserved for it is free again."""


_S = MovementState

MOVEMENT: Final = StateMachine(
    MovementState,
    initial=_S.STARTED,
    transitions={
        _S.STARTED: {"open": _S.OPEN, "close": _S.CLOSING, "finish": _S.DONE, "fail": _S.FAILED},
        _S.OPEN: {"open": _S.OPEN, "close": _S.CLOSING, "finish": _S.DONE, "fail": _S.FAILED},
        # A payment in time or too late: it came, so it is booked; whoever cannot use it sends it back.
        _S.CLOSING: {"close": _S.CLOSING, "finish": _S.DONE, "fail": _S.FAILED},
    },
)
"""What may become of a movement. An outcome is known once: from `done` and `failed` nothing leads on, so
that nothing a provider repeats or reorders can move money twice."""
