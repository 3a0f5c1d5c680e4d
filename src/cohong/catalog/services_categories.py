"""Acts on the catalog's own words: units and categories.

The platform defines them; defining again replaces.
"""

from collections.abc import Sequence

import msgspec
from django.db import transaction

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.models import Category as CategoryRow
from cohong.catalog.models import Listing
from cohong.catalog.models import Unit as UnitRow
from cohong.catalog.search import reference
from cohong.catalog.shapes import Category, Unit
from cohong.kernel import sets
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

_NAMES = ("name_zh_hans", "name_zh_hant", "name_en")


@sets.act
def define_units(*, actor: Actor, units: Sequence[Unit]) -> None:
    """Define sale units, or rename them."""
    parties.require_mandate(actor, Mandate.PLATFORM, scope="catalog:write")
    for unit in units:
        rules.check_code(unit.code)
        rules.check_names(unit.names)
    UnitRow.objects.bulk_create(
        [
            UnitRow(
                code=unit.code,
                name_zh_hans=unit.names.zh_hans,
                name_zh_hant=unit.names.zh_hant,
                name_en=unit.names.en,
            )
            for unit in sorted({unit.code: unit for unit in units}.values(), key=lambda unit: unit.code)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=_NAMES,
    )
    transaction.on_commit(reference.forget)


def define_category(*, actor: Actor, category: Category) -> None:
    """Define one category: see `define_categories`."""
    define_categories(actor=actor, categories=[category])


@sets.act
def define_categories(*, actor: Actor, categories: Sequence[Category]) -> None:
    """Define categories with their attribute schemas, parents before children, or define them anew.

    A new schema holds for what is written from now on; listings that stand keep their attributes until they
    are changed. Raises NoSuchCategory for an unknown parent, CategoryInUse where listings stand in a category
    that would get children, CategoryCircular, and what a bad code, name or option is refused with.
    """
    parties.require_mandate(actor, Mandate.PLATFORM, scope="catalog:write")
    industries = {industry.code for industry in parties.industries()}
    for category in categories:
        rules.check_category(category)
        if category.industry_code not in industries:
            raise parties.IndustryUnknown(code=category.industry_code)
    parent_of: dict[str, str | None] = dict(CategoryRow.objects.values_list("code", "parent_id"))
    for category in categories:
        if category.parent_code is not None and category.parent_code not in parent_of:
            raise no.NoSuchCategory(category=rules.shown(category.parent_code))
        parent_of[category.code] = category.parent_code
    for category in categories:
        _check_no_circle(category.code, parent_of)
    parents = {category.parent_code for category in categories if category.parent_code is not None}
    crowded = Listing.objects.filter(category_id__in=parents).values_list("category_id", flat=True).first()
    if crowded is not None:
        raise no.CategoryInUse(category=crowded)
    CategoryRow.objects.bulk_create(
        [
            CategoryRow(
                code=category.code,
                parent_id=category.parent_code,
                industry_code=category.industry_code,
                name_zh_hans=category.names.zh_hans,
                name_zh_hant=category.names.zh_hant,
                name_en=category.names.en,
                attributes=msgspec.to_builtins(category.attributes),
            )
            for category in {category.code: category for category in categories}.values()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["parent", "industry_code", "attributes", *_NAMES],
    )
    transaction.on_commit(reference.forget)


def _check_no_circle(code: str, parent_of: dict[str, str | None]) -> None:
    above = parent_of[code]
    while above is not None:
        if above == code:
            raise no.CategoryCircular(category=code)
        above = parent_of[above]
