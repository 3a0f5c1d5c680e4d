"""What people of the demo think of what they traded: reviews with answers and pictures, shop fronts, favourites."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageEnhance, ImageOps

from cohong.catalog import api as catalog
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.goods import Tell
from cohong.demo.build.residents import Cast
from cohong.demo.companies import Company, companies
from cohong.demo.data import opinions as said
from cohong.demo.people import people
from cohong.kernel import clock
from cohong.kernel.ids import UUID
from cohong.orders import api as orders
from cohong.orders.api import OrderState, OrderView
from cohong.parties.api import Role
from cohong.retail import api as retail

_REVIEWED_PERCENT: Final = 78
_BANNER: Final = (1600, 400)
_BANNER_PICTURES: Final = 4
_ORDERS: Final = 200


class Opinions:
    """Gives shops their fronts, and lets buyers say what they think. What was said before is not said again."""

    def __init__(self, seed: int, cast: Cast, calendar: Calendar) -> None:
        self._seed, self._cast, self._calendar = seed, cast, calendar
        self._sellers = [company for company in companies(seed) if company.sells]

    def _dice(self, *about: object) -> Random:
        return Random(":".join(str(part) for part in (self._seed, *about)))

    # --- shops ------------------------------------------------------------------------------------------

    def open_shops(self, tell: Tell) -> None:
        """Give each seller a shop front, one transaction a seller."""
        for number, company in enumerate(self._sellers, 1):
            if retail.shop(seller_id=self._cast.parties[company.slug]).revision == 0:
                with transaction.atomic(), clock.at(self._calendar.trading):
                    self._open(company)
            tell(number, len(self._sellers))

    def _open(self, company: Company) -> None:
        dice = self._dice("shop", company.slug)
        seller_id = self._cast.parties[company.slug]
        cards = catalog.shop_windows(seller_ids=[seller_id], each=12)[seller_id]
        headline, headline_en = said.HEADLINES[company.industries[0]]
        draft = retail.ShopDraft(
            headline=f"{company.brand.zh_hans}：{headline}",
            headline_en=f"{company.brand.en}: {headline_en}",
            introduction=company.introduction.zh_hans,
            introduction_en=company.introduction.en,
            notice=dice.choice(said.NOTICES),
            opening_hours=dice.choice(said.HOURS),
            reach=company.phone,
            listing_ids=tuple(card.id for card in dice.sample(cards, min(5, len(cards)))),
        )
        actor = self._cast.acting(company.slug, Role.SALES)
        retail.change_shop(actor=actor, seller_id=seller_id, draft=draft)
        if (banner := _banner(cards)) is not None:
            retail.change_banner(actor=actor, seller_id=seller_id, content=banner)

    # --- reviews ----------------------------------------------------------------------------------------

    def review(self, tell: Tell) -> None:
        """Let most buyers review what they accepted, and some sellers answer: one transaction a seller."""
        for number, company in enumerate(self._sellers, 1):
            sold = orders.orders(
                actor=self._cast.acting(company.slug, Role.SALES),
                side="seller",
                states=[OrderState.ACCEPTED, OrderState.SETTLED],
                limit=_ORDERS,
            )
            with transaction.atomic():
                for order in reversed(sold):
                    self._review_order(company, order)
            tell(number, len(self._sellers))

    def _review_order(self, company: Company, order: OrderView) -> None:
        dice = self._dice("review", order.id)
        # Who bought may be somebody that a user of the demo has made since.
        name = self._cast.name_of.get(order.buyer_id)
        when = self._moment(order, dice)
        if name is None or when is None or dice.randrange(100) >= _REVIEWED_PERCENT:
            return
        buyer = self._cast.acting(name, Role.PURCHASING)
        for line in retail.reviewable(actor=buyer, order_id=order.id):
            if line.review is not None:
                return
            stars = dice.choices((5, 4, 3, 2, 1), weights=(62, 24, 8, 4, 2))[0]
            draft = retail.ReviewDraft(
                goods_stars=stars,
                service_stars=max(1, min(5, stars + dice.choice((-1, 0, 0, 0, 1)))),
                text=_words(company.industries[0], stars, dice),
                pictures=self._pictures(line.sku_id, dice),
            )
            with clock.at(when):
                review_id = retail.review(actor=buyer, order_id=order.id, line_id=line.line_id, draft=draft)
            self._afterwards(company, name, review_id, stars, when, dice)

    def _moment(self, order: OrderView, dice: Random) -> datetime | None:
        """Say when a buyer got round to it: some hours or days after the goods were accepted, but before now."""
        since = order.ended_at or order.shipped_at
        if since is None or since >= self._calendar.built:
            return None
        wish = since + timedelta(hours=dice.randrange(3, 120), minutes=dice.randrange(60))
        return min(wish, self._calendar.built - timedelta(minutes=dice.randrange(1, 50)))

    def _afterwards(
        self, company: Company, name: str, review_id: UUID, stars: int, when: datetime, dice: Random
    ) -> None:
        answered, later = (
            when + timedelta(hours=dice.randrange(2, 30)),
            when + timedelta(days=dice.randrange(12, 30)),
        )
        if answered < self._calendar.built and (stars < 4 or dice.random() < 0.45):
            with clock.at(answered):
                retail.answer_review(
                    actor=self._cast.acting(company.slug, Role.SERVICE),
                    review_id=review_id,
                    text=dice.choice(said.ANSWERS if stars > 3 else said.SORRY),
                )
        if later < self._calendar.built and stars > 3 and dice.random() < 0.3:
            with clock.at(later):
                retail.follow_up(
                    actor=self._cast.acting(name, Role.PURCHASING),
                    review_id=review_id,
                    text=dice.choice(said.LATER),
                )

    def _pictures(self, sku_id: UUID, dice: Random) -> tuple[bytes, ...]:
        """Take, for some reviews, one to three photographs of the goods as they look where they arrived."""
        if dice.random() > 0.3:
            return ()
        listing_id = catalog.skus(ids=[sku_id])[sku_id].listing_id
        shown = catalog.listings(ids=[listing_id])[listing_id].pictures
        if not shown:
            return ()
        return tuple(_photograph(shown[0], dice) for _ in range(dice.choice((1, 1, 2, 3))))

    # --- favourites -------------------------------------------------------------------------------------

    def like(self) -> None:
        """Let consumers and purchasers keep an eye on some goods and shops: one transaction."""
        names = [person.ref for person in people(self._seed) if person.is_consumer]
        names += [company.slug for company in companies(self._seed) if not company.sells]
        cards = catalog.browse(limit=200).items
        with transaction.atomic(), clock.at(self._calendar.built - timedelta(hours=20)):
            for name in names:
                actor = self._cast.acting(name, Role.PURCHASING)
                dice = self._dice("favourites", name)
                if retail.favourite_count(actor=actor):
                    continue
                for card in dice.sample(cards, min(6, len(cards))):
                    retail.add_favourite(actor=actor, kind=retail.FavouriteKind.LISTING, thing_id=card.id)
                for company in dice.sample(self._sellers, 2):
                    retail.add_favourite(
                        actor=actor,
                        kind=retail.FavouriteKind.SELLER,
                        thing_id=self._cast.parties[company.slug],
                    )


def _words(industry: str, stars: int, dice: Random) -> str:
    if stars <= 2:
        return dice.choice(said.COMPLAINT)
    if stars == 3:
        return dice.choice(said.SO_SO)
    own = dice.choice(said.PRAISE[industry])
    return f"{own}{dice.choice(said.GENERAL)}" if dice.random() < 0.4 else own


def _load(picture: catalog.PictureView) -> Image.Image:
    with Image.open(Path(settings.MEDIA_ROOT) / picture.url.removeprefix(settings.MEDIA_URL)) as opened:
        return opened.convert("RGB")


def _photograph(picture: catalog.PictureView, dice: Random) -> bytes:
    """Look at the goods from nearer, at an angle, in another light."""
    seen = _load(picture).rotate(dice.uniform(-7, 7), Image.Resampling.BICUBIC)
    width, height = seen.size
    margin = dice.uniform(0.12, 0.2)
    left, top = int(width * margin * dice.uniform(0.7, 1.3)), int(height * margin * dice.uniform(0.7, 1.3))
    seen = seen.crop((left, top, int(width * (1 - margin)), int(height * (1 - margin))))
    seen = ImageEnhance.Brightness(seen).enhance(dice.uniform(0.78, 1.08))
    seen = ImageEnhance.Color(seen).enhance(dice.uniform(0.7, 1.15))
    out = BytesIO()
    seen.save(out, "JPEG", quality=80)
    return out.getvalue()


def _banner(cards: list[catalog.ListingCard]) -> bytes | None:
    """Put some of a seller's goods side by side, as in a shop's window."""
    shown = [card.picture for card in cards if card.picture is not None][:_BANNER_PICTURES]
    if not shown:
        return None
    width, height = _BANNER
    window = Image.new("RGB", _BANNER, "white")
    each = width // len(shown)
    for place, picture in enumerate(shown):
        window.paste(ImageOps.fit(_load(picture), (each - 4, height)), (place * each + 2, 0))
    out = BytesIO()
    window.save(out, "JPEG", quality=85)
    return out.getvalue()
