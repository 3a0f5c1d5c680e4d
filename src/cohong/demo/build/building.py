"""The stages of the build, one after the other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo import DEFAULT_SEED
from cohong.demo.build import foresight
from cohong.demo.build.calendar import Calendar, calendar
from cohong.demo.build.carriers import connect_carrier, set_up_carriers
from cohong.demo.build.goods import Goods, Tell, done, listing_id
from cohong.demo.build.history import SMALL, WHOLE, History
from cohong.demo.build.housekeeping import Housekeeping
from cohong.demo.build.opinions import Opinions
from cohong.demo.build.oversight import Oversight
from cohong.demo.build.plan import Happening, chapters, chosen, plan
from cohong.demo.build.purchasing import Purchasing
from cohong.demo.build.reference import define_reference_data
from cohong.demo.build.reporting import owe_reports
from cohong.demo.build.research import research
from cohong.demo.build.residents import (
    Cast,
    register_authorities,
    register_company,
    register_consumers,
    sign_everyone_up,
)
from cohong.demo.build.trading import Trader
from cohong.demo.build.users import DemoUser, demo_users
from cohong.demo.companies import companies
from cohong.demo.listings import LISTINGS_COUNT, Listing, listing
from cohong.demo.people import people
from cohong.kernel import clock, journal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments

Progress = Callable[[str, int, int], None]
TRADES: Final = 360
_ACTS_A_CHAPTER: Final = 80
# What buyers pay in before they trade, in fen: companies, consumers.
_CAPITAL, _PURSE = 50_000_000, 2_000_000
_HELD_FOR: Final = "涉嫌虚假宣传，正在调查，暂停交易。"


def build(
    progress: Progress | None = None,
    *,
    listings: int = LISTINGS_COUNT,
    trades: int = TRADES,
    seed: int = DEFAULT_SEED,
) -> list[DemoUser]:
    """Build the demo region, or what is missing of it; return who can sign in.

    `progress` is told (stage, done, total). `listings` and `trades` make a smaller region; a build that goes on has to be
    told the same. Raises NotTheDemos where there is other data, and the refusal of an act that the platform refuses.
    """
    _Build(progress or (lambda _stage, _done, _total: None), listings, trades, seed).run()
    return demo_users(seed)


class _Build:
    """One run through the stages."""

    def __init__(self, progress: Progress, listings: int, trades: int, seed: int) -> None:
        self._progress, self._seed = progress, seed
        self._count, self._trades = listings, trades
        self._listings: list[Listing] = [listing(seed, number) for number in chosen(listings)]

    def run(self) -> None:
        """Go through all stages."""
        here = calendar(self._seed)
        self._whole("Regions, industries, markets", lambda: define_reference_data(here.opened))
        self._whole("People", lambda: sign_everyone_up(self._seed, here))
        cast = Cast(self._seed)
        # Before anybody else: its registration fixes the calendar.
        self._companies(cast, here)
        self._whole("Authorities", lambda: register_authorities(cast, here.registered))
        self._whole("Consumers", lambda: register_consumers(self._seed, cast, here.set_up))
        self._whole("Carriers", lambda: set_up_carriers(self._seed, cast, here.set_up))
        oversight = Oversight(cast, here)
        self._whole("Rules of the house", oversight.set_rules)
        self._goods(Goods(self._listings, cast, here))
        keeping = Housekeeping(self._seed, cast, here, [one for one in companies(self._seed) if one.sells])
        keeping.offer_terms(self._tell("Terms of trade"))
        self._whole("Money", lambda: self._pay_in(cast, here))
        purchasing = Purchasing(self._seed, cast, here, self._listings)
        self._whole("Address books", purchasing.keep_books)
        story = plan(
            self._seed, listings=self._count, trades=self._trades, built=here.built, since=here.trading
        )
        self._trade(cast, here, story)
        purchasing.ask(self._tell("Approvals"))
        opinions = Opinions(self._seed, cast, here)
        opinions.open_shops(self._tell("Shop fronts"))
        opinions.review(self._tell("Reviews"))
        self._whole("Favourites", opinions.like)
        self._whole("Keeping house", keeping.settle_in)
        self._whole("Oversight", lambda: oversight.watch(self._unsold(story)))
        self._whole("The present", lambda: self._finish(cast, here))
        size = WHOLE if self._count == LISTINGS_COUNT else SMALL
        history = History(self._seed, here, size)
        history.write(self._tell("History"))
        history.observe(self._tell("Indicators"))
        if size is WHOLE:  # of a few sellers nearly everything would have to be withheld
            history.publish(self._tell("Publication"))
            self._whole("Early warning", lambda: foresight.watch(cast, here))
            foresight.forecast(here, self._tell("Forecasts"))
            self._whole("Research", lambda: research(cast, here))
            self._whole("Reports", lambda: owe_reports(cast, here))
        journal.seal_all()

    def _tell(self, stage: str) -> Tell:
        return lambda done_, total: self._progress(stage, done_, total)

    def _whole(self, stage: str, do: Callable[[], None]) -> None:
        self._progress(stage, 0, 1)
        do()
        self._progress(stage, 1, 1)

    def _companies(self, cast: Cast, here: Calendar) -> None:
        everyone = companies(self._seed)
        for number, company in enumerate(everyone):
            register_company(self._seed, cast, company, here.registered + number * timedelta(hours=1))
            self._progress("Companies", number + 1, len(everyone))

    def _goods(self, goods: Goods) -> None:
        sellers = [company for company in companies(self._seed) if company.sells]
        goods.write(sellers, self._tell("Listings"))
        goods.show(self._tell("Pictures"))
        goods.offer(sellers, self._tell("Stock"))

    def _pay_in(self, cast: Cast, here: Calendar) -> None:
        """Book what the bank's statement says that buyers have paid in; what is booked already is not again."""
        means = [(company.slug, _CAPITAL) for company in companies(self._seed)]
        means += [(person.ref, _PURSE) for person in people(self._seed) if person.is_consumer]
        items = [
            payments.Deposit(
                party_id=cast.parties[name],
                amount=Money(minor, "CNY"),
                reference=named_id("demo.deposit", name),
            )
            for name, minor in means
        ]
        with clock.at(here.trading):
            done(payments.deposit(actor=SYSTEM, items=items))

    def _unsold(self, story: list[Happening]) -> list[Listing]:
        """Give the goods that nobody buys in the story, but for the one that `_finish` stops."""
        sold = {line.listing.ref for happening in story for line in happening.trade.lines}
        return [one for one in self._listings[:-1] if one.ref not in sold]

    def _trade(self, cast: Cast, here: Calendar, story: list[Happening]) -> None:
        trader = Trader(self._seed, cast, here, {one.ref: one for one in self._listings})
        told, total = 0, len(story)
        for chapter in chapters(story, least=_ACTS_A_CHAPTER):
            if not trader.has_happened(chapter[0]):
                with transaction.atomic():
                    for happening in chapter:
                        trader.do(happening)
            told += len(chapter)
            self._progress("Trades", told, total)

    def _finish(self, cast: Cast, here: Calendar) -> None:
        """Stop a listing that nobody bought, and connect a carrier's system: one transaction, told by the hold."""
        stopped = listing_id(self._listings[-1], here)
        if catalog.holds(actor=SYSTEM, listing_id=stopped):
            return
        with transaction.atomic(), clock.at(here.built):
            connect_carrier(self._seed, cast)
            supervision = cast.acting("market-supervision")
            catalog.hold_listing(actor=supervision, listing_id=stopped, reason=_HELD_FOR)
