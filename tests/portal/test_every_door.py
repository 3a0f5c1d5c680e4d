"""The HTTP interface as a stranger meets it: a company with a token of every scope calls every operation with others' ids."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.test import Client
from portal_town import HOME, Town

from cohong.kernel import sets
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SCOPES
from cohong.portal.webhooks import services as webhooks
from cohong.site.api import api

#: Told by banks and carriers, who sign what they say.
SIGNED = {"/payments/notifications/{provider}", "/logistics/notices"}
WRITING = {"post", "put", "patch", "delete"}


#: What anybody with an account may do for themselves, or look up: it may succeed, and changes nothing of the others.
FREE = {
    "GET /catalog/listings/{listing_id}",  # on offer: public
    "GET /catalog/imports",
    "GET /retail/favourites/{kind}",
    "GET /orders/disputes",
    "GET /orders/invoice-profiles",
    "GET /orders/purchase-limits",
    "POST /orders/invoice-profiles",
    "PUT /orders/offered-terms",
    "PUT /catalog/stock/low",
    "POST /catalog/stock/counts",
    "POST /catalog/stock/moves",
    "POST /catalog/stock/receipts",
    "POST /catalog/stock/write-offs",
    "POST /catalog/quotes",
    "PUT /retail/shop",
    "PUT /retail/cart/lines/{sku_id}",
    "DELETE /retail/cart/lines/{sku_id}",
    "PUT /retail/favourites/{kind}/{thing_id}",
    "DELETE /retail/favourites/{kind}/{thing_id}",
    "POST /webhooks",
    "POST /logistics/addresses",
    "POST /logistics/events",
    "POST /parties/sign-up",
    "POST /orders",
    "POST /retail/cart/agree-prices",
    "GET /parties/{party_id}/contact",  # masked
}


#: What is no id of anybody's.
WORDS = {
    "currency": "CNY",
    "role": "sales",
    "mandate": "platform",
    "kind": "listing",
    "code": "clothing",
    "act": "approve",
    "name": "orders.pay_hours",
    "provider": "bank",
    "country": "CN",
    "region_code": "440100",
    "street": "天河区体育西路 103 号",
    "phone": "13812345678",
    "postcode": "510620",
    "number": "24442000000012345678",
    "return_url": "",
    "buy_currency": "HKD",
}


class Things:
    """What belongs to the seller and the buyer, by the names that the interface's parameters have."""

    def __init__(self, town: Town) -> None:
        ids = town.goods()
        order_id = town.shipped(ids.sku_ids[0])
        self.order = order_id
        [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
        line_id = town.view(order_id).lines[0].id
        reviewed = town.reviewed(ids.sku_ids[1])
        [(review_id, *_)] = sets.fetch("select id from retail_review")
        dispute, asked_back = _quarrel(town, order_id, reviewed)
        endpoint_id, _secret = webhooks.open_endpoint(actor=town.seller, url="https://example.com/hooks")
        token, _text = parties.issue_token(actor=town.seller, name="erp", scopes=["orders:read"])
        profile = orders.save_invoice_profile(
            actor=town.buyer, terms=orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")
        )
        self.by_name: dict[str, str] = {
            name: str(value)
            for name, value in {
                "order_id": order_id,
                "listing_id": ids.listing_id,
                "sku_id": ids.sku_ids[0],
                "line_id": line_id,
                "seller_id": town.seller.party_id,
                "party_id": town.seller.party_id,
                "user_id": town.seller.user_id,
                "location_id": town.shed,
                "from_location": town.shed,
                "to_location": town.shed,
                "thing_id": ids.listing_id,
                "shipment_id": shipment.id,
                "waybill_number": shipment.waybill_number,
                "carrier_id": town.carrier.party_id,
                "dispute_id": dispute,
                "return_id": asked_back,
                "review_id": review_id,
                "approval_id": town.ask(ids.sku_ids[0]),
                "checkout_id": town.done_checkout(),
                "address_id": logistics.save_address(actor=town.buyer, address=HOME),
                "profile_id": profile,
                "endpoint_id": endpoint_id,
                "delivery_id": webhooks.send_test(actor=town.seller, endpoint_id=endpoint_id),
                "token_id": token.id,
                "subject_id": order_id,
                "document_id": orders.evidence(actor=town.buyer, order_id=order_id)[0].envelope.id,
                "market_id": town.market_id,
                **WORDS,
            }.items()
        }


def _quarrel(town: Town, order_id: UUID, reviewed: UUID) -> tuple[UUID, UUID]:
    """Raise a dispute on one order, and ask for another one's goods to go back."""
    dispute, asked_back = new_id(), new_id()
    orders.raise_dispute(
        item=orders.RaiseDispute(
            actor=town.buyer,
            id=dispute,
            order_id=order_id,
            kind="damaged",
            text="有划痕",
            claimed_minor=100,
        )
    )
    back = orders.ReturnedLine(line_id=town.view(reviewed).lines[0].id, quantity=1)
    orders.request_return(
        item=orders.RequestReturn(actor=town.buyer, id=asked_back, order_id=reviewed, lines=(back,))
    )
    return dispute, asked_back


def made(schema: dict[str, Any], whole: dict[str, Any], things: Things, name: str = "") -> Any:  # noqa: C901, PLR0911 - one line for each form of a schema
    """Make what a schema asks for, with the others' ids wherever a name means one."""
    if "$ref" in schema:
        return made(whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole, things, name)
    if schema.get("anyOf"):
        return made(schema["anyOf"][0], whole, things, name)
    if schema.get("allOf"):
        return made(schema["allOf"][0], whole, things, name)
    if name in things.by_name and schema.get("type") in {"string", None}:
        value = things.by_name[name]
        return value if value in schema.get("enum", [value]) else schema["enum"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object":
            return {
                key: made(inner, whole, things, key) for key, inner in schema.get("properties", {}).items()
            }
        case "array" if name in {"pictures", "kinds"}:
            return []
        case "array":
            return [made(schema["items"], whole, things, name.removesuffix("s"))]
        case "integer" | "number":
            return max(1, int(schema.get("minimum", 1)))
        case "boolean":
            return False
    if schema.get("format") == "uuid":
        return things.by_name.get(name, str(new_id()))
    return {"date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02"}.get(
        schema.get("format", ""), "某个文字"
    )


def chosen(operation: dict[str, Any], name: str, things: Things) -> str:
    """Choose a value for a parameter in the address: one of the few it may be, or the others' id of that name."""
    [schema] = [one["schema"] for one in operation["parameters"] if one["name"] == name]
    few = schema.get("enum", [])
    wanted = things.by_name.get(name, str(new_id()))
    return str(few[0]) if few and wanted not in few else wanted


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    whole = api.get_openapi_schema()
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield method, path.removeprefix("/api/v1"), operation


def state(town: Town, order_id: UUID) -> list[Any]:
    """Return what is the others': rows of theirs, and the documents that they or their things have."""
    theirs = [town.seller.party_id, town.buyer.party_id]
    return [
        sets.fetch(
            f"select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from {table} t {where}",
            params,
        )
        for table, where, params in (
            *(
                (table, "", ())
                for table in ("orders_order", "orders_line", "orders_dispute", "orders_return")
            ),
            *(
                (table, "", ())
                for table in ("catalog_listing", "catalog_sku", "catalog_stock", "retail_review")
            ),
            *(
                (table, "", ())
                for table in ("retail_approval", "retail_shop", "logistics_shipment", "orders_message")
            ),
            # Documents of theirs, and any document about a thing of theirs.
            ("kernel_document", "where issuer = any(%s) or subject = any(%s)", (theirs, [*theirs, order_id])),
            ("logistics_saved_address", "where party_id = any(%s)", (theirs,)),
            ("orders_invoice_profile", "where party_id = any(%s)", (theirs,)),
            ("parties_membership", "where party_id = any(%s)", (theirs,)),
            ("parties_restriction", "", ()),
            ("portal_webhooks_endpoint", "where party_id = any(%s)", (theirs,)),
            ("orders_offered_terms", "where seller_id = any(%s)", (theirs,)),
            ("orders_purchase_limit", "", ()),
            ("kernel_parameter", "", ()),
        )
    ]


def test_a_stranger_with_every_scope_gets_at_nothing_of_others(town: Town):
    things = Things(town)
    whole = api.get_openapi_schema()
    _, secret = parties.issue_token(actor=town.other, name="stranger", scopes=sorted(SCOPES))
    client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
    before, wrong, answered = state(town, things.order), [], Counter[int]()
    for method, path, operation in operations():
        if path in SIGNED or (not operation.get("security") and method == "get"):
            continue  # public
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
        where = path
        for name in names:
            where = where.replace(f"{{{name}}}", chosen(operation, name, things))
        query = {one["name"]: "seller" for one in operation.get("parameters", []) if one["name"] == "side"}
        content = operation.get("requestBody", {}).get("content", {})
        body = (
            made(content["application/json"]["schema"], whole, things)
            if "application/json" in content
            else {}
        )
        said: dict[str, Any] = {"headers": {"Idempotency-Key": str(new_id())}} if method in WRITING else {}
        if method in WRITING:
            answer = client.generic(
                method.upper(), f"/api/v1{where}", json.dumps(body), content_type="application/json", **said
            )
        else:
            answer = client.get(f"/api/v1{where}", query)
        key = f"{method.upper()} {path}"
        answered[answer.status_code] += 1
        if answer.status_code >= 500:
            wrong.append(f"{key}: failed with {answer.status_code}")
        if answer.status_code < 300 and names and key not in FREE:
            wrong.append(f"{key}: {answer.status_code} {answer.content[:150]!r}")
        if (now := state(town, things.order)) != before:
            wrong.append(f"{key}: changed what is others' ({answer.status_code})")
            before = now
    assert wrong == []
    # Most get as far as the question whose it is.
    assert answered[403] + answered[404] > 60, answered
