"""Ids that are computed from what they name, with the time at which it happened."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.kernel.ids import named_id_at

MOMENT = datetime(2010, 12, 1, 8, 26, 0, 123_456, tzinfo=UTC)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_it_is_the_same_for_the_same_parts_and_only_for_them():
    assert named_id_at(MOMENT, "sale", 536365) == UUID("012ca109-c23b-72ff-ac49-cfa87df4b423")
    others = [("sale", 536366), ("sale:536365",), ("sale", "53636", 5), ("sale", 536365, ""), ()]
    assert len({named_id_at(MOMENT, *parts) for parts in [("sale", 536365), *others]}) == 6


@given(moments, st.text())
def test_it_is_a_uuid_of_version_7_with_the_moments_time(moment: datetime, name: str):
    found = named_id_at(moment, name)
    assert (found.version, found.variant) == (7, RFC_4122)
    assert found.int >> 80 == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(moments, moments)
def test_ids_sort_by_their_moments(one: datetime, other: datetime):
    earlier, later = sorted([one, other])
    if later - earlier >= timedelta(milliseconds=1):
        assert named_id_at(earlier, "z") < named_id_at(later, "a")


def test_the_same_instant_in_another_zone_gives_the_same_id():
    assert named_id_at(MOMENT.astimezone(timezone(timedelta(hours=8))), "x") == named_id_at(MOMENT, "x")


def test_what_cannot_be_written_down():
    with pytest.raises(ValueError, match="time zone"):
        named_id_at(datetime(2010, 12, 1), "x")  # noqa: DTZ001 - that is the point
    assert named_id_at(datetime(1950, 1, 1, tzinfo=UTC), "x").int >> 80 == 0
