"""The cart and the checkout."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from cohong.catalog import api as catalog
from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, own_address, page, show, told
from cohong.portal.design.places import districts
from cohong.retail import api as retail
from cohong.retail.api import CartItem, CartView, CheckoutWish, DeliveryChoice, DeliveryOffer, Parcel

_QUANTITY = "quantity-"
_ADDRESS_FIELDS = ("recipient", "phone", "region_code", "street", "postcode")
_TERMS = (orders.PaymentKind.PREPAID, orders.PaymentKind.ON_DELIVERY)


# --- the cart --------------------------------------------------------------------------------------------


@require_safe
@page
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart at today's prices."""
    return _cart(request, actor_of(request))


def _cart(request: HttpRequest, actor: Actor) -> HttpResponse:
    view = retail.look(actor=actor)
    context = {"cart": view, **_sellers(view), **_units()}
    return show(request, "my/cart_lines.html" if is_partial(request) else "my/cart.html", context)


@require_POST
@page
def add_to_cart(request: HttpRequest) -> HttpResponse:
    """Put quantities of SKUs into the cart, as many as the form names."""
    items = [CartItem(sku_id, quantity) for sku_id, quantity in _quantities(request.POST) if quantity]
    back = own_address(request, request.POST.get("back", ""))
    actor = actor_of(request)
    if not items:
        messages.error(request, _("Say how many you want of at least one of them."), extra_tags="refused")
        return redirect(back)
    with told(request):
        retail.add(actor=actor, items=items)
        said = ngettext(
            "{n} kind of goods is in the cart now.", "{n} kinds of goods are in the cart now.", len(items)
        )
        messages.success(request, said.format(n=len(items)), extra_tags="to-cart")
    return redirect(back)


@require_POST
@page
def set_quantity(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Let the cart hold so many of a SKU; none takes it out."""
    actor = actor_of(request)
    with told(request):
        retail.put(
            actor=actor, items=[CartItem(sku_id, quantity) for _sku, quantity in _quantities(request.POST)]
        )
    return _changed(request, actor)


@require_POST
@page
def remove_line(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Take a line out."""
    actor = actor_of(request)
    retail.remove(actor=actor, sku_id=sku_id)
    return _changed(request, actor)


@require_POST
@page
def agree_prices(request: HttpRequest) -> HttpResponse:
    """Agree to the prices as they are now."""
    actor = actor_of(request)
    retail.agree_prices(actor=actor)
    return _changed(request, actor)


def _changed(request: HttpRequest, actor: Actor) -> HttpResponse:
    if is_partial(request):
        return trigger_client_event(_cart(request, actor), "cart")
    return redirect("portal:cart")


def _quantities(form: QueryDict) -> list[tuple[UUID, int]]:
    """Read the fields `quantity-<sku>`; what is not a number is handed on as one that is refused."""
    found = []
    for name, text in form.items():
        if not name.startswith(_QUANTITY) or not str(text).strip():
            continue
        try:
            found.append((UUID(name.removeprefix(_QUANTITY)), _count(str(text))))
        except ValueError:
            raise NotFound from None
    return found


def _count(text: str) -> int:
    """Read a whole number, full-width digits too; anything else is none that a quantity can be."""
    plain = text.strip().replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) <= 15 else -1  # noqa: PLR2004 - beyond any quantity


def _sellers(view: CartView) -> dict[str, Any]:
    ids = {line.seller_id for line in view.lines if line.seller_id is not None}
    listings = catalog.listings(ids={line.listing_id for line in view.lines if line.listing_id is not None})
    return {"sellers": parties.parties(ids=ids), "listings": listings}


def _units() -> dict[str, Any]:
    return {"units": {one.code: one.names for one in catalog.units()}}


# --- the checkout ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Till:
    """One parcel at the till: how it can come, and how it will."""

    parcel: Parcel
    field: str
    offers: tuple[tuple[str, DeliveryOffer], ...]
    chosen: DeliveryOffer

    @property
    def total(self) -> Money:
        """What the parcel costs, freight included."""
        return self.parcel.goods + self.chosen.price


