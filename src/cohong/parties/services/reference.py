"""Reference data: regions, industries and markets.

The platform's mandate defines them; defining one again changes it.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Model

from cohong.kernel import sets
from cohong.kernel.documents import Body
from cohong.kernel.errors import BadInput
from cohong.kernel.ids import UUID, named_id, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.models import Industry, Market, Party, Region
from cohong.parties.refusals import IndustryUnknown, PartyNotFound, RegionUnknown
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.views import IndustryView, RegionView
from cohong.parties.words import Mandate, MarketKind, Names


@sets.act
def define_regions(*, actor: Actor, regions: Sequence[RegionView]) -> None:
    """Define regions, or change them; parents come before their children.

    A document for each that is new or changed. Takes the platform's mandate. Raises `BadCode`, `BadText`,
    `RegionUnknown` (the parent).
    """
    require_mandate(actor, Mandate.PLATFORM)
    known = {region.code: region for region in Region.objects.select_for_update(no_key=True).order_by("code")}
    entries = []
    for view in regions:
        rules.clean_code(view.code)
        if view.parent_code and (view.parent_code not in known or view.parent_code == view.code):
            raise RegionUnknown(code=view.parent_code)
        region = known.setdefault(view.code, Region(code=view.code))
        values = {"parent_id": view.parent_code or None, "position": view.position, **_names(view.names)}
        if _save_if_changed(region, values):
            body = documents.RegionDefined(code=view.code, parent_code=view.parent_code, **_names(view.names))
            entries.append(_entry(actor, named_id("region", view.code), body))
    append(entries)


@sets.act
def define_industries(*, actor: Actor, industries: Sequence[IndustryView]) -> None:
    """Define industries, or change them. A document for each that is new or changed.

    Takes the platform's mandate. Raises `BadCode`, `BadText`.
    """
    require_mandate(actor, Mandate.PLATFORM)
    known = {one.code: one for one in Industry.objects.select_for_update(no_key=True).order_by("code")}
    entries = []
    for view in industries:
        rules.clean_code(view.code)
        industry = known.setdefault(view.code, Industry(code=view.code))
        values = {"is_service": view.is_service, "position": view.position, **_names(view.names)}
        if _save_if_changed(industry, values):
            body = documents.IndustryDefined(code=view.code, is_service=view.is_service, **_names(view.names))
            entries.append(_entry(actor, named_id("industry", view.code), body))
    append(entries)


def define_region(*, actor: Actor, code: str, names: Names, parent_code: str = "", position: int = 0) -> str:
    """Define one region; see `define_regions`. Returns its code."""
    view = RegionView(code=code, names=names, parent_code=parent_code, position=position)
    define_regions(actor=actor, regions=[view])
    return code


def define_industry(
    *, actor: Actor, code: str, names: Names, is_service: bool = False, position: int = 0
) -> str:
    """Define one industry; see `define_industries`. Returns its code."""
    view = IndustryView(code=code, names=names, is_service=is_service, position=position)
    define_industries(actor=actor, industries=[view])
    return code


@sets.act
def define_market(
    *,
    actor: Actor,
    code: str,
    kind: MarketKind,
    names: Names,
    region_code: str = "",
    industry_code: str = "",
    operator_id: UUID | None = None,
    position: int = 0,
) -> UUID:
    """Open a market on the platform, or change the one with this code; return its id.

    Takes the platform's mandate. Raises `BadCode`, `BadText`, `RegionUnknown`, `IndustryUnknown`,
    `PartyNotFound`.
    """
    require_mandate(actor, Mandate.PLATFORM)
    rules.clean_code(code)
    if region_code and not Region.objects.filter(pk=region_code).exists():
        raise RegionUnknown(code=region_code)
    if industry_code and not Industry.objects.filter(pk=industry_code).exists():
        raise IndustryUnknown(code=industry_code)
    if operator_id is not None and not Party.objects.filter(pk=operator_id).exists():
        raise PartyNotFound
    found = Market.objects.select_for_update(no_key=True).filter(code=code).first()
    market = found or Market(id=new_id(), code=code)
    values = {
        "kind": MarketKind(kind).value,
        "region_id": region_code or None,
        "industry_id": industry_code or None,
        "operator_id": operator_id,
        "position": position,
        **_names(names),
    }
    if _save_if_changed(market, values):
        body = documents.MarketDefined(
            code=code,
            market_kind=market.kind,
            region_code=region_code,
            industry_code=industry_code,
            operator_id=operator_id,
            **_names(names),
        )
        append([_entry(actor, market.id, body)])
    return market.id


def _names(names: Names) -> dict[str, str]:
    return {
        "name_zh_hans": rules.public_text(names.zh_hans, name="zh_hans"),
        "name_zh_hant": rules.public_text(names.zh_hant, name="zh_hant", least=0),
        "name_en": rules.public_text(names.en, name="en", least=0),
    }


def _save_if_changed(row: Model, values: Mapping[str, object]) -> bool:
    """Save the row if it is new or any of the values is; tell whether it was."""
    is_new = row._state.adding  # noqa: SLF001 - Django names its documented API so
    position = values["position"]
    if not isinstance(position, int) or not 0 <= position < 2**31:
        raise BadInput
    if not is_new and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=is_new)
    return True


def _entry(actor: Actor, subject: UUID, body: Body) -> Entry:
    return Entry(subject=subject, issuer=actor.party_id, body=body)
