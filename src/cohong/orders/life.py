"""The page that shows the order's life, written from the tables themselves; `docs/order-life.md` is its output."""

from cohong.orders.rules import BUYER_MAY, SELLER_MAY
from cohong.orders.states import DISPUTE_LIFE, ORDER_LIFE, RETURN_LIFE

_INTRODUCTION = """\
# The life of an order

However a deal came about, the order goes through these states and no others. The service asks this table, a constraint
in the database guards it, and this page is written from it (`cohong.orders.life.page()`; a test keeps it true).
"""
_MONEY = """\
## Where the money is

| state | in escrow | elsewhere |
| --- | --- | --- |
| placed | what a provider has brought so far | |
| deposited | the deposit | |
| ready … accepted | all that was paid, less what was refunded | refunds: the buyer's balance |
| settled | nothing | the seller's balance, and the platform's fee |
| lapsed | nothing | a deposit: the seller's, less the fee (定金); anything else: the buyer's balance |
| cancelled | nothing | all of it: the buyer's balance |

With payment on delivery, `ready` to `shipped` are reached unpaid; `accepted` is not.

A part-shipped order whose rest never comes is closed short: the rest is free again, its money goes back.
"""

_DISPUTE = """\
A buyer raises a dispute over an order that is paid in full and not settled. While it is open it holds the order: nothing is
shipped, accepted, cancelled, returned or settled. An order has one open dispute at most.

| how it ends | the escrow |
| --- | --- |
| withdrawn | stays; the order goes on where it stood, its deadlines put off by that time |
| settled: one side offered a sum, the other agreed | the sum goes to the buyer's balance |
| decided by an authority, with a reason | what it grants, nothing up to all of it, goes to the buyer's balance |

Settled or decided, the returns that were open end with it (`superseded`). When all of the escrow goes back, goods that were
not shipped are free again: an order of which nothing left the seller is cancelled, a part-shipped one is closed short.
Otherwise the order goes on, and what is left in escrow is the seller's at the settlement.
"""

_OTHERS = """\
An owner may all that its side may. What is not here (lapse, settle, accept when due) the platform does by the clock,
a hold is placed and lifted, and a dispute decided, by an authority.
"""


def page() -> str:
    """Write the page."""
    return "\n".join(
        [
            _INTRODUCTION,
            "## The order\n",
            f"```mermaid\n{ORDER_LIFE.mermaid()}```\n",
            ORDER_LIFE.markdown(),
            _MONEY,
            "## The return\n",
            f"```mermaid\n{RETURN_LIFE.mermaid()}```\n",
            RETURN_LIFE.markdown(),
            "## The dispute\n",
            f"```mermaid\n{DISPUTE_LIFE.mermaid()}```\n",
            DISPUTE_LIFE.markdown(),
            _DISPUTE,
            "## Who may\n",
            _OTHERS,
            _who(),
        ]
    )


def _who() -> str:
    rows = ["| act | the buyer's | the seller's |", "| --- | --- | --- |"]
    for act in sorted({*BUYER_MAY, *SELLER_MAY}, key=str):
        sides = [
            ", ".join(role.value for role in table.get(act, ())) or "—" for table in (BUYER_MAY, SELLER_MAY)
        ]
        rows.append(f"| {act!s} | {sides[0]} | {sides[1]} |")
    return "\n".join(rows) + "\n"
