"""Who and what the journal's ids stand for, as far as the journal has told up to the document that is being read.

A fact keeps what held when it happened: a company that moves later does not take its past trade along.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from cohong.kernel.journal import Sealed
from cohong.kernel.money import Money, exponent
from cohong.statistics.models import KnownGood, KnownIndustry, KnownMarket, KnownRate, KnownTrader

_TELLING: Final = {
    "parties.registered": "_registered",
    "parties.details_changed": "_changed",
    "parties.industry_defined": "_industry",
    "parties.market_defined": "_market",
    "catalog.published": "_published",
    "payments.rate_set": "_rate",
}
KINDS: Final = frozenset(_TELLING)
_TABLES: Final[dict[type[Any], tuple[str, ...]]] = {
    KnownTrader: ("party_id", "number", "is_person", "country", "region", "industry", "credit_code"),
    KnownGood: ("sku_id", "category", "industry"),
    KnownMarket: ("market_id", "code"),
    KnownIndustry: ("code", "is_service"),
    KnownRate: ("position", "sell", "buy", "rate"),
}


def reset() -> None:
    """Know nothing."""
    for model in _TABLES:
        model.objects.all().delete()


class Known:
    """What is known while a batch is read: what it needs is fetched at once, what it tells is written back at once."""

    def __init__(self, *, parties: Iterable[UUID], skus: Iterable[UUID]) -> None:
        """Fetch what is known of these parties and SKUs, and all markets, industries and rates, which are few."""
        self.traders = KnownTrader.objects.in_bulk(list(parties))
        self.goods = KnownGood.objects.in_bulk(list(skus))
        self.markets: dict[UUID, str] = dict(KnownMarket.objects.values_list("market_id", "code"))
        self.services: dict[str, bool] = dict(KnownIndustry.objects.values_list("code", "is_service"))
        self.rates: dict[str, Decimal] = dict(
            KnownRate.objects.filter(buy=settings.COHONG_CURRENCY)
            .order_by("position")
            .values_list("sell", "rate")
        )
        self._told: dict[tuple[type, Any], Any] = {}

    def learn(self, sealed: Sealed) -> None:
        """Take in what a document of one of `KINDS` tells."""
        getattr(self, _TELLING[sealed.kind])(sealed, sealed.envelope.body)

    def save(self) -> None:
        """Keep what was told."""
        for model, (key, *others) in _TABLES.items():
            rows = [row for (kind, _), row in self._told.items() if kind is model]
            model.objects.bulk_create(
                rows,
                update_conflicts=True,
                update_fields=others,
                unique_fields=[key],
                batch_size=1_000,
            )
        self._told.clear()

    def base(self, amount: Money) -> int | None:
        """Return an amount in minor units of the region's currency, half to even; None where no rate is known."""
        home = settings.COHONG_CURRENCY
        if amount.currency == home:
            return amount.minor
        rate = self.rates.get(amount.currency)
        if rate is None:
            return None
        scaled = amount.minor * rate * Decimal(10) ** (exponent(home) - exponent(amount.currency))
        return int(scaled.to_integral_value(ROUND_HALF_EVEN))

    def _keep(self, row: Any) -> None:
        self._told[type(row), row.pk] = row

    def _registered(self, sealed: Sealed, body: Any) -> None:
        trader = KnownTrader(
            party_id=sealed.envelope.subject,
            number=sealed.position,
            is_person=body.party_kind == "person",
            country=body.country,
            region=body.region_code,
            industry=body.industry_code,
            credit_code=body.credit_code,
        )
        self.traders[trader.party_id] = trader
        self._keep(trader)

    def _changed(self, sealed: Sealed, body: Any) -> None:
        trader = self.traders[sealed.envelope.subject]
        trader.region, trader.industry = body.region_code, body.industry_code
        trader.credit_code = body.credit_code
        self._keep(trader)

    def _published(self, _: Sealed, body: Any) -> None:
        for sku in body.skus:
            good = KnownGood(sku_id=sku.id, category=body.category_code, industry=body.industry_code)
            self.goods[sku.id] = good
            self._keep(good)

    def _market(self, sealed: Sealed, body: Any) -> None:
        self.markets[sealed.envelope.subject] = body.code
        self._keep(KnownMarket(market_id=sealed.envelope.subject, code=body.code))

    def _industry(self, _: Sealed, body: Any) -> None:
        self.services[body.code] = body.is_service
        self._keep(KnownIndustry(code=body.code, is_service=body.is_service))

    def _rate(self, sealed: Sealed, body: Any) -> None:
        if body.buy == settings.COHONG_CURRENCY:
            self.rates[body.sell] = Decimal(body.rate)
        self._keep(KnownRate(position=sealed.position, sell=body.sell, buy=body.buy, rate=Decimal(body.rate)))


def concerned(batch: Sequence[Sealed]) -> set[UUID]:
    """Return the parties whose details this batch changes."""
    return {one.envelope.subject for one in batch if one.kind == "parties.details_changed"}
