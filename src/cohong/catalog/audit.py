"""What `cohong verify` checks of the catalog: that what is counted twice is counted alike."""

from pathlib import Path
from typing import Final

from django.conf import settings

from cohong.catalog import selectors
from cohong.kernel import sets
from cohong.kernel.audit import Check, check, queried

# Each statement yields one text for every place where two accounts of the same thing differ.
_STATEMENTS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "catalog.stock_on_hand",
        "select count(*) from catalog_stock",
        (
            "select format('SKU %s at location %s: %s on hand, but its movements add up to %s', sku_id,"
            " location_id,"
            " coalesce(s.on_hand, 0), coalesce(m.moved, 0)) from catalog_stock s full join"
            " (select sku_id, location_id, sum(quantity) as moved from catalog_stock_movement group by 1,"
            " 2) m"
            " using (sku_id, location_id) where coalesce(s.on_hand, 0) <> coalesce(m.moved, 0)"
        ),
    ),
    (
        "catalog.stock_reserved",
        "select count(*) from catalog_reservation",
        (
            "select format('SKU %s at location %s: %s reserved, but its open reservations add up to %s',"
            " sku_id, location_id,"
            " coalesce(s.reserved, 0), coalesce(r.open, 0)) from catalog_stock s full join"
            " (select sku_id, location_id, sum(quantity - shipped - released) as open from"
            " catalog_reservation"
            " group by 1, 2) r using (sku_id, location_id) where coalesce(s.reserved, 0) <>"
            " coalesce(r.open, 0)"
        ),
    ),
    (
        "catalog.stock_bounds",
        "select count(*) from catalog_stock",
        (
            "select format('SKU %s at location %s: %s on hand, %s reserved', sku_id, location_id, on_hand,"
            " reserved)"
            " from catalog_stock where not (0 <= reserved and reserved <= on_hand)"
        ),
    ),
    (
        "catalog.shipments_of_reservations",
        "select count(*) from catalog_stock_movement where line_id is not null",
        (
            "select format('order line %s at location %s: %s shipped and %s returned, but its movements"
            " say %s"
            " and %s',"
            " line_id, location_id, coalesce(r.shipped, 0), coalesce(r.returned, 0), coalesce(m.shipped, 0),"
            " coalesce(m.returned, 0))"
            " from catalog_reservation r full join (select line_id, location_id,"
            " coalesce(-sum(quantity) filter (where kind = 'shipment'), 0) as shipped,"
            " coalesce(sum(quantity) filter (where kind = 'return'), 0) as returned"
            " from catalog_stock_movement where line_id is not null group by 1, 2) m using (line_id,"
            " location_id)"
            " where coalesce(r.shipped, 0) <> coalesce(m.shipped, 0) or coalesce(r.returned, 0) <>"
            " coalesce(m.returned, 0)"
        ),
    ),
    (
        "catalog.goods_of_reservations",
        "select count(*) from catalog_reservation",
        (
            "select format('order line %s: reserved of SKU %s at location %s, where there is no stock row',"
            " line_id,"
            " sku_id, location_id) from catalog_reservation r where not exists (select 1 from catalog_stock s"
            " where s.sku_id = r.sku_id and s.location_id = r.location_id)"
        ),
    ),
    (
        "catalog.holds",
        "select count(*) from catalog_hold",
        (
            "select format('listing %s: says %s holds stand, but there are %s', l.id, l.open_holds,"
            " coalesce(h.open, 0))"
            " from catalog_listing l left join (select listing_id, count(*) as open from catalog_hold"
            " where lifted_at is null group by 1) h on h.listing_id = l.id where l.open_holds <>"
            " coalesce(h.open, 0)"
        ),
    ),
    (
        "catalog.prices",
        "select count(*) from catalog_sku",
        (
            "select format('listing %s: priced %s to %s, but its tiers run from %s to %s', l.id,"
            " l.price_from_minor,"
            " l.price_to_minor, t.lowest, t.highest) from catalog_listing l left join"
            " (select k.listing_id, min(p.unit_price_minor) as lowest, max(p.unit_price_minor) as highest"
            " from catalog_sku k join catalog_price_tier p on p.sku_id = k.id where not k.retired group by"
            " 1) t"
            " on t.listing_id = l.id where (l.price_from_minor, l.price_to_minor) is distinct from (t.lowest,"
            " t.highest)"
            " union all select format('SKU %s: has no price', k.id) from catalog_sku k"
            " where not exists (select 1 from catalog_price_tier p where p.sku_id = k.id)"
        ),
    ),
    (
        "catalog.published_documents",
        "select count(*) from catalog_listing where state = 'published'",
        (
            "select format('listing %s: on offer, but its document %s is not in the journal', l.id,"
            " l.published_document)"
            " from catalog_listing l where l.state = 'published' and not exists (select 1 from"
            " kernel_document d"
            " where d.id = l.published_document and d.kind = 'catalog.published' and d.subject = l.id)"
        ),
    ),
    (
        "catalog.imports",
        "select count(*) from catalog_import",
        (
            "select format('import %s: is %s, with %s of %s tried, %s made and %s changed', i.id, i.state, i.made,"
            " jsonb_array_length(i.plan), jsonb_array_length(i.created), jsonb_array_length(i.changed))"
            " from catalog_import i where i.made > jsonb_array_length(i.plan)"
            " or (i.state = 'done') <> (i.ended_at is not null)"
            " or (i.state = 'done' and i.made < jsonb_array_length(i.plan))"
            " or (i.state = 'checked' and i.made > 0)"
            " or jsonb_array_length(i.created) + jsonb_array_length(i.changed) > i.made"
            " union all select format('import %s: names listing %s, which is none of its seller''s', i.id, x.id)"
            " from catalog_import i cross join lateral jsonb_array_elements_text(i.created || i.changed) x(id)"
            " where not exists (select 1 from catalog_listing l where l.id = x.id::uuid and l.seller_id = i.seller_id)"
        ),
    ),
)


def audit() -> list[Check]:
    """Check the catalog's tables against each other, the journal and the picture files."""
    checks = [queried(name, count=count, findings=statement) for name, count, statement in _STATEMENTS]
    return [*checks, _pictures()]


def _pictures() -> Check:
    digests = [
        digest for (digest,) in sets.fetch("select distinct digest from catalog_picture order by digest")
    ]
    root = Path(settings.MEDIA_ROOT)
    missing = [
        f"picture {digest}: its file {name} is missing"
        for digest in digests
        for name in (selectors.picture_name(digest), selectors.picture_name(digest, small=True))
        if not (root / name).is_file()
    ]
    return check("catalog.pictures", figure=len(digests), findings=missing)
