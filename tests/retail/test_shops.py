"""Shop fronts: what they say, who may change them, what is stated of it."""

from io import BytesIO

import pytest
from PIL import Image
from retail_street import Street

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.parties.api import NotYours, Role, ScopeMissing
from cohong.retail import api as retail


def picture(width: int = 640, height: int = 200, colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=b"Exif\0\0shot at home")
    return out.getvalue()


def listing_of(sku_id):
    return catalog.skus(ids=[sku_id])[sku_id].listing_id


def test_a_seller_without_a_shop_front_has_an_empty_one(street: Street):
    view = retail.shop(seller_id=street.anna.party_id)
    assert view == retail.ShopView(seller_id=street.anna.party_id)
    assert view.revision == 0


def test_a_shop_front_says_what_its_seller_says(street: Street):
    one, two = (listing_of(street.goods(street.anna, title)) for title in ("裙", "衫"))
    draft = retail.ShopDraft(
        headline="  三十年 老厂 ",
        headline_en="Thirty years",
        introduction="第一行\r\n第二行",
        notice="国庆照常发货",
        opening_hours="周一至周六 9:00–18:00",
        reach="020-8765 4321",
        listing_ids=(two, one, two),
    )
    view = retail.change_shop(actor=street.anna, seller_id=street.anna.party_id, draft=draft)
    assert (view.headline, view.introduction, view.revision) == ("三十年 老厂", "第一行\n第二行", 1)
    assert view.listing_ids == (two, one)
    assert view.banner is None
    assert retail.shop(seller_id=street.anna.party_id) == view
    [filed] = [
        one for one in journal.file_of([street.anna.party_id]) if one.envelope.kind == "retail.shop_changed"
    ]
    body = filed.envelope.body
    assert (body.headline, body.revision, body.listing_ids, body.public) == (
        "三十年 老厂",
        1,
        [two, one],
        True,
    )


def test_what_does_not_change_is_not_stated_again(street: Street):
    draft = retail.ShopDraft(headline="老厂")
    for _ in range(2):
        view = retail.change_shop(actor=street.anna, seller_id=street.anna.party_id, draft=draft)
    assert view.revision == 1
    kinds = [one.envelope.kind for one in journal.file_of([street.anna.party_id])]
    assert kinds.count("retail.shop_changed") == 1


def test_a_banner_is_drawn_anew_and_stays_when_the_text_changes(street: Street):
    seller_id = street.anna.party_id
    view = retail.change_banner(actor=street.anna, seller_id=seller_id, content=picture())
    assert view.banner is not None
    assert (view.banner.width, view.banner.height) == (640, 200)
    assert view.banner.url.endswith(".webp")
    view = retail.change_shop(actor=street.anna, seller_id=seller_id, draft=retail.ShopDraft(headline="新"))
    assert view.banner is not None
    assert view.revision == 2
    assert retail.change_banner(actor=street.anna, seller_id=seller_id, content=None).banner is None
    with pytest.raises(Refusal) as refused:
        retail.change_banner(actor=street.anna, seller_id=seller_id, content=b"<svg onload=alert(1)>")
    assert refused.value.code == "NotAPicture"


def test_only_its_sellers_sales_people_change_it(street: Street):
    seller_id = street.anna.party_id
    draft = retail.ShopDraft(headline="别人")
    warehouse = street.party("丙", "440100", Role.WAREHOUSE)
    token = street.anna.__class__(
        party_id=seller_id, roles=frozenset([Role.SALES]), scopes=frozenset(["retail:read"])
    )
    for actor in (street.bella, street.buyer):
        with pytest.raises(NotYours):
            retail.change_shop(actor=actor, seller_id=seller_id, draft=draft)
        with pytest.raises(NotYours):
            retail.change_banner(actor=actor, seller_id=seller_id, content=None)
    with pytest.raises(NotYours):
        retail.change_shop(actor=warehouse, seller_id=warehouse.party_id, draft=draft)
    with pytest.raises(ScopeMissing):
        retail.change_shop(actor=token, seller_id=seller_id, draft=draft)
    assert retail.shop(seller_id=seller_id).revision == 0


@pytest.mark.parametrize(
    ("field", "text", "refusal"),
    [
        ("headline", "长" * 81, retail.TextTooLong),
        ("introduction", "请打 138 1234 5678", retail.PersonalDataInText),
        ("introduction", "请打 138\n1234\n5678", retail.PersonalDataInText),
        ("notice", "铃\x07声", retail.TextUnreadable),
        ("reach", "身份证 11010519491231002X", retail.PersonalDataInText),
    ],
)
def test_texts_are_checked(street: Street, field: str, text: str, refusal: type[Exception]):
    with pytest.raises(refusal):
        retail.change_shop(
            actor=street.anna, seller_id=street.anna.party_id, draft=retail.ShopDraft(**{field: text})
        )
    assert retail.shop(seller_id=street.anna.party_id).revision == 0


def test_it_shows_its_own_listings_only_and_not_too_many(street: Street):
    theirs = listing_of(street.goods(street.bella, "裙"))
    for ids, refusal in (
        ((theirs,), retail.NotYourListing),
        ((new_id(),), retail.NotYourListing),
        (tuple(new_id() for _ in range(retail.MOST_CHOSEN + 1)), retail.TooManyChosen),
    ):
        with pytest.raises(refusal):
            retail.change_shop(
                actor=street.anna, seller_id=street.anna.party_id, draft=retail.ShopDraft(listing_ids=ids)
            )


def test_whoever_looked_at_an_older_one_is_told(street: Street):
    seller_id = street.anna.party_id
    retail.change_shop(actor=street.anna, seller_id=seller_id, draft=retail.ShopDraft(headline="一"))
    with pytest.raises(retail.ShopChangedMeanwhile):
        retail.change_shop(
            actor=street.anna, seller_id=seller_id, draft=retail.ShopDraft(headline="二"), revision=0
        )
    retail.change_shop(
        actor=street.anna, seller_id=seller_id, draft=retail.ShopDraft(headline="二"), revision=1
    )
    assert retail.shop(seller_id=seller_id).headline == "二"
    assert all(one.ok for one in retail.audit())
