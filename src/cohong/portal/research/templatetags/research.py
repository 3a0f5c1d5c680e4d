"""What the research desk's templates need: figures as written, and which options are ticked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import template

from cohong.portal.research.views import plain

register = template.Library()


@register.filter
def figure(value: Decimal) -> str:
    """Write a figure with its thousands apart."""
    return plain(value)


@register.simple_tag
def ticked(code: str, asked: Mapping[str, Sequence[str]], name: str) -> str:
    """Say that an option is chosen: the total, where nothing else is."""
    chosen = asked.get(name) or ["total"]
    return "selected" if code in chosen else ""


@register.simple_tag
def ticked_in(options: Sequence[tuple[str, str]], asked: Sequence[str]) -> bool:
    """Tell whether one of a group's options is chosen."""
    return any(code in asked for code, _said in options)
