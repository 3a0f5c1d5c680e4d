"""Holds: a reason by law, what they will stop, a second look before they are placed; lists of all in force; lifting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Conflict, NotFound, Refusal
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct, HoldKind, Restriction
from cohong.payments import api as payments
from cohong.portal.authority.desk import LISTED, OVERSEES, note, on_duty, people, show_desk
from cohong.portal.design.frame import page, told
from cohong.retail import api as retail

_OPEN = {
    OrderState.PLACED,
    OrderState.DEPOSITED,
    OrderState.READY,
    OrderState.PART_SHIPPED,
    OrderState.SHIPPED,
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is about to be held: its name, where it is shown, and what the hold will stop, as facts (label, value)."""

    kind: HoldKind
    ids: tuple[UUID, ...]
    about: str
    back: str
    effects: tuple[tuple[str, Any], ...]


# --- in force --------------------------------------------------------------------------------------------


@require_safe
@page
def holds(request: HttpRequest) -> HttpResponse:
    """List all holds in force of one kind, the oldest first."""
    actor = on_duty(request, *OVERSEES)
    of = request.GET.get("of", "listings")
    after = decode_cursor(request.GET.get("after"))
    if of == "reviews":
        hidden = retail.hidden_reviews(actor=actor, cursor=request.GET.get("after"), limit=LISTED)
        rows: list[Any] = list(hidden.items)
        following = hidden.next
        ids = [one.seller_id for one in hidden.items]
    else:
        of, rows, ids = _in_force(actor, of, after)
        rows, following = cut(
            rows, limit=LISTED, id_of=lambda row: row.hold.id if of == "listings" else row.id
        )
    return show_desk(request, "holds", {"of": of, "rows": rows, "next": following, "people": people(ids)})


def _in_force(actor: Actor, of: str, after: UUID | None) -> tuple[str, list[Any], list[UUID]]:
    if of == "orders":
        on_orders = orders.holds_in_force(actor=actor, after=after, limit=LISTED + 1)
        return of, list(on_orders), [one.placed_by for one in on_orders]
    if of == "parties":
        on_parties = parties.restrictions_in_force(actor=actor, after=after, limit=LISTED + 1)
        return of, list(on_parties), [id_ for one in on_parties for id_ in (one.placed_by, one.party_id)]
    on_listings = catalog.holds_in_force(actor=actor, after=after, limit=LISTED + 1)
    ids = [id_ for one in on_listings for id_ in (one.hold.placed_by, one.seller_id)]
    return "listings", list(on_listings), ids


# --- placing ---------------------------------------------------------------------------------------------


@page
def hold(request: HttpRequest, kind: str, target_id: UUID) -> HttpResponse:
    """Place a hold on one thing: first what it will stop, then, asked again, place it."""
    actor = on_duty(request, *OVERSEES)
    return _hold(request, actor, _target(actor, kind, target_id))


@require_POST
@page
def hold_listings(request: HttpRequest) -> HttpResponse:
    """Place a hold on many listings at once."""
    actor = on_duty(request, *OVERSEES)
    ids = _posted_ids(request)
    if not ids:
        messages.error(request, _("Please choose at least one listing."))
        return redirect(_back(request, reverse("portal:authority")))
    return _hold(request, actor, _listings(ids))


