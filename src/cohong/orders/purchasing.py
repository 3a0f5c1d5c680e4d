"""Reads of a buyer's purchasing: invoices, limits, and what was spent on whom and on what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.orders import limits, refusals, selectors
from cohong.orders.invoice_rules import masked, unseal_invoice
from cohong.orders.services.invoicing import BUYING
from cohong.orders.terms import InvoiceTerms
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

_READ = "orders:read"
_SELLING = (Role.FINANCE, Role.SALES)


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """The invoice of an order: to whom it is made out, and, once the seller has issued it, its number and day."""

    order_id: UUID
    terms: InvoiceTerms
    in_clear: bool
    number: str
    issued_on: date | None
    recorded_at: datetime | None

    @property
    def issued(self) -> bool:
        """Tell whether it was issued."""
        return bool(self.number)


@dataclass(frozen=True, slots=True)
class InvoiceProfile:
    """To whom a party had an invoice made out before."""

    id: UUID
    terms: InvoiceTerms

    @property
    def key(self) -> str:
        """Its id as a form names it."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in a month (its first day, in the region's time) with one seller by one user."""

    month: date
    seller_id: UUID
    user_id: UUID | None
    orders: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SpentOn:
    """What was spent on one SKU in a month."""

    month: date
    sku_id: UUID
    amount: Money


@sets.act
def invoice(*, actor: Actor, order_id: UUID, in_clear: bool = False) -> InvoiceView | None:
    """Return the invoice that was asked for with an order, None if none was. Raises OrderNotFound, NotYours.

    The buyer's people see it whole. The seller's finance and sales people do who ask for it `in_clear`, and then the look is
    recorded; everyone else who may see the order sees it masked.
    """
    view = selectors.order(actor=actor, order_id=order_id)
    found = sets.fetch(
        "select sealed, number, issued_on, recorded_at from orders_invoice where order_id = %s", (order_id,)
    )
    if not found:
        return None
    sealed, *issued = found[0]
    terms = unseal_invoice(sealed)
    if actor.party_id == view.buyer_id:
        return InvoiceView(order_id, terms, True, *issued)
    if not in_clear:
        return InvoiceView(order_id, masked(terms), False, *issued)
    parties.require(actor, view.seller_id, *_SELLING, scope=_READ)
    parties.record_looks(
        actor=actor,
        party_ids=[view.buyer_id],
        what=["invoice"],
        in_clear=True,
        reason=f"order {view.number}",
    )
    return InvoiceView(order_id, terms, True, *issued)


def invoice_profiles(*, actor: Actor) -> list[InvoiceProfile]:
    """List to whom the actor's party had invoices made out, the one used last first. Raises NotYours."""
    parties.require(actor, actor.party_id, *BUYING, scope=_READ)
    rows = sets.fetch(
        "select id, sealed from orders_invoice_profile where party_id = %s order by used_at desc, id",
        (actor.party_id,),
    )
    return [InvoiceProfile(profile_id, unseal_invoice(sealed)) for profile_id, sealed in rows]


def invoice_profile(*, actor: Actor, profile_id: UUID) -> InvoiceTerms:
    """Return one of the party's invoice profiles. Raises NotYours, InvoiceProfileNotFound."""
    found = [one for one in invoice_profiles(actor=actor) if one.id == profile_id]
    if not found:
        raise refusals.InvoiceProfileNotFound
    return found[0].terms


def purchase_limits(*, actor: Actor) -> tuple[Money, ...]:
    """Return the limits of the actor's party, one for each currency that has one. Raises NotYours."""
    parties.require(actor, actor.party_id, *Role, scope=_READ)
    own = limits.of({actor.party_id}).get(actor.party_id, {})
    return tuple(Money(minor, currency) for currency, minor in sorted(own.items()))


def needs_approval(*, actor: Actor, totals: Sequence[Money]) -> Money | None:
    """Return the limit that the first of these orders would be above of, None if the actor may place them all alone."""
    if not limits.binds(actor):
        return None
    own = limits.of({actor.party_id}).get(actor.party_id, {})
    return next((limit for total in totals if (limit := limits.exceeded(own, total)) is not None), None)


_COUNTED = (
    "o.buyer_id = %s and o.placed_at >= %s and o.placed_at < %s and o.state not in ('lapsed', 'cancelled')"
)
_MONTH = "date_trunc('month', o.placed_at at time zone %s)::date"


def spending(*, actor: Actor, since: datetime, until: datetime) -> list[Spent]:
    """Add up what the actor's party ordered in a time, less what was refunded, by month, seller and user.

    Orders that lapsed or were called off do not count. For owners, finance and purchasing. Raises NotYours.
    """
    parties.require(actor, actor.party_id, *BUYING, scope=_READ)
    rows = sets.fetch(
        f"select {_MONTH}, o.seller_id, o.placed_by, o.currency, count(*), sum(o.total_minor - o.refunded_minor)::bigint"
        f" from orders_order o where {_COUNTED} group by 1, 2, 3, 4 order by 1, 2, 3, 4",
        (settings.TIME_ZONE, actor.party_id, since, until),
    )
    return [
        Spent(month, seller_id, user_id, count, Money(minor, currency))
        for month, seller_id, user_id, currency, count, minor in rows
    ]


def spending_on_goods(*, actor: Actor, since: datetime, until: datetime) -> list[SpentOn]:
    """Add up the same by month and SKU; freight and discounts are in it, each with its line. Raises NotYours."""
    parties.require(actor, actor.party_id, *BUYING, scope=_READ)
    rows = sets.fetch(
        f"select {_MONTH}, l.sku_id, o.currency, sum(l.total_minor - l.refunded_minor)::bigint"
        f" from orders_order o join orders_line l on l.order_id = o.id where {_COUNTED}"
        " group by 1, 2, 3 order by 1, 2, 3",
        (settings.TIME_ZONE, actor.party_id, since, until),
    )
    return [SpentOn(month, sku_id, Money(minor, currency)) for month, sku_id, currency, minor in rows]
