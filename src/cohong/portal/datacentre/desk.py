"""What all pages of the data centre share: the frame, which figures are shown, and the region's own places and industries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.portal.datacentre import figures
from cohong.portal.datacentre.figures import Edition
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import own_address, page, show
from cohong.portal.kept import kept


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


def show_data(
    request: HttpRequest, template: str, of: Edition, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Fill a page of the data centre, which says whose figures it shows."""
    return show(request, f"datacentre/{template}.html", {"edition": of, **(context or {})})


@require_POST
@page
def switch_figures(request: HttpRequest) -> HttpResponse:
    """Let an officer look at the working figures from now on, or at the published ones again."""
    parties.require_mandate(actor_of(request), Mandate.STATISTICS)
    request.session[figures.WORKING_KEY] = request.POST.get("show") == "working"
    return redirect(own_address(request, request.POST.get("back", "") or "/data/"))


@dataclass(frozen=True, slots=True)
class Place:
    """A region with a page of its own."""

    code: str
    names: parties.Names

    @property
    def name(self) -> str:
        """Return what it is called in the reader's language."""
        return self.names.shown(language())


@dataclass(frozen=True, slots=True)
class Home:
    """The installation's own province, and its cities in their order."""

    province: Place
    cities: tuple[Place, ...]


@kept(60)
def home() -> Home | None:
    """Return the province that this installation serves: the top region with the most below it. None without regions."""
    every = parties.regions()
    below: dict[str, list[parties.RegionView]] = {}
    for one in every:
        below.setdefault(one.parent_code, []).append(one)
    tops = below.get("", [])
    if not tops:
        return None
    top = max(tops, key=lambda one: len(below.get(one.code, ())))
    return Home(
        Place(top.code, top.names), tuple(Place(one.code, one.names) for one in below.get(top.code, ()))
    )


@kept(60)
def industries() -> Sequence[parties.IndustryView]:
    """Return all industries, in their order."""
    return tuple(parties.industries())
