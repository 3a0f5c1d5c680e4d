"""Pure rules of the cart: which lines go together, what may bring them, what it costs."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders.api import DeliveryKind
from cohong.retail.shapes import DeliveryChoice, DeliveryOffer, LineView, Parcel

WAY = "retail"


def parcels(lines: Iterable[LineView]) -> tuple[tuple[Parcel, ...], tuple[LineView, ...]]:
    """Put lines together by seller and currency; lines without a price belong to no parcel and come second."""
    groups: dict[tuple[UUID, str], list[LineView]] = {}
    unpriced = []
    for line in lines:
        if line.unit_price is None or line.seller_id is None:
            unpriced.append(line)
        else:
            groups.setdefault((line.seller_id, line.unit_price.currency), []).append(line)
    return tuple(_parcel(seller_id, currency, own) for (seller_id, currency), own in groups.items()), tuple(
        unpriced
    )


def _parcel(seller_id: UUID, currency: str, lines: Sequence[LineView]) -> Parcel:
    goods = Money.zero(currency)
    for line in lines:
        goods += line.goods or Money.zero(currency)
    return Parcel(
        seller_id=seller_id,
        currency=currency,
        lines=tuple(lines),
        goods=goods,
        weight_grams=sum(line.weight_grams * line.quantity for line in lines),
    )


def origin(parcel: Parcel, stock: Mapping[UUID, catalog.StockView]) -> str:
    """Say from which region a parcel is taken to come: where most of its heaviest line lies; "" if nowhere.

    What really leaves from where is settled when the goods are reserved; freight is quoted before that, from here.
    """
    heaviest = max(parcel.lines, key=lambda line: line.weight_grams * line.quantity)
    places = stock[heaviest.sku_id].locations if heaviest.sku_id in stock else ()
    best = max(places, key=lambda place: (place.available, str(place.location_id)), default=None)
    return best.region_code if best is not None else ""


def delivery_offers(
    parcel: Parcel, priced: Iterable[tuple[logistics.CarrierView, str, Money | Refusal]]
) -> tuple[DeliveryOffer, ...]:
    """List the ways in which a parcel can come, the cheapest shipment first and picking it up last.

    A carrier is offered if its tariff has a price in the parcel's currency. Where none has (goods in another currency, or
    without weight), the seller brings them at no extra charge or as its freight notes say.
    """
    shipments = [
        DeliveryOffer(
            kind=DeliveryKind.SHIPMENT,
            carrier_id=carrier.id,
            carrier_name=carrier.name,
            carrier_name_en=carrier.name_en,
            service=service,
            price=price,
        )
        for carrier, service, price in priced
        if isinstance(price, Money) and price.currency == parcel.currency
    ]
    shipments.sort(key=lambda offer: (offer.price.minor, offer.carrier_name, offer.service))
    sellers_own = _without_carrier(DeliveryKind.SHIPMENT, parcel.currency)
    return (*(shipments or [sellers_own]), _without_carrier(DeliveryKind.PICK_UP, parcel.currency))


def _without_carrier(kind: DeliveryKind, currency: str) -> DeliveryOffer:
    return DeliveryOffer(
        kind=kind,
        carrier_id=None,
        carrier_name="",
        carrier_name_en="",
        service="",
        price=Money.zero(currency),
    )


def chosen(parcel: Parcel, choice: DeliveryChoice | None, *, has_address: bool) -> DeliveryOffer | None:
    """Find the offer that a choice names, or the one that is taken without a choice; None if it is not offered."""
    if choice is None:
        kind = DeliveryKind.SHIPMENT if has_address else DeliveryKind.PICK_UP
        return next((offer for offer in parcel.offers if offer.kind is kind), None)
    wanted = (choice.kind, choice.carrier_id, choice.service)
    return next(
        (offer for offer in parcel.offers if (offer.kind, offer.carrier_id, offer.service) == wanted), None
    )


def totals(parts: Iterable[tuple[Parcel, DeliveryOffer]]) -> dict[str, Money]:
    """Add up what is to be paid in each currency."""
    sums: dict[str, Money] = {}
    for parcel, offer in parts:
        before = sums.get(parcel.currency, Money.zero(parcel.currency))
        sums[parcel.currency] = before + parcel.goods + offer.price
    return sums
