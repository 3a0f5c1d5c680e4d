"""The words that the region's trade is written in: regions, industries, units, categories and markets."""

from datetime import datetime

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo import industries, regions
from cohong.demo.markets import markets
from cohong.demo.schema import Attribute, Category
from cohong.demo.words import Text
from cohong.kernel import clock
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Names


def names(text: Text) -> Names:
    """Give a wording as the platform's names."""
    return Names(text.zh_hans, text.zh_hant, text.en)


def define_reference_data(opened: datetime) -> None:
    """Define what is not defined yet, all in one transaction; what is there is left as it is."""
    if {market.code for market in parties.markets()} >= {market.code for market in markets()}:
        return  # the last of them
    with transaction.atomic(), clock.at(opened):
        parties.ensure_platform()
        parties.define_regions(
            actor=SYSTEM,
            regions=[
                parties.RegionView(
                    code=region.code, names=names(region.name), parent_code=region.parent, position=place
                )
                for place, region in enumerate(regions.regions())
            ],
        )
        parties.define_industries(
            actor=SYSTEM,
            industries=[
                parties.IndustryView(
                    code=industry.code,
                    names=names(industry.name),
                    is_service=industry.is_service,
                    position=place,
                )
                for place, industry in enumerate(industries.INDUSTRIES)
            ],
        )
        catalog.define_units(
            actor=SYSTEM, units=[catalog.Unit(unit.code, names(unit.name)) for unit in industries.UNITS]
        )
        catalog.define_categories(
            actor=SYSTEM, categories=[_category(category) for category in industries.categories()]
        )
        for place, market in enumerate(markets()):
            parties.define_market(
                actor=SYSTEM,
                code=market.code,
                kind=parties.MarketKind(market.kind),
                names=names(market.name),
                region_code=market.region,
                industry_code=market.industry,
                position=place,
            )


def _category(category: Category) -> catalog.Category:
    return catalog.Category(
        code=category.code,
        industry_code=category.industry,
        names=names(category.name),
        attributes=tuple(_attribute(attribute) for attribute in category.attributes),
        parent_code=category.parent or None,
    )


def _attribute(attribute: Attribute) -> catalog.Attribute:
    return catalog.Attribute(
        code=attribute.code,
        names=names(attribute.name),
        kind=catalog.AttributeKind(attribute.kind),
        unit=names(attribute.unit) if attribute.unit.zh_hans else None,
        required=attribute.required,
        by_sku=attribute.by_sku,
        options=tuple(catalog.Option(option.code, names(option.name)) for option in attribute.options),
    )
