"""What the account desk's templates need of forms."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.inclusion_tag("account/entry.html")
def entry(field: Any) -> dict[str, Any]:
    """Show a field: its label above it, what to know and what is wrong below. No word stands in the field itself."""
    field.field.widget.attrs.pop("placeholder", None)
    return {"field": field, "is_check": getattr(field.field.widget, "input_type", "") == "checkbox"}


@register.simple_tag
def qr_of(text: str) -> SafeString:
    """Draw a text of our own as a QR code: vector paths, without any style of their own."""
    drawn: str = get_adapter().build_totp_svg(text)
    return mark_safe(drawn)  # noqa: S308 - drawn here, of dots and nothing else


@register.filter
def as_json(value: Any) -> str:
    """Write a value as JSON, to stand in an attribute that a script reads."""
    return json.dumps(value)
