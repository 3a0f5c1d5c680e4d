"""Every address of the site, as everyone: strangers, people, companies' members, carriers, authorities.

The ids are real ones, of an order between `moon` (buys) and `sun` (sells). `RULES` says by the beginning of an address what
kind of place it is; the first that fits counts. An address that no rule fits fails here until somebody says who may go there.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from busy_town import addresses
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from portal_town import PASSWORD, Town

from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Role
from cohong.site.api import api

# --- who ------------------------------------------------------------------------------------------------------

BUYERS, SELLERS = ("moon", "moon-purchasing"), ("sun", "sun-sales")
OUTSIDERS = ("idle", "person", "star", "wind", "statistics", "programmes", "customs")
OVERSEERS = ("supervision", "platform")
MANDATES = (*OVERSEERS, "statistics", "programmes", "customs")
#: `idle` acts for nobody, `person` for themselves, `star` for another company, `wind` for the carrier.
EVERYBODY = ("", *BUYERS, "moon-warehouse", *SELLERS, "sun-warehouse", *OUTSIDERS, *OVERSEERS)

# --- where ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """What kind of place an address is.

    `everyone`: strangers look, too. `own`: who is signed in sees their own. `theirs`: what belongs to the two sides of a trade; a
    stranger has to sign in, anyone else is told that it is not there or not theirs. `desk`: of authorities, by mandate. `basket`:
    everyone has one of their own, and who acts for nobody a stranger's. `office`: Django's admin, which sends everyone but the
    platform's people on to its own door; that lets nobody else through.
    """

    begins: str
    kind: str
    insiders: tuple[str, ...] = ()


_BOTH = (*BUYERS, *SELLERS, "moon-warehouse", "sun-warehouse")
RULES = (
    # the market, and the door
    Rule("^(health|favicon.ico|media/|api/$)", "everyone"),
    Rule(
        "^($|search/|halls/|categories/|markets/|sellers/|listings/|compare/|traded/|shops/|suggest|regions?/|guest/)",
        "everyone",
    ),
    Rule(
        "^(sign-in/|sign-out/|sign-up/|password/|e-mail/|language/|design/|app/|offline/|service-worker.js)",
        "everyone",
    ),
    Rule("^(track/|tracking/|documents/|verify/|proof|receipts/)", "everyone"),
    # one's own
    Rule("^acting-for/", "own"),
    Rule("^account/parties/<", "theirs", ("moon",)),
    Rule("^account/sessions/<", "theirs"),
    Rule("^account/security/passkeys/<", "theirs"),
    Rule("^account/", "own"),
    # a stranger has a cart, and registers at the till
    Rule("^(cart/|checkout/$)", "basket"),
    # roles of a colleague in one's own company: of nobody else's
    Rule("^merchant/staff/<", "own"),
    # what names no object, but a month or a currency of one's own
    Rule("^merchant/statements/", "own"),
    # nobody learns whether a notice is somebody else's: it is marked as read only if it is one's own
    Rule("^notices/<", "own"),
    # a link out of a mail, and what the journal lets everyone check
    Rule("^(notices/no-mail/|journal/)", "everyone"),
    # authorities: what any mandate sees of a party is what everyone may know
    Rule("^authority/($|parties/<[^>]+>/$|waybills/)", "desk", MANDATES),
    Rule("^admin/", "office", OVERSEERS),
    Rule("^(authority/|platform/)", "desk", OVERSEERS),
    # direct reporting: the register is the statistics authorities’, a report is its unit’s and theirs
    Rule("^reporting/(units|matches|official-figures)/$", "desk", ("statistics",)),
    Rule("^reporting/(units/(new|list)|official-figures)/", "desk", ("statistics",)),
    Rule("^reporting/(matches|units)/<", "theirs", ("statistics", *SELLERS)),
    Rule("^reporting/reports/<", "theirs", ("statistics", *SELLERS)),
    Rule("^reporting/$", "own"),
    # the data centre: what is published is everyone's; the orders behind a figure are the statistics authorities'
    Rule("^data/(figures/|orders/|releases/publish/)$", "desk", ("statistics",)),
    Rule("^data/research/rights/", "desk", ("statistics",)),
    Rule("^data/research/(queries|breakdowns)/", "own"),
    Rule("^data/alarms/$", "desk", ("statistics",)),
    Rule("^data/alarms/<", "theirs", ("statistics",)),
    Rule("^(data|sdmx)/", "everyone"),
    # what has an id in it belongs to somebody; what has none shows one's own
    Rule("^[^<]*<", "theirs", _BOTH),
    Rule("^(checkout/|orders/|returns/|disputes/|messages/|shipments/|merchant/)", "own"),
    Rule("^(my/|company/|notices/|favourites/|addresses/|reviews/|approvals/|spending/|history/)", "own"),
)
#: Where an overseer may look into what others traded, by their mandate.
OVERSEEN: tuple[str, ...] = ("orders/", "disputes/", "messages/", "merchant/orders/")
#: What would sign the walker out, or end what the walk stands on.
NOT_WALKED = {"sign-out/", "account/sessions/others/", "account/close/"}
#: Public things that are named by an id, under places that are otherwise somebody's.
PUBLIC_BY_ID = re.compile(r"^(shops|sellers|listings|markets|reviews)/")


def rule_of(route: str) -> Rule | None:
    return next((one for one in RULES if re.match(one.begins, route)), None)


def patterns() -> list[URLPattern]:
    """List all addresses of pages."""

    def walk(found: Any, before: str) -> Iterator[Any]:
        for one in found:
            if isinstance(one, URLPattern):
                one.route = before + str(one.pattern).lstrip("^").rstrip("$")
                yield one
            else:
                yield from walk(one.url_patterns, before + str(one.pattern))

    return [one for one in walk(get_resolver().url_patterns, "") if not one.route.startswith("api/v1/")]


def test_every_address_is_of_a_kind():
    assert [one.route for one in patterns() if rule_of(one.route) is None] == []


# --- the people -----------------------------------------------------------------------------------------------


def populate(town: Town) -> dict[str, Any]:
    """Make those who do not live in the town already; returns whom each acts for."""

    def user(name: str) -> Any:
        return parties.sign_up(username=name, password=PASSWORD, email=f"{name}@demo.invalid")

    user("idle")
    person = parties.register_person(user_id=user("person"), name="林海", phone="13812345678")
    for boss, actor in (("moon", town.buyer), ("sun", town.seller)):
        for role in (Role.PURCHASING, Role.SALES, Role.WAREHOUSE):
            name = f"{boss}-{role.value}"
            if name in EVERYBODY:
                parties.grant_membership(actor=actor, party_id=actor.party_id, user_id=user(name), role=role)
    acting = {"person": person, "star": town.other.party_id, "wind": town.carrier.party_id}
    for mandate in Mandate:
        acting[mandate.value] = parties.register_authority(
            actor=SYSTEM, name=f"{mandate.label}局", mandates=[mandate], owner_user_id=user(mandate.value)
        )
    return acting


def window(who: str, *, enforce: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce, raise_request_exception=False)
    client.cookies["django_language"] = "en"
    if who:
        assert client.login(username=who, password=PASSWORD)
    return client


def places(town: Town) -> list[tuple[str, str]]:
    """Give every address real ids: as the pages' own tests know it, else ids of the same name met elsewhere."""
    looked_at = {name: address.split("?")[0] for name, address in addresses(town).items()}
    known: dict[str, Any] = {}
    for address in looked_at.values():
        known.update(resolve(address).kwargs)
    known |= {
        "party_id": town.buyer.party_id,
        "user_id": town.buyer.user_id,
        "act": "approve",
        "path": "none.png",
        "uidb36": "a",
        "key": "b-c",
        "language": "en",
        "code": "clothing",
    }
    found = []
    for one in patterns():
        if one.name in looked_at and "<" in one.route:
            found.append((one.route, looked_at[one.name]))
            continue
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", one.route)

        def fill(match: re.Match[str]) -> str:
            kind, _, name = match[1].rpartition(":")
            fallback: Any = {"uuid": new_id(), "int": 1}.get(kind, "x")
            return str(known.get(name, fallback))

        found.append((one.route, "/" + re.sub(r"<([^>]+)>", fill, route)))
    return found


