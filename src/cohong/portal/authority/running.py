"""The platform's desk: fees and rates, parameters, money's incidents and runs, health, and the record of authorities."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel import directory, journal, parameters, running
from cohong.kernel.errors import BadInput, Conflict, NotFound
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.money import Money, format_money
from cohong.logistics import api as logistics
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct
from cohong.payments import api as payments
from cohong.portal.authority.desk import (
    LISTED,
    OVERSEES,
    PLATFORM,
    asked_day,
    asked_id,
    asked_number,
    note,
    on_duty,
    people,
    show_desk,
    usernames,
)
from cohong.portal.design import charts
from cohong.portal.design.frame import page, told

#: The ways of trade that there are fees for; an empty one is all that have none of their own.
WAYS: Final = ("", "retail", "direct")
_DAYS: Final = 30


# --- fees and rates --------------------------------------------------------------------------------------


@page
def fees(request: HttpRequest) -> HttpResponse:
    """Show and set what the platform takes and at which rates it exchanges, with history and revenue."""
    actor = on_duty(request, *(PLATFORM if request.method == "POST" else OVERSEES))
    context: dict[str, Any] = {"typed": request.POST}
    if request.method == "POST":
        try:
            _set(actor, request)
        except (BadInput, Conflict) as refusal:
            context |= {"wrong": refusal, "wrong_in": request.POST.get("act", "")}
        else:
            messages.success(request, _("It holds from now on."))
            return redirect("portal:authority_fees")
    history, rates = payments.fee_history(actor=actor), payments.rate_history(actor=actor)
    setters = [*(one.set_by for one in history), *(one.set_by for one in rates)]
    context |= {
        "fees": history,
        "rates": rates,
        "now_rates": payments.fee_rates(ways=WAYS),
        "people": people(setters),
        "usernames": usernames([*(one.set_by_user for one in history), *(one.set_by_user for one in rates)]),
        "ways": WAYS,
        **_revenue(actor),
    }
    return show_desk(request, "fees", context, status=422 if "wrong" in context else 200)


def _set(actor: Actor, request: HttpRequest) -> None:
    typed = {name: request.POST.get(name, "").strip() for name in ("way", "percent", "sell", "buy", "rate")}
    if request.POST.get("act") == "rate":
        payments.set_rate(
            actor=actor, sell=typed["sell"].upper(), buy=typed["buy"].upper(), rate=typed["rate"]
        )
        note(actor, DeskAct.FEE, about=f"{typed['sell']}/{typed['buy']} {typed['rate']}")
        return
    payments.set_fee(actor=actor, way=typed["way"], basis_points=_basis_points(typed["percent"]))
    note(actor, DeskAct.FEE, about=f"{typed['way'] or '*'} {typed['percent']} %")


def _basis_points(text: str) -> int:
    """Read a percentage with at most two decimal places as basis points. Raises BadFeeRate."""
    whole, _point, part = text.partition(".")
    if not whole.isdecimal() or not whole.isascii() or len(whole) > 3 or len(part) > 2:  # noqa: PLR2004 - 100.00
        raise payments.BadFeeRate
    if part and not (part.isdecimal() and part.isascii()):
        raise payments.BadFeeRate
    return int(whole) * 100 + int((part + "00")[:2])


def _revenue(actor: Actor) -> dict[str, Any]:
    """Say what the platform has earned: to the platform only."""
    try:
        balances = payments.fee_balances(actor=actor)
    except parties.MandateMissing:
        return {}
    currency = settings.COHONG_CURRENCY
    today = timezone.localdate()
    days = [today - timedelta(days=past) for past in range(_DAYS, -1, -1)]
    since = datetime.combine(days[0], time(), timezone.get_current_timezone())
    earned = {
        day: money.minor for day, money in payments.fees_by_day(actor=actor, since=since, currency=currency)
    }
    chart = charts.columns(
        [f"{day:%m-%d}" for day in days] if earned else [],
        [charts.Series(currency, [earned.get(day, 0) for day in days] if earned else [])],
        title=_("Fees earned a day"),
        shown=lambda minor: format_money(Money(int(minor), currency)),
        axis=lambda minor: charts.short(minor / 100),
    )
    return {"balances": balances, "revenue": chart}


# --- parameters ------------------------------------------------------------------------------------------


@page
def platform_parameters(request: HttpRequest) -> HttpResponse:
    """Show the house's parameters with their bounds and history, and change one."""
    actor = on_duty(request, *(PLATFORM if request.method == "POST" else OVERSEES))
    context: dict[str, Any] = {"typed": request.POST}
    if request.method == "POST":
        name, reason = request.POST.get("name", ""), request.POST.get("reason", "")
        text = request.POST.get("value", "").strip()
        try:
            number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004
            parties.set_parameter(actor=actor, name=name, value=number, reason=reason)
        except (BadInput, Conflict) as refusal:
            context |= {"wrong": refusal, "wrong_name": name}
        else:
            note(actor, DeskAct.PARAMETER, about=f"{name} = {text}", reason=reason)
            messages.success(request, _("It holds from now on."))
            return redirect("portal:authority_parameters")
    set_now = parameters.current()
    changes = parameters.changes()
    context |= {
        "parameters": [(one, set_now.get(one.name, one.default)) for one in parameters.declared()],
        "labels": {one.name: one for one in parameters.declared()},
        "changes": changes,
        "people": people(one.set_by for one in changes),
        "usernames": usernames(one.set_by_user for one in changes),
        "may_change": parties.Mandate.PLATFORM in actor.mandates,
    }
    return show_desk(request, "parameters", context, status=422 if "wrong" in context else 200)


