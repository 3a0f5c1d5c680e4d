"""Why an act on an order does not happen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it is not the actor's to know of."""

    message = _("There is no such order.")


class ReturnNotFound(NotFound):
    """There is no such return."""

    message = _("There is no such return.")


class NotYourOrder(NotAllowed):
    """The actor's party is neither buyer nor seller."""

    message = _("This order is not yours.")


class OtherSidesAct(NotAllowed):
    """Only the other side of the order may do this."""

    message = _("Only the other side of this order may do this.")


class NoLines(BadInput):
    """An order without lines."""

    message = _("An order needs at least one line.")


class TooManyLines(BadInput):
    """More lines than one order may have."""

    message = _("An order may have at most {most} lines.")


class LineTwice(BadInput):
    """Two lines with one id."""

    message = _("The same line is named twice.")


class OwnGoods(BadInput):
    """Buyer and seller are the same party."""

    message = _("You cannot buy from yourself.")


class BadQuantity(BadInput):
    """A quantity that is not a whole number above zero."""

    message = _("{quantity} is not a quantity; it takes a whole number above zero.")


class BadPrice(BadInput):
    """A price that is not a whole number of minor units, zero or more."""

    message = _("The price of “{title}” is not an amount.")


class BadSums(BadInput):
    """Freight or discount that cannot be."""

    message = _("Freight and discount must not be below zero, and the discount not above the price.")


class BadDeposit(BadInput):
    """A deposit that is not part of the price, or that the terms do not know."""

    message = _("The deposit must be more than nothing and less than the price.")


class BadDeadline(BadInput):
    """A deadline out of bounds."""

    message = _("A deadline must lie within 90 days.")


class AddressMissing(BadInput):
    """Goods to be shipped, and nobody said where to."""

    message = _("Please say where the goods shall go.")


class TradeRestricted(Conflict):
    """One of the parties may not trade at present."""

    message = _("One of the parties may not trade at present.")


class BelowOffer(BadInput):
    """A buyer alone cannot agree to less than the seller asks."""

    message = _("“{title}” is offered for {asked}; only the seller can agree to less.")


class SellerDiffers(BadInput):
    """A line's goods are not the seller's."""

    message = _("“{title}” is not offered by this seller.")


class NothingDue(Conflict):
    """There is nothing (left) to pay."""

    message = _("There is nothing to pay on this order.")


class PaymentShort(Conflict):
    """The money paid in for this order does not yet cover what is due."""

    message = _("{missing} is still missing on this order.")


class AlreadyPaidIn(Conflict):
    """The money is there already; the order is about to be paid, not to lapse."""

    message = _("The money for this order has come in.")


class Unpaid(Conflict):
    """Goods are accepted when they are paid."""

    message = _("{missing} has to be paid before this order can be accepted.")


class NothingToShip(Conflict):
    """All has been shipped, or nothing was named."""

    message = _("There is nothing to ship.")


class ShipmentReused(Conflict):
    """The shipment's id was used before."""

    message = _("This shipment's id was used before.")


class PastOrdered(BadInput):
    """More than was ordered, or than is still to go."""

    message = _("Of “{title}” only {most} are left.")


class LineNotFound(NotFound):
    """A line that the order does not have."""

    message = _("The order has no such line.")


class OrderHeld(Conflict):
    """An authority has put a hold on this order."""

    message = _("This order is on hold.")


class HoldNotFound(NotFound):
    """There is no such hold, or it was lifted."""

    message = _("There is no such hold.")


class NotDueYet(Conflict):
    """The deadline has not come."""

    message = _("It is too early for this.")


class ReturnsPending(Conflict):
    """A return is open; the order's money waits for it."""

    message = _("A return of this order is still open.")


class NotReturnable(Conflict):
    """Nothing of this order can be returned in its state."""

    message = _("Nothing of this order can be returned at this time.")


class PastRefundable(BadInput):
    """More money than was paid for these goods and has not gone back."""

    message = _("At most {most} can be refunded.")


class NotShippedYet(BadInput):
    """Goods that have not been shipped cannot come back."""

    message = _("Of “{title}” only {most} can come back.")


class ReasonMissing(BadInput):
    """A decision without a reason."""

    message = _("Please give a reason.")


class NothingToClose(Conflict):
    """All goods of the order have been shipped."""

    message = _("All goods of this order have been shipped.")


class DisputeNotFound(NotFound):
    """There is no such dispute, or it is not the actor's to know of."""

    message = _("There is no such dispute.")


