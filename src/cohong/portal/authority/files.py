"""The files of a party and of a user: all that the platform knows of them, personal data only with a reason."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel.errors import Refusal
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct, Kind, Mandate
from cohong.portal.authority.desk import LISTED, OVERSEES, duty, note, on_duty, people, show_desk, usernames
from cohong.portal.design.frame import page

_SOME = 10


@require_safe
@page
def party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show a party's file: to supervision and the platform whole, to other authorities what is public."""
    actor = on_duty(request)
    view = parties.party(party_id=party_id)
    note(actor, DeskAct.OPEN_PARTY, subject=party_id, about=view.name)
    return show_desk(request, "party", _file(actor, view))


@require_POST
@page
def personal(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show a party's personal data, in clear to supervision with a reason, and record the look."""
    actor = on_duty(request, *OVERSEES)
    view = parties.party(party_id=party_id)
    reason = request.POST.get("reason", "").strip()
    context = _file(actor, view)
    if not reason:
        return show_desk(request, "party", {**context, "reason_missing": True}, status=422)
    try:
        contact = parties.contact(actor=actor, party_id=party_id, reason=reason)
    except (parties.BadText, parties.PersonalDataInText) as refusal:
        return show_desk(request, "party", {**context, "wrong": refusal, "reason": reason}, status=422)
    note(actor, DeskAct.LOOK, subject=party_id, about=view.name, reason=reason)
    return show_desk(request, "party", {**context, "contact": contact})


def _file(actor: Actor, view: parties.PartyView) -> dict[str, Any]:
    context: dict[str, Any] = {
        "party": view,
        "counts": catalog.counts_of(party_id=view.id),
        "mandates": parties.mandates_of(party_id=view.id) if view.kind == Kind.AUTHORITY else (),
        "region": _named(parties.region, view.region_code),
        "industry": _named(parties.industry, view.industry_code),
    }
    if not duty(actor).oversees:
        return context
    restrictions = parties.restrictions(actor=actor, party_id=view.id)
    looks = parties.looks(actor=actor, party_id=view.id, limit=_SOME)
    documents = parties.about(actor=actor, subject=view.id, limit=_SOME)
    as_seller = orders.orders_of(actor=actor, party_id=view.id, side="seller", limit=_SOME)
    as_buyer = orders.orders_of(actor=actor, party_id=view.id, side="buyer", limit=_SOME)
    sums = orders.sums_of(actor=actor, party_id=view.id)
    return {
        **context,
        "confirmation": parties.confirmation(actor=actor, party_id=view.id),
        "members": parties.members(actor=actor, party_id=view.id, with_past=True),
        "restrictions": [one for one in restrictions if one.lifted_at is None],
        "past": [one for one in restrictions if one.lifted_at is not None],
        "looks": looks,
        "documents": documents,
        "as_seller": as_seller,
        "as_buyer": as_buyer,
        "seller_sums": [one for one in sums if one.side == "seller"],
        "buyer_sums": [one for one in sums if one.side == "buyer"],
        "returns": orders.return_sums_of(actor=actor, party_id=view.id),
        "may_see_clear": Mandate.SUPERVISION in actor.mandates,
        "people": people(
            (
                *(one.placed_by for one in restrictions),
                *(one.lifted_by for one in restrictions),
                *(one.by_party for one in looks),
                *(filed.envelope.issuer for filed in documents),
                *(order.buyer_id for order in as_seller),
                *(order.seller_id for order in as_buyer),
            )
        ),
        "usernames": usernames(look.by_user for look in looks),
    }


def _named(look: Any, code: str) -> Any:
    """Return the region's or the industry's names, or None."""
    if not code:
        return None
    try:
        return look(code=code).names
    except Refusal:
        return None


@require_safe
@page
def party_orders(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """List a party's orders, page by page."""
    actor = on_duty(request, *OVERSEES)
    view = parties.party(party_id=party_id)
    as_buyer = request.GET.get("side") == "buyer"
    found = orders.orders_of(
        actor=actor,
        party_id=party_id,
        side="buyer" if as_buyer else "seller",
        before=decode_cursor(request.GET.get("after")),
        limit=LISTED + 1,
    )
    items, following = cut(found, limit=LISTED, id_of=lambda order: order.id)
    note(actor, DeskAct.OPEN_PARTY, subject=party_id, about=view.name)
    context = {
        "party": view,
        "orders": items,
        "next": following,
        "side": "buyer" if as_buyer else "seller",
        "people": people(order.seller_id if as_buyer else order.buyer_id for order in items),
    }
    return show_desk(request, "party_orders", context)


@require_safe
@page
def party_listings(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """List a party's listings in whatever state, page by page; several can be held at once."""
    actor = on_duty(request, *OVERSEES)
    view = parties.party(party_id=party_id)
    cards = catalog.find_listings(
        actor=actor, seller_id=party_id, cursor=request.GET.get("after"), limit=LISTED
    )
    note(actor, DeskAct.OPEN_PARTY, subject=party_id, about=view.name)
    context = {"party": view, "listings": cards.items, "next": cards.next, "people": {party_id: view}}
    return show_desk(request, "party_listings", context)


@require_safe
@page
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show a user's file: for whom they act and acted."""
    actor = on_duty(request, *OVERSEES)
    view = parties.user(actor=actor, user_id=user_id)
    memberships = parties.memberships_of(actor=actor, user_id=user_id)
    note(actor, DeskAct.OPEN_USER, subject=user_id, about=view.username)
    context = {
        "user_view": view,
        "memberships": memberships,
        "people": people(party_id for party_id, _, _ in memberships),
    }
    return show_desk(request, "user", context)