# --- money -----------------------------------------------------------------------------------------------


@require_safe
@page
def money(request: HttpRequest) -> HttpResponse:
    """Show what providers said and was not acted upon, and the comparisons with their statements."""
    actor = on_duty(request, *PLATFORM)
    found = payments.incidents(actor=actor, after=decode_cursor(request.GET.get("after")), limit=LISTED + 1)
    items, following = cut(found, limit=LISTED, id_of=lambda one: one.id)
    runs = payments.reconciliations(actor=actor)
    context = {
        "incidents": items,
        "next": following,
        "runs": runs,
        "people": people(run.run_by for run in runs),
        "providers": payments.providers(actor=actor),
        "yesterday": timezone.localdate() - timedelta(days=1),
    }
    return show_desk(request, "money", context)


@require_POST
@page
def reconcile(request: HttpRequest) -> HttpResponse:
    """Compare a day's books with a provider's statement."""
    actor = on_duty(request, *PLATFORM)
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None or day > timezone.localdate():
        messages.error(request, _("Please give a day that is not in the future."))
        return redirect("portal:authority_money")
    provider = request.POST.get("provider", payments.DEFAULT_PROVIDER)
    with told(request, raising=(parties.MandateMissing,)):
        outcome = payments.reconcile(actor=actor, day=day, provider=provider)
        note(actor, DeskAct.RECONCILE, about=f"{provider} {day}")
        said = _("{day}: {agreed} movements agree, {differences} differ.").format(
            day=day, agreed=outcome.agreed, differences=len(outcome.differences)
        )
        messages.success(request, said)
    return redirect("portal:authority_money")


# --- health ----------------------------------------------------------------------------------------------


@require_safe
@page
def health(request: HttpRequest) -> HttpResponse:
    """Show whether the house runs well: workers, queue, followers, outside systems, database, the last audit."""
    actor = on_duty(request, *PLATFORM)
    workers = running.workers()
    context = {
        "workers": workers,
        "alive": any(worker.is_alive for worker in workers),
        "queue": running.queue(),
        "failed": running.failed_jobs(limit=LISTED),
        "lag": sorted(journal.lag().items()),
        "unsealed": directory.unsealed(),
        "size": journal.size(),
        "head": next(iter(directory.heads(limit=1)), None),
        "outside": _outside(actor),
        "database": _bytes(running.database_bytes()),
        "tables": [(table, _bytes(table.size_bytes)) for table in running.largest_tables()],
        "verification": running.last_verification(),
    }
    return show_desk(request, "health", context)


