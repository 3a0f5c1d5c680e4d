"""Who is told what of which document: one table, and how a text's parameters are read off a document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from cohong.kernel.ids import named_id
from cohong.kernel.journal import Sealed
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties.api import SYSTEM, Role
from cohong.portal.notices.words import Topic

_SALES, _BUYING = (Role.SALES,), (Role.PURCHASING,)
_STORE, _SERVICE = (Role.WAREHOUSE,), (Role.SERVICE,)
_FINANCE = (Role.FINANCE,)
_PARAMS: Final = (
    *("number", "order", "total", "amount", "fee", "waybill", "reason", "refunded", "claimed", "invoice"),
    *("title", "code", "available", "goods_stars", "host", "form", "period", "due_on"),
    *("rule", "subject_code", "region", "industry", "until"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a document tells what: which of its parties, which roles there (none: owners), in which text, leading where.

    `when` narrows it to some documents of the kind.
    """

    whom: (
        # buyer, seller: of the order; other: of the order, who did not issue it; party: whom it is about;
        # office: each authority that may see it
        str
    )
    roles: tuple[Role, ...]
    topic: Topic
    text: str
    target: str = "order"
    when: Callable[[Any], bool] = lambda _body: True


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is about to be kept."""

    id: UUID
    party_id: UUID
    rule: Rule
    params: dict[str, Any]
    target: str
    about: UUID | None
    sealed: Sealed


T = Topic
_ANYBODY: Final = (Role.PURCHASING, Role.SALES, Role.FINANCE, Role.WAREHOUSE, Role.SERVICE)

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "orders.placed": (Rule("seller", _SALES, T.ORDERS, "placed"),),
    "orders.paid": (
        Rule("seller", _SALES + _STORE, T.ORDERS, "paid", when=lambda body: body.paid == body.total),
        Rule("seller", _SALES, T.ORDERS, "deposited", when=lambda body: body.paid != body.total),
    ),
    "orders.shipped": (
        Rule("buyer", _BUYING + _STORE, T.SHIPPING, "shipped", when=lambda body: body.complete),
        Rule("buyer", _BUYING + _STORE, T.SHIPPING, "part_shipped", when=lambda body: not body.complete),
    ),
    "logistics.delivered": (
        Rule("buyer", _BUYING + _STORE, T.SHIPPING, "delivered_to_you"),
        Rule("seller", _SALES, T.SHIPPING, "delivered"),
    ),
    "orders.accepted": (
        Rule("seller", _SALES, T.ORDERS, "accepted", when=lambda body: not body.by_itself),
        Rule("seller", _SALES, T.ORDERS, "accepted_by_itself", when=lambda body: body.by_itself),
        Rule("buyer", _BUYING, T.ORDERS, "accepted_by_itself", when=lambda body: body.by_itself),
    ),
    "orders.settled": (Rule("seller", _FINANCE, T.MONEY, "settled"),),
    "orders.cancelled": (Rule("other", _BUYING + _SALES, T.ORDERS, "cancelled"),),
    "orders.lapsed": (
        Rule("buyer", _BUYING, T.ORDERS, "lapsed"),
        Rule("seller", _SALES, T.ORDERS, "lapsed"),
    ),
    "orders.closed_short": (Rule("buyer", _BUYING, T.ORDERS, "closed_short"),),
    "orders.held": (Rule("other", _BUYING + _SALES, T.AUTHORITY, "held"),),
    "orders.hold_lifted": (Rule("other", _BUYING + _SALES, T.AUTHORITY, "let_go"),),
    "orders.invoice_issued": (Rule("buyer", _FINANCE, T.MONEY, "invoiced"),),
    "orders.return_requested": (Rule("seller", _SALES + _SERVICE, T.RETURNS, "return_requested"),),
    "orders.return_decided": tuple(
        Rule(whom, roles, T.RETURNS, f"return_{state}", when=lambda body, state=state: body.decision == state)  # type: ignore[misc]
        for whom, roles, state in (
            ("buyer", _BUYING + _SERVICE, "approved"),
            ("buyer", _BUYING + _SERVICE, "rejected"),
            ("seller", _SALES + _SERVICE, "withdrawn"),
        )
    ),
    "orders.return_received": (Rule("buyer", _BUYING + _SERVICE, T.RETURNS, "return_received"),),
    "orders.refunded": (Rule("buyer", _BUYING + _FINANCE, T.MONEY, "refunded"),),
    "orders.dispute_raised": (Rule("seller", _SALES + _SERVICE, T.DISPUTES, "dispute_raised", "dispute"),),
    "orders.dispute_answered": (
        Rule("buyer", _BUYING + _SERVICE, T.DISPUTES, "dispute_answered", "dispute"),
    ),
    "orders.dispute_offered": (Rule("other", _ANYBODY, T.DISPUTES, "dispute_offered", "dispute"),),
    "orders.dispute_withdrawn": (Rule("other", _ANYBODY, T.DISPUTES, "dispute_withdrawn", "dispute"),),
    "orders.dispute_settled": (Rule("other", _ANYBODY, T.DISPUTES, "dispute_settled", "dispute"),),
    "orders.dispute_decided": (Rule("other", _ANYBODY, T.DISPUTES, "dispute_decided", "dispute"),),
    "orders.message_sent": (Rule("other", _BUYING + _SALES + _SERVICE, T.MESSAGES, "message", "messages"),),
    "retail.reviewed": (Rule("party", _SALES + _SERVICE, T.REVIEWS, "reviewed", "order"),),
    "retail.review_answered": (Rule("party", _BUYING, T.REVIEWS, "review_answered", "order"),),
    "retail.approval_requested": (Rule("party", _FINANCE, T.APPROVALS, "approval_asked", "approval"),),
    "retail.approval_decided": (
        Rule(
            "party",
            _BUYING,
            T.APPROVALS,
            "approval_given",
            "approval",
            when=lambda body: body.decision == "approved",
        ),
        Rule(
            "party",
            _BUYING,
            T.APPROVALS,
            "approval_refused",
            "approval",
            when=lambda body: body.decision == "rejected",
        ),
    ),
    "catalog.stock_low": (Rule("party", _SALES + _STORE, T.GOODS, "stock_low", "listing"),),
    "catalog.held": (Rule("party", _SALES, T.AUTHORITY, "listing_held", "listing"),),
    "catalog.hold_lifted": (Rule("party", _SALES, T.AUTHORITY, "listing_let_go", "listing"),),
    "parties.restricted": (Rule("party", _ANYBODY, T.AUTHORITY, "restricted", ""),),
    "parties.restriction_lifted": (Rule("party", _ANYBODY, T.AUTHORITY, "unrestricted", ""),),
    "parties.confirmed": (Rule("party", (), T.ACCOUNT, "confirmed", ""),),
    "parties.mismatched": (Rule("party", (), T.ACCOUNT, "mismatched", ""),),
    "statistics.report_due": (
        Rule("party", _FINANCE, T.AUTHORITY, "report_due", "", when=lambda body: not body.overdue),
        Rule("party", _FINANCE, T.AUTHORITY, "report_overdue", "", when=lambda body: body.overdue),
    ),
    "statistics.report_reviewed": (
        Rule(
            *("party", _FINANCE, T.AUTHORITY, "report_returned", ""),
            when=lambda body: body.decision == "returned",
        ),
    ),
    "statistics.research_right_set": (
        Rule(
            *("party", _ANYBODY, T.AUTHORITY, "research_granted", ""),
            when=lambda body: body.until is not None,
        ),
        Rule(
            *("party", _ANYBODY, T.AUTHORITY, "research_ended", ""),
            when=lambda body: body.until is None,
        ),
    ),
    "statistics.alarm_raised": (
        Rule(
            *("office", (), T.AUTHORITY, "alarm_raised", "alarm"),
            when=lambda body: body.act == "raise" and body.severity != "note",
        ),
    ),
    "payments.received": (
        Rule("party", _FINANCE, T.MONEY, "money_in", "balance", when=lambda body: body.order_id is None),
    ),
    "payments.paid_out": (Rule("party", _FINANCE, T.MONEY, "money_out", "balance"),),
    "webhooks.endpoint_paused": (Rule("party", (), T.ACCOUNT, "webhook_paused", "webhooks"),),
    "payments.failed": (Rule("party", _FINANCE, T.MONEY, "money_failed", "balance"),),
}


def told_by(batch: list[Sealed]) -> Iterator[Told]:
    """Say whom a batch of documents tells what."""
    sides: dict[UUID, tuple[UUID, UUID, str] | None] = {}
    for sealed in batch:
        rules = [one for one in RULES.get(sealed.kind, ()) if one.when(sealed.envelope.body)]
        if not rules:
            continue
        known = _sides(sealed, sides)
        for rule in rules:
            for party_id in _whom(rule, sealed, known):
                params = _params(sealed.envelope.body)
                params.setdefault("order", known[2] if known else params.get("number", ""))
                yield Told(
                    id=named_id("portal.notice", sealed.envelope.id, party_id, rule.text),
                    party_id=party_id,
                    rule=rule,
                    params=params,
                    target=rule.target,
                    about=_about(rule, sealed),
                    sealed=sealed,
                )


def _sides(sealed: Sealed, known: dict[UUID, tuple[UUID, UUID, str] | None]) -> tuple[UUID, UUID, str] | None:
    """Return the buyer, the seller and the number of the order that a document is about."""
    subject = sealed.envelope.subject
    if not sealed.kind.startswith(("orders.", "logistics.")):
        return None
    if subject not in known:
        try:
            order = orders.order(actor=SYSTEM, order_id=subject)
        except orders.OrderNotFound:
            known[subject] = None
        else:
            known[subject] = order.buyer_id, order.seller_id, order.number
    return known[subject]


def _whom(rule: Rule, sealed: Sealed, sides: tuple[UUID, UUID, str] | None) -> list[UUID]:
    envelope = sealed.envelope
    if rule.whom == "party":
        return _party(sealed)
    if rule.whom == "office":
        return list(envelope.visible_to)
    if sides is None:
        return []
    buyer_id, seller_id, _ = sides
    if rule.whom == "other":
        return [one for one in (buyer_id, seller_id) if one != envelope.issuer]
    return [buyer_id if rule.whom == "buyer" else seller_id]


def _party(sealed: Sealed) -> list[UUID]:
    """Say whom a document is about that is about no order's two sides."""
    envelope, body = sealed.envelope, sealed.envelope.body
    if sealed.kind.startswith(("parties.", "webhooks.")):
        return [envelope.subject]
    for name in ("party_id", "seller_id"):
        if isinstance(party_id := getattr(body, name, None), UUID):
            return [party_id]
    return list(envelope.visible_to)[:1]


def _about(rule: Rule, sealed: Sealed) -> UUID | None:
    body = sealed.envelope.body
    if rule.target == "dispute":
        return UUID(str(body.dispute))
    if rule.target == "listing":
        return UUID(str(body.listing_id))
    return sealed.envelope.subject if rule.target in ("order", "messages", "approval", "alarm") else None


def _params(body: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _PARAMS:
        value = getattr(body, name, None)
        if isinstance(value, Money):
            found[name] = {"minor": value.minor, "currency": value.currency}
        elif isinstance(value, str | int):
            found[name] = value
        elif isinstance(value, date):
            found[name] = value.isoformat()
    return found
