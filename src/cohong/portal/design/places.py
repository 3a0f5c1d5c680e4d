"""The places that a visitor may choose from."""

from collections.abc import Sequence

from cohong.parties.api import RegionView


def places(regions: Sequence[RegionView]) -> list[RegionView]:
    """Take the cities: what lies directly below a top region, and a top region that has nothing below it."""
    tops = {one.code for one in regions if not one.parent_code}
    parents = {one.parent_code for one in regions}
    return [
        one for one in regions if one.parent_code in tops or (one.code in tops and one.code not in parents)
    ]


def districts(regions: Sequence[RegionView]) -> list[tuple[RegionView, list[RegionView]]]:
    """Take the cities, each with all that lies below it: where goods can be sent to."""
    below: dict[str, list[RegionView]] = {}
    for one in regions:
        below.setdefault(one.parent_code, []).append(one)

    def inside(code: str) -> list[RegionView]:
        return [one for child in below.get(code, ()) for one in (child, *inside(child.code))]

    return [(city, inside(city.code)) for city in places(regions)]
