"""Lists of listings that everyone sees: search, an industry's hall, a category, a market.

One page for all of them; they differ in what it is bounded to, and in what stands above the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import Asked, Counts, Reference, SearchSort
from cohong.kernel.money import Money, exponent, format_money
from cohong.parties import api as parties
from cohong.parties.api import Names, PartyView
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.design.places import places
from cohong.portal.market.labels import labels

PAGE: Final = 30
_POPULAR: Final = 6
_SHOWN: Final = 7
_MOST_VALUES: Final = 50
_LONGEST: Final = 100
_DEEPEST: Final = 10**6
_DEAREST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: how many listings it would leave, and whether it is chosen."""

    name: str
    value: str
    label: str
    count: int
    chosen: bool
    id: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A property to narrow by. Few values are shown, the others on asking; what is chosen is always shown."""

    label: str
    shown: Sequence[Value]
    more: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere else to look, and how much is there."""

    label: str
    href: str
    count: int | None = None
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a list is of: where it is bounded to, and what its page shows above it."""

    template: str
    within: Asked
    context: Mapping[str, Any] = field(default_factory=dict)


# --- the pages -------------------------------------------------------------------------------------------


@require_safe
@page
def search(request: HttpRequest) -> HttpResponse:
    """Show what has the words, or what comes close to them."""
    return _list(request, Head("market/search.html", Asked()))


@require_safe
@page
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """Show an industry's hall: its categories and its goods."""
    known = catalog.reference()
    industry = known.industries.get(code) or parties.industry(code=code)
    context = {"industry": industry, "categories": _shelves(known, code), "here": industry.names}
    return _list(request, Head("market/hall.html", Asked(in_industry=code), context))


@require_safe
@page
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Show a category's goods, in its industry's hall."""
    known = catalog.reference()
    here = known.categories.get(code) or catalog.category(code=code)
    industry = known.industries.get(here.industry_code) or parties.industry(code=here.industry_code)
    context = {
        "industry": industry,
        "categories": _shelves(known, here.industry_code),
        "category": here,
        "here": here.names,
    }
    return _list(request, Head("market/hall.html", Asked(in_category=code), context))


@require_safe
@page
def market(request: HttpRequest, market_id: UUID) -> HttpResponse:
    """Show a market's goods."""
    here = parties.market(market_id=market_id)
    context = {"market": here, "here": here.names}
    return _list(request, Head("market/market.html", Asked(in_market=market_id), context))


@require_safe
@page
def suggestions(request: HttpRequest) -> HttpResponse:
    """Propose what the visitor may be typing: categories, goods, sellers; for the field in the masthead."""
    typed = request.GET.get("q", "")[:_LONGEST]
    found = catalog.suggest(typed=typed) if typed.isprintable() else []
    people = parties.parties(ids=[one.seller_id for one in found if one.seller_id is not None])
    known = catalog.reference()
    answer = JsonResponse(
        {"items": [_proposed(one, known, people) for one in found]}, json_dumps_params={"ensure_ascii": False}
    )
    answer["Cache-Control"] = "private, max-age=30"
    return answer


def _proposed(one: catalog.Suggestion, known: Reference, people: Mapping[UUID, PartyView]) -> dict[str, Any]:
    if one.category:
        kind, label = (
            pgettext("what goods are called together", "Category"),
            _shown(known.categories[one.category].names),
        )
        address = reverse("portal:category", args=[one.category])
    elif one.seller_id is not None:
        kind, label = gettext("Seller"), _name_of(people.get(one.seller_id))
        address = reverse("portal:seller", args=[one.seller_id])
    else:
        kind, label = "", one.text
        address = f"{reverse('portal:search')}?{_encoded({'q': [one.text]})}"
    return {"kind": kind, "label": label, "href": address, "count": f"{one.count:,}"}


def _shelves(known: Reference, industry_code: str) -> list[catalog.Category]:
    return [
        one
        for one in known.categories.values()
        if one.industry_code == industry_code and one.parent_code is not None
    ]


# --- one list --------------------------------------------------------------------------------------------


