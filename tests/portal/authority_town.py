"""The town's authorities: supervision, the platform, customs and statistics, with the people who sign in for them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from portal_town import PASSWORD, Town

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Names, Role
from cohong.payments import api as payments
from cohong.statistics import api as register

#: Page, who looks, the most queries it may take.
BOUNDS: dict[str, tuple[str, int]] = {
    "authority": ("lantern", 19),
    "authority_waybill": ("lantern", 12),
    "authority_party": ("lantern", 40),
    "authority_party_orders": ("lantern", 12),
    "authority_party_listings": ("lantern", 14),
    "authority_user": ("lantern", 12),
    "authority_order": ("lantern", 45),
    "authority_evidence": ("lantern", 60),
    "authority_evidence_file": ("lantern", 60),
    "authority_listing": ("lantern", 32),
    "authority_holds": ("lantern", 11),
    "authority_hold": ("lantern", 14),
    "authority_disputes": ("lantern", 11),
    "authority_dispute": ("lantern", 15),
    "authority_registration": ("lamp", 11),
    "authority_authorities": ("lamp", 10),
    "authority_reasons": ("lantern", 9),
    "authority_markets": ("lamp", 14),
    "authority_fees": ("lamp", 16),
    "authority_parameters": ("lamp", 12),
    "authority_money": ("lamp", 12),
    "authority_health": ("lamp", 34),
    "authority_record": ("lamp", 12),
    "journal": ("", 8),
    "journal_heads": ("", 8),
    "journal_figures": ("", 10),
    "journal_check": ("", 4),
    "journal_document": ("lantern", 16),
    "journal_canonical": ("lantern", 8),
}
#: Where one can only act, not look.
ACTS = {
    "authority_phone",
    "authority_personal",
    "authority_vouch",
    "authority_ask_register",
    "authority_order_address",
    "authority_hold_listings",
    "authority_lift",
    "authority_new_authority",
    "authority_mandate",
    "authority_reconcile",
    "authority_retry",
}
#: What a browser downloads instead of showing it.
FILES = {"authority_evidence_file", "journal_canonical"}


@dataclass
class Offices:
    """Who watches over the town, and what they have in hand."""

    town: Town
    supervision: Actor
    platform: Actor
    customs: Actor
    statistics: Actor
    order_id: UUID
    listing_id: UUID
    waybill: str
    dispute_id: UUID
    document_id: UUID
    held_listing: UUID


def offices(town: Town) -> Offices:
    """Let authorities work in the town: a hold of each kind, a dispute, a fee, a changed parameter."""
    supervision = watcher()
    customs = _authority("harbour", "海关", "Customs", Mandate.CUSTOMS)
    statistics = _authority("abacus", "统计局", "Statistics Office", Mandate.STATISTICS)
    user_id = parties.sign_up(username="lamp", password=PASSWORD)
    parties.grant_membership(actor=SYSTEM, party_id=parties.PLATFORM_ID, user_id=user_id, role=Role.OWNER)
    platform = parties.actor_for(user_id=user_id, party_id=parties.PLATFORM_ID)
    parties.define_hold_reason(
        actor=supervision,
        code="counterfeit",
        names=Names("涉嫌假冒注册商标", "涉嫌假冒註冊商標", "Suspected counterfeit"),
        law=Names("商标法第五十七条", "商標法第五十七條", "Trademark Law 57"),
        applies_to=[parties.HoldKind.LISTING, parties.HoldKind.PARTY],
    )
    ids = town.goods("监管裙")
    held = town.goods("停售裙")
    catalog.change_listing(
        actor=town.seller,
        listing_id=ids.listing_id,
        draft=_cheaper(catalog.listings(ids=[ids.listing_id])[ids.listing_id]),
    )
    hold_id = catalog.hold_listing(actor=supervision, listing_id=held.listing_id, reason="抽检不合格")
    shipped = town.shipped(ids.sku_ids[0], 3)
    disputed = town.paid(ids.sku_ids[0], 2)
    orders.hold(actor=supervision, order_id=shipped, reason="投诉核查")
    parties.restrict(
        actor=supervision,
        party_id=town.other.party_id,
        restriction=parties.Restriction.PUBLISH,
        reason="证照过期",
    )
    raised = orders.raise_dispute(
        item=orders.RaiseDispute(
            actor=town.buyer,
            id=new_id(),
            order_id=disputed,
            kind=orders.DisputeKind.NOT_AS_DESCRIBED.value,
            claimed_minor=10_000,
            text="货不对板",
        )
    )
    payments.set_fee(actor=platform, way="retail", basis_points=55)
    payments.set_rate(actor=platform, sell="HKD", buy="CNY", rate="0.92")
    parties.set_parameter(actor=platform, name="orders.pay_hours", value=36, reason="节假日")
    journal.pump()
    [file] = [
        one
        for one in orders.evidence(actor=supervision, order_id=shipped)
        if one.envelope.kind == "orders.paid"
    ]
    [(waybill,)] = sets.fetch("select waybill_number from logistics_shipment where order_id = %s", (shipped,))
    assert hold_id
    return Offices(
        town,
        supervision,
        platform,
        customs,
        statistics,
        shipped,
        ids.listing_id,
        waybill,
        raised.dispute_id,
        file.envelope.id,
        held.listing_id,
    )


def watcher() -> Actor:
    """Let the market's supervision work in the town, and somebody sign in for it."""
    return _authority("lantern", "市场监督管理局", "Market Supervision", Mandate.SUPERVISION)


