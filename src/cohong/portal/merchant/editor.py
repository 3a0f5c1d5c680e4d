"""The editor of a listing: choose a category, fill in the form, see it as the buyer will, save it, put it on offer."""

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingView
from cohong.kernel.errors import NotAllowed, NotFound, Refusal, one
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.merchant import listing_form
from cohong.portal.merchant.categories import chains, search, tree
from cohong.portal.merchant.listing_form import ListingForm
from cohong.portal.merchant.preview import preview_of

_CURRENCIES: Final = ("CNY", "HKD", "MOP", "USD", "EUR")


def own_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Return a listing of the actor's party. Raises NoSuchListing: whose another one is, nobody learns here."""
    view = catalog.listing(listing_id=listing_id, actor=actor)
    if view.seller_id != actor.party_id:
        raise catalog.NoSuchListing(listing=str(listing_id))
    parties.require(actor, view.seller_id, Role.SALES, Role.WAREHOUSE)
    return view


# --- a new listing ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new_listing(request: HttpRequest) -> HttpResponse:
    """Begin a listing: choose its category, or fill in its form, empty or like another listing's."""
    actor = actor_of(request)
    parties.require(actor, actor.party_id, Role.SALES)
    if request.method == "POST":
        return _sent(request, actor, None)
    if "copy" in request.GET:
        try:
            view = own_listing(actor, UUID(request.GET["copy"]))
        except ValueError:
            raise NotFound from None
        form = listing_form.of_view(view, catalog.category(code=view.category_code))
        form.texts["key"] = ""
        return _show(request, actor, form, None)
    code = request.GET.get("category", "")
    if not code:
        return _choose(request)
    category = catalog.category(code=code[:64])
    units = catalog.units()
    unit = "piece" if any(one.code == "piece" for one in units) else (units[0].code if units else "")
    return _show(
        request,
        actor,
        listing_form.blank(category, currency=settings.COHONG_CURRENCY, unit=unit),
        None,
    )


def _choose(request: HttpRequest) -> HttpResponse:
    categories = catalog.categories()
    text = request.GET.get("q", "").strip()[:100]
    found = search(categories, text) if text else []
    context = {
        "text": text,
        "found": found,
        "chains": chains(categories),
        "tree": tree(categories),
        "industries": {one.code: one.names for one in parties.industries()},
    }
    part = is_partial(request)
    return show(request, "merchant/category_found.html" if part else "merchant/choose_category.html", context)


# --- one that is there -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def edit_listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Change a listing."""
    actor = actor_of(request)
    view = own_listing(actor, listing_id)
    parties.require(actor, view.seller_id, Role.SALES)
    if request.method == "POST":
        return _sent(request, actor, view)
    return _show(request, actor, listing_form.of_view(view, catalog.category(code=view.category_code)), view)


def _sent(request: HttpRequest, actor: Actor, view: ListingView | None) -> HttpResponse:
    """Take a form that was sent: do what its button asks for, show it, or save it."""
    code = request.POST.get("category", "")[:64] or (view.category_code if view is not None else "")
    form = listing_form.of_post(request.POST, catalog.category(code=code))
    act = request.POST.get("do", "save")
    if listing_form.do(form, act, request.POST) or act == "look":
        return _show(request, actor, form, view)
    draft = listing_form.check(form, seller_id=actor.party_id, own_key=view.key if view else "")
    if draft is None:
        return _show(request, actor, form, view, status=422)
    try:
        with transaction.atomic():
            listing_id = _save(actor, draft, view, request.POST.get("revision", ""), offer=act == "offer")
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        form.errors[""] = str(refusal)
        return _show(request, actor, form, view, status=422)
    messages.success(
        request,
        _("The listing is on offer.") if act == "offer" else _("The listing is saved."),
    )
    add_pictures(request, actor, listing_id)
    return redirect("portal:edit_listing", listing_id=listing_id)