def _list(request: HttpRequest, head: Head) -> HttpResponse:
    """Show a page of a list; asked by htmx, only what it is made of, or only the cards that come next."""
    known = catalog.reference()
    asked = _asked(request.GET, head.within)
    number = _whole(request.GET.get("page", "")) or 1
    only_cards = is_partial(request) and "more" in request.GET
    found = catalog.search(asked=asked, page=number, size=PAGE, counted=not only_cards)
    shown: dict[str, Any] = {
        "found": found,
        "cards": found.cards,
        "more": _address(request, page=[str(found.page + 1)], more=["1"]) if found.page < found.pages else "",
        "next": _address(request, page=[str(found.page + 1)]) if found.page < found.pages else "",
        "previous": _previous(request, found.page),
        "text": asked.text,
    }
    if only_cards:
        return show(request, "market/more.html", {**shown, **labels(found.cards)})
    people = _people(asked, found.counts)
    shown |= {
        "asked": asked,
        "within": head.within,
        "facets": _facets(asked, head.within, found.counts, known, people),
        "bands": _bands(request, asked, found.counts),
        "money_unit": _currency(asked),
        "price_from": request.GET.get("from", "")[:20],
        "price_to": request.GET.get("to", "")[:20],
        "chips": _chips(request, asked, known, people),
        "sorts": _sorts(asked),
        "cleared": _cleared(request),
        "page_said": gettext("Page {page} of {pages}").format(
            page=f"{found.page:,}", pages=f"{found.pages:,}"
        ),
    }
    if not found.cards:
        shown |= _help(request, asked, known)
    shown |= labels(found.cards, shown.get("popular", ()))
    if is_partial(request):
        return show(request, "market/found.html", {**head.context, **shown})
    return show(request, head.template, {**head.context, **shown})


def _asked(query: QueryDict, within: Asked) -> Asked:
    """Read a question from an address. What makes no sense there is left out; it never was asked."""
    text = query.get("q", "").strip()
    sort = query.get("sort", "")
    known_sort = SearchSort(sort) if sort in {one.value for one in SearchSort} else SearchSort.RELEVANCE
    currency = query.get("currency", "")
    asked = Asked(
        text=text,
        in_industry=within.in_industry,
        in_category=within.in_category,
        in_market=within.in_market,
        categories=_values(query, "category"),
        industries=_values(query, "industry"),
        regions=_values(query, "region"),
        sellers=tuple(party for one in _values(query, "seller") if (party := _uuid(one)) is not None),
        options=tuple(one for one in _values(query, "option") if "=" in one),
        currency=currency,
        sort=known_sort,
    )
    places_after = exponent(_currency(asked))
    return msgspec.structs.replace(
        asked,
        price_from_minor=_minor(query.get("from", ""), places_after),
        price_to_minor=_minor(query.get("to", ""), places_after),
    )


def _currency(asked: Asked) -> str:
    """Say in which currency a list's prices are asked for."""
    own: str = settings.COHONG_CURRENCY
    return asked.currency or own


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    given = [one for one in query.getlist(name) if one and len(one) <= _LONGEST]
    return tuple(dict.fromkeys(given))[:_MOST_VALUES]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    return (
        min(int(text), _DEEPEST) if text.isascii() and text.isdigit() and len(text) < _MOST_VALUES else None
    )


def _minor(text: str, places_after: int) -> int | None:
    """Read a price in major units; what is no amount is not asked."""
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= _DEAREST:
        return None
    return int(amount.scaleb(places_after))


# --- addresses -------------------------------------------------------------------------------------------


def _encoded(values: Mapping[str, Sequence[str]]) -> str:
    query = QueryDict(mutable=True)
    for name, some in values.items():
        query.setlist(name, list(some))
    return query.urlencode()


def _address(request: HttpRequest, **changes: Sequence[str]) -> str:
    """Write this list's address with some of its values changed; another question begins at its first page."""
    query = request.GET.copy()
    for name in ("page", "more"):
        query.pop(name, None)
    for name, some in changes.items():
        query.setlist(name, list(some))
        if not some:
            del query[name]
    kept = {name: [one for one in query.getlist(name) if one] for name in query}
    encoded = _encoded({name: some for name, some in kept.items() if some})
    return f"{request.path}?{encoded}" if encoded else request.path


def _without(request: HttpRequest, name: str, value: str) -> str:
    return _address(request, **{name: [one for one in request.GET.getlist(name) if one != value]})


