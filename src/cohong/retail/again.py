"""Buy again: what of an earlier order can be put in the cart, and what cannot any more."""

from dataclasses import dataclass
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import carts
from cohong.retail.shapes import CartItem


@dataclass(frozen=True, slots=True)
class BoughtAgain:
    """What went into the cart (line titles), and what did not, each with the refusal that says why."""

    added: tuple[str, ...]
    missing: tuple[tuple[str, Refusal], ...]


@sets.act
def buy_again(*, actor: Actor, order_id: UUID) -> BoughtAgain:
    """Put an order's goods into the cart once more, in the same quantities and at today's prices, as far as they are on offer.

    Goods of which the catalog quotes nothing in this quantity any more are told, not refused. Raises NotYours, OrderNotFound
    (also for an order that the acting party did not buy), CartFull.
    """
    parties.require(actor, actor.party_id, Role.PURCHASING, scope="orders:write")
    view = orders.order(actor=actor, order_id=order_id)
    if view.buyer_id != actor.party_id:
        raise orders.OrderNotFound
    wanted = [catalog.QuoteItem(line.sku_id, line.quantity) for line in view.lines]
    missing, items, added = [], [], []
    for line, quoted in zip(view.lines, catalog.quote(items=wanted), strict=True):
        if isinstance(quoted, Refusal):
            missing.append((line.title, quoted))
        else:
            items.append(CartItem(line.sku_id, line.quantity))
            added.append(line.title)
    if items:
        carts.add(actor=actor, items=items)
    return BoughtAgain(tuple(added), tuple(missing))
