"""What the checkout's form says, read into what modules take; and which of its fields a refusal is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import InvoiceKind, InvoiceTerms
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.region_levels import chosen_region
from cohong.retail import api as retail
from cohong.retail.api import CartView, CheckoutWish, DeliveryChoice, DeliveryOffer, Parcel

TERMS = (orders.PaymentKind.PREPAID, orders.PaymentKind.ON_DELIVERY)
ADDRESS_FIELDS = ("recipient", "phone", "street", "postcode")
INVOICE_FIELDS = ("title", "tax_number", "address", "phone", "bank", "account")
NEW, NONE, SAVED = "new", "none", "saved-"

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Till:
    """One parcel at the till: how it can come, and how it will; `note` is the word to its seller."""

    parcel: Parcel
    field: str
    offers: tuple[tuple[str, DeliveryOffer], ...]
    chosen: DeliveryOffer
    note: str

    @property
    def total(self) -> Money:
        """What the parcel costs, freight included."""
        return self.parcel.goods + self.chosen.price


def plain(form: QueryDict) -> Form:
    """Take one value of each field."""
    return {name: str(form.get(name, "")) for name in form}


def tills_of(view: CartView, form: Form) -> list[Till]:
    """Pair each parcel with the delivery that the form chooses for it, or else the cheapest."""
    return [_at_till(number, parcel, form) for number, parcel in enumerate(view.parcels)]


def _at_till(number: int, parcel: Parcel, form: Form) -> Till:
    field = f"delivery-{number}"
    offers = tuple((_offer_code(offer), offer) for offer in parcel.offers)
    wanted = form.get(field, "")
    chosen = next((offer for code, offer in offers if code == wanted), parcel.offers[0])
    return Till(parcel, field, offers, chosen, form.get(f"note-{number}", "").strip()[:500])


def _offer_code(offer: DeliveryOffer) -> str:
    return f"{offer.kind.value}/{offer.carrier_id or ''}/{offer.service}"


def ships(tills: list[Till]) -> bool:
    """Tell whether anything is to be brought somewhere."""
    return any(till.chosen.kind is orders.DeliveryKind.SHIPMENT for till in tills)


def wish_of(
    form: Form, tills: list[Till], address: logistics.Address | None, invoice: InvoiceTerms | None
) -> CheckoutWish:
    """Read what is ordered and how. What no button of the form sends is NotFound."""
    try:
        checkout_id = UUID(form.get("checkout_id", ""))
        expected = tuple(Money(int(one[:-3]), one[-3:]) for one in form.get("expected", "").split())
        terms = orders.PaymentTerms(kind=orders.PaymentKind(form.get("payment", TERMS[0])))
    except ValueError:
        raise NotFound from None
    return CheckoutWish(
        id=checkout_id,
        address=address if ships(tills) else None,
        delivery=tuple(_choice(till) for till in tills),
        payment=terms,
        note=form.get("note", "").strip()[:500],
        expected=expected,
        sku_ids=tuple(line.sku_id for till in tills for line in till.parcel.lines),
        notes=tuple((till.parcel.seller_id, till.note) for till in tills if till.note),
        invoice=invoice,
    )


def _choice(till: Till) -> DeliveryChoice:
    return DeliveryChoice(
        seller_id=till.parcel.seller_id,
        currency=till.parcel.currency,
        kind=till.chosen.kind,
        carrier_id=till.chosen.carrier_id,
        service=till.chosen.service,
    )


def typed_address(form: Form) -> logistics.Address:
    """Read the address that was typed."""
    parts = {name: form.get(name, "").strip() for name in ADDRESS_FIELDS}
    return logistics.Address(**parts, region_code=chosen_region(form))


def check_address(address: logistics.Address) -> None:
    """Refuse what no carrier could take: AddressFlawed, RegionUnknown, PhoneInvalid."""
    if (flaw := logistics.flaw_of_address(address)) is not None:
        raise flaw
    parties.region(code=address.region_code)
    parties.clean_phone(address.phone)


def address_of(actor: Actor, form: Form) -> logistics.Address:
    """Return the address that the form chooses: one of the book's (the look is recorded), or the one that was typed."""
    chosen = form.get("address", NEW)
    if chosen in (NEW, ""):
        return typed_address(form)
    return logistics.saved_address(actor=actor, address_id=_id(chosen))


def invoice_of(actor: Actor, form: Form) -> InvoiceTerms | None:
    """Return the invoice that the form asks for: none, one of the party's profiles, or the one that was typed."""
    chosen = form.get("invoice", NONE)
    if chosen in (NONE, ""):
        return None
    if chosen.startswith(SAVED):
        return orders.invoice_profile(actor=actor, profile_id=_id(chosen.removeprefix(SAVED)))
    try:
        kind = InvoiceKind(chosen)
    except ValueError:
        raise NotFound from None
    return InvoiceTerms(
        kind=kind, **{name: form.get(f"invoice_{name}", "").strip() for name in INVOICE_FIELDS}
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


_FIELDS: dict[type[Refusal], str] = {
    parties.PhoneInvalid: "phone",
    parties.RegionUnknown: "region",
    parties.UsernameInvalid: "username",
    parties.UsernameTaken: "username",
    parties.PasswordTooWeak: "password",
    parties.CreditCodeInvalid: "invoice_tax_number",
    retail.TextMissing: "reason",
    retail.TextTooLong: "reason",
    retail.TextUnreadable: "reason",
    retail.PersonalDataInText: "reason",
}


def field_of(refusal: Refusal) -> str:
    """Say which field of the form a refusal is about; none for one about the whole."""
    if isinstance(refusal, orders.InvoiceFlawed):
        return f"invoice_{refusal.params['field']}"
    if isinstance(refusal, logistics.AddressFlawed):
        field = str(refusal.params["field"])
        return "region" if field == "region_code" else field
    if isinstance(refusal, parties.BadText):
        return "recipient"
    return next((field for kind, field in _FIELDS.items() if isinstance(refusal, kind)), "")


def errors_of(refusal: Refusal | None) -> dict[str, Any]:
    """Put a refusal beside the field that it is about."""
    if refusal is None or not (field := field_of(refusal)):
        return {}
    return {field: str(refusal)}