def outcome(answer: Any) -> str:
    """Say in a word what became of a request."""
    status = answer.status_code
    if status in (301, 302, 303) or "HX-Redirect" in answer:
        where = answer.get("Location") or answer["HX-Redirect"]
        if where.startswith("/account/it-is-me/"):
            return "is it you"
        return "sign in" if where.startswith("/sign-in/?next=") else "moved"
    return "seen" if status in (200, 204, 304) else str(status)


_TOLD = {"404", "405"}
#: Kind of place, and who comes: what may become of looking there.
MAY_SEE = {
    ("everyone", "stranger"): {"seen", "moved", "400", "422", "429", *_TOLD},
    ("everyone", "anyone"): {"seen", "moved", "400", "422", "429", *_TOLD},
    ("own", "stranger"): {"sign in", *_TOLD},
    ("own", "anyone"): {"seen", "moved", "is it you", "403", "422", *_TOLD},
    ("theirs", "stranger"): {"sign in", *_TOLD},
    ("theirs", "anyone"): {"is it you", "403", *_TOLD},
    ("theirs", "insider"): {"seen", "moved", "403", "409", "422", *_TOLD},
    ("theirs", "overseer"): {"seen", "moved", "403", "409", "422", *_TOLD},
    ("desk", "stranger"): {"sign in", *_TOLD},
    ("desk", "anyone"): {"403", *_TOLD},
    ("desk", "insider"): {"seen", "moved", "403", "422", *_TOLD},
    ("basket", "stranger"): {"seen", "moved", "sign in", *_TOLD},
    ("basket", "anyone"): {"seen", "moved", "sign in", "403", *_TOLD},
    ("office", "stranger"): {"sign in", "moved", *_TOLD},
    ("office", "anyone"): {"moved", "403", *_TOLD},
    ("office", "insider"): {"seen", "moved", "403", "422", *_TOLD},
}
#: The same for acting there with an empty form.
MAY_ACT = {
    ("everyone", "stranger"): {"seen", "moved", "sign in", "400", "403", "409", "422", "429", *_TOLD},
    ("everyone", "anyone"): {"seen", "moved", "400", "403", "409", "422", "429", *_TOLD},
    ("own", "stranger"): {"sign in", "403", *_TOLD},
    ("own", "anyone"): {"seen", "moved", "is it you", "400", "403", "409", "422", "429", *_TOLD},
    ("theirs", "stranger"): {"sign in", "403", *_TOLD},
    ("theirs", "anyone"): {"is it you", "403", "422", *_TOLD},
    ("theirs", "overseer"): {"403", "409", "422", *_TOLD},
    ("desk", "stranger"): {"sign in", "403", *_TOLD},
    ("desk", "anyone"): {"403", "422", *_TOLD},
    ("basket", "stranger"): {"seen", "moved", "sign in", "403", "422", *_TOLD},
    ("basket", "anyone"): {"seen", "moved", "sign in", "403", "409", "422", *_TOLD},
    ("office", "stranger"): {"sign in", "moved", "403", *_TOLD},
    ("office", "anyone"): {"moved", "403", *_TOLD},
}


