"""Pure rules of invoices (发票): what each kind needs, and how what it says is kept."""

import re
from collections.abc import Callable
from dataclasses import replace

import msgspec

from cohong.kernel import privacy
from cohong.kernel.documents import canonical
from cohong.kernel.errors import Refusal
from cohong.orders import refusals
from cohong.orders.terms import InvoiceKind, InvoiceTerms
from cohong.parties import api as parties

_TAX_NUMBER = re.compile(r"[0-9A-Z-]{5,40}")
_CREDIT_CODE_LENGTH = 18
_ACCOUNT = re.compile(r"[0-9A-Z-]{5,40}")
_NUMBER = re.compile(r"[0-9A-Za-z-]{4,40}")
#: What each kind needs besides the title; the rest of the parts is dropped.
_NEEDS: dict[InvoiceKind, tuple[str, ...]] = {
    InvoiceKind.PERSONAL: (),
    InvoiceKind.ORDINARY: ("tax_number",),
    InvoiceKind.SPECIAL: ("tax_number", "address", "phone", "bank", "account"),
}
_LONGEST = {"title": 200, "tax_number": 40, "address": 200, "phone": 40, "bank": 100, "account": 50}


def clean_invoice(terms: InvoiceTerms) -> InvoiceTerms:
    """Bring what an invoice says into its one form; what its kind does not need is left out.

    Raises InvoiceFlawed, and the parties' CreditCodeInvalid for a tax number of the length of a credit code that is none.
    """
    kind = InvoiceKind(terms.kind)
    needed = ("title", *_NEEDS[kind])
    parts = {name: _clean(name, getattr(terms, name)) for name in needed}
    if kind is not InvoiceKind.PERSONAL:
        # It will stand in a document, for as long as there are any.
        parts["title"] = _or_flawed("title", lambda: parties.public_text(parts["title"], name="name"))
        parts["tax_number"] = _tax_number(parts["tax_number"])
    if kind is InvoiceKind.SPECIAL:
        parts["phone"] = _or_flawed("phone", lambda: parties.clean_phone(parts["phone"]))
        parts["account"] = _matching("account", re.sub(r"[\s]", "", parts["account"]).upper(), _ACCOUNT)
    return InvoiceTerms(kind=kind, **parts)


def _clean(name: str, text: str) -> str:
    plain = " ".join(text.split())
    if not 1 <= len(plain) <= _LONGEST[name] or not plain.isprintable():
        raise refusals.InvoiceFlawed(field=name)
    return plain


def _or_flawed(name: str, clean: Callable[[], str]) -> str:
    try:
        return clean()
    except Refusal as refusal:
        raise refusals.InvoiceFlawed(field=name) from refusal


def _matching(name: str, text: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise refusals.InvoiceFlawed(field=name)
    return text


def _tax_number(text: str) -> str:
    """Check a tax number: a Chinese one is the credit code, and has a check character; abroad they look like anything."""
    number = re.sub(r"\s", "", text).upper()
    if len(number) == _CREDIT_CODE_LENGTH and number.isalnum():
        return parties.clean_credit_code(number)
    return _matching("tax_number", number, _TAX_NUMBER)


def clean_number(text: str) -> str:
    """Check the number of an issued invoice: twenty digits on the mainland, other forms elsewhere. Raises InvoiceFlawed."""
    return _matching("number", text.strip(), _NUMBER)


def title_told(terms: InvoiceTerms | None) -> str:
    """Say what a document may tell of the title: an organisation's name; of a person nothing."""
    return "" if terms is None or terms.kind is InvoiceKind.PERSONAL else terms.title


def said(terms: InvoiceTerms) -> str:
    """Write what an invoice says as one text, the same for the same."""
    return canonical(terms).decode()


def seal_invoice(terms: InvoiceTerms) -> str:
    """Encrypt what an invoice says."""
    return privacy.encrypt(said(terms))


def unseal_invoice(token: str) -> InvoiceTerms:
    """Read back what an invoice says."""
    return msgspec.json.decode(privacy.decrypt(token), type=InvoiceTerms)


def masked(terms: InvoiceTerms) -> InvoiceTerms:
    """Return what a screen may show to whoever has not asked for the whole; an organisation's name and number are public."""
    if terms.kind is InvoiceKind.PERSONAL:
        return replace(terms, title=privacy.mask_name(terms.title))
    account = terms.account
    return replace(
        terms,
        phone=privacy.mask_phone(terms.phone) if terms.phone else "",
        address=privacy.mask_address(terms.address) if terms.address else "",
        account=f"****{account[-4:]}" if account else "",
    )
