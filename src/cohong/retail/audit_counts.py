"""What retail counts from the journal, counted again from what it noted of each order."""

from typing import Final

from cohong.kernel.audit import Check, queried
from cohong.retail.followers import MOST_HOURS

_DAY: Final = "(o.{} at time zone 'UTC')::date"


def checks() -> list[Check]:
    """Check each day's count of what was sold, settled and shipped, and who bought from whom."""
    return [_sold(), _settled(), _buyers(), _shipped()]


def _sold() -> Check:
    return queried(
        "retail: what was sold each day",
        count="select count(*) from retail_listing_day",
        findings=(
            f"with told as (select l.listing_id, {_DAY.format('traded_at')} as day, count(*) as orders,"
            " sum(l.quantity) as quantity from retail_traded_line l join retail_traded_order o on o.order_id = l.order_id"
            " where o.traded_at is not null and not o.cancelled group by 1, 2)"
            " select format('listing %s on %s: its orders say something else', listing_id, day)"
            " from told t full join retail_listing_day k using (listing_id, day)"
            " where (coalesce(t.orders, 0), coalesce(t.quantity, 0)) <> (coalesce(k.orders, 0), coalesce(k.quantity, 0))"
        ),
    )


def _settled() -> Check:
    return queried(
        "retail: what was settled each day",
        count="select count(*) from retail_seller_day",
        findings=(
            f"with told as (select o.seller_id, {_DAY.format('settled_at')} as day, count(*) as settled,"
            " count(*) filter (where o.refunded) as refunded from retail_traded_order o where o.settled_at is not null"
            " group by 1, 2) select format('seller %s on %s: its orders say something else', seller_id, day)"
            " from told t full join retail_seller_day k using (seller_id, day)"
            " where (coalesce(t.settled, 0), coalesce(t.refunded, 0)) <> (coalesce(k.settled, 0), coalesce(k.refunded, 0))"
        ),
    )


def _buyers() -> Check:
    return queried(
        "retail: who bought from whom",
        count="select count(*) from retail_seller_buyer",
        findings=(
            f"with told as (select o.seller_id, o.buyer_id, max({_DAY.format('settled_at')}) as day"
            " from retail_traded_order o where o.settled_at is not null group by 1, 2)"
            " select format('seller %s and buyer %s: their orders say something else', seller_id, buyer_id)"
            " from told t full join retail_seller_buyer k using (seller_id, buyer_id)"
            " where t.day is distinct from k.last_day"
        ),
    )


def _shipped() -> Check:
    return queried(
        "retail: how soon goods left",
        count="select count(*) from retail_shipping_hours",
        findings=(
            f"with told as (select o.seller_id, {_DAY.format('shipped_at')} as day, least(greatest(trunc("
            f" extract(epoch from o.shipped_at - o.due_at))::bigint / 3600, 0), {MOST_HOURS})::int as hours,"
            " count(*) as orders from retail_traded_order o where o.shipped_at is not null group by 1, 2, 3)"
            " select format('seller %s on %s after %s hours: its orders say something else', seller_id, day, hours)"
            " from told t full join retail_shipping_hours k using (seller_id, day, hours)"
            " where coalesce(t.orders, 0) <> coalesce(k.orders, 0)"
        ),
    )
