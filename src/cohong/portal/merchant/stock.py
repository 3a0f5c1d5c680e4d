"""Stock: what lies where, what comes in, goes out, moves and is counted; the places; and counts from a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import LowStock, StockCount, StockItem, StockMove
from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.http import decode_cursor, encode_cursor
from cohong.kernel.ids import named_id, new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told

_PAGE: Final = 30
_TOLD: Final = 6
ACTS: Final = {
    "count": gettext_lazy("Counted: so many are there"),
    "receive": gettext_lazy("Receive so many"),
    "write_off": gettext_lazy("Write off so many"),
    "move": gettext_lazy("Move so many"),
    "level": gettext_lazy("Tell me at so many or fewer"),
}


# --- what lies where -------------------------------------------------------------------------------------


@require_safe
@page
def stock(request: HttpRequest) -> HttpResponse:
    """Show the matrix: every SKU, and what of it lies, is reserved and is available at each location."""
    actor = actor_of(request)
    asked = request.GET
    listing_id, location_id = _id(asked.get("listing", "")), _id(asked.get("location", ""))
    found = catalog.shelf_rows(
        actor=actor,
        seller_id=actor.party_id,
        text=asked.get("q", "").strip()[:100],
        listing_id=listing_id,
        location_id=location_id,
        low=asked.get("low") == "1",
        cursor=asked.get("after"),
        limit=_PAGE,
    )
    places = catalog.own_locations(actor=actor, with_closed=True)
    stocked = {one_.location_id for row in found.items for one_ in row.stock.locations if one_.on_hand}
    places = [place for place in places if place.is_open or place.id in stocked]
    context = {
        "rows": [
            {
                "row": row,
                "cells": [
                    (
                        next((one_ for one_ in row.stock.locations if one_.location_id == place.id), None),
                        place,
                    )
                    for place in places
                ],
            }
            for row in found.items
        ],
        "next": found.next,
        "places": places,
        "open_places": [place for place in places if place.is_open],
        "asked": asked,
        "acts": ACTS,
        "act": asked.get("act", "count"),
        "at": asked.get("location", ""),
        "batch": new_id(),
        "units": {one_.code: one_.names for one_ in catalog.units()},
        "regions": {one_.code: one_.names for one_ in parties.regions()},
    }
    if is_partial(request) and "after" in asked:
        return show(request, "merchant/stock_rows.html", context)
    return show(request, "merchant/stock.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


# --- what is done ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a form asks for: an act at a location, a number for each SKU that has one."""

    act: str
    location_id: UUID
    to_location: UUID
    reason: str
    batch: str
    numbers: dict[UUID, int]
    unread: int

    def reference(self, sku_id: UUID) -> UUID:
        """Name what is done, so that a form that is sent twice does it once."""
        return named_id("merchant.stock", self.batch, self.act, sku_id)


@require_POST
@page
def change_stock(request: HttpRequest) -> HttpResponse:
    """Count, receive, write off or move goods, or set the level at which to be told; each SKU has its own outcome."""
    actor = actor_of(request)
    back = redirect(_back(request))
    wish = _wish(request.POST)
    if wish is None:
        messages.error(request, _("Choose what to do, and where."))
        return back
    if wish.unread:
        messages.error(
            request, _("Some numbers could not be read. Write whole numbers; nothing was changed.")
        )
        return back
    if not wish.numbers:
        messages.error(request, _("Fill in a number for at least one SKU."))
        return back
    sku_ids = list(wish.numbers)
    outcomes = _ACTS[wish.act](actor, wish, sku_ids)
    _tell(request, sku_ids, outcomes)
    return back


def _back(request: HttpRequest) -> str:
    kept = QueryDict(mutable=True)
    for name in ("q", "listing", "location", "low", "act"):
        if value := request.POST.get(f"back-{name}" if name in {"location", "act"} else name):
            kept[name] = value
    return f"{reverse('portal:stock')}?{kept.urlencode()}" if kept else reverse("portal:stock")


def _wish(sent: QueryDict) -> _Wish | None:
    act = sent.get("act", "")
    nowhere = UUID(int=0)
    location_id = _id(sent.get("at", "")) or nowhere
    to_location = _id(sent.get("to", "")) or nowhere
    if act not in ACTS or (act != "level" and location_id == nowhere):
        return None
    if act == "move" and to_location == nowhere:
        return None
    numbers: dict[UUID, int] = {}
    unread = 0
    for name, text in sent.items():
        sku_id = _id(name.removeprefix("number-")) if name.startswith("number-") else None
        if sku_id is None or not str(text).strip():
            continue
        if str(text).strip().isascii() and str(text).strip().isdecimal() and len(str(text)) < 16:  # noqa: PLR2004
            numbers[sku_id] = int(str(text))
        else:
            unread += 1
    return _Wish(
        act=act,
        location_id=location_id,
        to_location=to_location,
        reason=sent.get("reason", "").strip(),
        batch=sent.get("batch", "")[:40],
        numbers=numbers,
        unread=unread,
    )


def _count(actor: Actor, wish: _Wish, sku_ids: Sequence[UUID]) -> Sequence[Any]:
    return catalog.count_stock(
        actor=actor,
        counts=[
            StockCount(sku_id, wish.location_id, wish.numbers[sku_id], wish.reason, wish.reference(sku_id))
            for sku_id in sku_ids
        ],
    )


