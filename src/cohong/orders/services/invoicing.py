"""Invoices (发票): what the seller records of them, and to whom a party had them made out before."""

from datetime import timedelta
from uuid import UUID

from cohong.kernel import clock, privacy, sets
from cohong.kernel.ids import new_id
from cohong.orders import documents, refusals, rules
from cohong.orders.invoice_rules import clean_invoice, clean_number, said, seal_invoice
from cohong.orders.rows import issue, lock_orders, write_orders
from cohong.orders.states import OrderState
from cohong.orders.terms import InvoiceTerms, RecordInvoice
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

MAX_PROFILES = 20
BUYING = (Role.PURCHASING, Role.FINANCE)
PROFILE_PURPOSE = "orders.invoice_profile"
_DUE = frozenset(
    {OrderState.READY, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.ACCEPTED, OrderState.SETTLED}
)


@sets.act
def record_invoice(*, item: RecordInvoice) -> None:
    """Record that the invoice was issued, as the seller: its number, and the day that stands on it.

    Said again, it is the same; another number replaces the one before (it was mistyped, or reversed and issued anew), with a
    document of its own. Raises OrderNotFound, NotYourOrder, OtherSidesAct, InvoiceNotWanted, InvoiceNotDue, InvoiceFlawed.
    """
    number = clean_number(item.number)
    # The day is the region's; tomorrow here may be today there.
    if item.issued_on > clock.now().date() + timedelta(days=1) or item.issued_on.year < 1994:  # noqa: PLR2004 - when VAT began
        raise refusals.InvoiceFlawed(field="issued_on")
    order = lock_orders([item.order_id]).get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, "record_invoice", buyer_id=order.buyer_id, seller_id=order.seller_id)
    found = sets.fetch("select kind, number, issued_on from orders_invoice where order_id = %s", (order.id,))
    if not found:
        raise refusals.InvoiceNotWanted
    [(kind, before, day_before)] = found
    if order.state not in _DUE:
        raise refusals.InvoiceNotDue
    if (before, day_before) == (number, item.issued_on):
        return
    sets.run(
        "update orders_invoice set number = %s, issued_on = %s, recorded_at = %s where order_id = %s",
        (number, item.issued_on, clock.now(), order.id),
    )
    body = documents.InvoiceIssued(
        order=order.number,
        number=number,
        invoice=kind,
        issued_on=item.issued_on,
        total=order.money(order.total_minor),
        replaces=before,
    )
    issue([(order, item.actor.party_id, body)])
    write_orders([order])


@sets.act
def save_invoice_profile(*, actor: Actor, terms: InvoiceTerms) -> UUID:
    """Remember to whom the actor's party has invoices made out, and return its id; the same is kept once.

    Raises NotYours, InvoiceFlawed, CreditCodeInvalid, TooManyInvoiceProfiles.
    """
    parties.require(actor, actor.party_id, *BUYING, scope="orders:write")
    terms = clean_invoice(terms)
    indexes = privacy.blind_indexes(said(terms), PROFILE_PURPOSE)
    # Two windows of one party that save at once take turns, so that the most is the most.
    sets.fetch(
        "select pg_advisory_xact_lock(hashtextextended(%s, 1))", (f"orders.profiles {actor.party_id}",)
    )
    known = sets.fetch(
        "update orders_invoice_profile set used_at = %s where party_id = %s and content = any(%s) returning id",
        (clock.now(), actor.party_id, indexes),
    )
    if known:
        return UUID(str(known[0][0]))
    [(kept,)] = sets.fetch(
        "select count(*) from orders_invoice_profile where party_id = %s", (actor.party_id,)
    )
    if kept >= MAX_PROFILES:
        raise refusals.TooManyInvoiceProfiles(most=MAX_PROFILES)
    profile_id = new_id()
    sets.run(
        "insert into orders_invoice_profile (id, party_id, kind, sealed, content, used_at)"
        " values (%s, %s, %s, %s, %s, %s)",
        (profile_id, actor.party_id, terms.kind.value, seal_invoice(terms), indexes[0], clock.now()),
    )
    return profile_id


@sets.act
def remove_invoice_profile(*, actor: Actor, profile_id: UUID) -> None:
    """Forget an invoice profile. Raises NotYours, InvoiceProfileNotFound."""
    parties.require(actor, actor.party_id, *BUYING, scope="orders:write")
    removed = sets.run(
        "delete from orders_invoice_profile where id = %s and party_id = %s", (profile_id, actor.party_id)
    )
    if not removed:
        raise refusals.InvoiceProfileNotFound
