"""The registration desk: who waits for confirmation, vouching, asking again; authorities and their mandates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import BadInput, Conflict
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.parties import api as parties
from cohong.parties.api import Confirmation, DeskAct, Kind, Mandate
from cohong.portal.authority.desk import LISTED, OVERSEES, PLATFORM, note, on_duty, show_desk
from cohong.portal.design.frame import page, told

_TABS = {
    "mismatched": Confirmation.MISMATCHED,
    "confirming": Confirmation.CONFIRMING,
    "unconfirmed": Confirmation.UNCONFIRMED,
}


@require_safe
@page
def registration(request: HttpRequest) -> HttpResponse:
    """List the parties whose confirmation is not through, those who registered first first."""
    actor = on_duty(request, *OVERSEES)
    tab = request.GET.get("tab", "mismatched")
    tab = tab if tab in _TABS else "mismatched"
    found = parties.awaiting(
        actor=actor,
        states=[_TABS[tab]],
        after=decode_cursor(request.GET.get("after")),
        limit=LISTED + 1,
    )
    items, following = cut(found, limit=LISTED, id_of=lambda one: one.party.id)
    counts = parties.counts(actor=actor)
    context = {
        "tab": tab,
        "tabs": [(name, state.label, counts.get(state, 0)) for name, state in _TABS.items()],
        "waiting": items,
        "next": following,
        "may_vouch": [one.party.id for one in items if _may_vouch(one.party)],
        "labels": parties.FIELD_LABELS,
    }
    return show_desk(request, "registration", context)


def _may_vouch(party: parties.PartyView) -> bool:
    return (
        party.kind == Kind.ORGANISATION and not party.credit_code and party.state == Confirmation.UNCONFIRMED
    )


@require_POST
@page
def vouch(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Confirm an organisation from abroad by evidence that the platform saw."""
    actor = on_duty(request, *PLATFORM)
    evidence = request.POST.get("reason", "")
    with told(request):
        parties.vouch(actor=actor, party_id=party_id, evidence=evidence)
        about = parties.party(party_id=party_id).name
        note(actor, DeskAct.VOUCH, subject=party_id, about=about, reason=evidence)
        messages.success(request, _("The party is confirmed."))
    return redirect("portal:authority_party", party_id=party_id)


