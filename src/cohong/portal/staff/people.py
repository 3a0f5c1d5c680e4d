"""Who acts for the company: added by the name they sign in with, changed, ended; nobody is ever deleted."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import BadInput
from cohong.parties import api as parties
from cohong.parties.api import MemberView, Role
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.staff.duties import duties

_NAME_MAX = 150
_PAST_SHOWN = 50


class NoRoleChosen(BadInput):
    """Somebody is to be added without saying what they may do."""

    message = gettext_lazy("Choose at least one role.")


@dataclass(slots=True)
class _Person:
    """A user with all their roles at the company."""

    user_id: UUID
    username: str
    since: datetime
    roles: set[Role] = field(default_factory=set)

    def choices(self) -> list[tuple[Role, bool]]:
        """List all roles, and which the person has."""
        return [(role, role in self.roles) for role in Role]


@require_safe
@page
def staff(request: HttpRequest) -> HttpResponse:
    """List who acts for the company, and what each role may do; changing it is for its owners."""
    actor = actor_of(request)
    every = parties.members(actor=actor, party_id=actor.party_id, with_past=True)
    context = {
        "people": _people([one for one in every if one.ended_at is None]),
        "past": [one for one in reversed(every) if one.ended_at is not None][:_PAST_SHOWN],
        "roles": list(Role),
        "duties": duties(),
        "is_owner": Role.OWNER in actor.roles,
        "typed": request.GET.get("username", "")[:_NAME_MAX],
    }
    return show(request, "staff/staff.html", context)


def _people(members: list[MemberView]) -> list[_Person]:
    found: dict[UUID, _Person] = {}
    for one in members:
        person = found.setdefault(one.user_id, _Person(one.user_id, one.username, one.granted_at))
        person.roles.add(one.role)
        person.since = min(person.since, one.granted_at)
    return list(found.values())


@require_POST
@page
def add(request: HttpRequest) -> HttpResponse:
    """Let a user act for the company; they signed up before, by themselves."""
    actor = actor_of(request)
    parties.require(
        actor, actor.party_id
    )  # before a name is looked up: only an owner learns whether it is one
    username = request.POST.get("username", "").strip()[:_NAME_MAX]
    with told(request, raising=()):
        roles = _roles(request)
        if not roles:
            raise NoRoleChosen
        user_id = parties.user_named(username=username)
        held = {
            one.role
            for one in parties.members(actor=actor, party_id=actor.party_id)
            if one.user_id == user_id
        }
        parties.set_roles(actor=actor, party_id=actor.party_id, user_id=user_id, roles=held | roles)
        messages.success(request, _("{name} now acts for the company.").format(name=username))
    return redirect("portal:staff")


@require_POST
@page
def set_roles(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give a person exactly the roles that are ticked; none ends it."""
    actor = actor_of(request)
    with told(request):
        roles = set() if "end" in request.POST else _roles(request)
        parties.set_roles(actor=actor, party_id=actor.party_id, user_id=user_id, roles=roles)
        messages.success(request, _("The roles are changed."))
    return redirect("portal:staff")


def _roles(request: HttpRequest) -> set[Role]:
    return {Role(one) for one in request.POST.getlist("role") if one in Role.values}
