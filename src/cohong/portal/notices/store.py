"""Notices as they are kept, read and marked: what is told to a party's people by their roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from cohong.kernel import clock, sets
from cohong.kernel.errors import NotFound
from cohong.kernel.money import Money, format_money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.portal.kept import kept
from cohong.portal.notices.telling import Told
from cohong.portal.notices.words import MAILED, TEXTS, Topic
from cohong.statistics import api as statistics


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its reader sees it; `text` is in the language that is active."""

    id: UUID
    topic: Topic
    text: str
    to: str
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class WishView:
    """How a user is told of a topic."""

    topic: Topic
    in_portal: bool
    by_mail: bool


# --- keeping ---------------------------------------------------------------------------------------------


def keep(told: Sequence[Told]) -> list[Told]:
    """Keep notices; return those that were not there yet."""
    if not told:
        return []
    rows = sets.fetch(
        "insert into portal_notice (id, party_id, roles, topic, text, params, target, about, at, is_from_journal)"
        " select x.id, x.party, string_to_array(x.roles, ','), x.topic, x.text, x.params::jsonb, x.target, x.about, x.at, true"
        " from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[],"
        " %s::timestamptz[]) as x(id, party, roles, topic, text, params, target, about, at)"
        " on conflict (id) do nothing returning id",
        (
            [one.id for one in told],
            [one.party_id for one in told],
            [",".join(role.value for role in one.rule.roles) for one in told],
            [one.rule.topic.value for one in told],
            [one.rule.text for one in told],
            [msgspec.json.encode(one.params).decode() for one in told],
            [one.target for one in told],
            [one.about for one in told],
            [one.sealed.envelope.issued_at for one in told],
        ),
    )
    fresh = {row[0] for row in rows}
    return [one for one in told if one.id in fresh]


def remind(*, id: UUID, party_id: UUID, about: UUID, number: str) -> bool:  # noqa: A002 - it is the notice's
    """Keep the reminder that an order counts as accepted soon; tell whether it is new."""
    return bool(
        sets.run(
            "insert into portal_notice (id, party_id, roles, topic, text, params, target, about, at, is_from_journal)"
            " values (%s, %s, %s, %s, 'accept_soon', %s, 'order', %s, %s, false) on conflict (id) do nothing",
            (
                *(id, party_id, [Role.PURCHASING.value, Role.WAREHOUSE.value], Topic.ORDERS.value),
                *(msgspec.json.encode({"order": number}).decode(), about, clock.now()),
            ),
        )
    )


# --- reading ---------------------------------------------------------------------------------------------

# An owner is told all; others what is for one of their roles. What a user does not want in the portal is left out.
_MINE = (
    " from portal_notice n left join portal_notice_wish w on w.user_id = %(user)s and w.topic = n.topic"
    " where n.party_id = %(party)s and (%(owner)s or n.roles && %(roles)s::varchar[]) and coalesce(w.in_portal, true)"
)
_UNREAD = (
    " and not exists (select 1 from portal_notice_seen s where s.user_id = %(user)s and s.notice_id = n.id)"
    " and not exists (select 1 from portal_notice_all_seen a where a.user_id = %(user)s and a.party_id = n.party_id"
    " and a.until >= n.at)"
)
_MOST_COUNTED = 100


def _asked(actor: Actor) -> dict[str, Any]:
    return {
        "user": actor.user_id,
        "party": actor.party_id,
        "owner": Role.OWNER in actor.roles,
        "roles": [role.value for role in actor.roles],
    }


def unread_count(*, actor: Actor) -> int:
    """Count what the user has not read of what the party they act for is told, up to a hundred."""
    [(count,)] = sets.fetch(
        f"select count(*) from (select 1{_MINE}{_UNREAD} limit {_MOST_COUNTED}) as x",
        _asked(actor),  # type: ignore[arg-type]
    )
    return int(count)


def notices(
    *,
    actor: Actor,
    topic: Topic | None = None,
    only_unread: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 30,
) -> list[NoticeView]:
    """List what the user is told for the party they act for, the newest first, from the notice `before` on."""
    asked = {**_asked(actor), "topic": topic, "limit": limit}
    more = " and n.topic = %(topic)s" if topic else ""
    if before is not None:
        more += " and (n.at, n.id) < (%(at)s, %(id)s)"
        asked |= {"at": before[0], "id": before[1]}
    rows = sets.fetch(
        f"select n.id, n.topic, n.text, n.params, n.target, n.about, n.at, not (true{_UNREAD}){_MINE}{more}"
        f"{_UNREAD if only_unread else ''} order by n.at desc, n.id desc limit %(limit)s",
        asked,  # type: ignore[arg-type]
    )
    return [
        NoticeView(id_, Topic(topic_), said(text, params), led_to(target, about), at, is_read)
        for id_, topic_, text, params, target, about, at, is_read in rows
    ]