@page
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask where and how the goods shall come, show what it costs in all, and order."""
    actor = actor_of(request)
    if request.method != "POST":
        return _till(request, actor, _first_form(actor))
    if request.POST.get("step") != "order":
        return _till(request, actor, request.POST)
    if (made := _made_before(request, actor)) is not None:
        return redirect("portal:pay_checkout", checkout_id=made)
    try:
        wish = _wish(request.POST, retail.look(actor=actor, region_code=request.POST.get("region_code", "")))
        done = retail.checkout(actor=actor, wish=wish)
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return _till(request, actor, request.POST, refusal=refusal)
    return redirect("portal:pay_checkout", checkout_id=done.id)


def _made_before(request: HttpRequest, actor: Actor) -> UUID | None:
    """Tell if this form was sent before: its cart is empty by now, so that it cannot be read a second time."""
    try:
        return retail.outcome(actor=actor, checkout_id=UUID(request.POST.get("checkout_id", ""))).id
    except (ValueError, retail.NoSuchCheckout):
        return None


def _first_form(actor: Actor) -> QueryDict:
    """Fill the form as the last order was filled, so that a regular buyer has little to do."""
    form = QueryDict(mutable=True)
    last = orders.orders(actor=actor, side="buyer", limit=1, with_lines=False)
    address = orders.address(actor=actor, order_id=last[0].id) if last else None
    if address is not None:
        for name in _ADDRESS_FIELDS:
            form[name] = getattr(address, name)
    return form


def _till(
    request: HttpRequest, actor: Actor, form: QueryDict, *, refusal: Refusal | None = None
) -> HttpResponse:
    region = form.get("region_code", "")
    view = retail.look(actor=actor, region_code=region)
    if not view.lines:
        return redirect("portal:cart")
    tills = [_at_till(number, parcel, form) for number, parcel in enumerate(view.parcels)]
    totals: dict[str, Money] = {}
    for till in tills:
        currency = till.parcel.currency
        totals[currency] = totals.get(currency, Money.zero(currency)) + till.total
    named = _sellers(view)
    context = {
        "cart": view,
        "tills": tills,
        "totals": [totals[currency] for currency in sorted(totals)],
        "expected": " ".join(f"{totals[currency].minor}{currency}" for currency in sorted(totals)),
        "checkout_id": form.get("checkout_id") or new_id(),
        "form": form,
        "cities": districts(parties.regions()),
        "terms": [kind.value for kind in _TERMS],
        "terms_chosen": form.get("payment", _TERMS[0].value),
        "services": dict(logistics.Service.choices),
        "refusal": refusal,
        "notes": {one.seller_id: one.freight_note for one in named["listings"].values() if one.freight_note},
        **named,
        **_units(),
    }
    template = "my/till.html" if is_partial(request) else "my/checkout.html"
    return show(request, template, context, status=status_of(refusal) if refusal else 200)


def _at_till(number: int, parcel: Parcel, form: QueryDict) -> _Till:
    field = f"delivery-{number}"
    offers = tuple((_offer_code(offer), offer) for offer in parcel.offers)
    wanted = form.get(field, "")
    chosen = next((offer for code, offer in offers if code == wanted), parcel.offers[0])
    return _Till(parcel, field, offers, chosen)


def _offer_code(offer: DeliveryOffer) -> str:
    return f"{offer.kind.value}/{offer.carrier_id or ''}/{offer.service}"


def _wish(form: QueryDict, view: CartView) -> CheckoutWish:
    try:
        checkout_id = UUID(form.get("checkout_id", ""))
        expected = tuple(Money(int(one[:-3]), one[-3:]) for one in form.get("expected", "").split())
        terms = orders.PaymentTerms(kind=orders.PaymentKind(form.get("payment", _TERMS[0])))
    except ValueError:
        raise NotFound from None
    tills = [_at_till(number, parcel, form) for number, parcel in enumerate(view.parcels)]
    ships = any(till.chosen.kind is orders.DeliveryKind.SHIPMENT for till in tills)
    address = logistics.Address(**{name: form.get(name, "").strip() for name in _ADDRESS_FIELDS})
    return CheckoutWish(
        id=checkout_id,
        address=address if ships else None,
        delivery=tuple(_choice(till) for till in tills),
        payment=terms,
        note=form.get("note", "").strip()[:500],
        expected=expected,
    )


def _choice(till: _Till) -> DeliveryChoice:
    return DeliveryChoice(
        seller_id=till.parcel.seller_id,
        currency=till.parcel.currency,
        kind=till.chosen.kind,
        carrier_id=till.chosen.carrier_id,
        service=till.chosen.service,
    )
