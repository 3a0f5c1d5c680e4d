"""Django's admin, for reference data only: regions, industries, markets, categories, units.

Who may use it is decided by the platform's mandate, not by Django's own flags. Everything that is saved goes through the
modules' doors, so it is checked and issues its document like anywhere else; and nothing is ever deleted.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohong.catalog import api as catalog
from cohong.catalog import models as catalog_models
from cohong.kernel.errors import Refusal
from cohong.parties import api as parties
from cohong.parties import models as parties_models
from cohong.parties.api import Actor, DeskAct, Mandate, Names

_LABELS = {
    "code": _("Code"),
    "name_zh_hans": _("Text in Simplified Chinese"),
    "name_zh_hant": _("Text in Traditional Chinese"),
    "name_en": _("Text in English"),
    "position": _("Place in lists"),
    "parent": _("Belongs to"),
    "is_service": _("A service industry"),
    "kind": _("Kind of market"),
    "region": _("Region"),
    "industry": _("Industry"),
    "industry_code": _("Industry"),
}


def _actor(request: HttpRequest) -> Actor | None:
    """Return the visitor as one of the platform's people, or None if they are not."""
    known: Any = getattr(request, "_platform_actor", ...)
    if known is ...:
        known = None
        user: Any = request.user
        if user.is_authenticated and user.is_active:
            for one in parties.parties_of(user_id=user.id):
                if Mandate.PLATFORM in one.mandates:
                    known = Actor(
                        party_id=one.party_id, user_id=user.id, roles=one.roles, mandates=one.mandates
                    )
                    break
        request._platform_actor = known  # type: ignore[attr-defined]  # noqa: SLF001 - for this request only
    found: Actor | None = known
    return found


class PlatformAdmin(admin.AdminSite):
    """Reference data, for the platform's people."""

    site_header = _("Reference data")
    site_title = _("Reference data")
    index_title = _("Regions, industries, markets, categories, units")
    site_url = "/authority/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever carries the platform's mandate."""
        return _actor(request) is not None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Send strangers to the portal's own door; to everyone else there is nothing here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), settings.LOGIN_URL)