def _posted_ids(request: HttpRequest) -> tuple[UUID, ...]:
    found = []
    for text in request.POST.getlist("listing")[: catalog.MOST_AT_ONCE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _hold(request: HttpRequest, actor: Actor, target: Target) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    context = {
        "target": target,
        "reasons": parties.hold_reasons(kind=target.kind),
        "reason": reason,
        "restriction": request.POST.get("restriction", Restriction.TRADE.value),
        "restrictions": Restriction,
        "sure": False,
    }
    if request.method != "POST" or "reason" not in request.POST:
        return show_desk(request, "hold", context)
    if not reason:
        return show_desk(request, "hold", {**context, "reason_missing": True}, status=422)
    if context["restriction"] not in Restriction.values:
        return show_desk(request, "hold", {**context, "restriction": Restriction.TRADE.value}, status=422)
    if request.POST.get("sure") != "yes":
        return show_desk(request, "hold", {**context, "sure": True})
    try:
        _place(request, actor, target, reason, Restriction(context["restriction"]))
    except (BadInput, Conflict) as refusal:
        return show_desk(request, "hold", {**context, "wrong": refusal}, status=422)
    return redirect(target.back)


def _place(request: HttpRequest, actor: Actor, target: Target, reason: str, restriction: Restriction) -> None:
    first = target.ids[0]
    if target.kind is HoldKind.ORDER:
        orders.hold(actor=actor, order_id=first, reason=reason)
    elif target.kind is HoldKind.PARTY:
        parties.restrict(actor=actor, party_id=first, restriction=restriction, reason=reason)
    elif target.kind is HoldKind.REVIEW:
        retail.hide_review(actor=actor, review_id=first, reason=reason)
    else:
        outcomes = catalog.hold_listings(actor=actor, listing_ids=target.ids, reason=reason)
        refused = [one for one in outcomes if isinstance(one, Refusal)]
        for refusal in refused:
            messages.error(request, str(refusal))
        if len(refused) == len(outcomes):
            return
        done = len(outcomes) - len(refused)
        messages.success(
            request, ngettext("{n} listing is held.", "{n} listings are held.", done).format(n=done)
        )
        for listing_id, outcome in zip(target.ids, outcomes, strict=True):
            if not isinstance(outcome, Refusal):
                note(actor, DeskAct.HOLD, subject=listing_id, about=target.about, reason=reason)
        return
    act = DeskAct.MODERATE if target.kind is HoldKind.REVIEW else DeskAct.HOLD
    note(actor, act, subject=first, about=target.about, reason=reason)
    messages.success(request, _("The hold is placed."))


# --- what it will stop -----------------------------------------------------------------------------------


def _target(actor: Actor, kind: str, target_id: UUID) -> Target:
    makers: dict[str, Callable[[Actor, UUID], Target]] = {
        "orders": _order,
        "parties": _party,
        "reviews": _review,
        "listings": lambda _actor, id_: _listings((id_,)),
    }
    if kind not in makers:
        raise NotFound
    return makers[kind](actor, target_id)


def _order(actor: Actor, order_id: UUID) -> Target:
    view = orders.order(actor=actor, order_id=order_id)
    held = payments.held(order_ids=[order_id]).get(order_id)
    effects: list[tuple[str, Any]] = [
        (_("State that stands still"), view.state.label),
        (_("Money that stands still in escrow"), held if held is not None else view.total - view.total),
    ]
    if view.pay_by is not None:
        effects.append((_("To be paid by, put off while it stands"), view.pay_by))
    if view.accept_by is not None:
        effects.append((_("Accepted by itself on, put off while it stands"), view.accept_by))
    return Target(
        HoldKind.ORDER,
        (order_id,),
        view.number,
        reverse("portal:authority_order", args=[order_id]),
        tuple(effects),
    )


def _party(actor: Actor, party_id: UUID) -> Target:
    view = parties.party(party_id=party_id)
    open_orders = sum(
        one.orders for one in orders.sums_of(actor=actor, party_id=party_id) if one.state in _OPEN
    )
    effects = (
        (_("Listings on offer"), catalog.counts_of(party_id=party_id).get("published", 0)),
        (_("Open orders, which go on"), open_orders),
        (
            _("Balance"),
            tuple(one.available for one in payments.party_balances(party_id=party_id)) or "—",
        ),
    )
    return Target(
        HoldKind.PARTY, (party_id,), view.name, reverse("portal:authority_party", args=[party_id]), effects
    )


def _listings(ids: tuple[UUID, ...]) -> Target:
    found = catalog.listings(ids=ids)
    if not found:
        raise catalog.NoSuchListing(listing=str(ids[0]))
    titles = [view.title for view in found.values()]
    [first] = ids[:1]
    back = (
        reverse("portal:authority_listing", args=[first])
        if len(ids) == 1
        else f"{reverse('portal:authority_holds')}?of=listings"
    )
    effects = (
        (_("Goods that can no longer be ordered"), tuple(titles[:20])),
        (_("On offer until now"), sum(view.offered for view in found.values())),
        (_("Orders that were placed already"), _("They go on; hold an order itself to stop it.")),
    )
    about = titles[0] if len(titles) == 1 else _("{n} listings").format(n=len(titles))
    return Target(HoldKind.LISTING, ids, about, back, effects)


def _review(actor: Actor, review_id: UUID) -> Target:
    view = retail.review_view(actor=actor, review_id=review_id)
    effects = (
        (_("What will not be shown"), view.text or "—"),
        (_("Stars that will not count"), f"{view.goods_stars} / 5"),
    )
    back = reverse("portal:authority_listing", args=[view.listing_id])
    return Target(HoldKind.REVIEW, (review_id,), (view.text or str(review_id))[:60], back, effects)


# --- lifting ---------------------------------------------------------------------------------------------


@require_POST
@page
def lift(request: HttpRequest, kind: str, hold_id: UUID) -> HttpResponse:
    """Lift a hold with a reason, and go back to where the button was."""
    actor = on_duty(request, *OVERSEES)
    lifts: dict[str, Callable[[str], None]] = {
        "orders": lambda why: orders.lift_hold(actor=actor, hold_id=hold_id, reason=why),
        "listings": lambda why: catalog.lift_hold(actor=actor, hold_id=hold_id, reason=why),
        "parties": lambda why: parties.lift_restriction(actor=actor, id=hold_id, reason=why),
        "reviews": lambda why: retail.show_review(actor=actor, review_id=hold_id, reason=why),
    }
    if kind not in lifts:
        raise NotFound
    reason = request.POST.get("reason", "")
    with told(request):
        lifts[kind](reason)
        act = DeskAct.MODERATE if kind == "reviews" else DeskAct.LIFT
        note(actor, act, subject=hold_id, reason=reason)
        messages.success(request, _("The hold is lifted."))
    return redirect(_back(request, f"{reverse('portal:authority_holds')}?of={kind}"))


def _back(request: HttpRequest, otherwise: str) -> str:
    """Return the page that the form names, if it is one of this desk."""
    back = request.POST.get("back", "")
    return back if back.startswith("/authority/") else otherwise
