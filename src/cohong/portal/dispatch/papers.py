"""Papers: shipping labels and packing slips of shipments, as PDF. Each look at an address is recorded by its door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cohong.kernel.errors import NotFound
from cohong.logistics import api as logistics
from cohong.logistics.api import Address, CarrierView, ShipmentView
from cohong.orders import api as orders
from cohong.orders.api import OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor, ContactView, PartyView, RegionView
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page
from cohong.portal.design.templatetags.portal import day, moment, money, weight
from cohong.portal.dispatch.shipping import _back, _uuid
from cohong.portal.printing import codes, typesetting
from cohong.portal.printing.sheets import Goods, Label, Labels, Place, Slip, Slips

#: So many shipments are printed in one go.
MOST = 200
_ON_A_LABEL = 6
_TITLE_MAX = 48


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A shipment with all that is printed of it."""

    shipment: ShipmentView
    order: OrderView
    address: Address | None
    carrier: CarrierView | None


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who sends: one for all parcels of a print."""

    party: PartyView
    contact: ContactView


@require_POST
@never_cache
@page
def labels(request: HttpRequest) -> HttpResponse:
    """Print a label for each package that a carrier takes: on label paper, or four on a sheet of A4."""
    actor = actor_of(request)
    parcels = [one for one in _parcels(actor, request) if not one.shipment.pick_up]
    if not parcels:
        messages.error(request, _("Nothing of this is sent by a carrier: there are no labels to print."))
        return redirect(_back(request.POST.get("back", "")))
    paper: Literal["label", "a4"] = "a4" if request.POST.get("paper") == "a4" else "label"
    with translation.override(_written_in()):
        regions = {one.code: one for one in parties.regions()}
        sender = _sender(actor)
        made = [
            _label(parcel, number, sender, regions)
            for parcel in parcels
            for number in range(1, len(parcel.shipment.packages) + 1)
        ]
        sheet = Labels(paper=paper, title=_("Shipping labels"), labels=tuple(made))
        return _pdf(typesetting.pdf("labels", sheet), "labels")


@require_POST
@never_cache
@page
def slips(request: HttpRequest) -> HttpResponse:
    """Print the packing slip of each shipment."""
    actor = actor_of(request)
    parcels = _parcels(actor, request)
    with translation.override(_written_in()):
        regions = {one.code: one for one in parties.regions()}
        sender = _sender(actor)
        sheet = Slips(
            title=_("Packing slips"), slips=tuple(_slip(parcel, sender, regions) for parcel in parcels)
        )
        return _pdf(typesetting.pdf("slips", sheet), "packing-slips")


def _written_in() -> str:
    """Choose the language of the papers: those who carry and unpack read Chinese."""
    return "zh-hant" if translation.get_language() == "zh-hant" else "zh-hans"


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


# --- what is printed -------------------------------------------------------------------------------------


def _parcels(actor: Actor, request: HttpRequest) -> list[_Parcel]:
    """Find the shipments that the form names, by themselves or by their orders. Raises NotFound for a stranger's."""
    named = [one for text in request.POST.getlist("shipment")[:MOST] if (one := _uuid(text)) is not None]
    of_orders = [one for text in request.POST.getlist("order")[:MOST] if (one := _uuid(text)) is not None]
    shipments = list(logistics.shipments(ids=named).values())
    shipments += [one for some in logistics.shipments_of(order_ids=of_orders).values() for one in some]
    shipments = list({one.id: one for one in shipments}.values())[:MOST]
    if not shipments or any(one.shipper_id != actor.party_id for one in shipments):
        raise NotFound
    views = _orders(actor, {one.order_id for one in shipments})
    addresses = logistics.addresses_of(actor=actor, shipment_ids=[one.id for one in shipments])
    carriers = {one.id: one for one in logistics.carriers()}
    return [
        _Parcel(
            one,
            views[one.order_id],
            addresses[one.id],
            carriers.get(one.carrier_id) if one.carrier_id else None,
        )
        for one in shipments
    ]


def _orders(actor: Actor, ids: set[UUID]) -> dict[UUID, OrderView]:
    return {one.id: one for one in orders.orders(actor=actor, side="seller", ids=list(ids), limit=len(ids))}


def _sender(actor: Actor) -> _Sender:
    return _Sender(
        parties.party(party_id=actor.party_id), parties.contact(actor=actor, party_id=actor.party_id)
    )


