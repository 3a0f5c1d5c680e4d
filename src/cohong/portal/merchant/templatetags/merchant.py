"""What only the merchant's desk's templates say."""

from collections.abc import Mapping
from typing import Any

from django import template

from cohong.catalog.api import ListingState, MovementKind

register = template.Library()


@register.filter
def add_number(text: str, number: int) -> str:
    """Write a number behind a text."""
    return f"{text}{number}"


@register.filter
def at_attribute(errors: Mapping[str, str], code: str) -> str:
    """Say what is wrong with an attribute, if anything."""
    return errors.get(f"attributes.{code}", "")


@register.filter
def listing_state(listing: Any) -> str:
    """Say in words how far a listing is offered."""
    return str(ListingState(listing.state).label)


@register.filter
def movement_kind(code: str) -> str:
    """Say in words why stock changed."""
    return str(MovementKind(code).label)