def _previous(request: HttpRequest, number: int) -> str:
    if number <= 1:
        return ""
    return _address(request, page=[str(number - 1)] if number > 2 else [])  # noqa: PLR2004 - the first has no number


def _cleared(request: HttpRequest) -> str:
    """Write the address without any filter; the words and the order stay."""
    kept = {name: request.GET.getlist(name) for name in ("q", "sort") if request.GET.get(name)}
    return f"{request.path}?{_encoded(kept)}" if kept else request.path


# --- facets ----------------------------------------------------------------------------------------------


def _people(asked: Asked, counts: Counts | None) -> dict[UUID, PartyView]:
    wanted = {*asked.sellers, *(counts.sellers if counts is not None else ())}
    return parties.parties(ids=wanted) if wanted else {}


def _facets(
    asked: Asked, within: Asked, counts: Counts | None, known: Reference, people: Mapping[UUID, PartyView]
) -> list[Facet]:
    if counts is None:
        return []
    facets = []
    if not within.in_industry and not within.in_category:
        facets.append(
            _facet(
                gettext("Industry"),
                "industry",
                (
                    (code, _shown(one.names), counts.industries.get(code, 0))
                    for code, one in known.industries.items()
                ),
                asked.industries,
            )
        )
    if within.in_category not in known.leaves:
        leaves = [one for code, one in known.categories.items() if code in known.leaves]
        facets.append(
            _facet(
                pgettext("what goods are called together", "Category"),
                "category",
                ((one.code, _shown(one.names), counts.categories.get(one.code, 0)) for one in leaves),
                asked.categories,
            )
        )
    facets += _option_facets(asked, counts, known)
    cities = {one.code: one for one in places(list(known.regions.values()))}
    chosen = {code: known.regions[code] for code in asked.regions if code in known.regions}
    facets.append(
        _facet(
            pgettext("place", "From"),
            "region",
            (
                (code, _shown(one.names), counts.regions.get(code, 0))
                for code, one in {**cities, **chosen}.items()
            ),
            asked.regions,
        )
    )
    facets.append(
        _facet(
            gettext("Seller"),
            "seller",
            ((str(id_), _name_of(people.get(id_)), count) for id_, count in counts.sellers.items()),
            tuple(str(one) for one in asked.sellers),
        )
    )
    return [one for one in facets if len(one.shown) > 1 or any(value.chosen for value in one.shown)]


def _option_facets(asked: Asked, counts: Counts, known: Reference) -> list[Facet]:
    if not counts.category:
        return []
    facets = []
    for attribute in known.categories[counts.category].attributes:
        numbers = counts.options.get(attribute.code)
        if numbers is None:
            continue
        labels = {one.code: _shown(one.names) for one in attribute.options} or {
            "yes": gettext("yes"),
            "no": gettext("no"),
        }
        values = ((f"{attribute.code}={code}", label, numbers.get(code, 0)) for code, label in labels.items())
        facets.append(_facet(_shown(attribute.names), "option", values, asked.options))
    return facets


def _facet(label: str, name: str, values: Iterable[tuple[str, str, int]], chosen: Sequence[str]) -> Facet:
    """Make a facet of (value, label, count); the most frequent values first, those that find nothing only if they are chosen."""
    made = [
        Value(name, value, text, count, value in chosen, f"{name}-{value}")
        for value, text, count in values
        if count or value in chosen
    ]
    made.sort(key=lambda one: (not one.chosen, -one.count))
    few = max(_SHOWN, sum(one.chosen for one in made))
    # One more is not worth a further click.
    few = few if len(made) > few + 1 else len(made)
    return Facet(label, made[:few], made[few:])


def _bands(request: HttpRequest, asked: Asked, counts: Counts | None) -> list[Link]:
    if counts is None:
        return []
    links = []
    for band in counts.bands:
        low, high = Money(band.from_minor, band.currency), band.to_minor
        if high is None:
            label = gettext("from {price}").format(price=format_money(low))
        elif not band.from_minor:
            label = gettext("under {price}").format(price=format_money(Money(high + 1, band.currency)))
        else:
            label = f"{format_money(low)} – {format_money(Money(high + 1, band.currency))}"
        here = (asked.price_from_minor or 0, asked.price_to_minor) == (band.from_minor, band.to_minor)
        bounds = {
            "from": [] if not band.from_minor else [_major(band.from_minor, band.currency)],
            "to": [] if high is None else [_major(high, band.currency)],
        }
        if here:
            bounds = {"from": [], "to": []}
        links.append(Link(label, _address(request, **bounds), band.count, here))
    return links


