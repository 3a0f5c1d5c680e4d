"""The balance: what there is in each currency, money in and out through the bank, and the newest lines."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.payments import api as payments
from cohong.payments.api import BankAccount, MovementKind, MovementState
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.printing import codes

_LINES, _MOVEMENTS = 20, 10
_TYPED_MAX = 100


@require_safe
@never_cache
@page
def balance(request: HttpRequest) -> HttpResponse:
    """Show what the party has, what is under way, and what moved last."""
    return _shown(request, actor_of(request))


def _shown(
    request: HttpRequest,
    actor: Actor,
    *,
    typed: dict[str, str] | None = None,
    wrong: Refusal | None = None,
    form: str = "",
) -> HttpResponse:
    lines = payments.statement(actor=actor, party_id=actor.party_id, limit=_LINES)
    balances = payments.party_balances(party_id=actor.party_id)
    own = settings.COHONG_CURRENCY
    context: dict[str, Any] = {
        "balances": balances,
        "currencies": sorted(
            {own, *(one.posted.currency for one in balances)}, key=lambda code: (code != own, code)
        ),
        "lines": lines,
        "movements": payments.payments_of(
            actor=actor,
            party_id=actor.party_id,
            kinds=[MovementKind.TOP_UP, MovementKind.PAYOUT],
            limit=_MOVEMENTS,
        ),
        "once": new_id(),
        "typed": typed or {},
        "wrong": wrong,
        "form": form,
    }
    return show(request, "settlement/balance.html", context, status=422 if wrong else 200)


@require_POST
@never_cache
@page
def withdraw(request: HttpRequest) -> HttpResponse:
    """Pay money out to a bank account; the form's own id makes it happen once."""
    actor = actor_of(request)
    typed = {
        name: value.strip()[:_TYPED_MAX] for name, value in request.POST.items() if isinstance(value, str)
    }
    try:
        payments.withdraw(
            actor=actor,
            party_id=actor.party_id,
            amount=_amount(typed),
            bank_account=BankAccount(
                holder=typed.get("holder", ""),
                number=typed.get("number", ""),
                bank_code=typed.get("bank_code", "").replace(" ", ""),
                bank_name=typed.get("bank_name", ""),
            ),
            payout_id=_once(typed),
        )
    except (NotAllowed, NotFound) as refusal:
        if not isinstance(refusal, payments.PayoutRestricted):
            raise
        return _shown(request, actor, typed=typed, wrong=refusal, form="withdraw")
    except Refusal as refusal:
        return _shown(request, actor, typed=typed, wrong=refusal, form="withdraw")
    messages.success(request, _("The money is reserved and on its way to the bank."))
    return redirect("portal:balance")


@require_POST
@never_cache
@page
def top_up(request: HttpRequest) -> HttpResponse:
    """Open a payment into the party's own balance, and show where to pay it."""
    actor = actor_of(request)
    typed = {
        name: value.strip()[:_TYPED_MAX] for name, value in request.POST.items() if isinstance(value, str)
    }
    once = _once(typed)
    try:
        payments.start_top_up(
            actor=actor,
            party_id=actor.party_id,
            amount=_amount(typed),
            description=_("Top-up of the balance"),
            return_url=f"{settings.COHONG_PUBLIC_URL}{reverse('portal:movement', args=[once])}",
            payment_id=once,
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, actor, typed=typed, wrong=refusal, form="top-up")
    return redirect("portal:movement", movement_id=once)


def _amount(typed: dict[str, str]) -> Money:
    """Read the amount as it was typed. Raises NotAnAmount and its kin."""
    return Money.parse(typed.get("amount", "").replace(",", ""), typed.get("currency", ""))


def _once(typed: dict[str, str]) -> UUID:
    try:
        return UUID(typed.get("once", ""))
    except ValueError:
        return new_id()


@require_safe
@never_cache
@page
def movement(request: HttpRequest, movement_id: UUID) -> HttpResponse:
    """Show a top-up or a payout as it stands: where to pay it, or what became of it."""
    actor = actor_of(request)
    parties.require(actor, actor.party_id, Role.FINANCE)
    found = payments.payment(actor=actor, payment_id=movement_id)
    if found.kind not in (MovementKind.TOP_UP, MovementKind.PAYOUT):
        raise NotFound
    open_ = found.state in (MovementState.STARTED, MovementState.OPEN) and found.kind is MovementKind.TOP_UP
    context = {"one": found, "is_open": open_, "qr": _drawn(found.qr_text or found.pay_url) if open_ else ""}
    return show(request, "settlement/movement.html", context)


def _drawn(text: str) -> SafeString | str:
    """Draw what a phone scans. The drawing is our own: what the bank told is in it as dark squares only."""
    return mark_safe(codes.qr(text)) if text else ""  # noqa: S308 - made by segno from modules, holds no text
