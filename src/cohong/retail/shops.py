"""Shop fronts: what a seller shows above its goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import named_id
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import documents, texts
from cohong.retail import refusals as no

MOST_CHOSEN = 24
_SCOPE = "retail:write"
# field, the most characters it may have, whether it may have several lines
_TEXTS: tuple[tuple[str, int, bool], ...] = (
    ("headline", 80, False),
    ("headline_en", 120, False),
    ("introduction", 2000, True),
    ("introduction_en", 4000, True),
    ("notice", 300, False),
    ("opening_hours", 200, False),
    ("reach", 200, False),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopDraft:
    """What a seller wants its shop front to say. `reach` is how to reach them, without anybody's mobile number.

    `listing_ids`: the listings that are shown first, in this order.
    """

    headline: str = ""
    headline_en: str = ""
    introduction: str = ""
    introduction_en: str = ""
    notice: str = ""
    opening_hours: str = ""
    reach: str = ""
    listing_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopView:
    """A shop front as it stands. A seller who never changed theirs has an empty one, at revision 0."""

    seller_id: UUID
    headline: str = ""
    headline_en: str = ""
    introduction: str = ""
    introduction_en: str = ""
    notice: str = ""
    opening_hours: str = ""
    reach: str = ""
    banner: catalog.PictureView | None = None
    listing_ids: tuple[UUID, ...] = ()
    revision: int = 0
    changed_at: datetime | None = None


# --- reads -----------------------------------------------------------------------------------------------

_COLUMNS = (
    "seller_id, headline, headline_en, introduction, introduction_en, notice, opening_hours, reach, banner_digest,"
    " banner_width, banner_height, listing_ids, revision, changed_at"
)


def shops(*, seller_ids: Sequence[UUID]) -> dict[UUID, ShopView]:
    """Return these sellers' shop fronts; who has none gets an empty one. One statement."""
    found = {
        row[0]: _view(row)
        for row in sets.fetch(
            f"select {_COLUMNS} from retail_shop where seller_id = any(%s)", (list(seller_ids),)
        )
    }
    return {seller_id: found.get(seller_id) or ShopView(seller_id=seller_id) for seller_id in seller_ids}


def shop(*, seller_id: UUID) -> ShopView:
    """Return a seller's shop front, empty if they have none yet. Public."""
    return shops(seller_ids=[seller_id])[seller_id]


def _view(row: tuple[Any, ...]) -> ShopView:
    seller_id, *said, digest, width, height, listing_ids, revision, changed_at = row
    banner = (
        catalog.picture_view(named_id("catalog.picture", digest), digest, width, height) if digest else None
    )
    texts_said = {name: text for (name, _, _), text in zip(_TEXTS, said, strict=True)}
    return ShopView(
        seller_id=seller_id,
        **texts_said,
        banner=banner,
        listing_ids=tuple(listing_ids),
        revision=revision,
        changed_at=changed_at,
    )


# --- acts ------------------------------------------------------------------------------------------------


@sets.act
def change_shop(*, actor: Actor, seller_id: UUID, draft: ShopDraft, revision: int | None = None) -> ShopView:
    """Let a seller's shop front say this; its banner stays. With `revision`, only if it is still at that one.

    Nothing is stated if nothing changes. Raises NotYours, TextTooLong, TextUnreadable, PersonalDataInText,
    TooManyChosen, NotYourListing, ShopChangedMeanwhile.
    """
    parties.require(actor, seller_id, Role.SALES, scope=_SCOPE)
    said: dict[str, Any] = {
        name: texts.clean(getattr(draft, name), field=name, most=most, lines=lines)
        for name, most, lines in _TEXTS
    }
    chosen = tuple(dict.fromkeys(draft.listing_ids))
    _check_chosen(seller_id, chosen)
    before = _lock(seller_id)
    if revision is not None and revision != before.revision:
        raise no.ShopChangedMeanwhile
    return _write(before, ShopView(seller_id=seller_id, **said, banner=before.banner, listing_ids=chosen))


@sets.act
def change_banner(*, actor: Actor, seller_id: UUID, content: bytes | catalog.Rendered | None) -> ShopView:
    """Give the shop front another banner picture (JPEG, PNG or WebP), or none.

    Raises NotYours, FileTooLarge, NotAPicture, PictureSizeWrong.
    """
    parties.require(actor, seller_id, Role.SALES, scope=_SCOPE)
    banner = None if content is None else catalog.keep_picture(content)
    before = _lock(seller_id)
    said = {name: getattr(before, name) for name, _, _ in _TEXTS}
    after = ShopView(seller_id=seller_id, **said, banner=banner, listing_ids=before.listing_ids)
    return _write(before, after)


def _check_chosen(seller_id: UUID, chosen: Sequence[UUID]) -> None:
    if len(chosen) > MOST_CHOSEN:
        raise no.TooManyChosen(most=MOST_CHOSEN)
    known = catalog.listings(ids=chosen) if chosen else {}
    if any(one not in known or known[one].seller_id != seller_id for one in chosen):
        raise no.NotYourListing


def _lock(seller_id: UUID) -> ShopView:
    """Let nobody else change this shop front meanwhile, not even where there is none yet; return it as it stands."""
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"retail.shop {seller_id}",))
    return shop(seller_id=seller_id)


def _write(before: ShopView, after: ShopView) -> ShopView:
    same = [*(name for name, _, _ in _TEXTS), "listing_ids", "banner"]
    if before.revision and all(getattr(before, name) == getattr(after, name) for name in same):
        return before
    said = {name: getattr(after, name) for name, _, _ in _TEXTS}
    digest = after.banner.digest if after.banner else ""
    revision = before.revision + 1
    body = documents.ShopChanged(
        seller_id=after.seller_id,
        revision=revision,
        **said,
        banner=digest,
        listing_ids=list(after.listing_ids),
    )
    [receipt] = journal.append([Entry(subject=after.seller_id, issuer=after.seller_id, body=body)])
    names = [name.strip() for name in _COLUMNS.split(",")]
    sets.run(
        f"insert into retail_shop ({_COLUMNS}, document) values ({', '.join(['%s'] * (len(names) + 1))})"
        " on conflict (seller_id) do update set "
        + ", ".join(f"{name} = excluded.{name}" for name in [*names[1:], "document"]),
        (
            *(after.seller_id, *said.values(), digest),
            *((after.banner.width, after.banner.height) if after.banner else (0, 0)),
            *(list(after.listing_ids), revision, clock.now(), receipt.id),
        ),
    )
    return shop(seller_id=after.seller_id)
