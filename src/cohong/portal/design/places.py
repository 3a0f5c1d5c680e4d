"""The places that a visitor may choose from."""

from collections.abc import Sequence

from cohong.parties.api import RegionView


def places(regions: Sequence[RegionView]) -> list[RegionView]:
    """Take the cities: what lies directly below a top region, and a top region that has nothing below it."""
    tops = {one.code for one in regions if not one.parent_code}
    parents = {one.parent_code for one in regions}
    return [one for one in regions if one.parent_code in tops or (one.code in tops and one.code not in parents)]
