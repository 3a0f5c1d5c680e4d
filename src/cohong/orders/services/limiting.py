"""Setting and ending a party's purchase limits."""

from cohong.kernel import clock, sets
from cohong.kernel.journal import Entry, append
from cohong.kernel.money import Money
from cohong.orders import documents, refusals
from cohong.parties import api as parties
from cohong.parties.api import Actor


@sets.act
def set_purchase_limit(*, actor: Actor, limit: Money) -> None:
    """Set up to how much each order of the actor's party may come to without approval. An owner's act, never a token's.

    Once one is set, orders in currencies without a limit of their own need approval too. Raises NotYours, PeopleOnly, BadSums.
    """
    _check_owner(actor)
    if limit.minor < 0:
        raise refusals.BadSums
    sets.run(
        "insert into orders_purchase_limit (party_id, currency, limit_minor, set_by, set_at) values (%s, %s, %s, %s, %s)"
        " on conflict (party_id, currency) do update set limit_minor = excluded.limit_minor,"
        " set_by = excluded.set_by, set_at = excluded.set_at",
        (actor.party_id, limit.currency, limit.minor, actor.user_id, clock.now()),
    )
    _tell(actor, limit.currency, limit)


@sets.act
def end_purchase_limit(*, actor: Actor, currency: str) -> None:
    """Take the limit in a currency away. An owner's act, never a token's. Raises NotYours, PeopleOnly, LimitNotSet."""
    _check_owner(actor)
    ended = sets.run(
        "delete from orders_purchase_limit where party_id = %s and currency = %s", (actor.party_id, currency)
    )
    if not ended:
        raise refusals.LimitNotSet(currency=currency)
    _tell(actor, currency, None)


def _check_owner(actor: Actor) -> None:
    if actor.scopes is not None:
        raise parties.PeopleOnly(party_id=actor.party_id)
    parties.require(actor, actor.party_id)


def _tell(actor: Actor, currency: str, limit: Money | None) -> None:
    body = documents.PurchaseLimitSet(currency=currency, limit=limit, set_by=actor.user_id)
    append([Entry(subject=actor.party_id, issuer=actor.party_id, body=body, visible_to=(actor.party_id,))])
