"""Purchase limits: up to how much a party's people order alone. Above it, an owner or someone of finance has to approve.

The limit binds every way of placing an order. It does not bind an owner in person. A token is bound, although it acts as an
owner: there is nobody behind it who decides. A party that has set any limit has set one for all its money: an order in a
currency without a limit of its own needs approval whatever it comes to, so that nobody gets round the limit by
paying in another currency.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.orders import refusals
from cohong.orders.terms import PlaceOrder
from cohong.parties.api import Actor, Role

Limits = Mapping[UUID, Mapping[str, int]]
"""What parties have set, in minor units by currency. A party without any limit is not in it."""


def binds(actor: Actor) -> bool:
    """Tell whether an actor is bound by their party's limits: all are but its owners in person, and the platform."""
    return not actor.is_system and not (Role.OWNER in actor.roles and actor.scopes is None)


def may_approve(actor: Actor) -> bool:
    """Tell whether an actor may approve for their party what is above its limits: an owner or finance, in person."""
    return actor.scopes is None and actor.user_id is not None and actor.may(Role.FINANCE)


def of_buyers(items: Sequence[PlaceOrder]) -> Limits:
    """Read the limits that bind these orders: one query, and none where nobody is bound."""
    bound = {item.buyer_id for item in items if binds(item.actor)}
    return of(bound) if bound else {}


def of(party_ids: set[UUID]) -> Limits:
    """Read parties' limits."""
    found: dict[UUID, dict[str, int]] = {}
    for party_id, currency, minor in sets.fetch(
        "select party_id, currency, limit_minor from orders_purchase_limit where party_id = any(%s)",
        (list(party_ids),),
    ):
        found.setdefault(party_id, {})[currency] = minor
    return found


def exceeded(own: Mapping[str, int], total: Money) -> Money | None:
    """Return the limit that a sum is above of, or None if the sum may be spent."""
    if not own:
        return None
    limit = Money(own.get(total.currency, 0), total.currency)
    # Without a limit of its own a currency may not be used at all, not even for nothing.
    return limit if total.currency not in own or total.minor > limit.minor else None


def check(item: PlaceOrder, set_limits: Limits) -> None:
    """Raise ApprovalNeeded for an order above its buyer's limit, ApproverUnfit if who approved it may not."""
    if item.approved_by is not None:
        _check_approver(item, item.approved_by)
        return
    if not binds(item.actor):
        return
    goods = sum(line.goods for line in item.lines)
    total = Money(goods + item.freight_minor - item.discount_minor, item.currency)
    limit = exceeded(set_limits.get(item.buyer_id, {}), total)
    if limit is not None:
        raise refusals.ApprovalNeeded(limit=limit, total=total)


def _check_approver(item: PlaceOrder, approver: Actor) -> None:
    is_own = approver.party_id == item.buyer_id
    if not is_own or not may_approve(approver) or approver.user_id == item.actor.user_id:
        raise refusals.ApproverUnfit
