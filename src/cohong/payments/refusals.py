"""What the ledger and the providers' side refuse."""

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, Unavailable

# --- the ledger ------------------------------------------------------------------------------------------


class FundsShort(Conflict):
    """The account does not hold that much, what is reserved not counted. `account` is its id."""

    message = _("There is not enough money: {wanted} is needed, {available} is available.")


class CurrencyMismatch(BadInput):
    """The amount and the account are of two currencies."""

    message = _("The amount is in {currency}, the account in another currency.")


class AmountNotPositive(BadInput):
    """An amount of nothing, or less, cannot be moved."""

    message = _("The amount has to be more than zero.")


class NoSuchAccount(NotFound):
    """The ledger has no such account."""

    message = _("There is no such account.")


class WrongAccount(BadInput):
    """The kind of transfer does not go between these accounts."""

    message = _("Such a transfer is not made between these accounts.")


class TransferDiffers(Conflict):
    """The id was used before for a transfer with another content."""

    message = _("This transfer was already made with another content.")


class LinkedFailed(Conflict):
    """Nothing is wrong with this transfer, but with another one of its group."""

    message = _("Another part of the same step could not be done.")


class AccountFull(Conflict):
    """The account would hold, or would have moved in all, more than can be counted."""

    message = _("The account cannot take this amount.")


class NoSuchPending(NotFound):
    """There is no pending transfer of that id, between these accounts."""

    message = _("There is no such pending transfer.")


class PendingResolved(Conflict):
    """The pending transfer has been posted or voided before. `how` is "post" or "void"."""

    message = _("The pending transfer has been completed before.")


class PendingExceeded(BadInput):
    """A pending transfer is posted for at most its amount, and voided for exactly that."""

    message = _("At most {pending} is pending, not {wanted}.")


class FeeExceedsAmount(BadInput):
    """The fee is more than what it is taken from."""

    message = _("The fee {fee} is more than the amount {amount}.")


class NotAnOrder(BadInput):
    """The id cannot be an order's: it names something else."""

    message = _("This is not an order that can be paid for.")


# --- providers -------------------------------------------------------------------------------------------


class NoSuchPayment(NotFound):
    """No payment, payout or return of that id, or not of this party."""

    message = _("There is no such payment.")


class NotConnected(Unavailable):
    """The provider is not connected to this installation."""

    message = _("This payment provider is not connected at the moment.")


class NoSuchProvider(NotFound):
    """No provider of that name."""

    message = _("There is no such payment provider.")


class AmountDiffers(Conflict):
    """The provider speaks of another amount than was asked for. It is recorded, and nothing is booked."""

    message = _("The amount {told} is not the {asked} that was asked for.")


class OutcomeContradicts(Conflict):
    """The provider says something else than it said before. It is recorded, and nothing is booked."""

    message = _("The payment provider contradicts what it said before.")


class ReferenceReused(Conflict):
    """The provider gives a reference that it gave for something else. It is recorded, nothing is booked."""

    message = _("The payment provider used a reference twice.")


class PayoutRestricted(NotAllowed):
    """The party's payouts are stopped."""

    message = _("Payouts of this party are stopped.")


class BadBankAccount(BadInput):
    """The bank account is not complete, or not of the form that it should have."""

    message = _("The bank account is not complete: {field}")


class BadText(BadInput):
    """A text is too long, or has characters that it may not have."""

    message = _("This text is too long or has characters that cannot be used: {field}")


class ReturnExceeds(Conflict):
    """Returns together would be more than was paid."""

    message = _("Only {left} of this payment can still be returned.")


class NotReceived(Conflict):
    """A payment that has not been received cannot be returned."""

    message = _("This payment has not been received.")


# --- exchange and fees -----------------------------------------------------------------------------------


class NoRate(NotFound):
    """There is no rate between the two currencies."""

    message = _("{sell} cannot be exchanged into {buy} at the moment.")


class RateChanged(Conflict):
    """The quoted rate does not hold any more."""

    message = _("The rate has changed since it was quoted.")


class BadRate(BadInput):
    """A rate is a decimal number above zero with at most ten places."""

    message = _("“{rate}” is not a rate.")


class BadFeeRate(BadInput):
    """A fee is between 0 and 10000 basis points."""

    message = _("A fee is between 0 and 10000 basis points.")


class TooLittle(BadInput):
    """The amount is too small to become one unit of the other currency."""

    message = _("The amount is too small to be exchanged.")