class NotDisputable(Conflict):
    """Only what is paid in full and not settled can be disputed: there is nothing (more) to hold."""

    message = _("Only an order that is paid in full and not yet completed can be disputed.")


class DisputeOpen(Conflict):
    """A dispute over this order is open."""

    message = _("A dispute over this order is open.")


class DisputesSpent(Conflict):
    """The order's disputes have been decided or settled, or were withdrawn too often."""

    message = _("There can be no further dispute over this order.")


class DisputeKindUnknown(BadInput):
    """Not a kind of dispute."""

    message = _("Please choose what the dispute is about.")


class ClaimOutOfBounds(BadInput):
    """A sum that is nothing, or more than the order's escrow holds."""

    message = _("The amount must be more than nothing and at most {most}.")


class PastEscrow(BadInput):
    """More money than the order's escrow holds."""

    message = _("The amount must be between nothing and {most}.")


class NoOffer(Conflict):
    """The other side has offered nothing, or something else."""

    message = _("The other side has made no such offer.")


class OwnDispute(NotAllowed):
    """Nobody decides a dispute that they are a party to."""

    message = _("Nobody decides a dispute of their own.")


#: What people call the parts of an invoice that a refusal names by their codes.
INVOICE_LABELS: dict[str, Promise] = {
    "title": pgettext_lazy("invoice", "title"),
    "tax_number": pgettext_lazy("invoice", "tax number"),
    "address": pgettext_lazy("invoice", "registered address"),
    "phone": pgettext_lazy("invoice", "registered phone number"),
    "bank": pgettext_lazy("invoice", "bank"),
    "account": pgettext_lazy("invoice", "bank account"),
    "number": pgettext_lazy("invoice", "invoice number"),
    "issued_on": pgettext_lazy("invoice", "date of issue"),
}


class InvoiceFlawed(BadInput):
    """A part of what an invoice needs is missing, or not as it has to be."""

    message = _("The invoice is not as it has to be. Please check the {label}.")

    def __str__(self) -> str:
        """Say it with the part's name in the reader's language."""
        field = self.params["field"]
        return str(self.message).format(label=INVOICE_LABELS.get(field, field), **self.params)


class InvoiceNotWanted(Conflict):
    """The buyer asked for no invoice with this order."""

    message = _("No invoice was asked for with this order.")


class InvoiceNotDue(Conflict):
    """An invoice is issued for a trade that goes on, not for one that was never paid or was called off."""

    message = _(
        "An invoice is issued once the order is paid, and not for one that has ended without a trade."
    )


class InvoiceProfileNotFound(NotFound):
    """There is no such invoice profile, or it is another party's."""

    message = _("There is no such invoice title.")


class TooManyInvoiceProfiles(Conflict):
    """More invoice profiles than a party may keep."""

    message = _("At most {most} invoice titles can be kept. Please remove one first.")


class ApprovalNeeded(Conflict):
    """The order is above what the actor may order alone. `limit` is nothing where no limit is set in its currency."""

    message = _("The order comes to {total}. Above {limit} it needs the approval of an owner or of finance.")


class ApproverUnfit(NotAllowed):
    """Who approved may not: another person of the buyer's is needed, an owner or one of finance."""

    message = _("Another person has to approve this: an owner or someone of finance.")


class LimitNotSet(NotFound):
    """There is no purchase limit in this currency."""

    message = _("There is no purchase limit in {currency}.")


class ReturnTooLate(Conflict):
    """The time in which the buyer could ask for a return has passed."""

    message = _("A return could be asked for until {until}.")


class EmptyMessage(BadInput):
    """Neither a text nor a picture."""

    message = _("Please write something, or add a picture.")


class TooManyPictures(BadInput):
    """More pictures than a message may have."""

    message = _("At most {most} pictures go with a message.")


class WritingTooFast(Conflict):
    """So many messages in so short a time are not written by hand."""

    message = _("You have written many messages. Please wait a moment.")


class MessagesClosed(NotAllowed):
    """An authority reads and writes on an order only where there is a dispute."""

    message = _("An authority takes part in messages only during a dispute.")


class PictureNotFound(NotFound):
    """There is no such picture, or it is not the actor's to see."""

    message = _("There is no such picture.")


class TermsMissing(BadInput):
    """A seller has to offer at least one way to pay and one way of delivery."""

    message = _("Offer at least one way to pay and one way of delivery.")


class TermsNotOffered(Conflict):
    """The seller does not let buyers order on these terms."""

    message = _("The seller does not offer these terms of payment or delivery. Please choose others.")