@require_POST
@page
def ask_register(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Have the register asked about a party again."""
    actor = on_duty(request, *PLATFORM)
    with told(request):
        parties.request_confirmation(actor=actor, party_id=party_id)
        note(actor, DeskAct.ASK_REGISTER, subject=party_id, about=parties.party(party_id=party_id).name)
        messages.success(request, _("The register is being asked."))
    return redirect("portal:authority_party", party_id=party_id)


# --- authorities -----------------------------------------------------------------------------------------


@require_safe
@page
def authorities(request: HttpRequest) -> HttpResponse:
    """List the authorities and the mandates that they carry and carried."""
    actor = on_duty(request, *OVERSEES)
    context = {
        "authorities": parties.authorities(actor=actor),
        "mandates": Mandate,
        "platform_id": parties.PLATFORM_ID,
    }
    return show_desk(request, "authorities", context)


@require_POST
@page
def mandate(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Grant an authority a mandate, or end one."""
    actor = on_duty(request, *PLATFORM)
    wanted, act = request.POST.get("mandate", ""), request.POST.get("act", "")
    if wanted in Mandate.values and act in ("grant", "end"):
        with told(request, raising=(parties.MandateMissing, parties.PartyNotFound)):
            change = parties.grant_mandate if act == "grant" else parties.end_mandate
            change(actor=actor, party_id=party_id, mandate=Mandate(wanted))
            about = f"{parties.party(party_id=party_id).name} · {Mandate(wanted).label}"
            note(actor, DeskAct.MANDATE, subject=party_id, about=about)
            messages.success(
                request, _("The mandate is granted.") if act == "grant" else _("The mandate has ended.")
            )
    return redirect("portal:authority_authorities")


@require_POST
@page
def register_authority(request: HttpRequest) -> HttpResponse:
    """Register an authority with its first mandates."""
    actor = on_duty(request, *PLATFORM)
    wanted = [Mandate(one) for one in request.POST.getlist("mandate") if one in Mandate.values]
    with told(request):
        party_id = parties.register_authority(
            actor=actor,
            name=request.POST.get("name", ""),
            name_en=request.POST.get("name_en", ""),
            mandates=wanted,
        )
        note(actor, DeskAct.MANDATE, subject=party_id, about=request.POST.get("name", ""))
        messages.success(request, _("The authority is registered."))
    return redirect("portal:authority_authorities")


# --- reference data --------------------------------------------------------------------------------------


@page
def reasons(request: HttpRequest) -> HttpResponse:
    """List the grounds on which holds are placed, and define one or change it."""
    actor = on_duty(request, *OVERSEES)
    typed = {name: request.POST.get(name, "").strip() for name in _REASON_FIELDS}
    kinds = [one for one in request.POST.getlist("applies_to") if one in parties.HoldKind.values]
    wrong = None
    if request.method == "POST":
        try:
            parties.define_hold_reason(
                actor=actor,
                code=typed["code"],
                names=parties.Names(typed["name_zh_hans"], typed["name_zh_hant"], typed["name_en"]),
                law=parties.Names(typed["law_zh_hans"], typed["law_zh_hant"], typed["law_en"]),
                applies_to=[parties.HoldKind(one) for one in kinds],
                position=int(typed["position"]) if typed["position"].isdecimal() else 0,
                retired=request.POST.get("retired") == "yes",
            )
        except BadInput as refusal:
            wrong = refusal
        else:
            note(actor, DeskAct.DEFINE, about=typed["code"])
            messages.success(request, _("The ground is kept."))
            return redirect("portal:authority_reasons")
    edited = request.GET.get("code", "")
    found = parties.hold_reasons(with_retired=True)
    context = {
        "reasons": found,
        "edited": next((one for one in found if one.code == edited), None),
        "typed": typed,
        "kinds": parties.HoldKind,
        "chosen": kinds,
        "wrong": wrong,
    }
    return show_desk(request, "reasons", context, status=422 if wrong else 200)


_REASON_FIELDS = (
    *("code", "name_zh_hans", "name_zh_hant", "name_en", "law_zh_hans", "law_zh_hant", "law_en"),
    "position",
)


@page
def markets(request: HttpRequest) -> HttpResponse:
    """List the markets, and define one or change it: its kind, its names, its place, its operator."""
    actor = on_duty(request, *OVERSEES)
    wrong = None
    if request.method == "POST":
        on_duty(request, *PLATFORM)
        try:
            parties.define_market(
                actor=actor,
                code=request.POST.get("code", "").strip(),
                kind=_market_kind(request.POST.get("kind", "")),
                names=parties.Names(
                    *(request.POST.get(f"name_{one}", "").strip() for one in ("zh_hans", "zh_hant", "en"))
                ),
                region_code=request.POST.get("region", ""),
                industry_code=request.POST.get("industry", ""),
                operator_id=_operator(request.POST.get("operator", "")),
            )
        except (
            BadInput,
            Conflict,
            parties.PartyNotFound,
            parties.RegionUnknown,
            parties.IndustryUnknown,
        ) as refusal:
            wrong = refusal
        else:
            note(actor, DeskAct.DEFINE, about=request.POST.get("code", ""))
            messages.success(request, _("The market is kept."))
            return redirect(reverse("portal:authority_markets"))
    found = parties.markets()
    edited = request.GET.get("code", "")
    context = {
        "markets": found,
        "edited": next((one for one in found if one.code == edited), None),
        "kinds": parties.MarketKind,
        "regions": parties.regions(),
        "industries": parties.industries(),
        "region_names": {one.code: one.names for one in parties.regions()},
        "people": parties.parties(ids={one.operator_id for one in found if one.operator_id}),
        "typed": request.POST,
        "wrong": wrong,
    }
    return show_desk(request, "markets", context, status=422 if wrong else 200)


def _market_kind(text: str) -> parties.MarketKind:
    if text not in parties.MarketKind.values:
        raise BadInput
    return parties.MarketKind(text)


def _operator(text: str) -> UUID | None:
    """Read whom a market is operated by: an id, a credit code, or nothing. Raises PartyNotFound."""
    if not text.strip():
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        found = [
            one for one in parties.find(text=text.strip(), limit=2) if one.credit_code == text.strip().upper()
        ]
        if not found:
            raise parties.PartyNotFound from None
        return found[0].id
