"""Words of the pages for what modules name by codes."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.documents import Envelope
from cohong.kernel.money import Money

DOCUMENTS: dict[str, str | Promise] = {
    "orders.placed": _("Order placed"),
    "orders.paid": _("Paid into escrow"),
    "orders.shipped": _("Goods shipped"),
    "orders.accepted": _("Goods accepted"),
    "orders.settled": _("Paid out to the seller"),
    "orders.cancelled": _("Order cancelled"),
    "orders.lapsed": _("Order lapsed unpaid"),
    "orders.return_requested": _("Return requested"),
    "orders.return_decided": _("Return decided"),
    "orders.return_received": _("Returned goods received"),
    "orders.refunded": _("Refunded to the buyer"),
    "orders.closed_short": _("Closed short"),
    "orders.dispute_raised": _("Dispute raised"),
    "orders.dispute_answered": _("Dispute answered"),
    "orders.dispute_offered": _("Sum offered in the dispute"),
    "orders.dispute_withdrawn": _("Dispute withdrawn"),
    "orders.dispute_settled": _("Dispute settled by agreement"),
    "orders.dispute_decided": _("Dispute decided"),
    "orders.message_sent": _("Message sent"),
    "orders.terms_offered": _("Terms offered by the seller"),
    "orders.held": _("Order put on hold"),
    "orders.hold_lifted": _("Hold lifted"),
    "statistics.vintage_made": _("Figures of a new vintage"),
    "statistics.facts_taken_over": _("Past facts taken over"),
    "statistics.figures_stated": _("Official figures stated"),
    "statistics.figures_released": _("Figures published"),
    "statistics.alarm_raised": _("Early warning"),
    "statistics.alarm_handled": _("Early warning looked into"),
    "statistics.research_right_set": _("Research right set"),
    "statistics.breakdown_asked": _("Breakdown asked for"),
    "statistics.breakdown_answered": _("Breakdown answered"),
    "statistics.trade_excluded": _("Taken out of statistics"),
    "statistics.trade_restored": _("Counted in statistics again"),
    "payments.started": _("Payment opened"),
    "payments.received": _("Payment received from the bank"),
    "payments.failed": _("Payment failed"),
    "payments.returned": _("Payment returned to the payer"),
    "payments.paid_out": _("Paid out to the bank account"),
    "logistics.tracked": _("Tracking event"),
    "logistics.delivered": _("Goods delivered"),
    "logistics.collected": _("Goods collected"),
    "payments.deposited": _("Deposit booked"),
    "payments.exchanged": _("Currency exchanged"),
    "payments.fees_set": _("Platform fee set"),
    "payments.rate_set": _("Exchange rate set"),
    "catalog.published": _("Listing published"),
    "catalog.withdrawn": _("Listing withdrawn"),
    "catalog.held": _("Listing put on hold"),
    "catalog.hold_lifted": _("Hold on the listing lifted"),
    "catalog.stock_received": _("Stock received"),
    "catalog.stock_written_off": _("Stock written off"),
    "catalog.stock_moved": _("Stock moved"),
    "catalog.stock_counted": _("Stock counted"),
    "catalog.stock_low": _("Stock low"),
    "parties.second_factor_wanted": _("Second step of signing in required"),
    "parties.registered": _("Party registered"),
    "parties.confirmed": _("Confirmed by the register"),
    "parties.mismatched": _("Does not match the register"),
    "parties.details_changed": _("Details changed"),
    "parties.membership_granted": _("Role granted"),
    "parties.membership_ended": _("Role ended"),
    "parties.mandate_granted": _("Mandate granted"),
    "parties.mandate_ended": _("Mandate ended"),
    "parties.restricted": _("Party restricted"),
    "parties.restriction_lifted": _("Restriction lifted"),
    "parties.token_issued": _("API token issued"),
    "parties.token_revoked": _("API token revoked"),
    "parties.region_defined": _("Region defined"),
    "parties.industry_defined": _("Industry defined"),
    "parties.market_defined": _("Market defined"),
    "parties.hold_reason_defined": _("Ground for holds defined"),
    "kernel.parameter_changed": _("Parameter changed"),
    "retail.reviewed": _("Goods reviewed"),
    "retail.review_followed": _("Review followed up"),
    "retail.review_answered": _("Review answered"),
    "retail.review_hidden": _("Review hidden"),
    "retail.review_shown": _("Review shown again"),
    "retail.shop_changed": _("Shop front changed"),
    "statistics.forecast_made": _("Forecast made"),
    "statistics.target_set": _("Plan target set"),
    "statistics.target_withdrawn": _("Plan target withdrawn"),
    "statistics.unit_opened": _("Reporting unit registered"),
    "statistics.unit_changed": _("Reporting unit changed"),
    "statistics.report_submitted": _("Statistical report submitted"),
    "statistics.report_reviewed": _("Statistical report reviewed"),
    "statistics.report_recalled": _("Statistical report taken back"),
    "statistics.report_due": _("Statistical report due"),
    "statistics.unit_match_decided": _("Two reporting units compared"),
    "orders.invoice_issued": _("Invoice issued"),
    "orders.purchase_limit_set": _("Purchase limit set"),
    "retail.approval_requested": _("Approval requested"),
    "retail.approval_decided": _("Approval decided"),
    "webhooks.endpoint_set": _("Webhook set up or changed"),
    "webhooks.endpoint_paused": _("Webhook paused: it does not answer as it should"),
}

PAYMENT_TERMS: dict[str, str | Promise] = {
    "prepaid": _("Paid in advance, held in escrow"),
    "deposit": _("Deposit first, then the balance"),
    "on_delivery": _("Paid on delivery"),
}
INVOICES: dict[str, str | Promise] = {
    "personal": _("Personal invoice"),
    "ordinary": _("Company invoice"),
    "special": _("Special VAT invoice"),
}
DELIVERY_TERMS: dict[str, str | Promise] = {
    "shipment": pgettext_lazy("delivery terms", "Shipment"),
    "pick_up": _("Pick-up at the seller’s"),
}

#: What calls for a decision, what is under way, what went its way to the end, and what just ended.
_TONES: dict[str, tuple[str, ...]] = {
    "call": ("placed", "deposited", "requested", "mismatched", "raised", "answered"),
    "way": ("ready", "part_shipped", "shipped", "accepted", "approved", "received", "confirming"),
    "done": ("settled", "decided", "refunded", "confirmed", "published"),
}


def document_kind(kind: str) -> str:
    """Say in words what kind of document it is; a kind nobody named keeps its code."""
    return str(DOCUMENTS.get(kind, kind))


def tone(state: str) -> str:
    """Say in which tone a state is shown: `call`, `way`, `done`, or `end`."""
    return next((name for name, states in _TONES.items() if state in states), "end")


def gist(envelope: Envelope) -> tuple[Any, ...]:
    """Take from a document what a timeline shows beside its kind: an amount, a waybill, a reason."""
    body = envelope.body
    found: list[Any] = []
    # A placed order is known by its total, what follows by the amount that it moved.
    for name in (
        ("total",) if envelope.kind == "orders.placed" else ("amount", "waybill", "waybill_number", "reason")
    ):
        value = getattr(body, name, None)
        if value is not None and value != "" and not (isinstance(value, Money) and value.is_zero):
            found.append(value)
    return tuple(found)
