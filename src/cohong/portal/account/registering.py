"""Who a new user is: a person, a company of theirs, or somebody whom a company will give a role."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohong.kernel.errors import Refusal
from cohong.kernel.http import status_of
from cohong.parties import api as parties
from cohong.parties.api import Actor, Kind
from cohong.portal.account import preferences
from cohong.portal.account.forms import CompanyForm, PersonForm
from cohong.portal.design.acting import NotSignedIn, act_for, visitor
from cohong.portal.design.frame import page, show, told

#: Which field of a form a refusal is about, by what the register of parties calls it.
_FIELDS = {
    "credit_code": "code",
    "registration_number": "code",
    "full_name": "name",
    "uscc": "code",
}


def user_of(request: HttpRequest) -> UUID:
    """Return the signed-in user. Raises NotSignedIn."""
    user_id = visitor(request).user_id
    if user_id is None:
        raise NotSignedIn
    return user_id


@page
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask a new user who they are here."""
    user_id = user_of(request)
    return show(
        request, "account/welcome.html", {"memberships": visitor(request).memberships, "user_id": user_id}
    )


@require_http_methods(["GET", "POST"])
@page
def register_person(request: HttpRequest) -> HttpResponse:
    """Register the user as a person."""
    user_id = user_of(request)
    if any(one.kind == Kind.PERSON for one in visitor(request).memberships):
        return redirect("portal:account")
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            party_id = parties.register_person(user_id=user_id, **form.cleaned_data)
        except Refusal as refusal:
            return _again(request, "account/register_person.html", form, refusal)
        if form.cleaned_data["resident_id"]:
            _ask_register(request, user_id, party_id)
        return _begin(request, user_id, party_id, _("You are registered as a person."))
    return show(request, "account/register_person.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@page
def register_company(request: HttpRequest) -> HttpResponse:
    """Register a company of the user's, and have it confirmed by the register."""
    user_id = user_of(request)
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        country, code = given.pop("country"), given.pop("code")
        try:
            if country == "CN":
                party_id = parties.register_organisation(actor_user_id=user_id, uscc=code, **given)
            else:
                party_id = parties.register_foreign(
                    actor_user_id=user_id, country=country, registration_number=code, **given
                )
        except Refusal as refusal:
            return _again(request, "account/register_company.html", form, refusal)
        if country == "CN":
            _ask_register(request, user_id, party_id)
        return _begin(request, user_id, party_id, _("The company is registered; you are its owner."))
    return show(request, "account/register_company.html", {"form": form}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _again(request: HttpRequest, template: str, form: Any, refusal: Refusal) -> HttpResponse:
    """Show the form as it was filled in, with the refusal beside the field that it is about."""
    form.add_error(field_of(form, refusal), str(refusal))
    return show(request, template, {"form": form}, status=status_of(refusal))


def field_of(form: Any, refusal: Refusal) -> str | None:
    """Return which field a refusal is about, if it is one of this form."""
    named: dict[type[Refusal], str] = {
        parties.CreditCodeInvalid: "code",
        parties.PhoneInvalid: "phone",
        parties.ResidentIdInvalid: "resident_id",
        parties.RegionUnknown: "region_code",
        parties.IndustryUnknown: "industry_code",
        parties.BadCountry: "country",
    }
    field = str(refusal.params.get("field", "")) or named.get(type(refusal), "")
    field = _FIELDS.get(field, field)
    return field if field in form.fields else None


def _ask_register(request: HttpRequest, user_id: UUID, party_id: UUID) -> None:
    actor = parties.actor_for(user_id=user_id, party_id=party_id)
    try:
        parties.request_confirmation(actor=actor, party_id=party_id)
    except Refusal as refusal:  # registered it is; asking can be repeated
        messages.warning(request, str(refusal))


def _begin(request: HttpRequest, user_id: UUID, party_id: UUID, said: str) -> HttpResponse:
    act_for(request, party_id)
    preferences.remember(user_id, acting_for=party_id)
    messages.success(request, said)
    return redirect("portal:my_parties")


# --- the parties that one acts for ----------------------------------------------------------------------------


@page
def my_parties(request: HttpRequest) -> HttpResponse:
    """List whom the user acts for, how far each registration is, and what its owner may decide."""
    user_id = user_of(request)
    memberships = visitor(request).memberships
    found = parties.parties(ids=[one.party_id for one in memberships])
    rows = []
    for one in memberships:
        actor = _actor(user_id, one)
        standing = None
        if not found[one.party_id].confirmed:
            standing = parties.confirmation(actor=actor, party_id=one.party_id)
        rows.append(
            {
                "membership": one,
                "party": found[one.party_id],
                "is_owner": actor.may(),
                "mismatched": [str(parties.FIELD_LABELS.get(name, name)) for name in standing.mismatched]
                if standing
                else [],
            }
        )
    has_person = any(one.kind == Kind.PERSON for one in memberships)
    return show(request, "account/parties.html", {"rows": rows, "has_person": has_person})


def _actor(user_id: UUID, one: parties.MembershipView) -> Actor:
    return Actor(party_id=one.party_id, user_id=user_id, roles=one.roles, mandates=one.mandates)


def _owned(request: HttpRequest, party_id: UUID) -> Actor:
    """Return the user as they act for one of their parties. Raises NotSignedIn, PartyNotFound."""
    user_id = user_of(request)
    for one in visitor(request).memberships:
        if one.party_id == party_id:
            return _actor(user_id, one)
    raise parties.PartyNotFound


@require_POST
@page
def confirm_party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Have the register asked about a party, again if need be."""
    actor = _owned(request, party_id)
    with told(request):
        parties.request_confirmation(actor=actor, party_id=party_id)
        messages.success(request, _("The register is being asked. The answer will stand here."))
    return redirect("portal:my_parties")


@require_POST
@page
def want_second_factor(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Decide whether whoever acts for a party needs a second factor."""
    actor = _owned(request, party_id)
    wanted = request.POST.get("wanted") == "1"
    try:
        parties.want_second_factor(actor=actor, party_id=party_id, wanted=wanted)
    except parties.SecondFactorNeeded as refusal:
        messages.error(request, str(refusal))
        return redirect("mfa_index")
    messages.success(
        request,
        _("From now on everyone needs a second factor to act for it.")
        if wanted
        else _("A second factor is no longer needed to act for it."),
    )
    return redirect("portal:my_parties")
