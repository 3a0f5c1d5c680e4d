"""How the demo's companies buy: address books, to whom invoices are made out, purchase limits, and requests for approval.

Each company that only buys has all of it. What its buyers asked for above the limit stands in every state: approved and
ordered, refused, taken back, and two that wait. It all happened in the last days of the demo, after its trades.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.goods import Tell, done, sku_id
from cohong.demo.build.residents import Cast
from cohong.demo.companies import Company, companies
from cohong.demo.listings import Listing, Sku
from cohong.demo.people import Person, people
from cohong.demo.regions import place_name
from cohong.kernel import clock
from cohong.kernel.ids import UUID, named_id_at
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import InvoiceKind, InvoiceTerms
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.payments import api as payments
from cohong.retail import api as retail

# Limits that companies set, in fen; each takes the least under which its orders since then stayed.
_LIMITS: Final = (2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000)
_LIMIT_SET: Final = timedelta(days=9)
_MOST: Final = 200
_BANKS: Final = ("中国工商银行", "中国建设银行", "中国农业银行", "招商银行")
_ASKED: Final = (
    ("下月生产用料，供应商报价本周内有效。", timedelta(days=7, hours=3)),
    ("年度备货，一次买齐比分三次便宜。", timedelta(days=5, hours=1)),
    ("原供应商交期延误，换一家补上。", timedelta(days=3, hours=4)),
    ("客户追加订单，材料周五前要到厂。", timedelta(hours=22)),
    ("仓库安全库存不足，请尽快批。", timedelta(hours=2)),
)
_REFUSED: Final = "年度备货已在预算外，先买一个季度的量，再重新提交。"


class Purchasing:
    """Sets up how companies buy. What is there already is not done again."""

    def __init__(self, seed: int, cast: Cast, calendar: Calendar, listings: Sequence[Listing]) -> None:
        self._seed, self._cast, self._calendar = seed, cast, calendar
        self._listings = listings
        self._buyers = [company for company in companies(seed) if not company.sells]

    # --- books ------------------------------------------------------------------------------------------

    def keep_books(self) -> None:
        """Write everyone's address book, and to whom companies have their invoices made out: one transaction."""
        with transaction.atomic(), clock.at(self._calendar.trading):
            for company in self._buyers:
                self._company_books(company)
            for person in people(self._seed):
                if person.is_consumer:
                    self._book(self._cast.acting(person.ref), [home_of(person)])

    def _company_books(self, company: Company) -> None:
        actor = self._cast.acting(company.slug)
        buyer = _with(self._cast.staff(company.slug), "purchasing")
        street = company.address.removeprefix(place_name(company.region))
        receiver = self._cast.staff(company.slug)[-1]
        # The newest stands first after the default one.
        gate = logistics.Address(
            recipient=receiver.name.zh_hans,
            phone=receiver.phone,
            region_code=company.region,
            street=f"{street} 二期仓库 3 号门",
        )
        self._book(actor, [address_of(company, buyer), gate])
        if not orders.invoice_profiles(actor=actor):
            for terms in invoices_of(self._seed, company):
                orders.save_invoice_profile(actor=actor, terms=terms)

    def _book(self, actor: Actor, addresses: Sequence[logistics.Address]) -> None:
        if not logistics.addresses(actor=actor):
            for address in addresses:
                logistics.save_address(actor=actor, address=address)

    # --- limits and approvals ---------------------------------------------------------------------------

    def ask(self, tell: Tell) -> None:
        """Let each company set a limit, its buyers ask for more, and others decide: one transaction a company."""
        for number, company in enumerate(self._buyers, 1):
            owner = self._cast.acting(company.slug)
            if not orders.purchase_limits(actor=owner):
                with transaction.atomic():
                    self._set_and_ask(company, owner)
            tell(number, len(self._buyers))

    def _set_and_ask(self, company: Company, owner: Actor) -> None:
        since = self._calendar.built - _LIMIT_SET
        lately = [
            order.total.minor
            for order in orders.orders(actor=owner, side="buyer", limit=_MOST, with_lines=False)
            if order.placed_at >= since and order.total.currency == "CNY"
        ]
        limit = next((one for one in _LIMITS if one >= max(lately, default=0)), _LIMITS[-1])
        with clock.at(since):
            orders.set_purchase_limit(actor=owner, limit=Money(limit, "CNY"))
        buyer, finance = (
            self._cast.acting(company.slug, Role.PURCHASING),
            self._cast.acting(company.slug, Role.FINANCE),
        )
        if buyer == owner:
            return  # There is nobody whom the limit binds.
        wanted = self._above(company, limit)
        for place, (reason, ago) in enumerate(_ASKED):
            items = next(wanted, None)
            if items is None:
                return
            self._decide(place, self._request(company, buyer, items, reason, ago), buyer, finance, ago)

    def _request(
        self, company: Company, buyer: Actor, items: list[retail.CartItem], reason: str, ago: timedelta
    ) -> UUID:
        at = self._calendar.built - ago
        person = _with(self._cast.staff(company.slug), "purchasing")
        with clock.at(at):
            retail.put(actor=buyer, items=items)
            wish = retail.CheckoutWish(
                id=named_id_at(at, "demo.approval", company.slug, reason),
                address=address_of(company, person),
                invoice=invoices_of(self._seed, company)[0],
                sku_ids=tuple(item.sku_id for item in items),
            )
            return retail.request_approval(actor=buyer, wish=wish, reason=reason)

    def _decide(self, place: int, asked: UUID, buyer: Actor, finance: Actor, ago: timedelta) -> None:
        """Let the first be approved and paid, the second be refused, the third be taken back; the others wait."""
        at = self._calendar.built - ago
        with clock.at(at + timedelta(hours=3, minutes=20)):
            if place == 1:
                retail.reject(actor=finance, approval_id=asked, reason=_REFUSED)
            if place == 2:
                retail.withdraw(actor=buyer, approval_id=asked)
            if place == 0:
                placed = retail.approve(actor=finance, approval_id=asked).orders
                for order in placed:
                    self._pay(finance, order)

    def _pay(self, finance: Actor, order: retail.PlacedOrder) -> None:
        deposit = payments.Deposit(
            party_id=finance.party_id,
            amount=order.total,
            reference=named_id_at(clock.now(), "demo.deposit", order.order_id),
        )
        done(payments.deposit(actor=SYSTEM, items=[deposit]))
        done(orders.pay(items=[orders.PayOrder(actor=finance, order_id=order.order_id)]))

    def _above(self, company: Company, limit: int) -> Iterator[list[retail.CartItem]]:
        """Find goods of the company's trade and how many of them come to more than the limit, each listing once."""
        for listing in self._listings[:-1]:  # the last one will be held
            if listing.category not in company.categories or listing.currency != "CNY":
                continue
            if "shipment" not in listing.deliveries or listing.seller == company.slug:
                continue
            sku = listing.skus[0]
            quantity = _quantity_above(listing, sku, limit * 6 // 5)
            stock = catalog.stock_of(sku_ids=[sku_id(sku)])[sku_id(sku)]
            if quantity and stock.available >= quantity:
                yield [retail.CartItem(sku_id(sku), quantity)]


def _quantity_above(listing: Listing, sku: Sku, minor: int) -> int:
    """Reckon how many come to more than a sum at the price for so many, in whole multiples; 0 if it would be too many."""
    for tier, following in zip(sku.tiers, (*sku.tiers[1:], None), strict=True):
        count = max(tier.min_quantity, listing.min_order, minor // tier.unit_price_minor + 1)
        count = -(-count // listing.order_multiple) * listing.order_multiple
        if following is None or count < following.min_quantity:
            return count
    return 0


# --- who, and where --------------------------------------------------------------------------------------


def _with(staff: Sequence[Person], role: str) -> Person:
    return next((person for person in staff if role in person.roles), staff[0])


def address_of(company: Company, recipient: Person) -> logistics.Address:
    """Give where a company's goods go, and to whom."""
    return logistics.Address(
        recipient=recipient.name.zh_hans,
        phone=recipient.phone,
        region_code=company.region,
        street=company.address.removeprefix(place_name(company.region)),
    )


def home_of(person: Person) -> logistics.Address:
    """Give where a person lives."""
    return logistics.Address(
        recipient=person.name.zh_hans,
        phone=person.phone,
        region_code=person.city,
        street=person.address.removeprefix(place_name(person.city)),
    )


def invoices_of(seed: int, company: Company) -> tuple[InvoiceTerms, InvoiceTerms]:
    """Give to whom a company's invoices are made out: the special VAT invoice with its bank account, and the ordinary one."""
    dice = Random(f"{seed}:invoices:{company.slug}")
    special = InvoiceTerms(
        kind=InvoiceKind.SPECIAL,
        title=company.name.zh_hans,
        tax_number=company.credit_code,
        address=company.address,
        phone=company.phone,
        bank=f"{dice.choice(_BANKS)}{place_name(company.region)}支行",
        # Nobody's: no bank gives out numbers that begin so.
        account=f"0000{dice.randrange(10**15):015d}",
    )
    ordinary = InvoiceTerms(
        kind=InvoiceKind.ORDINARY, title=company.name.zh_hans, tax_number=company.credit_code
    )
    return special, ordinary
