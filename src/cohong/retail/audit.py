"""What can be wrong with retail's tables, and is looked for."""

from uuid import UUID

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check, queried
from cohong.retail import audit_counts


def audit() -> list[Check]:
    """Check that ratings count the shown reviews, and that what is shown was stated in documents."""
    return [_ratings(), _reviews(), _opinions(), _shops(), _approvals(), *audit_counts.checks()]


def _ratings() -> Check:
    rows = sets.fetch(
        "with shown as (select u.id, r.goods_stars, r.service_stars, r.has_pictures from retail_review r"
        " cross join lateral (values (r.listing_id), (r.seller_id)) u(id) where r.hidden_at is null),"
        " counted as (select id, count(*) filter (where goods_stars = 1) as one,"
        " count(*) filter (where goods_stars = 2) as two, count(*) filter (where goods_stars = 3) as three,"
        " count(*) filter (where goods_stars = 4) as four, count(*) filter (where goods_stars = 5) as five,"
        " sum(service_stars) as service_stars, count(*) filter (where has_pictures) as with_pictures"
        " from shown group by id)"
        " select coalesce(c.id, k.id) from counted c full join retail_rating k on k.id = c.id"
        " where (coalesce(k.one, 0), coalesce(k.two, 0), coalesce(k.three, 0), coalesce(k.four, 0),"
        " coalesce(k.five, 0), coalesce(k.service_stars, 0), coalesce(k.with_pictures, 0))"
        " <> (coalesce(c.one, 0), coalesce(c.two, 0), coalesce(c.three, 0), coalesce(c.four, 0),"
        " coalesce(c.five, 0), coalesce(c.service_stars, 0), coalesce(c.with_pictures, 0)) limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from retail_rating")
    return check(
        "retail: ratings count the shown reviews",
        figure=count,
        findings=[f"rating of {id_}: the reviews say something else" for (id_,) in rows],
    )


def _reviews() -> Check:
    rows = sets.fetch(
        "select r.id from retail_review r left join kernel_document d on d.id = r.document"
        " and d.kind = 'retail.reviewed' and d.subject = r.order_id and d.issuer = r.buyer_id"
        " where d.id is null or r.has_pictures <> exists"
        " (select 1 from retail_review_picture p where p.review_id = r.id) limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from retail_review")
    return check(
        "retail: every review was stated",
        figure=count,
        findings=[
            f"review {id_}: its document is not in the journal, or its pictures are not there"
            for (id_,) in rows
        ],
    )


def _opinions() -> Check:
    """Compare what a review says, its answer and follow-up, and whether it is hidden, with what was stated."""
    return queried(
        "retail: reviews say what was stated",
        count="select count(*) from retail_review",
        findings=(
            "with said as (select (b ->> 'review_id')::uuid as id, d.kind, d.seq, b from kernel_document d"
            " cross join lateral (select d.canonical::jsonb -> 'body') x(b) where d.kind in ('retail.reviewed',"
            " 'retail.review_followed', 'retail.review_answered', 'retail.review_hidden', 'retail.review_shown'))"
            " select format('review %s: it says something else than its documents', r.id) from retail_review r"
            " where not exists (select 1 from said s where s.id = r.id and s.kind = 'retail.reviewed' and (s.b ->> 'text',"
            "   (s.b ->> 'goods_stars')::int, (s.b ->> 'service_stars')::int, (s.b ->> 'quantity')::bigint,"
            "   (s.b ->> 'seller_id')::uuid, (s.b ->> 'listing_id')::uuid, (s.b ->> 'line_id')::uuid)"
            "   = (r.text, r.goods_stars, r.service_stars, r.quantity, r.seller_id, r.listing_id, r.line_id))"
            " or (r.answer <> '' and not exists (select 1 from said s where s.id = r.id"
            "   and s.kind = 'retail.review_answered' and s.b ->> 'text' = r.answer))"
            " or (r.follow_up <> '' and not exists (select 1 from said s where s.id = r.id"
            "   and s.kind = 'retail.review_followed' and s.b ->> 'text' = r.follow_up))"
            " or (r.hidden_at is not null) <> coalesce((select s.kind = 'retail.review_hidden' from said s where s.id = r.id"
            "   and s.kind in ('retail.review_hidden', 'retail.review_shown') order by s.seq desc limit 1), false)"
        ),
    )


def _shops() -> Check:
    rows = sets.fetch(
        "select s.seller_id from retail_shop s left join kernel_document d on d.id = s.document"
        " and d.kind = 'retail.shop_changed' and d.subject = s.seller_id"
        " and d.canonical::jsonb -> 'body' @> jsonb_build_object('revision', s.revision, 'headline', s.headline,"
        "   'introduction', s.introduction, 'notice', s.notice, 'banner', s.banner_digest,"
        "   'listing_ids', to_jsonb(s.listing_ids)) where d.id is null limit 1000"
    )
    [(count,)] = sets.fetch("select count(*) from retail_shop")
    return check(
        "retail: every shop front was stated",
        figure=count,
        findings=[
            f"shop of {id_}: its document is not in the journal, or says something else" for (id_,) in rows
        ],
    )


def _approvals() -> Check:
    """Look that requests for approval are sealed, that their last document stands, and that approved ones became orders."""
    figure, findings, last = 0, [], UUID(int=0)
    while rows := sets.fetch(
        "select a.id, a.sealed, d.id is not null and d.subject = a.id and case when a.state = 'requested'"
        " then d.kind = 'retail.approval_requested' else d.kind = 'retail.approval_decided'"
        " and d.canonical::jsonb -> 'body' @> jsonb_build_object('decision', a.state, 'orders', to_jsonb(a.order_ids)) end,"
        " a.state <> 'approved' or exists"
        " (select 1 from retail_checkout c where c.id = a.id and c.party_id = a.party_id and c.order_ids = a.order_ids)"
        " from retail_approval a left join kernel_document d on d.id = a.document where a.id > %s order by a.id limit 5000",
        (last,),
    ):
        figure += len(rows)
        for id_, sealed, stated, ordered in rows:
            if not privacy.is_encrypted(sealed):
                findings.append(f"approval {id_}: is not encrypted")
            if not stated:
                findings.append(
                    f"approval {id_}: its last document is not in the journal, or says something else"
                )
            if not ordered:
                findings.append(f"approval {id_}: it was approved, but its checkout is another")
        last = rows[-1][0]
    return check("retail: approvals are sealed, stated and ordered", figure=figure, findings=findings)
