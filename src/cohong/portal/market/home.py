"""The home page: what there is, what is traded at the moment, whom one can trust, and how one is safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingCard
from cohong.parties import api as parties
from cohong.parties.api import IndustryView, MarketView, PartyView
from cohong.portal.design.acting import visitor
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.kept import kept
from cohong.portal.market.labels import industries, labels
from cohong.retail import api as retail

_NEWEST, _TRADES, _TRUSTED, _WINDOW, _WANTED = 12, 10, 6, 3, 12


@dataclass(frozen=True, slots=True)
class Hall:
    """An industry's hall: how much is on offer, and a picture of something of it."""

    industry: IndustryView
    listings: int
    picture: catalog.PictureView | None


@dataclass(frozen=True, slots=True)
class Trade:
    """Something that was traded: what, how much, from where, when; never to whom."""

    card: ListingCard
    quantity: int
    traded_at: datetime


@dataclass(frozen=True, slots=True)
class Trusted:
    """A seller whom one can trust by the rule, and what they offered last."""

    seller: PartyView
    standing: retail.SellerStanding
    shop: retail.ShopView
    window: Sequence[ListingCard]


@kept(120)
def _halls() -> tuple[Hall, ...]:
    figures = catalog.hall_figures()
    nothing = catalog.HallFigure()
    return tuple(
        Hall(one, figure.listings, figure.picture)
        for one in industries()
        for figure in [figures.get(one.code, nothing)]
    )


@kept(3)
def _trades() -> tuple[Trade, ...]:
    trades = retail.latest_trades(limit=_TRADES)
    cards = {card.id: card for card in catalog.offered(ids=[one.listing_id for one in trades])}
    return tuple(
        Trade(cards[one.listing_id], one.quantity, one.traded_at) for one in trades if one.listing_id in cards
    )


@kept(60)
def _trusted() -> tuple[Trusted, ...]:
    found = retail.trusted_sellers(limit=_TRUSTED)
    ids = [one.standing.seller_id for one in found]
    people = parties.parties(ids=ids)
    shops = retail.shops(seller_ids=ids)
    windows = catalog.shop_windows(seller_ids=ids, each=_WINDOW)
    return tuple(
        Trusted(people[id_], one.standing, shops[id_], windows[id_])
        for one in found
        for id_ in [one.standing.seller_id]
    )


@kept(10)
def _newest() -> tuple[ListingCard, ...]:
    return catalog.browse(limit=_NEWEST).items


@kept(60)
def _markets() -> tuple[MarketView, ...]:
    return tuple(parties.markets())


@kept(120)
def _wanted() -> tuple[UUID, ...]:
    return tuple(one.listing_id for one in retail.best_sold(limit=_WANTED))


@kept(20)
def _best_sold() -> tuple[ListingCard, ...]:
    return tuple(catalog.offered(ids=_wanted()))


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """Show the halls, what is traded, what sells best, what came in last, and whom one can trust."""
    newest, best = _newest(), _best_sold()
    halls = _halls()
    return show(
        request,
        "market/home.html",
        {
            "goods_halls": [hall for hall in halls if not hall.industry.is_service],
            "service_halls": [hall for hall in halls if hall.industry.is_service],
            "offered": sum(hall.listings for hall in halls),
            "trades": _trades(),
            "trusted": _trusted(),
            "rule": retail.TRUST,
            "rule_reviews": retail.TRUST_REVIEWS,
            "markets": _markets(),
            "cards": newest,
            "best": best,
            "sell_at": _sell_at(request),
            **labels(newest, best),
        },
    )


def _sell_at(request: HttpRequest) -> str:
    """Say where one begins to sell: strangers register, users say whom they trade for, and parties find their desk."""
    who = visitor(request)
    if who.user_id is None:
        return f"{reverse('account_signup')}?{urlencode({'next': reverse('portal:register_company')})}"
    return reverse("portal:merchant") if who.acting is not None else reverse("portal:welcome")


@require_safe
@page
def traded(request: HttpRequest) -> HttpResponse:
    """Show what was traded last: as a part of the home page for htmx, else as a page of its own."""
    template = "market/trades.html" if is_partial(request) else "market/traded.html"
    return show(request, template, {"trades": _trades(), **labels()})
