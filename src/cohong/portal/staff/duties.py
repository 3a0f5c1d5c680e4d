"""What each role may do, in the words of those who give roles away.

What concerns orders is read from the orders' own rules, so that this table cannot say anything else; the rest names the
roles that the other modules ask for, and a test tries it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohong.orders import api as orders
from cohong.orders.api import OrderAct, ReturnAct
from cohong.parties.api import Role


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is done for a company, and by whom; an owner may do everything."""

    code: str
    said: str | Promise
    roles: frozenset[Role]

    def cells(self) -> list[tuple[Role, bool]]:
        """Say for each role whether it may."""
        return [(role, role is Role.OWNER or role in self.roles) for role in Role]


def _duty(code: str, said: str | Promise, *roles: Role) -> Duty:
    return Duty(code, said, frozenset(roles))


def duties() -> Sequence[Duty]:
    """List what is done for a company, from selling to its own keys."""
    selling, buying = orders.SELLER_MAY, orders.BUYER_MAY
    return (
        _duty("publish", _("Publish and change listings and prices"), Role.SALES),
        _duty("stock", _("Take goods into stock and count them"), Role.WAREHOUSE),
        _duty("ship", _("Ship orders"), *selling[OrderAct.SHIP]),
        _duty(
            "address",
            _("See buyers’ whole addresses, print labels"),
            Role.SALES,
            Role.WAREHOUSE,
            Role.SERVICE,
        ),
        _duty("cancel", _("Call orders off as the seller"), *selling[OrderAct.CANCEL]),
        _duty("decide", _("Approve or reject returns"), *selling[ReturnAct.APPROVE]),
        _duty("receive", _("Take returned goods back"), *selling[ReturnAct.RECEIVE]),
        _duty("refund", _("Refund buyers"), *selling[ReturnAct.REFUND]),
        _duty("money", _("See the balance and statements, withdraw and top up"), Role.FINANCE),
        _duty("buy", _("Order goods"), *buying["place"]),
        _duty("pay", _("Pay orders"), *buying[OrderAct.PAY]),
        _duty("accept", _("Accept goods"), *buying[OrderAct.ACCEPT]),
        _duty("return", _("Ask to return goods"), *buying["request_return"]),
        _duty("own", _("Give roles, issue API tokens, set up webhooks, change the company’s details")),
    )
