"""The shop: what its front says, which goods stand first, and on which terms buyers may order by themselves."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Conflict, Refusal
from cohong.orders import api as orders
from cohong.orders.api import DeliveryKind, PaymentKind
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.portal.design import words
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.merchant.words import TERMS_NOTES
from cohong.retail import api as retail

_TEXTS: Final = (
    ("headline", gettext_lazy("Headline"), 80, False),
    ("headline_en", gettext_lazy("English headline"), 120, False),
    ("introduction", gettext_lazy("Introduction"), 2000, True),
    ("introduction_en", gettext_lazy("English introduction"), 4000, True),
    ("notice", gettext_lazy("Notice"), 300, False),
    ("opening_hours", gettext_lazy("Opening hours"), 200, False),
    ("reach", gettext_lazy("How to reach you"), 200, False),
)
_OFFERED: Final = 60
_BANNER_MOST: Final = (4 << 20) + 1


@require_http_methods(["GET", "HEAD", "POST"])
@page
def shop_front(request: HttpRequest) -> HttpResponse:
    """Change what the shop front says, its banner, and the goods that stand first; see it as buyers will."""
    actor = actor_of(request)
    parties.require(actor, actor.party_id, Role.SALES)
    view = retail.shop(seller_id=actor.party_id)
    if request.method != "POST":
        texts = {name: getattr(view, name) for name, _label, _most, _lines in _TEXTS}
        return _show(request, actor, texts, list(view.listing_ids), view)
    act = request.POST.get("do", "save")
    if act in {"banner", "no-banner"}:
        with told(request):
            _change_banner(request, actor, act)
        return redirect("portal:shop_front")
    texts = {name: request.POST.get(name, "") for name, _label, _most, _lines in _TEXTS}
    chosen = _chosen(request.POST)
    if _arrange(chosen, act, request.POST) or act == "look":
        return _show(request, actor, texts, chosen, view)
    revision = request.POST.get("revision", "")
    try:
        retail.change_shop(
            actor=actor,
            seller_id=actor.party_id,
            draft=retail.ShopDraft(**texts, listing_ids=tuple(chosen)),
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,  # noqa: PLR2004
        )
    except (BadInput, Conflict) as refusal:
        return _show(request, actor, texts, chosen, view, refusal=refusal)
    messages.success(request, _("The shop front is changed."))
    return redirect("portal:shop_front")


def _change_banner(request: HttpRequest, actor: Actor, act: str) -> None:
    file = request.FILES.get("banner")
    if act == "banner" and file is None:
        messages.error(request, _("Choose a file first."))
        return
    content = file.read(_BANNER_MOST) if act == "banner" and file is not None else None
    retail.change_banner(actor=actor, seller_id=actor.party_id, content=content)
    messages.success(request, _("The shop front is changed."))


def _chosen(sent: QueryDict) -> list[UUID]:
    found = []
    for text in sent.getlist("chosen")[:100]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _arrange(chosen: list[UUID], act: str, sent: QueryDict) -> bool:
    """Do what a button beside the chosen goods asks for; tell whether it was one."""
    name, _colon, which = act.partition(":")
    if name == "add":
        try:
            added = UUID(sent.get("more", ""))
        except ValueError:
            return True
        if added not in chosen:
            chosen.append(added)
        return True
    if name not in {"up", "down", "drop"}:
        return False
    at = next((place for place, one in enumerate(chosen) if str(one) == which), None)
    if at is not None:
        moved = chosen.pop(at)
        if name != "drop":
            chosen.insert(max(0, at + (-1 if name == "up" else 1)), moved)
    return True


def _show(
    request: HttpRequest,
    actor: Actor,
    texts: dict[str, str],
    chosen: list[UUID],
    view: retail.ShopView,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    known = catalog.listings(ids=chosen)
    offered = catalog.sellers_listings(
        actor=actor, seller_id=actor.party_id, state=catalog.ListingState.PUBLISHED, limit=_OFFERED
    ).items
    field = str(refusal.params.get("field", "")) if refusal is not None else ""
    context: dict[str, Any] = {
        "fields": [
            {
                "name": name,
                "label": label,
                "most": most,
                "lines": lines,
                "value": texts[name],
                "error": str(refusal) if refusal is not None and field == name else "",
            }
            for name, label, most, lines in _TEXTS
        ],
        "error": str(refusal) if refusal is not None and field not in texts else "",
        "texts": texts,
        "shop": view,
        "revision": request.POST.get("revision") or view.revision,
        "chosen": [known[one] for one in chosen if one in known and known[one].seller_id == actor.party_id],
        "more": [card for card in offered if card.id not in chosen],
        "seller": parties.party(party_id=actor.party_id),
    }
    return show(request, "merchant/shop_front.html", context, status=422 if refusal is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def trade_terms(request: HttpRequest) -> HttpResponse:
    """Say how buyers who order by themselves may pay, and how the goods may come."""
    actor = actor_of(request)
    parties.require(actor, actor.party_id, Role.SALES)
    if request.method == "POST":
        with told(request):
            orders.offer_terms(
                actor=actor,
                seller_id=actor.party_id,
                payments=[
                    PaymentKind(one) for one in request.POST.getlist("payment") if one in set(PaymentKind)
                ],
                deliveries=[
                    DeliveryKind(one) for one in request.POST.getlist("delivery") if one in set(DeliveryKind)
                ],
            )
            messages.success(request, _("The terms are saved."))
        return redirect("portal:trade_terms")
    return show(
        request,
        "merchant/trade_terms.html",
        {
            "offered": orders.offered_terms(seller_ids=[actor.party_id])[actor.party_id],
            "payments": words.PAYMENT_TERMS,
            "notes": TERMS_NOTES,
            "deliveries": words.DELIVERY_TERMS,
        },
    )
