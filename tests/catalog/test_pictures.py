"""Pictures: checked by content, drawn anew, without metadata, stored by digest."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from catalog_market import Market, coil, refused
from django.conf import settings
from PIL import Image

from cohong.catalog import api as catalog
from cohong.catalog import pictures
from cohong.catalog import refusals as no
from cohong.kernel import journal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties

pytestmark = pytest.mark.django_db


def picture(kind: Any = "PNG", size: Any = (64, 48), colour: Any = "red", mode: Any = "RGB", **more: Any):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def stored(address: Any):
    return Path(settings.MEDIA_ROOT) / address.removeprefix(settings.MEDIA_URL)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_kept_in_two_sizes_named_by_its_digest(market: Market, kind: Any):
    listing_id = market.publish(coil()).listing_id
    view = catalog.add_picture(
        actor=market.seller, listing_id=listing_id, content=picture(kind, (3200, 1600), colour="blue")
    )
    large, small = stored(view.url), stored(view.thumbnail_url)
    assert hashlib.sha256(large.read_bytes()).hexdigest() == view.digest
    assert (view.width, view.height) == (1600, 800)
    with Image.open(large) as opened:
        assert (opened.format, opened.size) == ("WEBP", (1600, 800))
    with Image.open(small) as opened:
        assert (opened.format, opened.size) == ("WEBP", (480, 240))
    assert catalog.listing(listing_id=listing_id).pictures == (view,)
    assert catalog.browse().items[0].picture == view


def test_what_a_camera_wrote_is_gone_and_the_picture_stands_upright(market: Market):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SECRET CAMERA"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (23.0, 7.0, 0.0)
    content = picture("JPEG", (60, 40), exif=exif.tobytes(), comment=b"SECRET NOTE")
    assert b"SECRET" in content
    listing_id = market.publish(coil()).listing_id
    view = catalog.add_picture(actor=market.seller, listing_id=listing_id, content=content)
    kept = stored(view.url).read_bytes()
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (40, 60)
        assert dict(opened.getexif()) == {}


def test_transparency_becomes_white(market: Market):
    large = pictures.render(picture("PNG", (20, 20), (0, 0, 0, 0), "RGBA")).large
    with Image.open(io.BytesIO(large)) as opened:
        assert opened.mode == "RGB"
        assert opened.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", no.NotAPicture),
        (b"not a picture at all", no.NotAPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", no.NotAPicture),
        (picture("GIF"), no.NotAPicture),
        (picture("TIFF"), no.NotAPicture),
        (picture("PNG")[:60], no.NotAPicture),
        (picture("JPEG", (600, 600))[:500], no.NotAPicture),
        (picture("PNG", (15, 100)), no.PictureSizeWrong),
        (picture("PNG", (12_001, 16), mode="1", colour=0), no.PictureSizeWrong),
        (picture("PNG", (7000, 7000), mode="1", colour=0), no.PictureSizeWrong),
        (b"\x00" * (4 * 1024 * 1024 + 1), no.FileTooLarge),
    ],
)
def test_what_is_no_good_picture_is_refused(market: Market, content: Any, kind: Any):
    listing_id = market.publish(coil()).listing_id
    with refused(kind):
        catalog.add_picture(actor=market.seller, listing_id=listing_id, content=content)
    assert catalog.listing(listing_id=listing_id).pictures == ()


def test_a_picture_bomb_is_refused_before_it_is_unpacked(market: Market):
    bomb = bytearray(picture("PNG", (100, 100), mode="1", colour=0))
    bomb[16:24] = (50_000).to_bytes(4, "big") * 2  # the header claims 2.5 thousand million pixels
    with pytest.raises((no.PictureSizeWrong, no.NotAPicture)):
        pictures.render(bytes(bomb))


def test_pictures_come_in_order_once_and_not_too_many(market: Market):
    listing_id = market.publish(coil()).listing_id
    added = [
        catalog.add_picture(
            actor=market.seller, listing_id=listing_id, content=picture(colour=(10 * n, 0, 0))
        )
        for n in range(12)
    ]
    assert catalog.listing(listing_id=listing_id).pictures == tuple(added)
    with refused(no.TooManyPictures):
        catalog.add_picture(actor=market.seller, listing_id=listing_id, content=picture(colour="green"))
    catalog.remove_picture(actor=market.seller, listing_id=listing_id, picture_id=added[0].id)
    with refused(no.PictureRepeated):
        catalog.add_picture(actor=market.seller, listing_id=listing_id, content=picture(colour=(10, 0, 0)))
    last = catalog.add_picture(actor=market.seller, listing_id=listing_id, content=picture(colour="green"))
    assert catalog.listing(listing_id=listing_id).pictures == (*added[1:], last)
    newest = journal.file_of([listing_id])[-1].envelope.body
    assert newest.pictures == [one.digest for one in (*added[1:], last)]
    assert newest.revision == catalog.listing(listing_id=listing_id).revision == 15
    assert stored(added[0].url).exists()


def test_only_its_seller_changes_a_listings_pictures(market: Market):
    listing_id = market.publish(coil()).listing_id
    mine = catalog.add_picture(actor=market.seller, listing_id=listing_id, content=picture())
    with refused(parties.NotYours):
        catalog.add_picture(actor=market.rival, listing_id=listing_id, content=picture(colour="blue"))
    with refused(parties.NotYours):
        catalog.remove_picture(actor=market.rival, listing_id=listing_id, picture_id=mine.id)
    with refused(no.NoSuchPicture):
        catalog.remove_picture(actor=market.seller, listing_id=listing_id, picture_id=new_id())
    with refused(no.NoSuchListing):
        catalog.add_picture(actor=market.seller, listing_id=new_id(), content=picture())