def _save(
    actor: Actor, draft: catalog.ListingDraft, view: ListingView | None, revision: str, *, offer: bool
) -> UUID:
    """Save a good draft, and put it on offer if so asked. Raises what the acts refuse."""
    if view is None:
        listing_id = catalog.create_listing(actor=actor, seller_id=actor.party_id, draft=draft)
    else:
        listing_id = view.id
        catalog.change_listing(
            actor=actor,
            listing_id=listing_id,
            draft=draft,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,  # noqa: PLR2004
        )
    if offer and (view is None or view.state != catalog.ListingState.PUBLISHED):
        one(catalog.publish(actor=actor, listing_ids=[listing_id]))
    return listing_id


def _show(
    request: HttpRequest, actor: Actor, form: ListingForm, view: ListingView | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "listing": view,
        "chain": chains(catalog.categories())[form.category.code],
        "units": catalog.units(),
        "currencies": sorted({*_CURRENCIES, settings.COHONG_CURRENCY, form.texts["currency"]} - {""}),
        "markets": listing_form.markets(),
        "most_pictures": catalog.most_pictures(),
        "most_mib": catalog.MAX_PICTURE_MIB,
        "revision": request.POST.get("revision") or (view.revision if view else ""),
        **preview_of(form, actor, view),
    }
    return show(request, "merchant/editor.html", context, status=status)


@require_POST
@page
def preview_listing(request: HttpRequest) -> HttpResponse:
    """Show what is typed as the buyer will see it; nothing is saved."""
    actor = actor_of(request)
    form = listing_form.of_post(request.POST, catalog.category(code=request.POST.get("category", "")[:64]))
    view = None
    with suppress(ValueError, NotFound):
        view = own_listing(actor, UUID(request.POST.get("listing", "")))
    return show(request, "merchant/preview.html", preview_of(form, actor, view))


# --- pictures --------------------------------------------------------------------------------------------


def add_pictures(request: HttpRequest, actor: Actor, listing_id: UUID) -> int:
    """Add the files that came with a form; what is refused is said of each by its name. Return how many were added."""
    added = 0
    for file in request.FILES.getlist("pictures")[: catalog.most_pictures() + 1]:
        content = file.read((catalog.MAX_PICTURE_MIB << 20) + 1)
        try:
            with transaction.atomic():
                catalog.add_picture(actor=actor, listing_id=listing_id, content=content)
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            messages.error(request, f"{str(file.name)[:60]}: {refusal}")
        else:
            added += 1
    return added


@require_http_methods(["GET", "HEAD", "POST"])
@page
def pictures(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show a listing's pictures to be put in order; add some, move one, or take one off."""
    actor = actor_of(request)
    view = own_listing(actor, listing_id)
    if request.method == "POST":
        with told(request):
            _on_pictures(request, actor, view)
        if not is_partial(request):
            return redirect("portal:pictures", listing_id=listing_id)
        view = own_listing(actor, listing_id)
    context = {
        "listing": view,
        "most_pictures": catalog.most_pictures(),
        "most_mib": catalog.MAX_PICTURE_MIB,
    }
    return show(
        request, "merchant/picture_list.html" if is_partial(request) else "merchant/pictures.html", context
    )


def _on_pictures(request: HttpRequest, actor: Actor, view: ListingView) -> None:
    act, _colon, which = request.POST.get("do", "add").partition(":")
    ids = [picture.id for picture in view.pictures]
    if act == "add":
        if not request.FILES.getlist("pictures"):
            messages.error(request, _("Choose a file first."))
        elif added := add_pictures(request, actor, view.id):
            messages.success(
                request, ngettext("{n} picture is added.", "{n} pictures are added.", added).format(n=added)
            )
        return
    if act == "order":
        wanted = [one for text in request.POST.getlist("picture") if (one := _id(text)) is not None]
        catalog.order_pictures(actor=actor, listing_id=view.id, picture_ids=wanted)
        return
    picture_id = _id(which)
    if picture_id is None:
        raise catalog.NoSuchPicture(picture=which[:40])
    if act == "remove":
        catalog.remove_picture(actor=actor, listing_id=view.id, picture_id=picture_id)
    elif act in {"earlier", "later"} and picture_id in ids:
        at = ids.index(picture_id)
        ids.remove(picture_id)
        ids.insert(max(0, at + (-1 if act == "earlier" else 1)), picture_id)
        catalog.order_pictures(actor=actor, listing_id=view.id, picture_ids=ids)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
