"""Acts on many goods at once over HTTP: prices, stock counted and moved, imports that run by themselves, holds."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cohong.catalog import api as catalog
from cohong.catalog import schemas, schemas_bulk
from cohong.catalog.http_base import FILE_FORM, SIGNED_IN, WITH_FILE, actor_of, file_of
from cohong.kernel.errors import Refusal
from cohong.kernel.http import idempotent

CREATED, ACCEPTED, DONE = 201, 202, 204

router = Router(tags=["catalog"], auth=SIGNED_IN)


# --- prices ----------------------------------------------------------------------------------------------


@router.post("/sellers/{uuid:seller_id}/prices", response=schemas_bulk.PricesOut)
@idempotent
def change_prices(
    request: HttpRequest, seller_id: UUID, body: schemas_bulk.PricesIn
) -> schemas_bulk.PricesOut:
    """Change the prices of many listings by one rule, or (`preview`) tell what it would make of them."""
    rule, asked = body.rule.value(), body.listings
    if body.preview:
        looked = catalog.preview_prices(
            actor=actor_of(request),
            seller_id=seller_id,
            rule=rule,
            listing_ids=[one.listing_id for one in asked],
        )
        return schemas_bulk.PricesOut(
            items=[_previewed(one.listing_id, found) for one, found in zip(asked, looked, strict=True)]
        )
    outcomes = catalog.change_prices(
        actor=actor_of(request),
        seller_id=seller_id,
        rule=rule,
        changes=[catalog.PriceChange(one.listing_id, one.revision) for one in asked],
    )
    return schemas_bulk.PricesOut(
        items=[
            schemas_bulk.ListingRepricedOut(listing_id=one.listing_id, problem=schemas.ProblemOut.of(outcome))
            if isinstance(outcome, Refusal)
            else schemas_bulk.ListingRepricedOut(listing_id=one.listing_id, revision=outcome)
            for one, outcome in zip(asked, outcomes, strict=True)
        ]
    )


def _previewed(
    listing_id: UUID, found: tuple[catalog.ListingView, list[catalog.Repriced]] | Refusal
) -> schemas_bulk.ListingRepricedOut:
    if isinstance(found, Refusal):
        return schemas_bulk.ListingRepricedOut(listing_id=listing_id, problem=schemas.ProblemOut.of(found))
    view, skus = found
    return schemas_bulk.ListingRepricedOut(
        listing_id=listing_id,
        revision=view.revision,
        skus=[
            schemas_bulk.RepricedOut(sku_id=one.sku.id, before=_tiers(one.sku.tiers), after=_tiers(one.after))
            for one in skus
        ],
    )


def _tiers(tiers: tuple[catalog.Tier, ...]) -> list[schemas_bulk.TierOut]:
    return [
        schemas_bulk.TierOut(min_quantity=tier.min_quantity, unit_price_minor=tier.unit_price_minor)
        for tier in tiers
    ]


# --- stock -----------------------------------------------------------------------------------------------


@router.post("/stock/counts", response=schemas_bulk.OutcomesOut)
@idempotent
def count_stock(request: HttpRequest, body: schemas_bulk.CountsIn) -> schemas_bulk.OutcomesOut:
    """Set what lies at locations, as it was counted; each item has its own outcome."""
    outcomes = catalog.count_stock(actor=actor_of(request), counts=[item.value() for item in body.items])
    return schemas_bulk.OutcomesOut(items=[schemas_bulk.OutcomeOut.of(one) for one in outcomes])


@router.post("/stock/moves", response=schemas_bulk.OutcomesOut)
@idempotent
def move_stock(request: HttpRequest, body: schemas_bulk.MovesIn) -> schemas_bulk.OutcomesOut:
    """Move goods between locations; each item has its own outcome."""
    outcomes = catalog.move_stock(actor=actor_of(request), moves=[item.value() for item in body.items])
    return schemas_bulk.OutcomesOut(items=[schemas_bulk.OutcomeOut.of(one) for one in outcomes])


@router.put("/stock/low", response=schemas_bulk.OutcomesOut)
@idempotent
def set_low_stock(request: HttpRequest, body: schemas_bulk.LowStocksIn) -> schemas_bulk.OutcomesOut:
    """Say at how many left the token's party wants to be told; each item has its own outcome."""
    outcomes = catalog.set_low_stock(actor=actor_of(request), items=[item.value() for item in body.items])
    return schemas_bulk.OutcomesOut(items=[schemas_bulk.OutcomeOut.of(one) for one in outcomes])


