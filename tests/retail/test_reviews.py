"""Reviews: who may write, answer, hide; what is counted and stated of it."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from cohong.catalog import api as catalog
from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, MandateMissing, NotYours, Role
from cohong.retail import api as retail
from trading import Place, acting_for


@pytest.fixture
def place(transactional_db: None) -> Place:
    """A refused act undoes its whole transaction, so each test works with real ones."""
    place = Place()
    place.give(1_000_000, place.buyer_id)
    return place


def draft(
    goods: int = 5, service: int = 4, text: str = "板面平整，包装牢固。", **more: Any
) -> retail.ReviewDraft:
    return retail.ReviewDraft(goods_stars=goods, service_stars=service, text=text, **more)


def photograph(colour: str = "teal") -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-OF-A-PERSON"
    Image.new("RGB", (900, 600), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def accepted(place: Place, *quantities: int, **more: Any) -> Any:
    skus = place.goods(*[100] * len(quantities))
    return place.to("accepted", *zip(skus, quantities, strict=True), **more)


def lines(place: Place, order_id: Any) -> list[Any]:
    return [line.id for line in place.view(order_id).lines]


def listing_of(place: Place, order_id: Any) -> Any:
    sku_id = place.view(order_id).lines[0].sku_id
    return catalog.skus(ids=[sku_id])[sku_id].listing_id


def written(place: Place, **more: Any) -> tuple[Any, Any]:
    """Write a review; return its order and its id."""
    order_id = accepted(place, 3)
    [line_id] = lines(place, order_id)
    return order_id, retail.review(actor=place.buyer, order_id=order_id, line_id=line_id, draft=draft(**more))


def test_a_buyer_reviews_each_line_once(place: Place):
    order_id = accepted(place, 3, 2)
    one, two = lines(place, order_id)
    assert [line.review for line in retail.reviewable(actor=place.buyer, order_id=order_id)] == [None, None]
    review_id = retail.review(
        actor=place.buyer, order_id=order_id, line_id=one, draft=draft(text=" 好\r\n很好 ")
    )
    [first, second] = retail.reviewable(actor=place.buyer, order_id=order_id)
    assert first.review is not None
    assert (first.review.id, first.review.text, first.review.quantity) == (review_id, "好\n很好", 3)
    assert second.review is None
    with pytest.raises(retail.ReviewedAlready):
        retail.review(actor=place.buyer, order_id=order_id, line_id=one, draft=draft())
    place.settle(order_id)
    retail.review(actor=place.buyer, order_id=order_id, line_id=two, draft=draft(goods=2, service=1))
    rating = retail.ratings(ids=[listing_of(place, order_id)])[listing_of(place, order_id)]
    assert (rating.by_stars, rating.count) == ((0, 1, 0, 0, 1), 2)
    assert (rating.average, rating.service_average) == (Decimal("3.5"), Decimal("2.5"))
    assert retail.ratings(ids=[place.seller_id])[place.seller_id] == rating
    assert all(check.ok for check in retail.audit())


def test_it_is_stated_in_the_orders_file(place: Place):
    order_id, review_id = written(place)
    filed = orders.evidence(actor=place.buyer, order_id=order_id)
    [told] = [one.envelope for one in filed if one.envelope.kind == "retail.reviewed"]
    [accepted_id] = [one.envelope.id for one in filed if one.envelope.kind == "orders.accepted"]
    assert (told.issuer, told.visible_to, told.answers) == (
        place.buyer_id,
        (place.seller_id,),
        (accepted_id,),
    )
    assert (told.body.review_id, told.body.goods_stars, told.body.quantity) == (review_id, 5, 3)
    assert told.body.public is False


def test_pictures_are_drawn_anew_without_what_the_camera_wrote(place: Place):
    _, review_id = written(place, pictures=(photograph(), photograph("plum"), photograph()))
    view = retail.review_view(actor=place.buyer, review_id=review_id)
    assert len(view.pictures) == 2  # the third is the first again
    file = Path(settings.MEDIA_ROOT) / view.pictures[0].url.removeprefix(settings.MEDIA_URL)
    assert b"CAMERA" not in file.read_bytes()
    with Image.open(file) as picture:
        assert picture.format == "WEBP"
        assert not picture.getexif()
    seven = tuple(photograph(f"#{number}{number}0000") for number in range(retail.MOST_PICTURES + 1))
    order_id = accepted(place, 1)
    for pictures, code in ((seven, "TooManyReviewPictures"), ((b"MZ",), "NotAPicture")):
        with pytest.raises(Refusal) as refused:
            retail.review(
                actor=place.buyer,
                order_id=order_id,
                line_id=lines(place, order_id)[0],
                draft=draft(pictures=pictures),
            )
        assert refused.value.code == code


def test_only_the_buyer_and_only_after_accepting(place: Place):
    order_id = place.to("shipped", (place.goods(10)[0], 1))
    [line_id] = lines(place, order_id)
    wish: dict[str, Any] = {"order_id": order_id, "line_id": line_id, "draft": draft()}
    assert retail.reviewable(actor=place.buyer, order_id=order_id) == []
    with pytest.raises(retail.NotReviewableYet):
        retail.review(actor=place.buyer, **wish)
    place.accept(order_id)
    with pytest.raises(orders.OrderNotFound):
        retail.review(actor=place.other, **wish)
    for actor in (place.seller, place.authority):
        with pytest.raises(retail.NotTheBuyer):
            retail.review(actor=actor, **wish)
        with pytest.raises(retail.NotTheBuyer):
            retail.reviewable(actor=actor, order_id=order_id)
    with pytest.raises(NotYours):
        retail.review(actor=acting_for(place.buyer_id, Role.FINANCE), **wish)
    with pytest.raises(orders.LineNotFound):
        retail.review(actor=place.buyer, **{**wish, "line_id": new_id()})
    retail.review(actor=acting_for(place.buyer_id, Role.PURCHASING), **wish)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"goods": 0}, retail.BadStars),
        ({"service": 6}, retail.BadStars),
        ({"goods": True}, retail.BadStars),
        ({"text": " 好 "}, retail.TextMissing),
        ({"text": "好" * 1001}, retail.TextTooLong),
        ({"text": "找我 13812345678"}, retail.PersonalDataInText),
        ({"text": "响\x00铃"}, retail.TextUnreadable),
    ],
)
def test_what_makes_no_review_changes_nothing(place: Place, wish: dict[str, Any], refusal: type[Refusal]):
    order_id = accepted(place, 1)
    with pytest.raises(refusal):
        retail.review(
            actor=place.buyer, order_id=order_id, line_id=lines(place, order_id)[0], draft=draft(**wish)
        )
    assert retail.own_reviews(actor=place.buyer).items == ()
    assert "retail.reviewed" not in place.kinds(order_id)


def test_the_seller_answers_once_and_the_buyer_follows_up_once(place: Place):
    order_id, review_id = written(place)
    for actor in (place.buyer, place.other):
        with pytest.raises(NotYours):
            retail.answer_review(actor=actor, review_id=review_id, text="谢谢惠顾")
    with pytest.raises(NotYours):
        retail.answer_review(
            actor=acting_for(place.seller_id, Role.WAREHOUSE), review_id=review_id, text="谢谢惠顾"
        )
    assert retail.unanswered_count(actor=place.seller, seller_id=place.seller_id) == 1
    retail.answer_review(
        actor=acting_for(place.seller_id, Role.SERVICE), review_id=review_id, text="谢谢惠顾"
    )
    assert retail.unanswered_count(actor=place.seller, seller_id=place.seller_id) == 0
    with pytest.raises(retail.AnsweredAlready):
        retail.answer_review(actor=place.seller, review_id=review_id, text="再谢")
    for actor in (place.seller, place.other):
        with pytest.raises(retail.NoSuchReview):
            retail.follow_up(actor=actor, review_id=review_id, text="用了一个月")
    retail.follow_up(actor=place.buyer, review_id=review_id, text="用了一个月，没有生锈")
    with pytest.raises(retail.FollowedAlready):
        retail.follow_up(actor=place.buyer, review_id=review_id, text="又过一月")
    [view] = retail.reviews_of(listing_id=listing_of(place, order_id)).items
    assert (view.answer, view.follow_up) == ("谢谢惠顾", "用了一个月，没有生锈")
    kinds = place.kinds(order_id)
    assert kinds[-3:] == ["retail.reviewed", "retail.review_answered", "retail.review_followed"]


def test_an_authority_hides_and_shows_with_a_reason(place: Place):
    order_id, review_id = written(place, goods=1, service=1, text="骂人的话", pictures=(photograph(),))
    listing_id = listing_of(place, order_id)
    for actor in (place.seller, place.buyer, place.other):
        with pytest.raises(MandateMissing):
            retail.hide_review(actor=actor, review_id=review_id, reason="不喜欢")
    with pytest.raises(retail.TextMissing):
        retail.hide_review(actor=place.authority, review_id=review_id, reason=" ")
    retail.hide_review(actor=place.authority, review_id=review_id, reason="含辱骂内容")
    with pytest.raises(retail.HiddenAlready):
        retail.hide_review(actor=place.authority, review_id=review_id, reason="含辱骂内容")
    assert retail.reviews_of(listing_id=listing_id).items == ()
    assert retail.ratings(ids=[listing_id])[listing_id] == retail.RatingView()
    assert (
        retail.sellers_reviews(actor=place.seller, seller_id=place.seller_id).items[0].hidden_reason
        == "含辱骂内容"
    )
    assert retail.own_reviews(actor=place.buyer).items[0].is_hidden
    assert [one.id for one in retail.hidden_reviews(actor=place.authority).items] == [review_id]
    with pytest.raises(MandateMissing):
        retail.hidden_reviews(actor=place.seller)
    # What supervision has hidden, the platform cannot show again.
    with pytest.raises(MandateMissing):
        retail.show_review(actor=parties.SYSTEM, review_id=review_id, reason="误伤")
    retail.show_review(actor=place.authority, review_id=review_id, reason="申诉成立")
    with pytest.raises(retail.NotHidden):
        retail.show_review(actor=place.authority, review_id=review_id, reason="申诉成立")
    assert retail.ratings(ids=[listing_id])[listing_id].by_stars == (1, 0, 0, 0, 0)
    told = [one.envelope for one in journal.file_of([order_id])][-2:]
    assert [one.kind for one in told] == ["retail.review_hidden", "retail.review_shown"]
    assert told[0].body.reason == "含辱骂内容"
    assert told[1].answers == (told[0].id,)
    assert all(check.ok for check in retail.audit())


def test_the_platform_hides_too_and_supervision_may_overrule_it(place: Place):
    _, review_id = written(place)
    platform = acting_for(place.authority_id, mandates=[Mandate.PLATFORM])
    retail.hide_review(actor=platform, review_id=review_id, reason="广告内容")
    retail.show_review(actor=place.authority, review_id=review_id, reason="不是广告")


def test_lists_are_paged_and_narrowed(place: Place):
    [sku_id] = place.goods(100)
    listing_id = catalog.skus(ids=[sku_id])[sku_id].listing_id
    ids = []
    for stars in (5, 3, 5, 1):
        order_id = place.to("accepted", (sku_id, 1))
        pictures = (photograph(),) if stars == 3 else ()
        ids.append(
            retail.review(
                actor=place.buyer,
                order_id=order_id,
                line_id=lines(place, order_id)[0],
                draft=draft(goods=stars, pictures=pictures),
            )
        )
    first = retail.reviews_of(listing_id=listing_id, limit=3)
    assert [one.id for one in first.items] == ids[:0:-1]
    assert [one.id for one in retail.reviews_of(listing_id=listing_id, cursor=first.next).items] == ids[:1]
    assert [one.id for one in retail.reviews_of(seller_id=place.seller_id, stars=5).items] == [ids[2], ids[0]]
    assert [one.id for one in retail.reviews_of(listing_id=listing_id, with_pictures=True).items] == [ids[1]]
    assert retail.reviews_of(listing_id=new_id()).items == ()
    assert retail.ratings(ids=[listing_id])[listing_id].with_pictures == 1


def test_others_do_not_see_whose_it_is(place: Place):
    _, review_id = written(place)
    with pytest.raises(retail.NoSuchReview):
        retail.review_view(actor=place.other, review_id=review_id)
    with pytest.raises(NotYours):
        retail.sellers_reviews(actor=place.other, seller_id=place.seller_id)
    token = Actor(party_id=place.buyer_id, roles=frozenset([Role.OWNER]), scopes=frozenset(["orders:read"]))
    with pytest.raises(parties.ScopeMissing):
        retail.own_reviews(actor=token)


def test_an_audit_finds_a_rating_that_is_off(place: Place):
    written(place)
    sets.run("update retail_rating set five = 2, service_stars = 9 where id = %s", (place.seller_id,))
    [finding] = [found for check in retail.audit() for found in check.findings]
    assert str(place.seller_id) in finding
