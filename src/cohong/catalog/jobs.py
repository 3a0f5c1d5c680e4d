"""What the catalog does by the clock, and off its pages: tell sellers what runs low, carry on imports."""

from cohong.catalog import import_runs  # noqa: F401 - declares its job
from cohong.catalog.documents import StockLow
from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.journal import Entry

_BATCH = 500
_LEFT = "coalesce((select sum(t.on_hand - t.reserved) from catalog_stock t where t.sku_id = k.id), 0)"


@jobs.periodic(name="catalog.tell_low_stock", cron="*/5 * * * *")
def tell_low_stock() -> int:
    """Issue a document for each SKU on offer that has run low since the last look; return how many.

    A look every few minutes instead of one with every order: stock rows are the hottest that there are. Only SKUs with a
    level are watched. One that has enough again is told of anew the next time that it runs low.
    """
    total = 0
    while told := _tell_some():
        total += told
    return total


@sets.act
def _tell_some() -> int:
    sets.run(
        "update catalog_sku k set low_since = null where k.low_since is not null and"
        f" (k.low_stock is null or {_LEFT} > k.low_stock)"
    )
    rows = sets.fetch(
        f"select k.id, l.id, l.seller_id, l.title, k.code, {_LEFT}, k.low_stock from catalog_sku k"
        " join catalog_listing l on l.id = k.listing_id"
        " where k.low_stock is not null and k.low_since is null and not k.retired and l.state = 'published'"
        f" and {_LEFT} <= k.low_stock order by k.id limit %s for update of k skip locked",
        (_BATCH,),
    )
    journal.append(
        [
            Entry(
                subject=sku_id,
                issuer=seller_id,
                body=StockLow(
                    sku_id=sku_id,
                    listing_id=listing_id,
                    seller_id=seller_id,
                    title=title,
                    code=code,
                    available=int(available),
                    level=level,
                ),
            )
            for sku_id, listing_id, seller_id, title, code, available, level in rows
        ]
    )
    sets.run(
        "update catalog_sku set low_since = %s where id = any(%s)",
        (clock.now(), [row[0] for row in rows]),
    )
    return len(rows)
