"""Exchange of currencies: two linked transfers through the platform's liquidity, at a rate it has set.

A rate says how many major units of the currency bought one major unit of the currency sold gives, with at
most ten decimal places. What is bought is rounded down to a whole minor unit: the platform never gives more
than the rate.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money, exponent
from cohong.parties import api as parties
from cohong.payments import documents, ledger, refusals, rules
from cohong.payments.kinds import PLATFORM, AccountKind, TransferKind
from cohong.payments.ledger import AccountKey
from cohong.payments.posting import Transfer
from cohong.payments.rules import RATE_PLACES

_RATE_DIGITS_MAX = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be bought now, and the id of the rate to exchange at."""

    rate_id: UUID
    rate: str
    sell: Money
    buy: Money


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An exchange that has been made."""

    id: UUID
    sold: Money
    bought: Money
    rate: str


@sets.act
def set_rate(*, actor: parties.Actor, sell: str, buy: str, rate: str) -> UUID:
    """Exchange `sell` into `buy` at this rate from now on; return its id. Raises NotAllowed, BadRate."""
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    for currency in (sell, buy):
        exponent(currency)
    value = _rate(rate)
    if sell == buy:
        raise refusals.BadRate(rate=rate)
    rate_id = new_id()
    body = documents.RateSet(rate_id=rate_id, sell=sell, buy=buy, rate=written_rate(value))
    [receipt] = journal.append([journal.Entry(subject=PLATFORM, issuer=actor.party_id, body=body)])
    sets.insert(
        "payments_exchange_rate",
        ("id", "sell", "buy", "rate", "set_by", "set_by_user", "set_at", "document"),
        [(rate_id, sell, buy, value, actor.party_id, actor.user_id, clock.now(), receipt.id)],
    )
    return rate_id


def quote(*, sell: Money, buy_currency: str) -> Quote:
    """Say what an amount would be exchanged into now. Raises NoRate, AmountNotPositive, TooLittle."""
    rates = sets.fetch(
        "select id, rate from payments_exchange_rate where sell = %s and buy = %s order by id desc limit 1",
        (sell.currency, buy_currency),
    )
    if not rates:
        raise refusals.NoRate(sell=sell.currency, buy=buy_currency)
    [(rate_id, rate)] = rates
    return Quote(rate_id, written_rate(rate), sell, _bought(sell, buy_currency, rate))


@sets.act
def exchange(
    *,
    actor: parties.Actor,
    party_id: UUID,
    sell: Money,
    buy_currency: str,
    rate_id: UUID,
    exchange_id: UUID | None = None,
) -> Exchanged:
    """Exchange money of a party's balance at the quoted rate; at most once for the `exchange_id`.

    Raises NotAllowed, NoRate, RateChanged (a newer rate holds), FundsShort (of the party's or the
    platform's).
    """
    parties.require(actor, party_id, parties.Role.FINANCE, scope="payments:write")
    exchange_id = exchange_id or new_id()
    rate, is_newest = _rate_of(rate_id, sell.currency, buy_currency)
    bought = _bought(sell, buy_currency, rate)
    if not is_newest and not sets.fetch("select 1 from payments_transfer where id = %s", (exchange_id,)):
        raise refusals.RateChanged(rate_id=rate_id)
    mine, theirs = (
        [AccountKey(kind, owner, currency) for currency in (sell.currency, buy_currency)]
        for kind, owner in ((AccountKind.BALANCE, party_id), (AccountKind.EXCHANGE, PLATFORM))
    )
    ledger.open_accounts([*mine, *theirs])
    results = ledger.transfer(
        transfers=[
            Transfer(
                id=id_,
                debit_account=debit.id,
                credit_account=credit.id,
                amount=amount,
                kind=kind,
                reference=rate_id,
                group=exchange_id,
            )
            for id_, debit, credit, amount, kind in (
                (exchange_id, mine[0], theirs[0], sell, TransferKind.SELL),
                (named_id("payments.leg", exchange_id, "buy"), theirs[1], mine[1], bought, TransferKind.BUY),
            )
        ]
    )
    refused = [result for result in results if isinstance(result, Refusal)]
    if refused:
        raise next((why for why in refused if not isinstance(why, refusals.LinkedFailed)), refused[0])
    done = Exchanged(exchange_id, sell, bought, written_rate(rate))
    if all(getattr(result, "is_new", False) for result in results):
        _issue(actor, party_id, rate_id, done)
    return done


@sets.act
def provide(*, actor: parties.Actor, amount: Money, reference: UUID) -> None:
    """Put money of the platform's own at the disposal of exchange; at most once for the `reference`."""
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    source = AccountKey(AccountKind.BALANCE, PLATFORM, amount.currency)
    target = AccountKey(AccountKind.EXCHANGE, PLATFORM, amount.currency)
    ledger.open_accounts([source, target])
    one(
        ledger.transfer(
            transfers=[
                Transfer(
                    id=reference,
                    debit_account=source.id,
                    credit_account=target.id,
                    amount=amount,
                    kind=TransferKind.PROVISION,
                    reference=PLATFORM,
                )
            ]
        )
    )


def _issue(actor: parties.Actor, party_id: UUID, rate_id: UUID, done: Exchanged) -> None:
    body = documents.Exchanged(
        exchange_id=done.id,
        party_id=party_id,
        sold=done.sold,
        bought=done.bought,
        rate=done.rate,
        rate_id=rate_id,
    )
    journal.append(
        [journal.Entry(subject=party_id, issuer=actor.party_id, body=body, visible_to=[party_id, PLATFORM])]
    )


def _rate_of(rate_id: UUID, sell: str, buy: str) -> tuple[Decimal, bool]:
    """Return a rate of this pair, and whether no newer one is set."""
    rows = sets.fetch(
        "select id, rate from payments_exchange_rate where sell = %s and buy = %s and id >= %s"
        " order by id desc",
        (sell, buy, rate_id),
    )
    if not rows or rows[-1][0] != rate_id:
        raise refusals.NoRate(sell=sell, buy=buy)
    return rows[-1][1], len(rows) == 1


def _bought(sell: Money, buy_currency: str, rate: Decimal) -> Money:
    if sell.minor <= 0:
        raise refusals.AmountNotPositive
    bought = rules.exchanged(sell, buy_currency, rate)
    if bought.is_zero:
        raise refusals.TooLittle
    return bought


def _rate(text: str) -> Decimal:
    """Read a rate exactly, or refuse it."""
    try:
        value = Decimal(text) if type(text) is str and len(text) <= _RATE_DIGITS_MAX + 2 else Decimal(0)
    except InvalidOperation:
        value = Decimal(0)
    # Finiteness first: a NaN cannot be compared.
    if not value.is_finite() or value <= 0:
        raise refusals.BadRate(rate=text)
    places = -int(value.as_tuple().exponent)
    if places > RATE_PLACES or value.adjusted() >= _RATE_DIGITS_MAX - RATE_PLACES:
        raise refusals.BadRate(rate=text)
    return value


def written_rate(rate: Decimal) -> str:
    """Write a rate without the zeros that only fill it up."""
    return f"{rate:f}".rstrip("0").rstrip(".") if "." in f"{rate:f}" else f"{rate:f}"
