"""What the platform takes of a settled amount.

The rate is in basis points and depends on the way of trade. A way without a rate of its own pays the rate of
the way "" (set for all), and if that is not set either `DEFAULT_BASIS_POINTS`.
"""

from collections.abc import Sequence
from typing import Final

from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.kernel.money import BASIS, Money, Rounding
from cohong.parties import api as parties
from cohong.payments import documents, refusals
from cohong.payments.kinds import PLATFORM

DEFAULT_BASIS_POINTS: Final = 60
EVERY_WAY: Final = ""
_WAY_LENGTH_MAX = 64


def fee_for(*, amount: Money, way: str) -> Money:
    """Return the fee for one settled amount; see `fees_for`, which asks once for many."""
    return fees_for(items=[(amount, way)])[0]


def fees_for(*, items: Sequence[tuple[Money, str]]) -> list[Money]:
    """Return the fee for each settled amount and way of trade, in order.

    Rounded half to even, to a whole minor unit, for each settled amount by itself.
    """
    rates = fee_rates(ways=sorted({way for _amount, way in items}))
    return [amount.percent(rates[way], Rounding.HALF_EVEN) for amount, way in items]


def fee_rates(*, ways: Sequence[str]) -> dict[str, int]:
    """Return the basis points that hold now for these ways of trade."""
    asked = [*ways, EVERY_WAY]
    found: dict[str, int] = dict(
        sets.fetch(
            "select distinct on (way) way, basis_points from payments_fee_rate where way = any(%s)"
            " order by way, id desc",
            (asked,),
        )
    )
    common = found.get(EVERY_WAY, DEFAULT_BASIS_POINTS)
    return {way: found.get(way, common) for way in ways}


@sets.act
def set_fee(*, actor: parties.Actor, way: str, basis_points: int) -> None:
    """Let the platform take this part from now on. Raises NotAllowed, BadFeeRate, BadText."""
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    if type(basis_points) is not int or not 0 <= basis_points <= BASIS:
        raise refusals.BadFeeRate
    if len(way) > _WAY_LENGTH_MAX or not way.isprintable():
        raise refusals.BadText(field="way")
    body = documents.FeesSet(way=way, basis_points=basis_points)
    [receipt] = journal.append([journal.Entry(subject=PLATFORM, issuer=actor.party_id, body=body)])
    sets.insert(
        "payments_fee_rate",
        ("id", "way", "basis_points", "set_by", "set_by_user", "set_at", "document"),
        [(new_id(), way, basis_points, actor.party_id, actor.user_id, clock.now(), receipt.id)],
    )
