"""The catalog's HTTP interface: thin, each view one act or one read of the door.

What is on offer needs no token. All else takes a token or a session. A file comes as the field `file` of a
multipart form.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from cohong.catalog import api as catalog
from cohong.catalog import http_bulk, schemas, schemas_search, schemas_stock
from cohong.catalog.http_base import FILE_FORM, SIGNED_IN, WITH_FILE, actor_of, file_of
from cohong.kernel.errors import Refusal, one
from cohong.kernel.http import Page, decode_cursor, encode_cursor, idempotent
from cohong.kernel.ids import named_id
from cohong.parties import api as parties

CREATED, DONE = 201, 204
_ANYONE = parties.Actor(party_id=named_id("anyone"))
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _anyone(request: HttpRequest) -> parties.Actor:  # noqa: ARG001 - ninja's signature
    return _ANYONE


router = Router(tags=["catalog"], auth=SIGNED_IN)
router.add_router("", http_bulk.router)


# --- categories and units --------------------------------------------------------------------------------


@router.get("/units", auth=None, response=list[schemas.UnitIO])
def units(request: HttpRequest) -> list[schemas.UnitIO]:  # noqa: ARG001
    """List the sale units."""
    return [schemas.UnitIO(code=unit.code, names=schemas.NamesIO.of(unit.names)) for unit in catalog.units()]


@router.put("/units/{code}", response=schemas.UnitIO)
@idempotent
def define_unit(request: HttpRequest, code: str, body: schemas.NamesIO) -> schemas.UnitIO:
    """Define a sale unit, or rename it (the platform's mandate)."""
    catalog.define_units(actor=actor_of(request), units=[catalog.Unit(code, body.value())])
    return schemas.UnitIO(code=code, names=body)


@router.get("/categories", auth=None, response=list[schemas.CategoryOut])
def categories(
    request: HttpRequest,  # noqa: ARG001
    industry_code: str | None = None,
) -> list[schemas.CategoryOut]:
    """List the categories with their attribute schemas, all or an industry's."""
    return [schemas.CategoryOut.of(view) for view in catalog.categories(industry_code=industry_code)]


@router.get("/categories/{code}", auth=None, response=schemas.CategoryOut)
def category(request: HttpRequest, code: str) -> schemas.CategoryOut:  # noqa: ARG001
    """Return a category with its attribute schema."""
    return schemas.CategoryOut.of(catalog.category(code=code))


@router.put("/categories/{code}", response=schemas.CategoryOut)
@idempotent
def define_category(request: HttpRequest, code: str, body: schemas.CategoryIn) -> schemas.CategoryOut:
    """Define a category, or define it anew (the platform's mandate)."""
    defined = catalog.Category(
        code=code,
        industry_code=body.industry_code,
        parent_code=body.parent_code,
        names=body.names.value(),
        attributes=tuple(attribute.value() for attribute in body.attributes),
    )
    catalog.define_category(actor=actor_of(request), category=defined)
    return schemas.CategoryOut.of(defined)


@router.get("/categories/{code}/import-template", auth=None)
def import_template(
    request: HttpRequest,  # noqa: ARG001
    code: str,
    format: str = "xlsx",  # noqa: A002 - the parameter's name in the address
    language: str | None = None,
) -> HttpResponse:
    """Download the file to fill in for importing listings of a category, as `xlsx` or `csv`."""
    content = catalog.import_template(
        category_code=code,
        format=format,
        language=language or get_language() or "zh-hans",
    )
    kind = _XLSX if format == "xlsx" else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{code}.{format}"'
    return response


# --- listings --------------------------------------------------------------------------------------------


@router.get("/listings", auth=None, response=Page[schemas.CardOut])
def browse(request: HttpRequest, asked: Query[schemas.BrowseIn]) -> dict[str, Any]:  # noqa: ARG001
    """Browse what is on offer."""
    cards = catalog.browse(asked=asked.value(), cursor=asked.cursor, limit=asked.limit)
    return {"items": [schemas.CardOut.of(card) for card in cards.items], "next": cards.next}


@router.get("/search", auth=None, response=schemas_search.FoundOut)
def search(request: HttpRequest, asked: Query[schemas_search.SearchIn]) -> schemas_search.FoundOut:  # noqa: ARG001
    """Find what is on offer by words in any of the languages, with counts by its properties.

    What has the words themselves comes first; of what only comes close, `read_as` tells what the words were taken for.
    """
    found = catalog.search(asked=asked.value(), page=asked.page, size=asked.size)
    return schemas_search.FoundOut.of(found)


@router.get("/suggestions", auth=None, response=list[schemas_search.SuggestionOut])
def suggestions(request: HttpRequest, q: str = "") -> list[schemas_search.SuggestionOut]:  # noqa: ARG001
    """Propose what somebody who has typed so much may mean."""
    return [schemas_search.SuggestionOut.of(one) for one in catalog.suggest(typed=q)]


@router.get("/listings/{uuid:listing_id}", auth=[*SIGNED_IN, _anyone], response=schemas.ListingOut)
def listing(request: HttpRequest, listing_id: UUID) -> schemas.ListingOut:
    """Return a listing: everyone sees what is on offer, its seller and the authorities the rest too."""
    view = catalog.listing(listing_id=listing_id, actor=actor_of(request))
    return schemas.ListingOut.of(view, catalog.stock_of(sku_ids=[sku.id for sku in view.skus]))


@router.put("/listings/{uuid:listing_id}", response=schemas.RevisionOut)
@idempotent
def change_listing(
    request: HttpRequest, listing_id: UUID, body: schemas.ChangedListingIn
) -> schemas.RevisionOut:
    """Give a listing new content; SKUs are matched by their codes."""
    revision = catalog.change_listing(
        actor=actor_of(request), listing_id=listing_id, draft=body.value(), revision=body.revision
    )
    return schemas.RevisionOut(revision=revision)


@router.post("/listings/{uuid:listing_id}/publish", response={DONE: None})
@idempotent
def publish(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Put a listing on offer."""
    one(catalog.publish(actor=actor_of(request), listing_ids=[listing_id]))
    return HttpResponse(status=DONE)


@router.post("/listings/{uuid:listing_id}/withdraw", response={DONE: None})
@idempotent
def withdraw(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Take a listing off offer."""
    one(catalog.withdraw(actor=actor_of(request), listing_ids=[listing_id]))
    return HttpResponse(status=DONE)


@router.post(
    "/listings/{uuid:listing_id}/pictures",
    auth=WITH_FILE,
    response={CREATED: schemas.PictureOut},
    openapi_extra=FILE_FORM,
)
@idempotent
def add_picture(request: HttpRequest, listing_id: UUID) -> tuple[int, schemas.PictureOut]:
    """Add a picture (JPEG, PNG or WebP) as the listing's last."""
    content, _name = file_of(request)
    picture = catalog.add_picture(actor=actor_of(request), listing_id=listing_id, content=content)
    return CREATED, schemas.picture_out(picture)


@router.delete("/listings/{uuid:listing_id}/pictures/{uuid:picture_id}", response={DONE: None})
@idempotent
def remove_picture(request: HttpRequest, listing_id: UUID, picture_id: UUID) -> HttpResponse:
    """Take a picture off a listing."""
    catalog.remove_picture(actor=actor_of(request), listing_id=listing_id, picture_id=picture_id)
    return HttpResponse(status=DONE)


# --- a seller's own --------------------------------------------------------------------------------------


@router.get("/sellers/{uuid:seller_id}/listings", response=Page[schemas.CardOut])
def sellers_listings(
    request: HttpRequest, seller_id: UUID, asked: Query[schemas.OwnListingsIn]
) -> dict[str, Any]:
    """List all that a seller has, drafts included, newest first."""
    cards = catalog.sellers_listings(
        actor=actor_of(request),
        seller_id=seller_id,
        state=asked.state,
        text=asked.text,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return {"items": [schemas.CardOut.of(card) for card in cards.items], "next": cards.next}


@router.post("/sellers/{uuid:seller_id}/listings", response={CREATED: schemas.ListingIdsOut})
@idempotent
def create_listing(
    request: HttpRequest, seller_id: UUID, body: schemas.NewListingIn
) -> tuple[int, schemas.ListingIdsOut]:
    """Make a listing, as a draft or on offer."""
    ids = one(
        catalog.create_listings(
            actor=actor_of(request), seller_id=seller_id, drafts=[body.value()], publish=body.publish
        )
    )
    return CREATED, schemas.ListingIdsOut.of(ids)


@router.post(
    "/sellers/{uuid:seller_id}/imports",
    auth=WITH_FILE,
    response=schemas.ImportOut,
    openapi_extra=FILE_FORM,
)
@idempotent
def import_listings(
    request: HttpRequest, seller_id: UUID, asked: Query[schemas.ImportIn]
) -> schemas.ImportOut:
    """Make listings from a CSV or XLSX file; errors are told row by row."""
    content, filename = file_of(request)
    report = catalog.import_listings(
        actor=actor_of(request),
        seller_id=seller_id,
        file=content,
        filename=filename,
        publish=asked.publish,
        all_or_nothing=asked.all_or_nothing,
    )
    return schemas.ImportOut.of(report)


# --- holds -----------------------------------------------------------------------------------------------


@router.get("/listings/{uuid:listing_id}/holds", response=list[schemas.HoldOut])
def holds(request: HttpRequest, listing_id: UUID) -> list[schemas.HoldOut]:
    """List a listing's holds, lifted ones too (its seller and the authorities)."""
    return [
        schemas.HoldOut.of(view) for view in catalog.holds(actor=actor_of(request), listing_id=listing_id)
    ]


@router.post("/listings/{uuid:listing_id}/holds", response={CREATED: schemas.HoldIdOut})
@idempotent
def hold_listing(
    request: HttpRequest, listing_id: UUID, body: schemas.ReasonIn
) -> tuple[int, schemas.HoldIdOut]:
    """Stop a listing (mandates of supervision or of the platform)."""
    hold_id = catalog.hold_listing(actor=actor_of(request), listing_id=listing_id, reason=body.reason)
    return CREATED, schemas.HoldIdOut(hold_id=hold_id)


@router.post("/holds/{uuid:hold_id}/lift", response={DONE: None})
@idempotent
def lift_hold(request: HttpRequest, hold_id: UUID, body: schemas.ReasonIn) -> HttpResponse:
    """Lift a hold."""
    catalog.lift_hold(actor=actor_of(request), hold_id=hold_id, reason=body.reason)
    return HttpResponse(status=DONE)


# --- stock and quotes ------------------------------------------------------------------------------------


@router.get("/locations", response=list[schemas_stock.LocationOut])
def locations(request: HttpRequest) -> list[schemas_stock.LocationOut]:
    """List the stock locations of the party that the caller acts for."""
    views = catalog.own_locations(actor=actor_of(request))
    return [schemas_stock.LocationOut.of(view) for view in views]


@router.post("/locations", response={CREATED: schemas_stock.LocationOut})
@idempotent
def open_location(
    request: HttpRequest, body: schemas_stock.LocationIn
) -> tuple[int, schemas_stock.LocationOut]:
    """Open a stock location."""
    location_id = catalog.open_location(
        actor=actor_of(request), party_id=body.party_id, name=body.name, region_code=body.region_code
    )
    return CREATED, schemas_stock.LocationOut(id=location_id, **body.dict())


@router.get("/listings/{uuid:listing_id}/stock", response=list[schemas_stock.StockOut])
def stock(request: HttpRequest, listing_id: UUID) -> list[schemas_stock.StockOut]:
    """Return the stock of a listing's SKUs by location (its seller)."""
    views = catalog.listing_stock(actor=actor_of(request), listing_id=listing_id)
    return [schemas_stock.StockOut.of(view) for view in views]


@router.post("/stock/receipts", response=schemas_stock.StockOutcomes)
@idempotent
def receive_stock(request: HttpRequest, body: schemas_stock.StockItemsIn) -> schemas_stock.StockOutcomes:
    """Book goods that came in; each item has its own outcome."""
    outcomes = catalog.receive_stock(actor=actor_of(request), items=[item.value() for item in body.items])
    return _outcomes(body, outcomes)


@router.post("/stock/write-offs", response=schemas_stock.StockOutcomes)
@idempotent
def write_off(request: HttpRequest, body: schemas_stock.StockItemsIn) -> schemas_stock.StockOutcomes:
    """Book goods that are gone other than by a shipment; each item has its own outcome."""
    outcomes = catalog.write_off(actor=actor_of(request), items=[item.value() for item in body.items])
    return _outcomes(body, outcomes)


def _outcomes(
    body: schemas_stock.StockItemsIn, outcomes: list[Refusal | None]
) -> schemas_stock.StockOutcomes:
    return schemas_stock.StockOutcomes(
        items=[
            schemas_stock.StockOutcome(
                reference=item.reference,
                booked=refusal is None,
                problem=None if refusal is None else schemas.ProblemOut.of(refusal),
            )
            for item, refusal in zip(body.items, outcomes, strict=True)
        ]
    )


@router.get("/skus/{uuid:sku_id}/movements", response=Page[schemas_stock.MovementOut])
def movements(request: HttpRequest, sku_id: UUID, asked: Query[schemas.PageIn]) -> dict[str, Any]:
    """List a SKU's stock movements, newest first (its seller). A page counts references."""
    views = catalog.movements(
        actor=actor_of(request), sku_id=sku_id, limit=asked.limit + 1, after=decode_cursor(asked.cursor)
    )
    references = list(dict.fromkeys(view.reference for view in views))
    shown = set(references[: asked.limit])
    more = len(references) > asked.limit
    return {
        "items": [schemas_stock.MovementOut.of(view) for view in views if view.reference in shown],
        "next": encode_cursor(references[asked.limit - 1]) if more else None,
    }


@router.post("/quotes", auth=None, response=schemas_stock.QuotesOut)
def quotes(request: HttpRequest, body: schemas_stock.QuotesIn) -> schemas_stock.QuotesOut:  # noqa: ARG001
    """Ask what quantities of SKUs cost. Nothing is kept, so this needs no token and no idempotency key."""
    items = [catalog.QuoteItem(item.sku_id, item.quantity) for item in body.items]
    found = catalog.quote(items=items)
    return schemas_stock.QuotesOut(
        items=[schemas_stock.QuoteOut.of(item, quote) for item, quote in zip(items, found, strict=True)]
    )