def _authority(username: str, name: str, name_en: str, *mandates: Mandate) -> Actor:
    user_id = parties.sign_up(username=username, password=PASSWORD)
    party_id = parties.register_authority(
        actor=SYSTEM, name=name, name_en=name_en, mandates=mandates, owner_user_id=user_id
    )
    return parties.actor_for(user_id=user_id, party_id=party_id)


def _cheaper(view: catalog.ListingView) -> catalog.ListingDraft:
    return catalog.ListingDraft(
        category_code=view.category_code,
        title=view.title,
        title_en=view.title_en,
        currency="CNY",
        unit=view.unit,
        attributes=view.attributes,
        description="换了说明。",
        skus=[
            catalog.SkuDraft(
                code=sku.code,
                attributes=sku.attributes,
                tiers=[catalog.Tier(1, 18_800)],
                weight_grams=sku.weight_grams,
            )
            for sku in view.skus
        ],
    )


def addresses(here: Offices) -> dict[str, str]:
    """Say where each of the desk's pages is."""
    party, order = f"/authority/parties/{here.town.seller.party_id}/", f"/authority/orders/{here.order_id}/"
    sizes = [head.size for head in _heads()]
    return {
        "authority": "/authority/",
        "authority_waybill": f"/authority/waybills/{here.waybill}/",
        "authority_party": party,
        "authority_party_orders": f"{party}orders/",
        "authority_party_listings": f"{party}listings/",
        "authority_user": f"/authority/users/{here.town.seller.user_id}/",
        "authority_order": order,
        "authority_evidence": f"{order}evidence/",
        "authority_evidence_file": f"{order}evidence/file/",
        "authority_listing": f"/authority/listings/{here.listing_id}/",
        "authority_holds": "/authority/holds/?of=listings",
        "authority_hold": f"/authority/holds/parties/{here.town.seller.party_id}/",
        "authority_disputes": "/authority/disputes/",
        "authority_dispute": f"/authority/disputes/{here.dispute_id}/",
        "authority_registration": "/authority/registration/?tab=unconfirmed",
        "authority_authorities": "/authority/authorities/",
        "authority_reasons": "/authority/reasons/?code=counterfeit",
        "authority_markets": "/authority/markets/?code=silk",
        "authority_fees": "/authority/fees/",
        "authority_parameters": "/authority/parameters/",
        "authority_money": "/authority/money/",
        "authority_health": "/authority/health/",
        "authority_record": "/authority/record/",
        "journal": "/journal/",
        "journal_heads": f"/journal/heads/?first={sizes[-1]}&second={sizes[0]}",
        "journal_figures": "/journal/figures/",
        "journal_check": "/journal/check/",
        "journal_document": f"/journal/documents/{here.document_id}/",
        "journal_canonical": f"/journal/documents/{here.document_id}/canonical/",
    }


def _heads() -> list[object]:
    from cohong.kernel import directory  # noqa: PLC0415

    return list(directory.heads(limit=200))


def register_addresses(offices: Offices) -> dict[str, str]:
    """Give the statistics office units to keep, two that may be one, a right that it granted; say where it looks at them."""
    actor, day = offices.statistics, date(2014, 1, 1)
    draft = register.UnitDraft(
        name="丁制衣有限公司", region_code="440100", size_class=register.SizeClass.SMALL
    )
    unit_id = register.open_unit(actor=actor, draft=draft, on=day, reason="普查")
    register.change_unit(
        actor=actor,
        unit_id=unit_id,
        draft=replace(draft, size_class=register.SizeClass.MEDIUM),
        on=date(2015, 1, 1),
        reason="年度划型",
    )
    register.import_units(
        actor=actor,
        content="name,region\n丁制衣厂,440100\n".encode(),
        filename="a.csv",
        list_name="名录",
        on=day,
        reason="年度名录",
    )
    register.grant_research(
        actor=actor,
        party_id=offices.town.seller.party_id,
        until=clock.now().date() + timedelta(days=90),
        reason="产业研究",
    )
    return {
        "stat_units": "/reporting/units/",
        "stat_unit": f"/reporting/units/{unit_id}/",
        "stat_unit_change": f"/reporting/units/{unit_id}/do/change/",
        "stat_unit_split": f"/reporting/units/{unit_id}/do/split/",
        "stat_unit_new": "/reporting/units/new/",
        "stat_unit_list": "/reporting/units/list/",
        "stat_matches": "/reporting/matches/",
        "research_rights": f"/data/research/rights/?party={offices.town.buyer.party_id}",
    }
