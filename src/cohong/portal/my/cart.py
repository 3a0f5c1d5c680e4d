"""The cart: of a guest or of whoever is signed in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from cohong.kernel.errors import NotFound
from cohong.kernel.money import Money
from cohong.portal.basket import Basket
from cohong.portal.design.acting import NotSignedIn
from cohong.portal.design.frame import is_partial, own_address, page, show, told
from cohong.portal.my.goods_rows import rows_of, sellers_of, units
from cohong.retail import api as retail
from cohong.retail.api import CartItem, CartView, FavouriteKind, LineView

_QUANTITY = "quantity-"


@require_safe
@page
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart at today's prices."""
    return _cart(request, Basket(request))


def _cart(request: HttpRequest, basket: Basket) -> HttpResponse:
    view = basket.view()
    picked = [line for line in view.lines if line.picked]
    context = {
        "cart": view,
        "rows": rows_of(view),
        "sellers": sellers_of(view),
        "units": units(),
        "picked": picked,
        "sums": sums_of(picked),
        "ready": bool(picked) and not any(line.problem or line.price_changed for line in picked),
        "is_guest": basket.actor is None,
    }
    return show(request, "my/cart_lines.html" if is_partial(request) else "my/cart.html", context)


def sums_of(lines: list[LineView]) -> list[Money]:
    """Add up what lines cost, one sum for each currency."""
    sums: dict[str, Money] = {}
    for line in lines:
        if line.goods is not None:
            currency = line.goods.currency
            sums[currency] = sums.get(currency, Money.zero(currency)) + line.goods
    return [sums[currency] for currency in sorted(sums)]


@require_POST
@page
def add_to_cart(request: HttpRequest) -> HttpResponse:
    """Put quantities of SKUs into the cart, as many as the form names; `now` goes on to the till with these alone."""
    items = [CartItem(sku_id, quantity) for sku_id, quantity in _quantities(request.POST) if quantity]
    back = own_address(request, request.POST.get("back", ""))
    if not items:
        messages.error(request, _("Say how many you want of at least one of them."), extra_tags="refused")
        return redirect(back)
    if "now" in request.POST:
        return _buy_now(request, items, back)
    with told(request):
        Basket(request).add(items)
        said = ngettext(
            "{n} kind of goods is in the cart now.", "{n} kinds of goods are in the cart now.", len(items)
        )
        messages.success(request, said.format(n=len(items)), extra_tags="to-cart")
    return redirect(back)


def _buy_now(request: HttpRequest, items: list[CartItem], back: str) -> HttpResponse:
    """Let the next checkout be of these goods, in these quantities; what else is in the cart waits there."""
    with told(request):
        basket = Basket(request)
        basket.put(items)
        basket.pick({item.sku_id for item in items})
        return redirect("portal:checkout")
    return redirect(back)


@require_POST
@page
def set_quantity(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Let the cart hold so many of a SKU; none takes it out. The buttons beside the field name the quantity themselves."""
    basket = Basket(request)
    wanted = request.POST.get("to", "")
    quantities = [_count(wanted)] if wanted else [quantity for _sku, quantity in _quantities(request.POST)]
    with told(request):
        basket.put([CartItem(sku_id, quantity) for quantity in quantities])
    return _changed(request, basket)


@require_POST
@page
def remove_line(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Take a line out."""
    basket = Basket(request)
    basket.remove(sku_id)
    return _changed(request, basket)


@require_POST
@page
def save_for_later(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """Move a line's goods from the cart to the favourites."""
    basket = Basket(request)
    if basket.actor is None:
        raise NotSignedIn
    line = _line(basket.view(), sku_id)
    with told(request):
        if line.listing_id is None:
            raise NotFound
        retail.add_favourite(actor=basket.actor, kind=FavouriteKind.LISTING, thing_id=line.listing_id)
        basket.remove(sku_id)
        messages.success(request, _("Kept among your favourites."))
    return redirect("portal:cart")


def _line(view: CartView, sku_id: UUID) -> LineView:
    found = next((line for line in view.lines if line.sku_id == sku_id), None)
    if found is None:
        raise retail.NoSuchLine
    return found


@require_POST
@page
def pick(request: HttpRequest) -> HttpResponse:
    """Choose the lines of the checkout; `go` leads there with them."""
    basket = Basket(request)
    every = {line.sku_id for line in basket.view().lines}
    ticked = request.POST.getlist("pick")
    wanted = {sku_id for sku_id in every if "all" in request.POST or str(sku_id) in ticked}
    basket.pick(wanted)
    if "go" not in request.POST:
        return _changed(request, basket)
    if not wanted:
        messages.error(request, str(retail.NothingPicked()), extra_tags="refused")
        return redirect("portal:cart")
    return HttpResponseClientRedirect("/checkout/") if is_partial(request) else redirect("portal:checkout")


@require_POST
@page
def agree_prices(request: HttpRequest) -> HttpResponse:
    """Agree to the prices as they are now."""
    basket = Basket(request)
    basket.agree_prices()
    return _changed(request, basket)


def _changed(request: HttpRequest, basket: Basket) -> HttpResponse:
    if is_partial(request):
        return trigger_client_event(_cart(request, basket), "cart")
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
