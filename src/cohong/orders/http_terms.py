"""What a party has said once for all its orders: terms offered, limits, invoice profiles; over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from cohong.kernel.http import MoneyOut, idempotent
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders import schemas
from cohong.orders.http_base import actor_of, reader_of
from cohong.parties import api as parties

router = Router(tags=["orders"], auth=parties.TokenAuth())
# A person's acts too: a token is refused by the acts that are its owner's alone.
_PEOPLE = [parties.TokenAuth(), parties.SessionAuth()]


@router.get("/offered-terms/{uuid:seller_id}", auth=None, response=schemas.OfferedTermsOut)
def get_offered_terms(request: HttpRequest, seller_id: UUID) -> Any:  # noqa: ARG001
    """Tell on which terms buyers may order from a seller by themselves. Public."""
    return _offered(orders.offered_terms(seller_ids=[seller_id])[seller_id])


@router.put("/offered-terms", response=schemas.OfferedTermsOut)
@idempotent
def offer_terms(request: HttpRequest, body: schemas.OfferedTermsIn) -> schemas.OfferedTermsOut:
    """Say on which terms buyers may order from the token's party by themselves from now on."""
    actor = actor_of(request)
    after = orders.offer_terms(
        actor=actor, seller_id=actor.party_id, payments=body.payments, deliveries=body.deliveries
    )
    return _offered(after)


def _offered(terms: orders.OfferedTerms) -> schemas.OfferedTermsOut:
    return schemas.OfferedTermsOut(
        seller_id=terms.seller_id,
        payments=sorted(terms.payments),
        deliveries=sorted(terms.deliveries),
        changed_at=terms.changed_at,
    )


@router.get("/purchase-limits", response=list[MoneyOut])
def list_purchase_limits(request: HttpRequest) -> Any:
    """List up to how much an order of the party may come to without approval, by currency; empty: there is no limit."""
    return orders.purchase_limits(actor=actor_of(request))


@router.put("/purchase-limits/{currency}", auth=_PEOPLE, response=list[MoneyOut])
@idempotent
def set_purchase_limit(request: HttpRequest, currency: str, body: schemas.LimitIn) -> Any:
    """Set up to how much an order in a currency may come to without approval. An owner's act, in person: never a token's."""
    actor = actor_of(request)
    orders.set_purchase_limit(actor=actor, limit=Money(body.limit_minor, currency))
    return _limits(actor)


@router.delete("/purchase-limits/{currency}", auth=_PEOPLE, response=list[MoneyOut])
@idempotent
def end_purchase_limit(request: HttpRequest, currency: str) -> Any:
    """Take the limit in a currency away. An owner's act, in person: never a token's."""
    actor = actor_of(request)
    orders.end_purchase_limit(actor=actor, currency=currency)
    return _limits(actor)


def _limits(actor: parties.Actor) -> list[dict[str, Any]]:
    return [
        {"minor": limit.minor, "currency": limit.currency} for limit in orders.purchase_limits(actor=actor)
    ]


@router.get("/invoice-profiles", response=list[schemas.InvoiceProfileOut])
def list_invoice_profiles(request: HttpRequest) -> Any:
    """List to whom the party had invoices made out, the one used last first."""
    return [_profile(one) for one in orders.invoice_profiles(actor=reader_of(request))]


@router.post("/invoice-profiles", response={201: schemas.InvoiceProfileOut})
@idempotent
def save_invoice_profile(
    request: HttpRequest, body: schemas.InvoiceIn
) -> tuple[int, schemas.InvoiceProfileOut]:
    """Remember to whom the party has invoices made out; the same is kept once."""
    actor = actor_of(request)
    profile_id = orders.save_invoice_profile(actor=actor, terms=orders.InvoiceTerms(**body.model_dump()))
    [kept] = [one for one in orders.invoice_profiles(actor=actor) if one.id == profile_id]
    return 201, _profile(kept)


@router.delete("/invoice-profiles/{uuid:profile_id}", response={204: None})
@idempotent
def remove_invoice_profile(request: HttpRequest, profile_id: UUID) -> tuple[int, None]:
    """Forget an invoice profile."""
    orders.remove_invoice_profile(actor=actor_of(request), profile_id=profile_id)
    return 204, None


def _profile(kept: orders.InvoiceProfile) -> schemas.InvoiceProfileOut:
    terms = {name: getattr(kept.terms, name) for name in schemas.InvoiceIn.model_fields}
    return schemas.InvoiceProfileOut(id=kept.id, **terms)