# --- imports that run by themselves ----------------------------------------------------------------------


@router.get("/imports", response=list[schemas_bulk.ImportRunOut])
def imports(request: HttpRequest) -> list[schemas_bulk.ImportRunOut]:
    """List the last imports of the token's party, newest first."""
    return [schemas_bulk.ImportRunOut.of(view) for view in catalog.imports(actor=actor_of(request))]


@router.post(
    "/imports", auth=WITH_FILE, response={CREATED: schemas_bulk.ImportRunOut}, openapi_extra=FILE_FORM
)
@idempotent
def check_import(request: HttpRequest, asked: Query[schemas_bulk.ImportRunIn]) -> Any:
    """Check a CSV or XLSX file and keep it; nothing is made before the import is started."""
    content, filename = file_of(request)
    actor = actor_of(request)
    import_id = catalog.check_import(
        actor=actor,
        seller_id=actor.party_id,
        file=content,
        filename=filename,
        publish=asked.publish,
        update=asked.update,
    )
    return CREATED, _import(request, import_id)


@router.get("/imports/{uuid:import_id}", response=schemas_bulk.ImportRunOut)
def import_view(request: HttpRequest, import_id: UUID) -> schemas_bulk.ImportRunOut:
    """Show an import as it stands."""
    return _import(request, import_id)


@router.post("/imports/{uuid:import_id}/start", response={ACCEPTED: schemas_bulk.ImportRunOut})
@idempotent
def start_import(request: HttpRequest, import_id: UUID) -> tuple[int, schemas_bulk.ImportRunOut]:
    """Let a checked import begin: what is good in it is made, what is not is left out."""
    catalog.start_import(actor=actor_of(request), import_id=import_id)
    return ACCEPTED, _import(request, import_id)


def _import(request: HttpRequest, import_id: UUID) -> schemas_bulk.ImportRunOut:
    return schemas_bulk.ImportRunOut.of(catalog.import_view(actor=actor_of(request), import_id=import_id))


# --- pictures and holds ----------------------------------------------------------------------------------


@router.put("/listings/{uuid:listing_id}/picture-order", response={DONE: None})
@idempotent
def order_pictures(request: HttpRequest, listing_id: UUID, body: schemas_bulk.PictureOrderIn) -> HttpResponse:
    """Show a listing's pictures in this order."""
    catalog.order_pictures(actor=actor_of(request), listing_id=listing_id, picture_ids=body.picture_ids)
    return HttpResponse(status=DONE)


@router.post("/holds", response=schemas_bulk.HoldsOut)
@idempotent
def hold_listings(request: HttpRequest, body: schemas_bulk.HoldsIn) -> schemas_bulk.HoldsOut:
    """Stop many listings for one reason (mandates of supervision or of the platform); each has its own outcome."""
    outcomes = catalog.hold_listings(
        actor=actor_of(request), listing_ids=body.listing_ids, reason=body.reason
    )
    return schemas_bulk.HoldsOut(
        items=[
            schemas_bulk.ListingHeldOut(listing_id=listing_id, problem=schemas.ProblemOut.of(outcome))
            if isinstance(outcome, Refusal)
            else schemas_bulk.ListingHeldOut(listing_id=listing_id, hold_id=outcome)
            for listing_id, outcome in zip(body.listing_ids, outcomes, strict=True)
        ]
    )