def _region(code: str, regions: dict[str, RegionView]) -> str:
    """Write where that is, from the province down."""
    said: list[str] = []
    while code in regions and len(said) < 5:  # noqa: PLR2004 - however the tree was defined, this ends
        said.insert(0, regions[code].names.shown(translation.get_language() or ""))
        code = regions[code].parent_code
    return " ".join(said)


def _from(sender: _Sender, regions: dict[str, RegionView]) -> Place:
    return Place(
        title=pgettext("on a label", "From"),
        name=sender.party.name,
        phone=sender.contact.phone,
        region=_region(sender.party.region_code, regions),
        street=sender.contact.address,
    )


def _to(address: Address | None, regions: dict[str, RegionView]) -> Place:
    title = pgettext("on a label", "To")
    if address is None:
        return Place(title=title, name=_("Picked up at the counter"))
    return Place(
        title=title,
        name=address.recipient,
        phone=address.phone,
        region=_region(address.region_code, regions),
        street=address.street,
        postcode=address.postcode,
    )


def _cut(text: str) -> str:
    return text if len(text) <= _TITLE_MAX else f"{text[: _TITLE_MAX - 1]}…"


def _label(parcel: _Parcel, number: int, sender: _Sender, regions: dict[str, RegionView]) -> Label:
    shipment, waybill = parcel.shipment, parcel.shipment.waybill_number
    package = shipment.packages[number - 1]
    titles = {line.id: line.title for line in parcel.order.lines}
    goods = [
        Goods(title=_cut(titles.get(line_id, "")), quantity=f"× {quantity:,}")
        for line_id, quantity in package.contents
    ]
    left = len(goods) - _ON_A_LABEL
    more = ngettext("and {n} more kind", "and {n} more kinds", left).format(n=left) if left > 0 else ""
    facts = [(pgettext("trade", "Order"), parcel.order.number), (_("Date"), day(shipment.consigned_at))]
    if package.weight_grams:
        facts.insert(1, (_("Weight"), weight(package.weight_grams)))
    carrier = parcel.carrier
    return Label(
        waybill=waybill,
        bars=codes.code128(waybill),
        qr=codes.qr(waybill),
        carrier=carrier.name if carrier else _("Brought by the seller"),
        service=str(logistics.Service(shipment.service).label) if shipment.service else "",
        carrier_number=shipment.carrier_number,
        package=f"{number}/{len(shipment.packages)}",
        sender=_from(sender, regions),
        recipient=_to(parcel.address, regions),
        goods=tuple(goods[:_ON_A_LABEL]),
        more=more,
        facts=tuple(facts),
    )


def _slip(parcel: _Parcel, sender: _Sender, regions: dict[str, RegionView]) -> Slip:
    shipment, order = parcel.shipment, parcel.order
    lines = {line.id: line for line in order.lines}
    contents = [part for package in shipment.packages for part in package.contents]
    goods, pieces = _slip_goods(contents, lines)
    return Slip(
        heading=_("Packing slip"),
        waybill=shipment.waybill_number,
        bars=codes.code128(shipment.waybill_number),
        sender=_from(sender, regions),
        recipient=_to(parcel.address, regions),
        facts=(
            (pgettext("trade", "Order"), order.number),
            (_("Ordered"), moment(order.placed_at)),
            (_("Shipped"), moment(shipment.consigned_at)),
            (_("Carrier"), parcel.carrier.name if parcel.carrier else _("Brought by the seller")),
        ),
        columns=(
            *("#", _("Goods"), _("Part of the order"), _("Quantity")),
            *(_("Unit price"), pgettext("money", "Amount")),
        ),
        goods=goods,
        sums=(
            (_("Pieces in this shipment"), f"{pieces:,}"),
            (_("Total of the order"), money(order.total)),
        ),
        note=_(
            "Please count the goods as you receive them. What is missing or damaged is claimed on the order."
        ),
        signatures=(_("Packed by"), _("Received by"), _("Date")),
    )


def _slip_goods(
    contents: Sequence[tuple[UUID, int]], lines: dict[UUID, orders.LineView]
) -> tuple[tuple[Goods, ...], int]:
    goods, pieces = [], 0
    for line_id, quantity in contents:
        line = lines[line_id]
        pieces += quantity
        goods.append(
            Goods(
                title=line.title,
                code=f"{quantity:,} / {line.quantity:,}",
                quantity=f"{quantity:,}",
                unit_price=money(line.unit_price),
                amount=money(line.unit_price * quantity)
                if line.goods == line.unit_price * line.quantity
                else "",
            )
        )
    return tuple(goods), pieces
