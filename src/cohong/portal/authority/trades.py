"""The files of an order and of a listing: both sides, money, evidence; what was published when, holds, reviews."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct, Mandate
from cohong.payments import api as payments
from cohong.portal import trade
from cohong.portal.authority.desk import OVERSEES, note, on_duty, people, show_desk
from cohong.portal.design.frame import page
from cohong.retail import api as retail

_REVIEWS = 20


# --- an order --------------------------------------------------------------------------------------------


@require_safe
@page
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show an order's file."""
    actor = on_duty(request, *OVERSEES)
    context = _order_file(actor, order_id)
    note(actor, DeskAct.OPEN_ORDER, subject=order_id, about=context["order"].number)
    return show_desk(request, "order", context)


@require_POST
@page
def order_address(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show where an order's goods go, in clear to supervision with a reason, and record the look."""
    actor = on_duty(request, Mandate.SUPERVISION)
    reason = request.POST.get("reason", "").strip()
    context = _order_file(actor, order_id)
    if not reason:
        return show_desk(request, "order", {**context, "reason_missing": True}, status=422)
    try:
        address = orders.address(actor=actor, order_id=order_id, reason=reason)
    except (parties.BadText, parties.PersonalDataInText) as refusal:
        return show_desk(request, "order", {**context, "wrong": refusal}, status=422)
    note(actor, DeskAct.LOOK, subject=order_id, about=context["order"].number, reason=reason)
    return show_desk(request, "order", {**context, "clear_address": address})


def _order_file(actor: Actor, order_id: UUID) -> dict[str, Any]:
    shown = trade.order_page(actor=actor, order_id=order_id)
    held = payments.held(order_ids=[order_id])
    holds = orders.holds(actor=actor, order_id=order_id)
    return {
        "page": shown,
        "order": shown.order,
        "events": shown.events,
        "escrow": held.get(order_id),
        "transfers": payments.escrow_lines(actor=actor, order_id=order_id),
        "holds": holds,
        "disputes": orders.disputes_of(actor=actor, order_id=order_id),
        "may_see_clear": Mandate.SUPERVISION in actor.mandates,
        "people": {
            **shown.people,
            **people((*(one.placed_by for one in holds), *(one.lifted_by for one in holds))),
        },
    }


@require_safe
@page
def evidence(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show all evidence of an order on one page to print: each document byte for byte, with its proof."""
    actor = on_duty(request, *OVERSEES)
    view = orders.order(actor=actor, order_id=order_id)
    file = orders.evidence(actor=actor, order_id=order_id)
    note(actor, DeskAct.DOWNLOAD, subject=order_id, about=view.number)
    issuers = {filed.envelope.issuer for filed in file}
    size, root = journal.head()
    context = {
        "order": view,
        "people": people({view.buyer_id, view.seller_id, *issuers}),
        "entries": [(filed, _proof(filed)) for filed in file],
        "size": size,
        "root": root,
    }
    return show_desk(request, "evidence", context)


@require_safe
@page
def evidence_file(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give all evidence of an order as one file: documents as they were digested, and their proofs (RFC 9162)."""
    actor = on_duty(request, *OVERSEES)
    view = orders.order(actor=actor, order_id=order_id)
    file = orders.evidence(actor=actor, order_id=order_id)
    note(actor, DeskAct.DOWNLOAD, subject=order_id, about=view.number)
    size, root = journal.head()
    said = {
        "order": view.number,
        "tree_size": size,
        "root": root.hex(),
        "documents": [
            {
                "canonical": filed.canonical,
                "digest": filed.digest.hex(),
                "position": filed.position,
                "proof": None if (proof := _proof(filed)) is None else [one.hex() for one in proof.path],
            }
            for filed in file
        ],
    }
    headers = {"Content-Disposition": f'attachment; filename="evidence-{view.number}.json"'}
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return HttpResponse(text.encode(), content_type="application/json", headers=headers)


def _proof(filed: journal.Filed) -> journal.InclusionProof | None:
    try:
        return journal.prove(filed.envelope.id) if filed.position is not None else None
    except journal.DocumentNotSealed:
        return None


# --- a listing -------------------------------------------------------------------------------------------


@require_safe
@page
def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show a listing's file."""
    actor = on_duty(request, *OVERSEES)
    view = catalog.listing(listing_id=listing_id, actor=actor)
    holds = catalog.holds(actor=actor, listing_id=listing_id)
    stock = catalog.stock_of(sku_ids=[sku.id for sku in view.skus])
    reviews = retail.reviews_of(listing_id=listing_id, limit=_REVIEWS)
    note(actor, DeskAct.OPEN_LISTING, subject=listing_id, about=view.title)
    context = {
        "listing": view,
        "category": catalog.category(code=view.category_code),
        "revisions": catalog.revisions(actor=actor, listing_id=listing_id),
        "holds": holds,
        "stock": [(sku, stock[sku.id]) for sku in view.skus],
        "reviews": reviews.items,
        "people": people((view.seller_id, *(one.placed_by for one in holds))),
    }
    return show_desk(request, "listing", context)