def _outside(actor: Actor) -> list[tuple[str, bool]]:
    found = [(name, connected) for name, connected in payments.providers(actor=actor).items()]
    found += [(one.name, one.connected) for one in logistics.carriers()]
    return [*found, (_("Identity register"), bool(settings.COHONG_REGISTER_CREDENTIALS))]


def _bytes(size: int) -> str:
    for unit, of in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= of:
            return f"{size / of:,.1f} {unit}"
    return f"{size} B"


@require_POST
@page
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Run a failed job again."""
    actor = on_duty(request, *PLATFORM)
    with told(request, raising=(NotFound,)):
        name = running.retry(job_id=job_id)
        note(actor, DeskAct.RETRY, about=f"{name} #{job_id}")
        messages.success(request, _("The job is queued again."))
    return redirect("portal:authority_health")


# --- the record ------------------------------------------------------------------------------------------


@require_safe
@page
def record(request: HttpRequest) -> HttpResponse:
    """Show what authorities did and looked at: at their desks, at personal data, and the documents they issued."""
    actor = on_duty(request, *OVERSEES)
    tab = request.GET.get("tab", "desk")
    listed = parties.authorities(actor=actor)
    party_id = asked_id(request, "party")
    if parties.Mandate.PLATFORM not in actor.mandates:
        party_id = actor.party_id
        listed = [one for one in listed if one.party.id == party_id]
    context = {
        "tab": tab if tab in _RECORDS else "desk",
        "authorities": listed,
        "party_id": party_id,
        "acts": DeskAct,
        "act": request.GET.get("act", ""),
        **_RECORDS.get(tab, _desk_entries)(request, actor, party_id, [one.party.id for one in listed]),
    }
    return show_desk(request, "record", context)


def _desk_entries(
    request: HttpRequest, actor: Actor, party_id: UUID | None, _listed: list[UUID]
) -> dict[str, Any]:
    act = request.GET.get("act", "")
    found = parties.desk_record(
        actor=actor,
        party_id=party_id,
        subject=asked_id(request, "subject"),
        user_id=asked_id(request, "user"),
        whats=(DeskAct(act),) if act in DeskAct.values else (),
        since=asked_day(request, "since"),
        until=asked_day(request, "until", after=True),
        before=decode_cursor(request.GET.get("after")),
        limit=LISTED + 1,
    )
    items, following = cut(found, limit=LISTED, id_of=lambda one: one.id)
    return {
        "entries": items,
        "next": following,
        "people": people(one.party_id for one in items),
        "usernames": usernames(one.user_id for one in items),
    }


def _looks(request: HttpRequest, actor: Actor, party_id: UUID | None, _listed: list[UUID]) -> dict[str, Any]:
    of = party_id or actor.party_id
    found = parties.looks_by(
        actor=actor, party_id=of, before=decode_cursor(request.GET.get("after")), limit=LISTED + 1
    )
    items, following = cut(found, limit=LISTED, id_of=lambda one: one.id)
    return {
        "looks": items,
        "party_id": of,
        "next": following,
        "labels": parties.FIELD_LABELS,
        "people": people([*(one.party_id for one in items), *(one.by_party for one in items)]),
        "usernames": usernames(one.by_user for one in items),
    }


def _documents(
    request: HttpRequest, actor: Actor, party_id: UUID | None, listed: list[UUID]
) -> dict[str, Any]:
    asked = directory.Asked(
        issuers=[party_id] if party_id else listed,
        since=asked_day(request, "since"),
        until=asked_day(request, "until", after=True),
    )
    before = asked_number(request, "before")
    found = parties.published(actor=actor, asked=asked, before=before, limit=LISTED + 1)
    items = found[:LISTED]
    return {
        "documents": items,
        "next_position": items[-1].position if len(found) > LISTED else None,
        "people": people(filed.envelope.issuer for filed in items),
    }


_RECORDS = {"desk": _desk_entries, "looks": _looks, "documents": _documents}
