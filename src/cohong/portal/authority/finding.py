"""The one search field: numbers and ids jump to what they name, words list parties, listings and users."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel import directory, numbers
from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import DisputeState
from cohong.parties import api as parties
from cohong.parties.api import Actor, Confirmation, DeskAct, Mandate
from cohong.portal.authority.desk import LISTED, asked_text, duty, note, on_duty, people, show_desk
from cohong.portal.design.frame import page

_GLANCE = 8


@require_safe
@page
def find(request: HttpRequest) -> HttpResponse:
    """Find what was typed, or show what waits."""
    actor = on_duty(request)
    text = asked_text(request)
    if not text:
        return show_desk(request, "home", _waiting(actor))
    if to := _exact(actor, text):
        note(actor, DeskAct.SEARCH, about=text)
        return redirect(to)
    if _is_phone(text):
        return show_desk(
            request, "phone", {"sought": text, "may_look": Mandate.SUPERVISION in actor.mandates}
        )
    kind = request.GET.get("kind", "")
    context = _listed(request, actor, text, kind) if kind else _all(actor, text)
    note(actor, DeskAct.SEARCH, about=text)
    return show_desk(request, "found", {"sought": text, "kind": kind, **context})


@require_POST
@page
def find_phone(request: HttpRequest) -> HttpResponse:
    """Find the parties that gave a phone number: not by an address that stays in histories, and only with a reason."""
    actor = on_duty(request, Mandate.SUPERVISION)
    phone, reason = request.POST.get("phone", ""), request.POST.get("reason", "")
    try:
        found = parties.find_by_phone(actor=actor, phone=phone, reason=reason, limit=LISTED)
    except (parties.BadText, parties.PhoneInvalid, parties.PersonalDataInText) as refusal:
        context = {"sought": phone, "reason": reason, "wrong": refusal, "may_look": True}
        return show_desk(request, "phone", context, status=422)
    note(actor, DeskAct.SEARCH, about=_("a phone number"), reason=reason)
    return show_desk(request, "found", {"sought": "", "kind": "", "parties": found, "by_phone": True})


def _waiting(actor: Actor) -> dict[str, Any]:
    """Say what waits for whoever is on duty."""
    if not duty(actor).oversees:
        return {}
    disputes = orders.dispute_counts(actor=actor)
    restrictions = parties.restrictions_in_force(actor=actor, limit=_GLANCE)
    # Those of disputes stand at the disputes' own page, and would crowd out the others here.
    held = [one for one in orders.holds_in_force(actor=actor, limit=LISTED) if one.dispute_id is None]
    return {
        "disputes": sum(disputes.get(state, 0) for state in (DisputeState.RAISED, DisputeState.ANSWERED)),
        "answered": disputes.get(DisputeState.ANSWERED, 0),
        "confirming": parties.counts(actor=actor),
        "restrictions": restrictions,
        "people": people(one.party_id for one in restrictions),
        "held_orders": held[:_GLANCE],
        "held_listings": catalog.holds_in_force(actor=actor, limit=_GLANCE),
        "entries": parties.desk_record(actor=actor, limit=_GLANCE),
        "mismatched": Confirmation.MISMATCHED,
        "confirming_state": Confirmation.CONFIRMING,
    }


def _exact(actor: Actor, text: str) -> str:
    """Return where a number or an id leads, as far as the actor may go there."""
    try:
        return _by_id(actor, UUID(text))
    except ValueError:
        pass
    try:
        number = numbers.normalise(text)
    except numbers.NotANumber:
        return ""
    for look in (_order, _waybill):
        try:
            return look(actor, number)
        except Refusal:
            continue
    return ""


def _order(actor: Actor, number: str) -> str:
    if not duty(actor).oversees:
        raise NotFound
    return reverse("portal:authority_order", args=[orders.order_by_number(actor=actor, number=number).id])


def _waybill(actor: Actor, number: str) -> str:
    shipment = logistics.shipment_file(actor=actor, waybill_number=number).shipment
    if duty(actor).oversees:
        return reverse("portal:authority_order", args=[shipment.order_id])
    return reverse("portal:authority_waybill", args=[number])


def _by_id(actor: Actor, id_: UUID) -> str:
    oversees = duty(actor).oversees
    if id_ in parties.parties(ids=[id_]):
        return reverse("portal:authority_party", args=[id_])
    if oversees and id_ in catalog.listings(ids=[id_]):
        return reverse("portal:authority_listing", args=[id_])
    if oversees and orders.orders_by_id(actor=actor, ids=[id_]):
        return reverse("portal:authority_order", args=[id_])
    if oversees and id_ in parties.users(ids=[id_]):
        return reverse("portal:authority_user", args=[id_])
    if id_ in directory.by_ids(ids=[id_]):
        return reverse("portal:journal_document", args=[id_])
    return ""


def _is_phone(text: str) -> bool:
    try:
        parties.clean_phone(text)
    except parties.PhoneInvalid:
        return False
    return True


def _all(actor: Actor, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"parties": parties.find(text=text, limit=_GLANCE)}
    if duty(actor).oversees:
        found["listings"] = catalog.find_listings(actor=actor, text=text, limit=_GLANCE).items
        found["users"] = parties.find_users(actor=actor, text=text, limit=_GLANCE)
        found["people"] = people(card.seller_id for card in found["listings"])
    return found


def _listed(request: HttpRequest, actor: Actor, text: str, kind: str) -> dict[str, Any]:
    """List one kind, page by page."""
    after = request.GET.get("after")
    if kind == "listings":
        cards = catalog.find_listings(actor=actor, text=text, cursor=after, limit=LISTED)
        return {
            "listings": cards.items,
            "next": cards.next,
            "people": people(card.seller_id for card in cards.items),
        }
    if kind == "users":
        users = parties.find_users(actor=actor, text=text, before=decode_cursor(after), limit=LISTED + 1)
        items, following = cut(users, limit=LISTED, id_of=lambda user: user.id)
        return {"users": items, "next": following}
    rows = parties.find(text=text, before=decode_cursor(after), limit=LISTED + 1)
    views, following = cut(rows, limit=LISTED, id_of=lambda party: party.id)
    return {"parties": views, "next": following}


@require_safe
@page
def waybill(request: HttpRequest, number: str) -> HttpResponse:
    """Show a shipment's way to an authority over trade, customs included."""
    actor = on_duty(request)
    file = logistics.shipment_file(actor=actor, waybill_number=number)
    note(actor, DeskAct.SEARCH, subject=file.shipment.id, about=number)
    ids = (file.shipment.shipper_id, file.shipment.consignee_id, file.shipment.carrier_id)
    context = {"file": file, "shipment": file.shipment, "people": people(ids)}
    return show_desk(request, "waybill", context)


def told_done(request: HttpRequest, text: str) -> None:
    """Let the next page say that something was done."""
    messages.success(request, text)
