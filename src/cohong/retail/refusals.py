"""Why a cart, a checkout, a review or a shop front is refused."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound


class StockShort(catalog.StockShort):
    """There is not enough of a line's goods. The catalog's refusal, told with the line's title."""

    message = _("Of “{title}” {wanted} are wanted, but only {available} are available.")


class LineNotOrderable(Conflict):
    """A line cannot be ordered as it stands; `problem` is the code of what is in the way, `reason` says it."""

    message = _("“{title}” cannot be ordered: {reason}")


class PriceChanged(Conflict):
    """A line's price is not the one that was agreed to."""

    message = _("The price of “{title}” has changed from {was} to {now}. Please look at the cart again.")


class TotalChanged(Conflict):
    """The sum is not the one that the buyer was shown: freight or goods have changed meanwhile."""

    message = _("The total is now {now}, not {was}. Please look at it again.")


class CartEmpty(Conflict):
    """There is nothing to check out."""

    message = _("The cart is empty.")


class CartFull(Conflict):
    """More lines than a cart may have."""

    message = _("A cart may have at most {most} lines.")


class NoSuchLine(NotFound):
    """The cart has no line of this SKU."""

    message = _("This is not in the cart.")


class NoSuchCheckout(NotFound):
    """There is no such checkout, or it is another party's."""

    message = _("There is no such checkout.")


class CheckoutReused(Conflict):
    """The checkout's id was used before for another request."""

    message = _("This checkout was made before, with other content.")


class NotOffered(Conflict):
    """The chosen way of delivery is not offered for a seller's goods."""

    message = _("This way of delivery is not offered for the goods of {seller}.")


class DeliveryTwice(BadInput):
    """Two ways of delivery were named for the same goods."""

    message = _("Two ways of delivery are named for the same goods.")


# --- texts -----------------------------------------------------------------------------------------------

_FIELDS = {
    "review": pgettext_lazy("field", "Review"),
    "follow_up": pgettext_lazy("field", "Follow-up"),
    "answer": pgettext_lazy("field", "Answer"),
    "reason": pgettext_lazy("field", "Reason"),
    "headline": pgettext_lazy("field", "Headline"),
    "headline_en": pgettext_lazy("field", "Headline in English"),
    "introduction": pgettext_lazy("field", "Introduction"),
    "introduction_en": pgettext_lazy("field", "Introduction in English"),
    "notice": pgettext_lazy("field", "Notice"),
    "opening_hours": pgettext_lazy("field", "Opening hours"),
    "reach": pgettext_lazy("field", "How to reach us"),
}


class _OfField(BadInput):
    """Of one field: `field` is its code for programs; people read its name."""

    def __str__(self) -> str:
        field = self.params["field"]
        return str(self.message).format(**{**self.params, "field": _FIELDS.get(field, field)})


class TextMissing(_OfField):
    """A text that must be there is missing or too short."""

    message = _("“{field}” needs at least {least} characters.")


class TextTooLong(_OfField):
    """A text is longer than its place."""

    message = _("“{field}” may have at most {most} characters.")


class TextUnreadable(_OfField):
    """A text holds characters that cannot be shown."""

    message = _("“{field}” has characters that cannot be shown.")


class PersonalDataInText(_OfField):
    """A text that everyone will read names an identity or phone number."""

    message = _("Please leave identity and phone numbers out of “{field}”.")


# --- reviews ---------------------------------------------------------------------------------------------


class NoSuchReview(NotFound):
    """There is no such review, or the reader may not know of it."""

    message = _("There is no such review.")


class NotReviewableYet(Conflict):
    """Only goods that were accepted are reviewed."""

    message = _("You can review the goods once you have accepted them.")


class NotTheBuyer(NotAllowed):
    """Only the buyer of an order reviews its goods."""

    message = _("Only the buyer of this order can review its goods.")


class ReviewedAlready(Conflict):
    """A line is reviewed once."""

    message = _("These goods have been reviewed already.")


class FollowedAlready(Conflict):
    """A review is followed up once."""

    message = _("This review has a follow-up already.")


class AnsweredAlready(Conflict):
    """A review is answered once."""

    message = _("This review has been answered already.")


class BadStars(BadInput):
    """Stars are whole, from one to five."""

    message = _("Give from one to five stars.")


class TooManyReviewPictures(BadInput):
    """More pictures than a review may show."""

    message = _("A review may show at most {most} pictures.")


class HiddenAlready(Conflict):
    """The review is hidden already."""

    message = _("This review is hidden already.")


class NotHidden(Conflict):
    """The review is not hidden."""

    message = _("This review is not hidden.")


# --- favourites and shops --------------------------------------------------------------------------------


class TooManyFavourites(Conflict):
    """More favourites than anyone looks through."""

    message = _("You can keep at most {most} favourites. Please remove some first.")


class NoSuchThing(NotFound):
    """What should become a favourite is not there."""

    message = _("This is not on offer any more.")


class ShopChangedMeanwhile(Conflict):
    """Somebody else changed the shop front since it was opened."""

    message = _("Somebody has changed the shop front meanwhile. Please look at it again.")


class TooManyChosen(BadInput):
    """More chosen listings than a shop front shows."""

    message = _("A shop front shows at most {most} chosen listings.")


class NotYourListing(BadInput):
    """A shop front shows its own seller's listings."""

    message = _("A shop front can only show your own listings.")


class NothingPicked(Conflict):
    """None of the chosen lines is in the cart."""

    message = _("Please choose at least one line of the cart.")


class NoSuchApproval(NotFound):
    """There is no such request for approval, or it is not the actor's to know of."""

    message = _("There is no such request for approval.")


class NoApprovalNeeded(Conflict):
    """The order is within what the actor may order alone."""

    message = _("This order needs no approval. Please place it.")


class ApprovalExpired(Conflict):
    """Nobody decided in time."""

    message = _("This request has expired. Please ask again.")


class RequesterGone(Conflict):
    """Whoever asked may not order for the party any more."""

    message = _("Whoever asked for this may not order for the company any more.")


class DearerThanApproved(Conflict):
    """A price, or the freight, is above what was asked to be approved."""

    message = _("“{title}” costs {now} now; {then} was asked to be approved. It has to be asked for again.")


class FreightDearer(Conflict):
    """The freight is above what was asked to be approved."""

    message = _("The freight is {now} now; {then} was asked to be approved. It has to be asked for again.")
