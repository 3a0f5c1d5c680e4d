"""Notices by mail: queued with the notice, sent a little later so that many become one, each at most once."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from cohong.kernel import clock, jobs, sets
from cohong.kernel.ids import named_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Role
from cohong.portal.notices import mailing
from cohong.portal.notices.store import remind
from cohong.portal.notices.telling import Told
from cohong.portal.notices.words import MAILED, Topic

_MAIL = "portal.notices.mail"
#: What is older when it is told is history (an installation that was moved, a demo that was built): nobody gets mail of it.
_NEWS = timedelta(days=1)
_GATHER = timedelta(minutes=1)
_SOON = timedelta(days=1)


def queue_mail(fresh: Sequence[Told]) -> None:
    """Queue mail for whoever should be told of these notices, in the transaction that keeps them.

    A notice goes to a user at most once, also when the journal tells it again.
    """
    since = clock.now() - _NEWS
    news = [one for one in fresh if one.sealed.envelope.issued_at > since]
    for party_id in {one.party_id for one in news}:
        _queue(
            party_id, [(one.id, one.rule.topic, one.rule.roles) for one in news if one.party_id == party_id]
        )


def _queue(party_id: UUID, told: Sequence[tuple[UUID, Topic, tuple[Role, ...]]]) -> None:
    roles: dict[UUID, set[Role]] = {}
    for member in parties.members(actor=SYSTEM, party_id=party_id):
        roles.setdefault(member.user_id, set()).add(member.role)
    if not roles:
        return
    wished = {
        (user_id, topic): by_mail
        for user_id, topic, by_mail in sets.fetch(
            "select user_id, topic, by_mail from portal_notice_wish where user_id = any(%s)", (list(roles),)
        )
    }
    going = [
        (user_id, notice_id)
        for notice_id, topic, for_roles in told
        for user_id, own in roles.items()
        if (Role.OWNER in own or own & set(for_roles)) and wished.get((user_id, topic.value), topic in MAILED)
    ]
    if not going:
        return
    rows = sets.fetch(
        "insert into portal_notice_mail (user_id, notice_id, due_at) select x.u, x.n, %s"
        " from unnest(%s::uuid[], %s::uuid[]) as x(u, n) on conflict do nothing returning user_id",
        (clock.now(), [user_id for user_id, _ in going], [notice_id for _, notice_id in going]),
    )
    for user_id in {row[0] for row in rows}:
        _defer(user_id)


def _defer(user_id: UUID) -> None:
    jobs.defer(_MAIL, at=clock.now() + _GATHER, lock=f"{_MAIL}:{user_id}", user_id=str(user_id))


@jobs.task(name=_MAIL, retry=jobs.PATIENT)
def mail(user_id: str) -> None:
    """Send a user what waits for them as one mail; where an earlier job has sent it, nothing is left to do."""
    mailing.send_waiting(user_id=UUID(user_id))


@jobs.periodic(name="portal.notices.remind", cron="17 * * * *")
def remind_to_accept() -> None:
    """Tell buyers which of their orders count as accepted within a day."""
    for view in orders.accepted_soon(before=clock.now() + _SOON):
        notice_id = named_id("portal.notice.accept_soon", view.id)
        if remind(id=notice_id, party_id=view.buyer_id, about=view.id, number=view.number):
            _queue(view.buyer_id, [(notice_id, Topic.ORDERS, (Role.PURCHASING, Role.WAREHOUSE))])