def kind_of(route: str, who: str) -> tuple[str, str]:
    rule = rule_of(route)
    assert rule is not None, f"who may go to {route}? Say it in RULES."
    kind = "everyone" if rule.kind == "theirs" and PUBLIC_BY_ID.match(route) else rule.kind
    if not who:
        return kind, "stranger"
    if kind == "theirs" and who in OVERSEERS and route.startswith(OVERSEEN):
        return kind, "overseer"
    return kind, "insider" if who in rule.insiders and kind in ("theirs", "desk", "office") else "anyone"


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "stranger")
def test_everyone_sees_what_they_may_and_changes_nothing_of_others(town: Town, who: str):
    populate(town)
    here = places(town)
    [order_id] = {
        str(resolve(address).kwargs["order_id"])
        for route, address in here
        if route == "orders/<uuid:order_id>/"
    }
    before = _as_it_stands(town, order_id)
    client, flaws = window(who), []
    for route, address in here:
        if route in NOT_WALKED:
            continue
        kind, comer = kind_of(route, who)
        told = outcome(client.get(address))
        if told not in MAY_SEE[kind, comer]:
            flaws.append(f"GET {address} ({route}), {kind}: {who or 'a stranger'} got {told}")
        if comer == "insider":
            continue
        told = outcome(client.post(address, {"reason": "x", "text": "x", "act": "x", "wanted": "0"}))
        if told not in MAY_ACT[kind, comer]:
            flaws.append(f"POST {address} ({route}), {kind}: {who or 'a stranger'} got {told}")
    assert "\n".join(flaws) == ""
    if who not in BUYERS:  # a buyer's own pages change the buyer's own
        assert _as_it_stands(town, order_id) == before


