"""The visitor's cart: retail keeps it for who acts for a party; until then it is in the session, and comes along later."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.portal.design.acting import actor_or_none
from cohong.retail import api as retail
from cohong.retail.api import CartItem, CartView, KeptLine

_KEY = "basket"
_MOST = 100


def count_of(request: HttpRequest) -> int:
    """Tell how many lines the visitor's cart has; what they put in before signing in comes along first."""
    actor = actor_or_none(request)
    if actor is None:
        return len(_kept(request))
    _bring_along(request, actor)
    return retail.count(actor=actor)


class Basket:
    """The cart of whoever looks at the page, wherever it is kept."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor = actor_or_none(request)
        if self.actor is not None:
            _bring_along(request, self.actor)

    def view(self, *, region_code: str | None = None, only_picked: bool = False) -> CartView:
        """Look at it, or at what is chosen of it, at today's prices."""
        if self.actor is not None:
            return retail.look(actor=self.actor, region_code=region_code, only_picked=only_picked)
        lines = [line for line in _kept(self._request) if line.picked or not only_picked]
        return retail.price(lines=lines, region_code=region_code)

    def add(self, items: Sequence[CartItem]) -> None:
        """Put more in. Raises what retail's `add` does."""
        if self.actor is not None:
            retail.add(actor=self.actor, items=items)
            return
        there = {line.sku_id: line.quantity for line in _kept(self._request)}
        self._put({item.sku_id: there.get(item.sku_id, 0) + item.quantity for item in items})

    def put(self, items: Sequence[CartItem]) -> None:
        """Let it hold so many of these. Raises what retail's `put` does."""
        if self.actor is not None:
            retail.put(actor=self.actor, items=items)
            return
        self._put({item.sku_id: item.quantity for item in items})

    def remove(self, sku_id: UUID) -> None:
        """Take a line out. Raises NoSuchLine."""
        if self.actor is not None:
            retail.remove(actor=self.actor, sku_id=sku_id)
            return
        kept = _kept(self._request)
        if sku_id not in {line.sku_id for line in kept}:
            raise retail.NoSuchLine
        _keep(self._request, [line for line in kept if line.sku_id != sku_id])

    def pick(self, sku_ids: Collection[UUID]) -> None:
        """Choose the lines of the next checkout."""
        if self.actor is not None:
            retail.pick(actor=self.actor, sku_ids=sku_ids)
            return
        kept = _kept(self._request)
        _keep(self._request, [_changed(line, picked=line.sku_id in sku_ids) for line in kept])

    def agree_prices(self) -> None:
        """Agree to the prices as they are now."""
        if self.actor is not None:
            retail.agree_prices(actor=self.actor)
            return
        now = {line.sku_id: line.unit_price for line in self.view().lines}
        kept = _kept(self._request)
        _keep(
            self._request,
            [_changed(line, agreed_price=now.get(line.sku_id) or line.agreed_price) for line in kept],
        )

    def _put(self, wanted: dict[UUID, int]) -> None:
        quotes = catalog.quote(items=[catalog.QuoteItem(*item) for item in wanted.items() if item[1] != 0])
        kept = {line.sku_id: line for line in _kept(self._request)}
        for sku_id, quantity in wanted.items():
            if quantity == 0:
                kept.pop(sku_id, None)
        for quoted in quotes:
            if isinstance(quoted, Refusal):
                raise quoted
            before = kept.get(quoted.sku_id)
            kept[quoted.sku_id] = KeptLine(
                sku_id=quoted.sku_id,
                quantity=quoted.quantity,
                agreed_price=quoted.unit_price,
                added_at=before.added_at if before is not None else clock.now(),
                picked=before.picked if before is not None else True,
            )
        if len(kept) > _MOST:
            raise retail.CartFull(most=_MOST)
        _keep(self._request, list(kept.values()))


def _bring_along(request: HttpRequest, actor: Actor) -> None:
    """Let retail take over what was put in before signing in; who may not order for this party keeps it for later."""
    kept = request.session.get(_KEY)
    if not kept:
        return
    try:
        parties.require(actor, actor.party_id, Role.PURCHASING)
    except Refusal:
        return
    retail.merge(actor=actor, cart_id=UUID(kept["id"]), lines=_read(kept))
    del request.session[_KEY]


def _kept(request: HttpRequest) -> list[KeptLine]:
    kept = request.session.get(_KEY)
    return _read(kept) if kept else []


def _read(kept: dict[str, Any]) -> list[KeptLine]:
    return [
        KeptLine(
            sku_id=UUID(sku_id),
            quantity=quantity,
            agreed_price=Money(minor, currency),
            added_at=datetime.fromisoformat(added_at),
            picked=picked,
        )
        for sku_id, quantity, minor, currency, added_at, picked in kept["lines"]
    ]


def _keep(request: HttpRequest, lines: Sequence[KeptLine]) -> None:
    if not lines:
        request.session.pop(_KEY, None)
        return
    known = request.session.get(_KEY)
    request.session[_KEY] = {
        "id": known["id"] if known else str(new_id()),
        "lines": [
            [
                str(line.sku_id),
                line.quantity,
                line.agreed_price.minor,
                line.agreed_price.currency,
                line.added_at.isoformat(),
                line.picked,
            ]
            for line in lines
        ],
    }


def _changed(line: KeptLine, **more: Any) -> KeptLine:
    values = {
        name: getattr(line, name) for name in ("sku_id", "quantity", "agreed_price", "added_at", "picked")
    }
    return KeptLine(**{**values, **more})
