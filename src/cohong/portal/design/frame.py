"""How a page is filled, and how a refusal becomes a page: the frame around every view."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect, retarget

from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.parties import api as parties
from cohong.portal import basket
from cohong.portal.design.acting import NotSignedIn, visitor
from cohong.portal.notices import store as notices

View = Callable[..., HttpResponse]
_ACT_REFUSED = "refused"


def is_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page; without JavaScript nobody does."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Fill a page, with what its frame needs: who is looking, for whom they act, how full their cart is."""
    return render(request, template, {**frame_of(request), **(context or {})}, status=status)


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page shows of the visitor."""
    who = visitor(request)
    return {
        "visitor": who,
        "cart_count": basket.count_of(request),
        "notice_count": notices.unread_count(actor=who.actor) if who.acting is not None else 0,
    }


def framed(view: View) -> View:
    """Let a view that fills its own template (one of a library's) fill it in the frame, and show its refusals."""

    @wraps(view)
    def filled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.context_data = {**frame_of(request), **(response.context_data or {})}
        return response

    return page(filled)


def page(view: View) -> View:
    """Show a view's refusals in the reader's language: strangers are asked to sign in, others get a page that says why."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotSignedIn:
            return _ask_to_sign_in(request)
        except parties.SecondFactorNeeded as refusal:
            return _ask_for_second_factor(request, refusal)
        except Refusal as refusal:
            return refused(request, refusal)

    return shown


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    # An act is not repeated after signing in: the visitor goes back to where the button was.
    came_from = request.get_full_path() if request.method == "GET" else request.POST.get("back", "")
    sign_in = redirect_to_login(came_from or reverse("portal:home"), reverse("portal:sign_in"))
    return HttpResponseClientRedirect(sign_in.url) if is_partial(request) else sign_in


def _ask_for_second_factor(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    messages.error(request, str(refusal))
    where = redirect("mfa_index")
    return HttpResponseClientRedirect(where.url) if is_partial(request) else where


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show a refusal: as a page of its own, or, asked by htmx, as a notice on the page that is there."""
    status = status_of(refusal)
    if is_partial(request):
        return retarget(
            render(request, "design/notice.html", {"text": str(refusal)}, status=status), "#notices"
        )
    return show(request, "design/refused.html", {"refusal": refusal, "status": status}, status=status)


class told:  # noqa: N801 - read as `with told(request):`
    """Let an act inside the block be refused by the world as it is: the next page says so, above what it shows.

    What is `raising` gets through: by default what the visitor may not do, or may not know of.
    """

    def __init__(
        self, request: HttpRequest, *, raising: tuple[type[Refusal], ...] = (NotFound, NotAllowed)
    ) -> None:
        self._request, self._raising = request, raising

    def __enter__(self) -> None:
        """Begin the act."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep a refusal for the next page; anything else goes on its way."""
        if not isinstance(error, Refusal) or isinstance(error, self._raising):
            return False
        messages.error(self._request, str(error), extra_tags=_ACT_REFUSED)
        return True


def own_address(request: HttpRequest, address: str) -> str:
    """Return the address if it is one of this site, else the home page's."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and own else reverse("portal:home")
