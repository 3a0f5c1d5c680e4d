"""Pictures of listings: what really is one is drawn anew, without what cameras write into it, and kept."""

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from cohong.catalog import refusals as no
from cohong.catalog import selectors
from cohong.catalog.models import Picture
from cohong.catalog.parameters import PICTURES
from cohong.catalog.services_listings import lock_listing, republish
from cohong.catalog.shapes import PictureView
from cohong.kernel import parameters, sets
from cohong.kernel.ids import named_id, new_id
from cohong.parties.api import Actor

MAX_FILE_MIB: Final = 4
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_SIDE_LEAST, _SIDE_MOST, _MEGAPIXELS = 16, 12_000, 40
_LARGE, _SMALL = 1600, 480
# More effort makes files a twentieth smaller and takes three times as long.
_QUALITY, _EFFORT = 82, 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture drawn anew by `render`: its two sizes as WebP, and the size of the large one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


@sets.act
def add_picture(*, actor: Actor, listing_id: UUID, content: bytes | Rendered) -> PictureView:
    """Add a picture (JPEG, PNG or WebP) as a listing's last. A published listing is published anew.

    Whoever adds many may `render` them beforehand, on several cores. Raises NoSuchListing, NotYours,
    FileTooLarge, NotAPicture, PictureSizeWrong, TooManyPictures, PictureRepeated.
    """
    # Reading a picture takes a while; the listing is locked only when it is known to be a good one.
    drawn = content if isinstance(content, Rendered) else render(content)
    view = lock_listing(actor, listing_id)
    digest = hashlib.sha256(drawn.large).hexdigest()
    if len(view.pictures) >= (most := most_pictures()):
        raise no.TooManyPictures(most=most)
    if any(picture.digest == digest for picture in view.pictures):
        raise no.PictureRepeated(digest=digest)
    _keep(digest, drawn)
    picture = Picture.objects.create(
        id=new_id(),
        listing_id=listing_id,
        position=_next_position(listing_id),
        digest=digest,
        width=drawn.width,
        height=drawn.height,
    )
    _changed(listing_id)
    return selectors.picture_view(picture.id, digest, drawn.width, drawn.height)


@sets.act
def remove_picture(*, actor: Actor, listing_id: UUID, picture_id: UUID) -> None:
    """Take a picture off a listing. Its file stays: documents that were issued name it.

    Raises NoSuchListing, NotYours, NoSuchPicture.
    """
    lock_listing(actor, listing_id)
    if not Picture.objects.filter(id=picture_id, listing_id=listing_id).delete()[0]:
        raise no.NoSuchPicture(picture=str(picture_id))
    _changed(listing_id)


def keep_picture(content: bytes | Rendered) -> PictureView:
    """Draw a picture anew and keep its files, for something that is no listing; its id is made of its digest.

    Raises FileTooLarge, NotAPicture, PictureSizeWrong.
    """
    drawn = content if isinstance(content, Rendered) else render(content)
    digest = hashlib.sha256(drawn.large).hexdigest()
    _keep(digest, drawn)
    return selectors.picture_view(named_id("catalog.picture", digest), digest, drawn.width, drawn.height)


def _keep(digest: str, drawn: Rendered) -> None:
    _store(selectors.picture_name(digest), drawn.large)
    _store(selectors.picture_name(digest, small=True), drawn.small)


@sets.act
def order_pictures(*, actor: Actor, listing_id: UUID, picture_ids: Sequence[UUID]) -> None:
    """Show a listing's pictures in this order; those that are not named follow as they stood. The first one is its face.

    A published listing is published anew. Raises NoSuchListing, NotYours, NoSuchPicture.
    """
    view = lock_listing(actor, listing_id)
    before = [picture.id for picture in view.pictures]
    named = list(dict.fromkeys(picture_ids))
    for picture_id in named:
        if picture_id not in before:
            raise no.NoSuchPicture(picture=str(picture_id))
    after = [*named, *(one for one in before if one not in named)]
    if after == before:
        return
    sets.run(
        "update catalog_picture p set position = x.position from unnest(%s::uuid[], %s::smallint[]) as x(id, position)"
        " where p.id = x.id",
        (after, list(range(len(after)))),
    )
    _changed(listing_id)


def most_pictures() -> int:
    """Tell how many pictures a listing may have."""
    return int(parameters.value(PICTURES))


def _next_position(listing_id: UUID) -> int:
    [(position,)] = sets.fetch(
        "select coalesce(max(position) + 1, 0) from catalog_picture where listing_id = %s", (listing_id,)
    )
    return int(position)


def _changed(listing_id: UUID) -> None:
    sets.run("update catalog_listing set revision = revision + 1 where id = %s", (listing_id,))
    republish(selectors.listings(ids=[listing_id])[listing_id])


def render(content: bytes) -> Rendered:
    """Draw a picture anew as WebP, large and small. Touches no database, and may run in any thread.

    What a file says about itself is not believed: it is decoded whole, turned upright, flattened on white and
    written without its metadata. Raises FileTooLarge, NotAPicture, PictureSizeWrong.
    """
    if len(content) > MAX_FILE_MIB << 20:
        raise no.FileTooLarge(most_mib=MAX_FILE_MIB)
    try:
        with warnings.catch_warnings():
            # Our own bound on pixels is checked before anything is decoded, so Pillow's warning
            # says nothing new.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                _check_size(*opened.size)
                upright = ImageOps.exif_transpose(opened)
                flat = Image.new("RGB", upright.size, "white")
                coloured = upright.convert("RGBA")
                flat.paste(coloured, mask=coloured.getchannel("A"))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        Image.DecompressionBombError,
    ) as error:
        raise no.NotAPicture from error
    large = _fit(flat, _LARGE)
    return Rendered(_encode(large), _encode(_fit(large, _SMALL)), *large.size)


def _check_size(width: int, height: int) -> None:
    sides = sorted((width, height))
    if sides[0] < _SIDE_LEAST or sides[1] > _SIDE_MOST or width * height > _MEGAPIXELS * 1_000_000:
        raise no.PictureSizeWrong(least=_SIDE_LEAST, most=_SIDE_MOST, most_megapixels=_MEGAPIXELS)


def _fit(picture: Image.Image, side: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=_EFFORT)
    return out.getvalue()


def _store(name: str, content: bytes) -> None:
    """Write a file whole or not at all: its name promises its content, so a torn one must never bear it."""
    path = Path(settings.MEDIA_ROOT) / name
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
