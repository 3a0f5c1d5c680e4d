"""A listing's attributes in words: each with the value that people read."""

from dataclasses import dataclass
from typing import Any

from cohong.catalog import api as catalog


@dataclass(frozen=True, slots=True)
class Fact:
    """An attribute and its value: a choice as its option's names, anything else as it is."""

    attribute: catalog.Attribute
    value: Any


def facts_of(schema: catalog.Category, values: dict[str, Any]) -> list[Fact]:
    """Pair attributes with their values, in the schema's order; what has no value is left out."""
    facts = []
    for attribute in schema.attributes:
        if attribute.code not in values:
            continue
        value = values[attribute.code]
        option = next((one for one in attribute.options if one.code == value), None)
        facts.append(Fact(attribute, option.names if option is not None else value))
    return facts
