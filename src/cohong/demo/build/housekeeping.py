"""How the region's sellers keep house: terms of trade, low-stock levels, staff who come and go, keys, webhooks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.goods import Tell, done
from cohong.demo.build.residents import Cast
from cohong.demo.companies import Company
from cohong.demo.industries import category
from cohong.demo.people import people
from cohong.kernel import clock
from cohong.kernel.ids import named_id
from cohong.orders import api as orders
from cohong.orders.api import DeliveryKind, PaymentKind
from cohong.parties import api as parties
from cohong.parties.api import Role
from cohong.portal.webhooks import services as webhooks

# How trade is paid beside payment in advance: by the piece-load with a deposit, at the door where it is brought and set up.
_DEPOSITS: Final = {"steel", "petrochemicals", "plastics", "grain", "cars", "ceramics"}
_AT_THE_DOOR: Final = {"appliances", "furniture", "farm-produce"}
# Whose SKUs run low: the last of each list of goods, this many of them, and this much above what is there.
_LOW_SKUS: Final = 4
_GONE_SKUS: Final = 1
_WATCHED_SKUS: Final = 12
# Whose keys and webhooks there are: the sellers at whose desks one can sit down.
_WIRED: Final = ("nanyuan", "zhuqi")
_KEYS: Final = (
    ("仓库管理系统", ("orders:read", "orders:write", "logistics:read", "logistics:write", "catalog:read")),
    ("财务对账（只读）", ("orders:read", "payments:read")),
    ("旧版 ERP 接口", ("catalog:read", "catalog:write", "orders:read")),
)
_TOLD_OF: Final = ("orders.placed", "orders.paid", "orders.cancelled", "orders.return_requested")
_SILENT: Final = "https://erp.{slug}.invalid/cohong/events"


class Housekeeping:
    """What sellers set up for themselves. Each part knows whether it has been done."""

    def __init__(self, seed: int, cast: Cast, calendar: Calendar, sellers: Sequence[Company]) -> None:
        self._cast, self._calendar, self._sellers = cast, calendar, sellers
        self._consumers = [person for person in people(seed) if person.is_consumer]

    def offer_terms(self, tell: Tell) -> None:
        """Say on which terms each seller trades: one transaction a seller."""
        ids = {company.slug: self._cast.parties[company.slug] for company in self._sellers}
        known = orders.offered_terms(seller_ids=ids.values())
        for number, company in enumerate(self._sellers, 1):
            if known[ids[company.slug]].changed_at is None:
                with transaction.atomic(), clock.at(self._calendar.listed):
                    orders.offer_terms(
                        actor=self._cast.acting(company.slug, Role.SALES),
                        seller_id=ids[company.slug],
                        payments=_payments(company),
                        deliveries=_deliveries(company),
                    )
            tell(number, len(self._sellers))

    def settle_in(self) -> None:
        """Watch stock, hire and part, hand out keys, have systems told: one transaction."""
        if parties.tokens(actor=self._cast.acting(_WIRED[0])):
            return
        with transaction.atomic():
            for company in self._sellers:
                self._watch_stock(company)
            with clock.at(self._calendar.built - timedelta(hours=1)):
                catalog.tell_low_stock()
            for slug in _WIRED:
                self._hire(slug)
                self._hand_out_keys(slug)
                self._have_systems_told(slug)

    # --- stock ------------------------------------------------------------------------------------------

    def _watch_stock(self, company: Company) -> None:
        """Set levels, of which some are reached, and write off what was left of the last SKU."""
        actor = self._cast.acting(company.slug, Role.WAREHOUSE)
        rows = catalog.shelf_rows(
            actor=actor, seller_id=self._cast.parties[company.slug], limit=_WATCHED_SKUS
        ).items
        on_offer = [row for row in rows if row.state == "published" and row.stock.available]
        low, gone = on_offer[:_LOW_SKUS], on_offer[:_GONE_SKUS] if len(on_offer) > _LOW_SKUS else []
        levels = [
            catalog.LowStock(row.sku_id, _round(row.stock.available + row.stock.available // 5 + 1))
            for row in low
        ]
        levels += [catalog.LowStock(row.sku_id, row.stock.available // 20) for row in on_offer[_LOW_SKUS:]]
        with clock.at(self._calendar.built - timedelta(days=6)):
            done(catalog.set_low_stock(actor=actor, items=levels))
        items = [
            catalog.StockItem(
                row.sku_id,
                place.location_id,
                place.on_hand - place.reserved,
                "仓库漏水，整批报损。",
                named_id("demo.write-off", row.code, place.location_id),
            )
            for row in gone
            for place in row.stock.locations
            if place.on_hand > place.reserved
        ]
        with clock.at(self._calendar.built - timedelta(days=2)):
            done(catalog.write_off(actor=actor, items=items))

    # --- people, keys, systems --------------------------------------------------------------------------

    def _hire(self, slug: str) -> None:
        """Take in a bookkeeper who works for several companies, and somebody who has left since."""
        owner, party_id = self._cast.acting(slug), self._cast.parties[slug]
        keeper, passing = (self._cast.users[self._consumers[back].ref] for back in (-1, -2))
        with clock.at(self._calendar.trading):
            for user_id, role in ((keeper, Role.FINANCE), (passing, Role.WAREHOUSE)):
                parties.grant_membership(actor=owner, party_id=party_id, user_id=user_id, role=role)
        with clock.at(self._calendar.built - timedelta(days=15)):
            parties.end_membership(actor=owner, party_id=party_id, user_id=passing, role=Role.WAREHOUSE)

    def _hand_out_keys(self, slug: str) -> None:
        owner = self._cast.acting(slug)
        for place, (name, scopes) in enumerate(_KEYS):
            with clock.at(self._calendar.trading + timedelta(days=place)):
                expires_at = self._calendar.built + timedelta(days=90) if place == 1 else None
                view, _secret = parties.issue_token(
                    actor=owner, name=name, scopes=scopes, expires_at=expires_at
                )
        with clock.at(self._calendar.built - timedelta(days=20)):
            parties.revoke_token(actor=owner, token_id=view.id)

    def _have_systems_told(self, slug: str) -> None:
        """Name a system that does not answer: once the demo is served it is tried, and paused, as on any real day."""
        with clock.at(self._calendar.built - timedelta(days=4)):
            webhooks.open_endpoint(
                actor=self._cast.acting(slug), url=_SILENT.format(slug=slug), kinds=_TOLD_OF
            )


def _round(number: int) -> int:
    """Round up to a number that people would choose: two digits, then zeros."""
    step: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // step) * step


def _payments(company: Company) -> set[PaymentKind]:
    found = {PaymentKind.PREPAID}
    if _DEPOSITS & set(company.industries):
        found.add(PaymentKind.DEPOSIT)
    if _AT_THE_DOOR & set(company.industries):
        found.add(PaymentKind.ON_DELIVERY)
    return found


def _deliveries(company: Company) -> set[DeliveryKind]:
    """Goods can be picked up where they lie as well; services are had at the counter only."""
    can_travel = any("shipment" in category(leaf).deliveries for leaf in company.categories)
    return {DeliveryKind.PICK_UP, *([DeliveryKind.SHIPMENT] if can_travel else [])}
