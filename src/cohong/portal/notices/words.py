"""What notices are about and what they say. A text is named by its code; `{…}` is filled in from the document."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(TextChoices):
    """What a notice is about; people choose by topic how they want to be told."""

    ORDERS = "orders", pgettext_lazy("notices", "Orders")
    SHIPPING = "shipping", pgettext_lazy("notices", "Shipping")
    MONEY = "money", pgettext_lazy("notices", "Money")
    RETURNS = "returns", pgettext_lazy("notices", "Returns")
    DISPUTES = "disputes", pgettext_lazy("notices", "Disputes")
    MESSAGES = "messages", pgettext_lazy("notices", "Messages")
    REVIEWS = "reviews", pgettext_lazy("notices", "Reviews")
    APPROVALS = "approvals", pgettext_lazy("notices", "Approvals")
    GOODS = "goods", pgettext_lazy("notices", "Goods")
    AUTHORITY = "authority", pgettext_lazy("notices", "Measures of an authority")
    ACCOUNT = "account", pgettext_lazy("notices", "Company and account")


#: What goes by mail unless a user wishes otherwise: what calls for somebody, not what can be looked up.
MAILED = frozenset(
    {
        Topic.ORDERS,
        Topic.RETURNS,
        Topic.DISPUTES,
        Topic.MESSAGES,
        Topic.APPROVALS,
        Topic.AUTHORITY,
        Topic.ACCOUNT,
    }
)

TEXTS: dict[str, str | Promise] = {
    "placed": _("New order {order}: {total}."),
    "paid": _("Order {order} is paid, {amount}. It can be shipped."),
    "deposited": _("The deposit on order {order} is paid: {amount}."),
    "shipped": _("Order {order} is on its way: waybill {waybill}."),
    "part_shipped": _("A part of order {order} is on its way: waybill {waybill}."),
    "delivered_to_you": _("The goods of order {order} have arrived. Please look at them and accept."),
    "delivered": _("The goods of order {order} have arrived at the buyer’s."),
    "accept_soon": _("Order {order} counts as accepted from tomorrow. If something is wrong, say so now."),
    "accepted": _("The buyer has accepted the goods of order {order}."),
    "accepted_by_itself": _("Order {order} was accepted by itself, as nobody objected in time."),
    "settled": _("{amount} from order {order} was paid out, less a fee of {fee}."),
    "cancelled": _("Order {order} was cancelled: {reason}"),
    "lapsed": _("Order {order} has lapsed unpaid; its goods are free again."),
    "closed_short": _("The rest of order {order} will not come: {reason} {refunded} went back to you."),
    "held": _("Order {order} was stopped by an authority: {reason}"),
    "let_go": _("Order {order} was let go on: {reason}"),
    "invoiced": _("The invoice for order {order} is issued, number {number}."),
    "return_requested": _("A return is asked for on order {order}: {amount}. {reason}"),
    "return_approved": _("Return {number} on order {order} is approved."),
    "return_rejected": _("Return {number} on order {order} is rejected: {reason}"),
    "return_withdrawn": _("Return {number} on order {order} is withdrawn."),
    "return_received": _("The seller has the goods of return {number} back."),
    "refunded": _("{amount} for order {order} is back on your balance."),
    "dispute_raised": _("Order {order} is disputed; {claimed} are claimed. Please answer."),
    "dispute_answered": _("The seller has answered your dispute over order {order}."),
    "dispute_offered": _("The other side offers {amount} to settle the dispute over order {order}."),
    "dispute_withdrawn": _("The dispute over order {order} is withdrawn; the order goes on."),
    "dispute_settled": _("The dispute over order {order} is settled: {amount} go back to the buyer."),
    "dispute_decided": _(
        "The dispute over order {order} is decided: {amount} go back to the buyer. {reason}"
    ),
    "message": _("There is a new message on order {order}."),
    "reviewed": _("A buyer has reviewed your goods: {goods_stars} of 5 stars."),
    "review_answered": _("The seller has answered your review."),
    "approval_asked": _("A purchase waits for approval. {reason}"),
    "approval_given": _("The purchase is approved."),
    "approval_refused": _("The purchase is not approved: {reason}"),
    "stock_low": _("Of “{title}” ({code}) only {available} are left."),
    "listing_held": _("A listing of yours was stopped: {reason}"),
    "listing_let_go": _("A listing of yours is no longer stopped: {reason}"),
    "restricted": _("A restriction was placed on your company: {reason}"),
    "unrestricted": _("A restriction on your company was lifted: {reason}"),
    "confirmed": _("Your identity is confirmed."),
    "mismatched": _("What you stated does not agree with the register. Please look at it and try again."),
    "webhook_paused": _(
        "The webhook to {host} is paused: it does not answer as it should. What is due waits."
    ),
    "money_in": _("{amount} has come in from the bank."),
    "money_out": _("{amount} was paid out to your bank account."),
    "report_due": _("Your report {form} for {period} is due on {due_on}."),
    "report_overdue": _("Your report {form} for {period} was due on {due_on} and is overdue."),
    "report_returned": _("Your report {form} for {period} was returned: {reason}"),
    "research_granted": _(
        "Your organisation may have figures broken down beyond what is published, until {until}: {reason}"
    ),
    "research_ended": _("Your organisation's research right has ended: {reason}"),
    "alarm_raised": _("Early warning for {period}, {series}: {rule}. Somebody has to look into it."),
    "money_failed": _("A movement of {amount} with the bank has failed: {reason}"),
}