def _major(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-exponent(currency)))


def _chips(
    request: HttpRequest, asked: Asked, known: Reference, people: Mapping[UUID, PartyView]
) -> list[Link]:
    """List what is filtered by, each with the address without it."""
    chips = [
        Link(_shown(table[value].names) if value in table else value, _without(request, name, value))
        for name, values, table in (
            ("industry", asked.industries, known.industries),
            ("category", asked.categories, known.categories),
            ("region", asked.regions, known.regions),
        )
        for value in values
    ]
    chips += [
        Link(_name_of(people.get(one)) or gettext("Seller"), _without(request, "seller", str(one)))
        for one in asked.sellers
    ]
    chips += [Link(_option_label(one, known), _without(request, "option", one)) for one in asked.options]
    currency = _currency(asked)
    low, high = asked.price_from_minor, asked.price_to_minor
    if low is not None:
        said = gettext("from {price}").format(price=format_money(Money(low, currency)))
        chips.append(Link(said, _address(request, **{"from": []})))
    if high is not None:
        said = gettext("up to {price}").format(price=format_money(Money(high, currency)))
        chips.append(Link(said, _address(request, to=[])))
    return chips


def _option_label(written: str, known: Reference) -> str:
    code, _, option = written.partition("=")
    for category_ in known.categories.values():
        for attribute in category_.attributes:
            if attribute.code != code:
                continue
            names = next((one.names for one in attribute.options if one.code == option), None)
            if names is not None:
                return _shown(names)
            if option in ("yes", "no") and not attribute.options:
                return f"{_shown(attribute.names)}: {gettext('yes') if option == 'yes' else gettext('no')}"
    return option


def _sorts(asked: Asked) -> list[tuple[str, str, bool]]:
    named = [
        (SearchSort.NEWEST, gettext("newest first")),
        (SearchSort.SELLING, gettext("best selling first")),
        (SearchSort.CHEAPEST, gettext("cheapest first")),
        (SearchSort.DEAREST, gettext("dearest first")),
    ]
    chosen = asked.sort
    if asked.text:
        named.insert(0, (SearchSort.RELEVANCE, gettext("best match first")))
    elif chosen is SearchSort.RELEVANCE:
        chosen = SearchSort.NEWEST
    return [(sort.value, label, sort is chosen) for sort, label in named]


# --- nothing found ---------------------------------------------------------------------------------------


def _help(request: HttpRequest, asked: Asked, known: Reference) -> dict[str, Any]:
    """Say where else to look: fewer words, fewer filters, the nearest categories; and what sells well."""
    wider = catalog.widen(asked=asked)
    names = {
        "category": (pgettext("what goods are called together", "Category"), ("category",)),
        "industry": (gettext("Industry"), ("industry",)),
        "region": (pgettext("place", "From"), ("region",)),
        "seller": (gettext("Seller"), ("seller",)),
        "price": (gettext("Price"), ("from", "to")),
    }
    without = []
    for name, count in wider.without:
        if name.startswith("option:"):
            code = name.partition(":")[2]
            kept = [one for one in request.GET.getlist("option") if one.partition("=")[0] != code]
            label = next(
                (
                    _shown(attribute.names)
                    for one in known.categories.values()
                    for attribute in one.attributes
                    if attribute.code == code
                ),
                code,
            )
            without.append(Link(label, _address(request, option=kept), count))
        else:
            label, parameters = names[name]
            without.append(Link(label, _address(request, **{one: [] for one in parameters}), count))
    return {
        "fewer": [Link(text, _address(request, q=[text]), count) for text, count in wider.texts],
        "without": without,
        "nearest": [
            Link(_shown(known.categories[code].names), reverse("portal:category", args=[code]))
            for code in wider.categories
        ],
        "popular": catalog.search(asked=Asked(sort=SearchSort.SELLING), size=_POPULAR, counted=False).cards,
    }


def _shown(names: Names) -> str:
    return names.shown(get_language() or "en")


def _name_of(party: PartyView | None) -> str:
    if party is None:
        return ""
    return (party.name_en if get_language() == "en" else "") or party.name
