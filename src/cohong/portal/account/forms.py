"""The forms at the door."""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm, SignupForm
from babel import Locale
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cohong.parties import api as parties
from cohong.portal.design.places import districts

_LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant_HK", "en": "en"}
_NEAR = ("CN", "HK", "MO", "TW")
_CODE_LENGTH = 2


class SignInForm(LoginForm):  # type: ignore[misc]
    """Signing in by name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = _("User name or e-mail")
        name.max_length = 254
        name.widget.attrs.update(autocomplete="username webauthn", autocapitalize="none", maxlength=254)
        name.widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")


class SignUpForm(SignupForm):  # type: ignore[misc]
    """Registering: a name, an address and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"username": _("User name"), "email": _("E-mail"), "password1": _("Password")}
        hints = {
            "username": _(
                "Letters, digits and @ . + - _ ; you sign in with it, and colleagues find you by it."
            ),
            "email": _("Only for codes, confirmations and notices to you."),
            "password1": lazy(lambda: " ".join(map(str, password_validators_help_texts())), str)(),
        }
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, hints[name]
        self.fields["username"].widget.attrs["autocapitalize"] = "none"


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Asking for a code by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class DetailsForm(forms.Form):
    """What a person says of themselves, to change later."""

    display_name = forms.CharField(
        label=_("Shown name"),
        max_length=200,
        help_text=_("What others see of you; it need not be your real name."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    region_code = forms.ChoiceField(label=_("City or district"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = _regions()  # type: ignore[attr-defined]


class PersonForm(DetailsForm):
    """Registering as a person."""

    field_order = ("name", "display_name", "phone", "resident_id", "region_code")
    name = forms.CharField(
        label=_("Real name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Kept encrypted; nobody sees it but you, and those whom the law lets."),
    )
    resident_id = forms.CharField(
        label=_("Resident identity number"),
        max_length=18,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "To have your name confirmed by the register. You can trade without it, and add it later."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = False
        self.fields["phone"].required = True


class CompanyForm(forms.Form):
    """Registering a company: by its credit code, or one from abroad by its own register's number."""

    country = forms.ChoiceField(label=_("Country or region"))
    code = forms.CharField(
        label=_("Unified social credit code, or registration number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("18 characters in the mainland; elsewhere the number of the company's own register."),
    )
    name = forms.CharField(
        label=_("Name of the company"),
        max_length=200,
        help_text=_("As it is registered."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=200)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    address = forms.CharField(
        label=_("Address"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    region_code = forms.ChoiceField(label=_("City or district"), required=False)
    industry_code = forms.ChoiceField(label=_("Industry"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries()  # type: ignore[attr-defined]
        self.fields["region_code"].choices = _regions()  # type: ignore[attr-defined]
        self.fields["industry_code"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((one.code, one.names.shown(get_language() or "en")) for one in parties.industries()),
        ]


def _regions() -> list[Any]:
    language = get_language() or "en"
    return [
        ("", "—"),
        *(
            (
                city.names.shown(language),
                [(one.code, one.names.shown(language)) for one in (city, *inside)],
            )
            for city, inside in districts(parties.regions())
        ),
    ]


def _countries() -> list[tuple[str, str]]:
    known = Locale.parse(_LOCALES.get(get_language() or "", "en")).territories
    names = {str(code): str(name) for code, name in known.items()}
    codes = [code for code in names if len(code) == _CODE_LENGTH and code.isalpha() and code not in _NOWHERE]
    others = sorted((code for code in codes if code not in _NEAR), key=lambda code: names[code])
    return [(code, names[code]) for code in (*_NEAR, *others)]


#: Territories of the list that are no country of ISO 3166: unions, outlying pieces, tests.
_NOWHERE = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