def said(text: str, kept: str) -> str:
    """Say a notice in the active language, with its parameters as they are kept (JSON)."""
    params: dict[str, Any] = msgspec.json.decode(kept)
    filled = {
        name: format_money(Money(value["minor"], value["currency"])) if isinstance(value, dict) else value
        for name, value in params.items()
    }
    if text == "alarm_raised":
        filled |= _alarmed(params)
    return str(TEXTS[text]).format_map(_Blank(filled)).strip()


@kept(60)
def _places() -> dict[str, parties.Names]:
    regions = {one.code: one.names for one in parties.regions()}
    return regions | {one.code: one.names for one in parties.industries()}


def _alarmed(params: dict[str, Any]) -> dict[str, str]:
    """Say what an alarm is about: the rule, and the series, by their names."""
    rule = statistics.alarm_rules().get(params.get("rule", ""))
    code = params.get("subject_code", "")
    indicator = statistics.tree().by_code.get(code)
    form = next((one for one in statistics.forms() if one.code == code), None)
    names, language = _places(), get_language() or ""
    parts = [str(indicator.names) if indicator else form.names.shown(language) if form else code]
    parts += [
        names[where].shown(language) if where in names else where
        for where in (params.get("region", ""), params.get("industry", ""))
        if where
    ]
    return {"rule": str(rule.names) if rule else "", "series": " · ".join(parts)}


class _Blank(dict[str, Any]):
    """Parameters of which one that a document does not state is left blank."""

    def __missing__(self, _key: str) -> str:
        return ""


_PAGES = {
    "order": "portal:order",
    "messages": "portal:messages",
    "dispute": "portal:dispute",
    "listing": "portal:listing",
    "approval": "portal:approval",
    "alarm": "portal:alarm",
}


def led_to(target: str, about: UUID | None) -> str:
    """Return the address of the page that a notice leads to; a page that is not there leads to the notices."""
    try:
        if target in _PAGES and about is not None:
            return reverse(_PAGES[target], args=[about])
        return reverse(f"portal:{target}") if target else reverse("portal:notices")
    except NoReverseMatch:
        return reverse("portal:notices")


# --- marks and wishes ------------------------------------------------------------------------------------


@sets.act
def mark_seen(*, actor: Actor, notice_id: UUID) -> str:
    """Mark a notice of the actor's as read; return where it leads. Raises NotFound where it is not theirs."""
    rows = sets.fetch(
        f"select n.target, n.about{_MINE} and n.id = %(id)s",
        {**_asked(actor), "id": notice_id},  # type: ignore[arg-type]
    )
    if not rows:
        raise NotFound
    sets.run(
        "insert into portal_notice_seen (user_id, notice_id) values (%s, %s) on conflict do nothing",
        (actor.user_id, notice_id),
    )
    return led_to(*rows[0])


@sets.act
def mark_all_seen(*, actor: Actor) -> None:
    """Mark all that the user is told for this party up to now as read."""
    sets.run(
        "insert into portal_notice_all_seen (user_id, party_id, until) values (%s, %s, %s)"
        " on conflict (user_id, party_id) do update set until = excluded.until",
        (actor.user_id, actor.party_id, clock.now()),
    )


def wishes(*, user_id: UUID) -> list[WishView]:
    """List for every topic how the user is told of it."""
    own = {
        topic: (in_portal, by_mail)
        for topic, in_portal, by_mail in sets.fetch(
            "select topic, in_portal, by_mail from portal_notice_wish where user_id = %s", (user_id,)
        )
    }
    return [WishView(topic, *own.get(topic.value, (True, topic in MAILED))) for topic in Topic]


@sets.act
def wish(*, user_id: UUID, wanted: Sequence[WishView]) -> None:
    """Keep how a user wants to be told."""
    for one in wanted:
        sets.run(
            "insert into portal_notice_wish (user_id, topic, in_portal, by_mail) values (%s, %s, %s, %s)"
            " on conflict (user_id, topic) do update set in_portal = excluded.in_portal, by_mail = excluded.by_mail",
            (user_id, one.topic.value, one.in_portal, one.by_mail),
        )


@sets.act
def no_mail(*, user_id: UUID) -> None:
    """Send the user no more mail, of any topic."""
    kept = wishes(user_id=user_id)
    wish(user_id=user_id, wanted=[WishView(one.topic, one.in_portal, by_mail=False) for one in kept])


@sets.act
def read_in(*, user_id: UUID, language: str) -> None:
    """Remember the language that a user has chosen."""
    sets.run(
        "insert into portal_notice_reader (user_id, language) values (%s, %s)"
        " on conflict (user_id) do update set language = excluded.language",
        (user_id, language),
    )