class _ByDoor(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose row is written by a module's door: what the door refuses is said beside the form, and nothing changes."""

    actor: Actor | None = None
    write: Callable[[Actor, dict[str, Any]], object]

    def clean(self) -> dict[str, Any]:
        """Let the door try, and take it back."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.actor is None:
            return values
        code = values.get("code") or self.instance.pk
        try:
            with transaction.atomic():
                type(self).write(self.actor, {**values, "code": code, "instance": self.instance})
                transaction.set_rollback(True)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return values


class _Reference(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows of reference data: looked at, added and changed by the platform's people, never deleted."""

    form = _ByDoor
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show it to the platform's people."""
        return _actor(request) is not None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Let the platform's people look."""
        return _actor(request) is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let the platform's people add."""
        return _actor(request) is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Let the platform's people change."""
        return _actor(request) is not None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Let nobody delete: what was traded names it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Keep a code what it is once it is there."""
        return ("code",) if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Tell the form who is writing, and by which door."""
        made: Any = super().get_form(request, obj, change, **kwargs)
        made.actor, made.write = _actor(request), staticmethod(self.write)
        return made

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write the row by its module's door."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002
        """Write the row by its module's door, and the act into the record."""
        actor = _actor(request)
        if actor is None:
            raise Http404
        code = form.cleaned_data.get("code") or obj.code
        self.write(actor, {**form.cleaned_data, "code": code, "instance": obj})
        about = f"{obj._meta.verbose_name} {code}"  # noqa: SLF001 - Django names its documented API so
        parties.note_at_desk(actor=actor, what=DeskAct.DEFINE, about=about)
        fresh = type(obj).objects.get(code=code)
        obj.pk, obj.code = fresh.pk, code


def _names(values: dict[str, Any]) -> Names:
    return Names(values["name_zh_hans"], values["name_zh_hant"], values["name_en"])


class RegionAdmin(_Reference):
    """Regions."""

    list_display = ("code", "name_zh_hans", "name_en", "parent")
    search_fields = ("code", "name_zh_hans", "name_zh_hant", "name_en")
    fields = ("code", "parent", "name_zh_hans", "name_zh_hant", "name_en", "position")
    list_select_related = ("parent",)
    raw_id_fields = ("parent",)

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write a region."""
        parent = values["parent"].code if values["parent"] else ""
        return parties.define_region(
            actor=actor,
            code=values["code"],
            names=_names(values),
            parent_code=parent,
            position=values["position"],
        )


class IndustryAdmin(_Reference):
    """Industries."""

    list_display = ("code", "name_zh_hans", "name_en", "is_service", "position")
    fields = ("code", "name_zh_hans", "name_zh_hant", "name_en", "is_service", "position")

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write an industry."""
        return parties.define_industry(
            actor=actor,
            code=values["code"],
            names=_names(values),
            is_service=values["is_service"],
            position=values["position"],
        )


class MarketAdmin(_Reference):
    """Markets' names and places; who operates one is set at the platform's desk."""

    list_display = ("code", "name_zh_hans", "name_en", "kind")
    fields = ("code", "kind", "name_zh_hans", "name_zh_hant", "name_en", "region", "industry", "position")
    raw_id_fields = ("region", "industry")

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write a market, with the operator that it has."""
        return parties.define_market(
            actor=actor,
            code=values["code"],
            kind=parties.MarketKind(values["kind"]),
            names=_names(values),
            region_code=values["region"].code if values["region"] else "",
            industry_code=values["industry"].code if values["industry"] else "",
            operator_id=values["instance"].operator_id,
            position=values["position"],
        )


class UnitAdmin(_Reference):
    """Sale units."""

    list_display = ("code", "name_zh_hans", "name_zh_hant", "name_en")
    fields = ("code", "name_zh_hans", "name_zh_hant", "name_en")

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write a unit."""
        catalog.define_units(actor=actor, units=[catalog.Unit(values["code"], _names(values))])
        return values["code"]


class CategoryAdmin(_Reference):
    """Categories' names and places in the tree; their attributes' schema stays as it is."""

    list_display = ("code", "name_zh_hans", "name_en", "industry_code", "parent")
    list_filter = ("industry_code",)
    search_fields = ("code", "name_zh_hans", "name_en")
    fields = ("code", "industry_code", "parent", "name_zh_hans", "name_zh_hant", "name_en")
    list_select_related = ("parent",)
    raw_id_fields = ("parent",)

    @staticmethod
    def write(actor: Actor, values: dict[str, Any]) -> object:
        """Write a category, with the schema that it has."""
        try:
            known = catalog.category(code=values["code"]).attributes
        except catalog.NoSuchCategory:
            known = ()
        catalog.define_categories(
            actor=actor,
            categories=[
                catalog.Category(
                    code=values["code"],
                    industry_code=values["industry_code"],
                    names=_names(values),
                    attributes=known,
                    parent_code=values["parent"].code if values["parent"] else None,
                )
            ],
        )
        return values["code"]


def _say(model: type[models.Model], name: Any, names: Any) -> None:
    """Let the admin call a table and its columns what people call them. Tables and migrations stay as they are."""
    meta = model._meta  # noqa: SLF001 - Django names its documented API so
    meta.verbose_name, meta.verbose_name_plural = name, names
    for field in meta.fields:
        if field.name in _LABELS:
            field.verbose_name = _LABELS[field.name]


platform_admin = PlatformAdmin(name="admin")
for _model, _shown_by, _name, _all in (
    (parties_models.Region, RegionAdmin, _("Region"), _("Regions")),
    (parties_models.Industry, IndustryAdmin, _("Industry"), _("Industries")),
    (parties_models.Market, MarketAdmin, _("Market"), _("Markets")),
    (catalog_models.Unit, UnitAdmin, _("Unit"), _("Units")),
    (catalog_models.Category, CategoryAdmin, _("Category"), _("Categories")),
):
    _say(_model, _name, _all)
    platform_admin.register(_model, _shown_by)
