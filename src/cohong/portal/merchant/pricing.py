"""Prices of many goods at once: the rule, what it would do, and its doing."""

import re
import unicodedata
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cohong.catalog import api as catalog
from cohong.catalog.api import PriceChangeKind, PriceRule
from cohong.kernel.errors import BadInput, Refusal
from cohong.kernel.money import Money, exponent
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.merchant.goods import selected, tell_refused

_PERCENT: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
KINDS: Final = {
    "percent-up": gettext_lazy("Raise by percent"),
    "percent-down": gettext_lazy("Lower by percent"),
    "amount-up": gettext_lazy("Raise by an amount"),
    "amount-down": gettext_lazy("Lower by an amount"),
    "set": gettext_lazy("Set one price for all"),
}
#: Rounding steps in minor units of a currency with two decimals; each is scaled to the currency's own.
_STEPS: Final = ("0.01", "0.05", "0.10", "0.50", "1", "5", "10", "100")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def goods_prices(request: HttpRequest) -> HttpResponse:
    """Change the prices of the chosen goods: first it is shown what would come of it, then it is done as it was shown."""
    actor = actor_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = selected(request, actor)
    if not chosen:
        messages.error(request, _("Choose some goods first."))
        return redirect("portal:goods")
    currency = _currency(sent, chosen)
    context: dict[str, Any] = {
        "chosen": chosen,
        "kinds": KINDS,
        "kind": sent.get("kind", "percent-up"),
        "by": sent.get("by", ""),
        "step": sent.get("step", ""),
        "steps": _steps(currency),
        "currency": currency,
        "currencies": sorted({settings.COHONG_CURRENCY, currency, "CNY", "HKD", "MOP", "USD"}),
        "error": "",
    }
    if request.method != "POST" or "kind" not in sent:
        return show(request, "merchant/goods_prices.html", context)
    try:
        rule = _rule(sent, currency)
        if sent.get("do") == "apply":
            return _apply(request, actor, rule, chosen)
        context["rows"] = _preview(actor, rule, chosen)
    except BadInput as refusal:
        context["error"] = str(refusal)
        return show(request, "merchant/goods_prices.html", context, status=422)
    context["good"] = sum("refusal" not in row for row in context["rows"])
    return show(request, "merchant/goods_prices.html", context)


def _currency(sent: QueryDict, chosen: list[UUID]) -> str:
    """Take the currency that is asked for, or that of the first of the goods."""
    wanted = sent.get("currency", "")
    if wanted:
        exponent(wanted)
        return wanted
    views = catalog.listings(ids=chosen[:1])
    return next((view.price_from.currency for view in views.values()), str(settings.COHONG_CURRENCY))


def _steps(currency: str) -> list[str]:
    """List the rounding steps that the currency has coins for."""
    smallest = Decimal(1).scaleb(-exponent(currency))
    return [step for step in _STEPS if Decimal(step) >= smallest]


class NotAPercentage(BadInput):
    """Not a percentage with at most two decimals."""

    message = gettext_lazy("Write a percentage such as 5 or 2.5.")


def _rule(sent: QueryDict, currency: str) -> PriceRule:
    """Read the rule. Raises NotAPercentage, and what money that cannot be read is refused with."""
    kind, by = sent.get("kind", ""), unicodedata.normalize("NFKC", sent.get("by", "")).strip()
    sign = -1 if kind.endswith("-down") else 1
    step = sent.get("step", "")
    step_minor = Money.parse(step if step in _STEPS else _steps(currency)[0], currency).minor
    if kind.startswith("percent"):
        if not _PERCENT.fullmatch(by):
            raise NotAPercentage
        return PriceRule(
            kind=PriceChangeKind.PERCENT,
            currency=currency,
            basis_points=sign * int(Decimal(by) * 100),
            step_minor=step_minor,
        )
    minor = Money.parse(by, currency).minor
    if kind.startswith("amount"):
        return PriceRule(
            kind=PriceChangeKind.AMOUNT, currency=currency, minor=sign * minor, step_minor=step_minor
        )
    return PriceRule(kind=PriceChangeKind.SET, currency=currency, minor=minor)


def _preview(actor: Actor, rule: PriceRule, chosen: list[UUID]) -> list[dict[str, Any]]:
    outcomes = catalog.preview_prices(actor=actor, seller_id=actor.party_id, rule=rule, listing_ids=chosen)
    views = catalog.listings(ids=chosen)
    rows: list[dict[str, Any]] = []
    for listing_id, outcome in zip(chosen, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            view = views.get(listing_id)
            own = view if view is not None and view.seller_id == actor.party_id else None
            rows.append({"id": listing_id, "listing": own, "refusal": str(outcome)})
            continue
        view, changes = outcome
        rows.append(
            {
                "id": listing_id,
                "listing": view,
                "changes": [
                    {
                        "code": change.sku.code,
                        "before": [Money(tier.unit_price_minor, rule.currency) for tier in change.sku.tiers],
                        "after": [Money(tier.unit_price_minor, rule.currency) for tier in change.after],
                        "same": not change.is_changed,
                    }
                    for change in changes
                ],
            }
        )
    return rows


def _apply(request: HttpRequest, actor: Actor, rule: PriceRule, chosen: list[UUID]) -> HttpResponse:
    """Do it, but only to what is still as it was shown."""
    changes = []
    for listing_id in chosen:
        revision = request.POST.get(f"revision-{listing_id}", "")
        if revision.isdecimal() and len(revision) < 10:  # noqa: PLR2004 - far more than there will ever be
            changes.append(catalog.PriceChange(listing_id, int(revision)))
    outcomes = catalog.change_prices(actor=actor, seller_id=actor.party_id, rule=rule, changes=changes)
    done = sum(isinstance(outcome, int) for outcome in outcomes)
    if done:
        messages.success(
            request,
            ngettext(
                "The prices of {n} listing are changed.", "The prices of {n} listings are changed.", done
            ).format(n=done),
        )
    tell_refused(request, [change.listing_id for change in changes], outcomes)
    return redirect("portal:goods")
