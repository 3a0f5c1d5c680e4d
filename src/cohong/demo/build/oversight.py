"""What the platform and the authorities do: the grounds they act on, fees, rates, parameters, and holds placed and lifted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.goods import listing_id
from cohong.demo.build.reference import names
from cohong.demo.build.residents import Cast
from cohong.demo.data.grounds import GROUNDS
from cohong.demo.listings import Listing
from cohong.demo.words import Text
from cohong.kernel import clock
from cohong.kernel.ids import UUID
from cohong.parties import api as parties
from cohong.parties.api import DeskAct, HoldKind, Restriction
from cohong.payments import api as payments

_LOCAL: Final = timedelta(hours=8)
_SUPERVISION, _PLATFORM = "market-supervision", "platform"
# The part of a settled amount that the platform takes, in basis points; "" for every way that has none of its own.
_FEES: Final = (("", 60), ("group", 50), ("tender", 40), ("auction", 50))
_RATES: Final = (
    ("USD", "CNY", "7.0850"),
    ("CNY", "USD", "0.1405"),
    ("HKD", "CNY", "0.9105"),
    ("CNY", "HKD", "1.0950"),
    ("MOP", "CNY", "0.8840"),
    ("CNY", "MOP", "1.1270"),
)
# Name, value, days before the build, and why. None of them is one that the history of the demo depends on.
_PARAMETERS: Final = (
    ("catalog.pictures", 16, 66, "服装、陶瓷商家反映细节图不够放。"),
    ("retail.cart_lines", 300, 41, "团餐、便利店按周集中采购，购物车行数不够用。"),
    ("catalog.pictures", 15, 27, "统一为五的倍数，便于手机端排列。"),
)
# Which unsold listing (counted from the last), days before the build, ground, remark, and after how many days the hold was
# lifted with which words, if it was.
_HOLDS: Final = (
    (2, 38, "false-advertising", "详情页使用“最高级”“第一”等用语。", 3, "已改正宣传用语，经复核予以解除。"),
    (5, 31, "price-fraud", "划线价查无成交记录。", 2, "已提供历史成交凭证，予以解除。"),
    (9, 24, "counterfeit", "商标权利人投诉，待提交授权书。", 6, "已提交品牌授权书原件，核验无误，予以解除。"),
    (3, 12, "unsafe", "抽检不合格，检验报告待复检。", 0, ""),
    (7, 6, "no-licence", "许可证已过有效期。", 0, ""),
    (12, 2, "counterfeit", "商标权利人投诉，待提交授权书。", 0, ""),
)
# A company, what it may not do, the ground, when, and after how many days that was lifted, if it was.
_RESTRICTIONS: Final = (
    ("puyi", Restriction.PUBLISH, "registration", 30, 0),
    ("dengdu", Restriction.PAYOUT, "account-check", 25, 7),
)


class Oversight:
    """Does what the public servants of the region do. Each part knows whether it has been done."""

    def __init__(self, cast: Cast, calendar: Calendar) -> None:
        self._cast, self._calendar = cast, calendar

    def set_rules(self) -> None:
        """Define the grounds for holds, set fees, rates and parameters: one transaction."""
        if parties.hold_reasons():
            return
        with transaction.atomic():
            with clock.at(self._calendar.registered):
                self._define_grounds()
                self._set_fees()
            platform = self._cast.acting(_PLATFORM)
            for name, value, days, why in _PARAMETERS:
                with clock.at(self._ago(days)):
                    parties.set_parameter(actor=platform, name=name, value=value, reason=why)
                    parties.note_at_desk(actor=platform, what=DeskAct.PARAMETER, about=name, reason=why)

    def _define_grounds(self) -> None:
        supervision = self._cast.acting(_SUPERVISION)
        for place, (code, stops, ground, law) in enumerate(GROUNDS):
            parties.define_hold_reason(
                actor=supervision,
                code=code,
                names=names(Text.of(ground)),
                law=names(Text.of(law)),
                applies_to=[HoldKind(one) for one in stops],
                position=place,
            )
            parties.note_at_desk(actor=supervision, what=DeskAct.DEFINE, about=code)

    def _set_fees(self) -> None:
        platform = self._cast.acting(_PLATFORM)
        for way, basis_points in _FEES:
            payments.set_fee(actor=platform, way=way, basis_points=basis_points)
            parties.note_at_desk(actor=platform, what=DeskAct.FEE, about=way)
        for sell, buy, rate in _RATES:
            payments.set_rate(actor=platform, sell=sell, buy=buy, rate=rate)
            parties.note_at_desk(actor=platform, what=DeskAct.FEE, about=f"{sell}/{buy}")

    def watch(self, unsold: Sequence[Listing]) -> None:
        """Place holds on goods that nobody has bought and on parties, and lift some: one transaction."""
        first = self._cast.parties[_RESTRICTIONS[0][0]]
        if parties.restrictions(actor=self._cast.acting(_SUPERVISION), party_id=first):
            return
        with transaction.atomic():
            for back, days, code, remark, lifted_after, lifted_why in _HOLDS:
                if back <= len(unsold):
                    held = listing_id(unsold[-back], self._calendar)
                    self._hold(held, days, f"{_ground(code)}：{remark}", lifted_after, lifted_why)
            for slug, restriction, code, days, lifted_after in _RESTRICTIONS:
                self._restrict(self._cast.parties[slug], restriction, _ground(code), days, lifted_after)

    def _hold(self, held: UUID, days: int, reason: str, lifted_after: int, lifted_why: str) -> None:
        supervision = self._cast.acting(_SUPERVISION)
        title = catalog.listings(ids=[held])[held].title
        with clock.at(self._ago(days)):
            parties.note_at_desk(actor=supervision, what=DeskAct.OPEN_LISTING, subject=held, about=title)
            hold_id = catalog.hold_listing(actor=supervision, listing_id=held, reason=reason)
            parties.note_at_desk(
                actor=supervision, what=DeskAct.HOLD, subject=held, about=title, reason=reason
            )
        if lifted_after:
            with clock.at(self._ago(days - lifted_after)):
                catalog.lift_hold(actor=supervision, hold_id=hold_id, reason=lifted_why)
                parties.note_at_desk(
                    actor=supervision, what=DeskAct.LIFT, subject=held, about=title, reason=lifted_why
                )

    def _restrict(
        self, party_id: UUID, restriction: Restriction, ground: str, days: int, lifted_after: int
    ) -> None:
        platform = self._cast.acting(_PLATFORM)
        title = parties.party(party_id=party_id).name
        with clock.at(self._ago(days)):
            restricted = parties.restrict(
                actor=platform, party_id=party_id, restriction=restriction, reason=f"{ground}。"
            )
            parties.note_at_desk(
                actor=platform, what=DeskAct.HOLD, subject=party_id, about=title, reason=ground
            )
        if lifted_after:
            why = "已由法定代表人到场说明，资金往来与合同相符，予以解除。"
            with clock.at(self._ago(days - lifted_after)):
                parties.lift_restriction(actor=platform, id=restricted, reason=why)
                parties.note_at_desk(
                    actor=platform, what=DeskAct.LIFT, subject=party_id, about=title, reason=why
                )

    def _ago(self, days: int) -> datetime:
        """Say when: at an hour of the region's working day, so many days before the build."""
        day = (self._calendar.built + _LOCAL).replace(hour=9 + days % 8, minute=17 * days % 60)
        return day - _LOCAL - timedelta(days=days)


def _ground(code: str) -> str:
    return next(Text.of(ground).zh_hans for known, _, ground, _ in GROUNDS if known == code)
