"""What the demo's people write to each other on orders, and what they quarrel over."""

from typing import Final

from cohong.demo.build.plan import Trade
from cohong.demo.build.residents import Cast
from cohong.kernel import clock
from cohong.kernel.ids import UUID, named_id_at
from cohong.orders import api as orders
from cohong.orders.api import OrderState, OrderView
from cohong.parties.api import SYSTEM, Actor, Role

_TEN_PERCENT: Final = 10
_ASKED: Final = {
    OrderState.PLACED: "请问现在付款，最快哪天能发货？",
    OrderState.DEPOSITED: "定金已付，请确认一下交货期，我们好安排尾款。",
    OrderState.READY: "您好，款已付清，今天能安排发货吗？收货仓库下午五点关门。",
    OrderState.PART_SHIPPED: "另一半什么时候能到？我们生产线等着用。",
    OrderState.SHIPPED: "送货前请让司机提前一小时打电话，园区要登记车牌。",
    OrderState.SETTLED: "这一批质量不错，下个月还要同样规格的，价格能再谈吗？",
}
_ANSWERED: Final = {
    OrderState.READY: "您好，已安排仓库配货，今天下午四点前出库，运单号会自动更新。",
    OrderState.PART_SHIPPED: "余下的本周五前发出，耽误您了。",
    OrderState.SHIPPED: "好的，已转告承运商。签收时请当面清点件数。",
    OrderState.SETTLED: "感谢惠顾！量大可以按阶梯价，欢迎询价。",
}
_CLAIMS: Final = (
    ("damaged", "开箱发现部分货物碰伤，外包装角部压溃，已当场拍照并请司机签字。", 3),
    ("not_as_described", "到货规格与订单不符，实测厚度偏差超过约定公差，无法上线使用。", 1),
    ("not_received", "物流显示已签收，但仓库没有收到，也查不到签收人。", 1),
    ("counterfeit", "质量证明书上的炉号在生产厂家查不到，怀疑不是原厂产品。", 1),
)


class Quarrels:
    """The acts of talk and quarrel; a `Trader` knows who acts."""

    _cast: Cast

    def _buyer(self, trade: Trade, role: Role = Role.PURCHASING) -> Actor:
        raise NotImplementedError

    def _seller(self, order: OrderView, role: Role = Role.SALES) -> Actor:
        raise NotImplementedError

    # --- words ------------------------------------------------------------------------------------------

    def _write(self, trade: Trade, order: OrderView) -> None:
        _say(self._buyer(trade), order, _ASKED.get(order.state, "您好，请问有现货吗？"))

    def _reply(self, _trade: Trade, order: OrderView) -> None:
        _say(self._seller(order), order, _ANSWERED.get(order.state, "您好，有现货，付款后当天发出。"))

    # --- disputes ---------------------------------------------------------------------------------------

    def _dispute(self, trade: Trade, order: OrderView) -> None:
        kind, text, part = _CLAIMS[trade.number % len(_CLAIMS)]
        orders.raise_dispute(
            item=orders.RaiseDispute(
                actor=self._buyer(trade),
                id=named_id_at(clock.now(), "demo.dispute", order.id),
                order_id=order.id,
                kind=kind,
                text=text,
                claimed_minor=max(1, (order.paid - order.refunded).minor // part),
            )
        )

    def _on_dispute(self, actor: Actor, order: OrderView, text: str = "") -> orders.OnDispute:
        [found] = orders.disputes_of(actor=SYSTEM, order_id=order.id)
        return orders.OnDispute(actor=actor, dispute_id=found.id, text=text)

    def _answer_dispute(self, _trade: Trade, order: OrderView) -> None:
        text = "出库时有复核记录和照片，货物完好。若系途中受损，我方愿配合向承运商索赔。"
        orders.answer_dispute(item=self._on_dispute(self._seller(order), order, text))

    def _offer(self, _trade: Trade, order: OrderView) -> None:
        sum_minor = max(1, (order.paid - order.refunded).minor * 2 // _TEN_PERCENT)
        orders.offer_in_dispute(item=self._on_dispute(self._seller(order), order), amount_minor=sum_minor)

    def _agree_dispute(self, trade: Trade, order: OrderView) -> None:
        [found] = orders.disputes_of(actor=SYSTEM, order_id=order.id)
        item = self._on_dispute(self._buyer(trade), order)
        orders.agree_in_dispute(item=item, amount_minor=found.offered.minor if found.offered else 0)

    def _withdraw_dispute(self, trade: Trade, order: OrderView) -> None:
        orders.withdraw_dispute(item=self._on_dispute(self._buyer(trade), order))

    def _decide_part(self, _trade: Trade, order: OrderView) -> None:
        half = (order.paid - order.refunded).minor // 2
        self._decide(order, half, "经核对照片、运单和质量证明文件，卖方应承担一半货款。")

    def _decide_for_seller(self, _trade: Trade, order: OrderView) -> None:
        self._decide(order, 0, "买方签收时未提异议，所提供的材料不足以证明货物不符，不予支持。")

    def _decide(self, order: OrderView, minor: int, reason: str) -> None:
        judge = self._cast.acting("market-supervision")
        orders.decide_dispute(item=self._on_dispute(judge, order, reason), refund_minor=minor)

    def _close_short(self, _trade: Trade, order: OrderView) -> None:
        item = orders.OnOrder(
            actor=self._seller(order), order_id=order.id, reason="这一规格已停产，余数无法补齐。"
        )
        orders.close_short(item=item)


def _say(actor: Actor, order: OrderView, text: str) -> None:
    orders.send_message(
        item=orders.SendMessage(actor=actor, id=_message_id(order, actor), order_id=order.id, text=text)
    )


def _message_id(order: OrderView, actor: Actor) -> UUID:
    return named_id_at(clock.now(), "demo.message", order.id, actor.party_id)
