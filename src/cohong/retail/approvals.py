"""Approvals: a checkout above its party's purchase limit is kept as it was asked for, until another one approves it.

What is asked leaves the cart; nothing is reserved. Who approves orders it, for the requester and at the prices of that moment,
if none of them is above what was asked. `orders` is asked whether an approval is needed, and checks itself who approves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from cohong.catalog import api as catalog
from cohong.kernel import clock, privacy, sets
from cohong.kernel.documents import Body, canonical
from cohong.kernel.errors import Refusal
from cohong.kernel.journal import Entry, append
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import carts, checkouts, documents, refusals, rules, texts
from cohong.retail.shapes import (
    AskedLine,
    AskedParcel,
    CheckedOut,
    CheckoutWish,
    DeliveryChoice,
    DeliveryOffer,
    KeptLine,
    LineView,
    Parcel,
)
from cohong.retail.states import APPROVAL_LIFE, ApprovalState

DAYS = 7
REASON_MOST = 500
_READ, _WRITE = "orders:read", "orders:write"
_BATCH = 500


class Asked(msgspec.Struct, frozen=True):
    """All that was asked for, as it is kept."""

    wish: CheckoutWish
    parcels: tuple[AskedParcel, ...]


@dataclass(slots=True)
class Row:
    """A request under lock."""

    id: UUID
    party_id: UUID
    user_id: UUID
    state: str
    asked: str
    sealed: str
    expires_at: datetime
    document: UUID

    def opened(self) -> Asked:
        """Read what was asked for."""
        return open_asked(self.sealed)

    @property
    def owner(self) -> carts.Owner:
        """Whose cart it came from."""
        return self.party_id, self.user_id


def open_asked(sealed: str) -> Asked:
    """Read what was asked for."""
    return msgspec.json.decode(privacy.decrypt(sealed), type=Asked)


# --- asking ----------------------------------------------------------------------------------------------


@sets.act
def request_approval(*, actor: Actor, wish: CheckoutWish, reason: str) -> UUID:
    """Ask the actor's own party to approve a checkout above its purchase limit; return the request's id, the wish's.

    The lines leave the cart; nothing is reserved. Said again, it is the same request. Raises NotYours, CheckoutReused,
    NoApprovalNeeded, TextMissing, TextTooLong, PersonalDataInText, and what `checkout` refuses a cart with.
    """
    parties.require(actor, actor.party_id, Role.PURCHASING, scope=_WRITE)
    checkouts.check_address(wish)
    said = texts.clean(reason, field="reason", most=REASON_MOST, least=2)
    asked = checkouts.asked_of(wish)
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"retail.checkout {wish.id}",))
    if _is_repeated(actor, wish.id, asked):
        return wish.id
    parts = checkouts.ready_parts(actor, wish)
    if (
        orders.needs_approval(actor=actor, totals=[parcel.goods + offer.price for parcel, offer in parts])
        is None
    ):
        raise refusals.NoApprovalNeeded
    # What could never be ordered is refused now, not when somebody approves it.
    for parcel, offer in parts:
        orders.check_placing(item=checkouts.order_of(actor, wish, parcel, offer))
    _write(actor, wish, [_asked_parcel(*part) for part in parts], said, asked[0])
    carts.take_out(actor, [line.sku_id for parcel, _ in parts for line in parcel.lines])
    return wish.id


def _is_repeated(actor: Actor, wish_id: UUID, asked: list[str]) -> bool:
    found = sets.fetch(
        "select party_id, user_id, asked from retail_approval where id = %s"
        " union all select party_id, user_id, '' from retail_checkout where id = %s",
        (wish_id, wish_id),
    )
    if not found:
        return False
    party_id, user_id, known = found[0]
    if (party_id, user_id) != carts.owner_of(actor) or known not in asked:
        raise refusals.CheckoutReused
    return True


def _asked_parcel(parcel: Parcel, offer: DeliveryOffer) -> AskedParcel:
    return AskedParcel(
        seller_id=parcel.seller_id,
        currency=parcel.currency,
        lines=tuple(
            AskedLine(
                sku_id=line.sku_id,
                listing_id=line.listing_id,
                title=line.title,
                sku_code=line.sku_code,
                unit=line.unit,
                quantity=line.quantity,
                unit_price=line.agreed_price,
            )
            for line in parcel.lines
        ),
        kind=offer.kind,
        carrier_id=offer.carrier_id,
        carrier_name=offer.carrier_name,
        service=offer.service,
        freight=offer.price,
    )


def _write(actor: Actor, wish: CheckoutWish, parcels: Sequence[AskedParcel], reason: str, asked: str) -> None:
    now = clock.now()
    party_id, user_id = carts.owner_of(actor)
    expires_at = now + timedelta(days=DAYS)
    body = documents.ApprovalRequested(
        requested_by=user_id,
        orders=[
            documents.OrderAsked(
                seller=parcel.seller_id,
                lines=[
                    documents.LineAsked(
                        sku_id=line.sku_id,
                        title=line.title,
                        quantity=line.quantity,
                        unit_price=line.unit_price,
                    )
                    for line in parcel.lines
                ],
                freight=parcel.freight,
                total=parcel.total,
            )
            for parcel in parcels
        ],
        reason=reason,
        expires_at=expires_at,
    )
    [receipt] = append([Entry(subject=wish.id, issuer=party_id, body=body, visible_to=(party_id,))])
    sealed = privacy.encrypt(canonical(Asked(wish, tuple(parcels))).decode())
    sets.run(
        "insert into retail_approval (id, party_id, user_id, state, asked, sealed, reason, decision, order_ids,"
        " requested_at, expires_at, document) values (%s, %s, %s, 'requested', %s, %s, %s, '', '{}', %s, %s, %s)",
        (wish.id, party_id, user_id, asked, sealed, reason, now, expires_at, receipt.id),
    )


# --- deciding --------------------------------------------------------------------------------------------


@sets.act
def approve(*, actor: Actor, approval_id: UUID) -> CheckedOut:
    """Approve a request and order what was asked for, at today's prices if none is above what was asked.

    For an owner or someone of finance, in person, and not for whoever asked. Raises NoSuchApproval, ApproverUnfit, WrongState,
    ApprovalExpired, RequesterGone, LineNotOrderable, StockShort, DearerThanApproved, FreightDearer, NotOffered, and what
    `orders.place` refuses with; then the request stands as before.
    """
    row = _locked(actor, approval_id)
    _check_approver(actor, row)
    APPROVAL_LIFE.next(row.state, "approve")
    if row.expires_at <= clock.now():
        raise refusals.ApprovalExpired
    asked = row.opened()
    requester = _requester(row)
    parts = _as_approved(asked)
    items = [
        replace(checkouts.order_of(requester, asked.wish, parcel, offer), approved_by=actor)
        for parcel, offer in parts
    ]
    placed = checkouts.placed_all(items, parts)
    checkouts.keep(row.owner, row.id, row.asked, placed)
    _end(row, "approve", by=actor, order_ids=[one.order_id for one in placed])
    return CheckedOut(row.id, tuple(placed))


@sets.act
def reject(*, actor: Actor, approval_id: UUID, reason: str) -> None:
    """Reject a request, with a reason. For whoever could approve it. Raises NoSuchApproval, ApproverUnfit, WrongState."""
    said = texts.clean(reason, field="reason", most=REASON_MOST, least=2)
    row = _locked(actor, approval_id)
    _check_approver(actor, row)
    _end(row, "reject", by=actor, reason=said)


@sets.act
def withdraw(*, actor: Actor, approval_id: UUID) -> None:
    """Take a request back, as whoever asked, or as an owner; its lines are in the requester's cart again.

    Raises NoSuchApproval, NotYours, WrongState.
    """
    row = _locked(actor, approval_id)
    if carts.owner_of(actor) == row.owner:
        parties.require(actor, row.party_id, Role.PURCHASING, scope=_WRITE)
    else:
        parties.require(actor, row.party_id, scope=_WRITE)
    _end(row, "withdraw", by=actor)
    now = clock.now()
    carts.put_back(
        row.owner,
        [
            KeptLine(sku_id=line.sku_id, quantity=line.quantity, agreed_price=line.unit_price, added_at=now)
            for parcel in row.opened().parcels
            for line in parcel.lines
        ],
    )


@sets.act
def expire_due() -> int:
    """Let requests expire that nobody decided in time; return how many. What was in them is not ordered."""
    rows = sets.fetch(
        f"select {_COLUMNS} from retail_approval where state = 'requested' and expires_at <= %s"
        " order by id limit %s for update skip locked",
        (clock.now(), _BATCH),
    )
    for columns in rows:
        _end(Row(*columns), "expire", by=None)
    return len(rows)


_COLUMNS = ", ".join(Row.__slots__)


def _locked(actor: Actor, approval_id: UUID) -> Row:
    found = sets.fetch(
        f"select {_COLUMNS} from retail_approval where id = %s and party_id = %s for update",
        (approval_id, actor.party_id),
    )
    if not found:
        raise refusals.NoSuchApproval
    return Row(*found[0])


def _check_approver(actor: Actor, row: Row) -> None:
    if not orders.may_approve(actor) or carts.owner_of(actor) == row.owner:
        raise orders.ApproverUnfit


def _requester(row: Row) -> Actor:
    """Return whom the order is placed for: whoever asked, as long as they still may."""
    if row.user_id == row.party_id:  # a token: the party itself
        return Actor(party_id=row.party_id, roles=frozenset({Role.PURCHASING}))
    try:
        requester = parties.actor_for(user_id=row.user_id, party_id=row.party_id)
    except parties.NotMember:
        raise refusals.RequesterGone from None
    if not requester.may(Role.PURCHASING):
        raise refusals.RequesterGone
    return requester


def _as_approved(asked: Asked) -> checkouts.Parts:
    """Look at what was asked for anew; refuse what is not to be had any more, or is dearer than what was approved."""
    view, stock = carts.priced(kept_lines(asked))
    then = {line.sku_id: line.unit_price for parcel in asked.parcels for line in parcel.lines}
    for line in view.lines:
        _check_line(line, then[line.sku_id])
    address = asked.wish.address
    view = carts.with_offers(view, stock, address.region_code if address is not None else "")
    parcels = {(parcel.seller_id, parcel.currency): parcel for parcel in view.parcels}
    parts: checkouts.Parts = []
    for before in asked.parcels:
        parcel = parcels[before.seller_id, before.currency]
        choice = DeliveryChoice(
            seller_id=before.seller_id,
            currency=before.currency,
            kind=before.kind,
            carrier_id=before.carrier_id,
            service=before.service,
        )
        offer = rules.chosen(parcel, choice, has_address=address is not None)
        if offer is None:
            raise refusals.NotOffered(seller=parties.party(party_id=before.seller_id).name)
        if offer.price.minor > before.freight.minor:
            raise refusals.FreightDearer(then=before.freight, now=offer.price)
        lines = tuple(
            replace(line, agreed_price=line.unit_price or line.agreed_price) for line in parcel.lines
        )
        parts.append((replace(parcel, lines=lines), offer))
    return parts


def _check_line(line: LineView, then: Money) -> None:
    if isinstance(line.problem, refusals.StockShort):
        raise line.problem
    if line.problem is not None or line.unit_price is None:
        problem: Refusal = line.problem or catalog.NoSuchSku(sku=str(line.sku_id))
        raise refusals.LineNotOrderable(
            title=line.title, sku=str(line.sku_id), problem=problem.code, reason=str(problem)
        )
    if line.unit_price.currency != then.currency or line.unit_price.minor > then.minor:
        raise refusals.DearerThanApproved(title=line.title, then=then, now=line.unit_price)


def kept_lines(asked: Asked) -> list[KeptLine]:
    """Read what was asked for as the lines of a cart."""
    now = clock.now()
    return [
        KeptLine(sku_id=line.sku_id, quantity=line.quantity, agreed_price=line.unit_price, added_at=now)
        for parcel in asked.parcels
        for line in parcel.lines
    ]


def _end(row: Row, act: str, *, by: Actor | None, reason: str = "", order_ids: Sequence[UUID] = ()) -> None:
    """Bring a request to its end, and say so in a document."""
    state: ApprovalState = APPROVAL_LIFE.next(row.state, act)
    user_id = by.user_id if by is not None else None
    body: Body = documents.ApprovalDecided(
        decision=state.value, by=user_id, reason=reason, orders=list(order_ids)
    )
    entry = Entry(
        subject=row.id, issuer=row.party_id, body=body, visible_to=(row.party_id,), answers=(row.document,)
    )
    [receipt] = append([entry])
    sets.run(
        "update retail_approval set state = %s, decision = %s, order_ids = %s, decided_at = %s, decided_by = %s,"
        " document = %s where id = %s",
        (state.value, reason, list(order_ids), clock.now(), user_id, receipt.id, row.id),
    )