def _items(wish: _Wish, sku_ids: Sequence[UUID]) -> list[StockItem]:
    return [
        StockItem(sku_id, wish.location_id, wish.numbers[sku_id], wish.reason, wish.reference(sku_id))
        for sku_id in sku_ids
    ]


def _receive(actor: Actor, wish: _Wish, sku_ids: Sequence[UUID]) -> Sequence[Any]:
    return catalog.receive_stock(actor=actor, items=_items(wish, sku_ids))


def _write_off(actor: Actor, wish: _Wish, sku_ids: Sequence[UUID]) -> Sequence[Any]:
    return catalog.write_off(actor=actor, items=_items(wish, sku_ids))


def _move(actor: Actor, wish: _Wish, sku_ids: Sequence[UUID]) -> Sequence[Any]:
    return catalog.move_stock(
        actor=actor,
        moves=[
            StockMove(
                sku_id,
                wish.location_id,
                wish.to_location,
                wish.numbers[sku_id],
                wish.reason,
                wish.reference(sku_id),
            )
            for sku_id in sku_ids
        ],
    )


def _level(actor: Actor, wish: _Wish, sku_ids: Sequence[UUID]) -> Sequence[Any]:
    return catalog.set_low_stock(
        actor=actor, items=[LowStock(sku_id, wish.numbers[sku_id]) for sku_id in sku_ids]
    )


_ACTS: Final[dict[str, Callable[[Actor, _Wish, Sequence[UUID]], Sequence[Any]]]] = {
    "count": _count,
    "receive": _receive,
    "write_off": _write_off,
    "move": _move,
    "level": _level,
}


def _tell(request: HttpRequest, sku_ids: Sequence[UUID], outcomes: Sequence[Any]) -> None:
    refused = [
        (sku_id, outcome)
        for sku_id, outcome in zip(sku_ids, outcomes, strict=True)
        if isinstance(outcome, Refusal)
    ]
    if done := len(outcomes) - len(refused):
        messages.success(request, ngettext("{n} SKU is booked.", "{n} SKUs are booked.", done).format(n=done))
    actor = actor_of(request)
    codes = {
        sku.id: sku.code
        for sku in catalog.skus(ids=[sku_id for sku_id, _refusal in refused[:_TOLD]]).values()
        if sku.seller_id == actor.party_id
    }
    for sku_id, refusal in refused[:_TOLD]:
        messages.error(request, f"{codes[sku_id]}: {refusal}" if sku_id in codes else str(refusal))
    if len(refused) > _TOLD:
        more = len(refused) - _TOLD
        messages.error(
            request, ngettext("{n} more was refused.", "{n} more were refused.", more).format(n=more)
        )


# --- what happened ---------------------------------------------------------------------------------------


@require_safe
@page
def movements(request: HttpRequest, sku_id: UUID) -> HttpResponse:
    """List what happened to a SKU's stock, newest first."""
    actor = actor_of(request)
    view = catalog.skus(ids=[sku_id]).get(sku_id)
    if view is None or view.seller_id != actor.party_id:
        raise catalog.NoSuchSku(sku=str(sku_id))
    found = catalog.movements(
        actor=actor, sku_id=sku_id, limit=_PAGE + 1, after=decode_cursor(request.GET.get("after"))
    )
    references = list(dict.fromkeys(one_.reference for one_ in found))
    shown = set(references[:_PAGE])
    context = {
        "sku": view,
        "stock": catalog.stock_of(sku_ids=[sku_id])[sku_id],
        "movements": [one_ for one_ in found if one_.reference in shown],
        "places": {place.id: place.name for place in catalog.own_locations(actor=actor, with_closed=True)},
        "next": encode_cursor(references[_PAGE - 1]) if len(references) > _PAGE else None,
    }
    return show(request, "merchant/movements.html", context)


# --- places ----------------------------------------------------------------------------------------------


@require_POST
@page
def on_location(request: HttpRequest) -> HttpResponse:
    """Open a location, rename it, close it when it is empty, or open it again."""
    actor = actor_of(request)
    act, name = request.POST.get("do", ""), request.POST.get("name", "").strip()
    location_id = _id(request.POST.get("place", ""))
    with told(request, raising=(NotFound,)):
        if act == "open":
            catalog.open_location(
                actor=actor,
                party_id=actor.party_id,
                name=name,
                region_code=request.POST.get("region", "")[:40],
            )
            messages.success(request, _("The location is open."))
        elif location_id is None:
            raise NotFound
        elif act == "rename":
            catalog.rename_location(actor=actor, location_id=location_id, name=name)
            messages.success(request, _("The location has its new name."))
        elif act == "close":
            catalog.close_location(actor=actor, location_id=location_id)
            messages.success(request, _("The location is closed."))
        elif act == "reopen":
            catalog.reopen_location(actor=actor, location_id=location_id)
            messages.success(request, _("The location is open."))
        else:
            raise NotFound
    return redirect("portal:locations")


@require_safe
@page
def locations(request: HttpRequest) -> HttpResponse:
    """Show the party's locations."""
    actor = actor_of(request)
    regions = parties.regions()
    return show(
        request,
        "merchant/locations.html",
        {
            "places": catalog.own_locations(actor=actor, with_closed=True),
            "regions": {one_.code: one_.names for one_ in regions},
            "choices": regions,
        },
    )