def _as_it_stands(town: Town, order_id: str) -> Any:
    view = orders.orders(actor=town.buyer, side="buyer")
    mine = [(one.id, one.state, one.number) for one in view]
    return mine, [
        entry.envelope.id for entry in orders.evidence(actor=town.buyer, order_id=parties_id(order_id))
    ]


def parties_id(text: str) -> Any:
    return type(new_id())(text)


def test_no_form_from_elsewhere_is_taken_anywhere(town: Town):
    populate(town)
    client, flaws = window("star", enforce=True), []
    for route, address in places(town):
        told = client.post(address, {"reason": "x"}).status_code
        if told != 403:
            flaws.append(f"{address} ({route}): {told}")
    # The interface asks for its own token; a mail program follows a signed link out of a mail (RFC 8058).
    assert [one for one in flaws if not one.startswith(("/api/", "/sdmx/", "/notices/no-mail/"))] == []


# --- the interface --------------------------------------------------------------------------------------------

#: What strangers may ask of the interface, besides what it declares to take no token: whoever brings one sees more of it.
OPEN = {"/api/v1/catalog/listings/{listing_id}"}
#: 503 is not among them: no bank and no carrier is connected here.
BROKEN = {500, 502}
NAMES_NOBODY = {"401", "403", "404", "422"}
#: What is personal or of a trade: to others it is not there.
PRIVATE = re.compile(
    r"^/api/v1/(orders/(?!disputes$|purchase-limits$|offered-terms|holds)|payments/\{|retail/(checkouts|approvals)/\{"
    r"|logistics/(addresses/\{|shipments/)|parties/(tokens/\{|\{party_id\}/(looks|memberships|confirmation|restrictions)))"
)


@pytest.mark.parametrize("who", ["", "star", "person", "wind", "customs"], ids=lambda who: who or "stranger")
def test_the_interface_gives_nothing_away(town: Town, who: str):
    acting = populate(town)
    known: dict[str, Any] = {}
    for address in addresses(town).values():
        known.update(resolve(address.split("?")[0]).kwargs)
    known |= {
        "party_id": town.buyer.party_id,
        "user_id": town.buyer.user_id,
        "act": "approve",
        "role": "owner",
    }
    known |= {
        "mandate": "platform",
        "code": "clothing",
        "provider": "bank",
        "seller_id": town.seller.party_id,
    }
    client, flaws = window(who), []
    for path, methods in api.get_openapi_schema()["paths"].items():
        address = re.sub(r"\{(\w+)\}", lambda match: str(known.get(match[1], new_id())), path)
        for method, operation in methods.items():
            headers = {"Acting-For": str(acting[who])} if who else {}
            if method != "get":
                headers["Idempotency-Key"] = str(new_id())
            answer = client.generic(
                method.upper(), address, "{}", content_type="application/json", headers=headers
            )
            said = f"{method.upper()} {path}: {who or 'a stranger'} got {answer.status_code}"
            takes_token = operation.get("security") and path not in OPEN
            tells = not who and takes_token and str(answer.status_code) not in NAMES_NOBODY
            if answer.status_code in BROKEN or tells:
                flaws.append(said)
            elif who and PRIVATE.match(path) and answer.status_code < 400:
                flaws.append(f"{said} {json.dumps(answer.content.decode()[:80])}")
    assert "\n".join(flaws) == ""
