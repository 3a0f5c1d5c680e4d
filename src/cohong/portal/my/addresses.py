"""The address book: masked in the list, whole only where one is edited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.logistics import api as logistics
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.design.region_levels import full_names, levels_of
from cohong.portal.my import checkout_form as forms


@page
def addresses(request: HttpRequest) -> HttpResponse:
    """Show the book, and take a new address."""
    if request.method == "POST":
        return _save(request, None)
    return _book(request, QueryDict(mutable=True))


@page
def edit_address(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Show one address whole, which is recorded, and change it."""
    if request.method == "POST":
        return _save(request, address_id)
    address = logistics.saved_address(actor=actor_of(request), address_id=address_id)
    form = QueryDict(mutable=True)
    for name in (*forms.ADDRESS_FIELDS, "region_code"):
        form[name] = getattr(address, name)
    return _form(request, form, address_id=address_id)


@require_POST
@page
def on_address(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Take an address out, or propose it first from now on."""
    actor = actor_of(request)
    with told(request):
        if request.POST.get("act") == "remove":
            logistics.remove_address(actor=actor, address_id=address_id)
            messages.success(request, _("The address is removed."))
        else:
            logistics.set_default_address(actor=actor, address_id=address_id)
            messages.success(request, _("This address is proposed first from now on."))
    return redirect("portal:addresses")


def _save(request: HttpRequest, address_id: UUID | None) -> HttpResponse:
    if request.POST.get("step") == "review" or is_partial(request):
        return _shown(request, request.POST, address_id)
    try:
        logistics.save_address(
            actor=actor_of(request),
            address=forms.typed_address(request.POST),
            address_id=address_id,
            default="default" in request.POST,
        )
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        return _shown(request, request.POST, address_id, refusal=refusal)
    messages.success(request, _("The address is kept."))
    return redirect("portal:addresses")


def _shown(
    request: HttpRequest, form: QueryDict, address_id: UUID | None, *, refusal: Refusal | None = None
) -> HttpResponse:
    if address_id is None:
        return _book(request, form, refusal=refusal)
    return _form(request, form, address_id=address_id, refusal=refusal)


def _book(request: HttpRequest, form: QueryDict, *, refusal: Refusal | None = None) -> HttpResponse:
    book = logistics.addresses(actor=actor_of(request))
    more = {"book": book, "places": full_names([one.address.region_code for one in book])}
    return _filled(request, "my/addresses.html", form, refusal=refusal, **more)


def _form(
    request: HttpRequest, form: QueryDict, *, address_id: UUID, refusal: Refusal | None = None
) -> HttpResponse:
    return _filled(request, "my/address.html", form, refusal=refusal, address_id=address_id)


def _filled(
    request: HttpRequest, template: str, form: QueryDict, *, refusal: Refusal | None, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "levels": levels_of(forms.plain(form))[0],
        "refusal": refusal,
        "errors": forms.errors_of(refusal),
        **more,
    }
    partial = is_partial(request) and request.method == "POST"
    return show(
        request,
        "my/address_form.html" if partial else template,
        context,
        status=status_of(refusal) if refusal else 200,
    )
