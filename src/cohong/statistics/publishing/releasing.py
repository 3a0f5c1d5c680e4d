"""Making a release: the figures of a vintage are protected year by year, and what is shown otherwise than before is kept.

A release is one transaction. Killed at any point it leaves nothing behind, and can be made again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.errors import Conflict, NotAllowed
from cohong.kernel.ids import named_id
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.access import WRITE, Level, remit_of
from cohong.statistics.observing.computing import places
from cohong.statistics.observing.selectors import vintage as vintage_of
from cohong.statistics.observing.selectors import vintages
from cohong.statistics.publishing import selectors
from cohong.statistics.publishing.programme import Key, programme
from cohong.statistics.publishing.protecting import Before, Figure, withheld
from cohong.statistics.publishing.selectors import ReleaseView

SUBJECT: Final = named_id("statistics.releases")
NOTE_LENGTH: Final = 400
_LOCK: Final = 0x72656C65
_COLUMNS: Final = ("indicator", "period", "region", "industry", "market", "status", "value", "withheld")
_KEY: Final = "indicator, period, region, industry, market"
_SHOWN: Final = f"{_KEY}, status, case when withheld = '' then value end, withheld <> ''"
Progress = Callable[[str, int, int], None]


class ProvinceOnly(NotAllowed):
    """Figures are published by the province."""

    message = _("Only the province's statistics office publishes figures.")


class NothingToPublish(Conflict):
    """Nothing is to be shown otherwise than it is."""

    message = _("Nothing has changed since the last release.")


def check_publisher(actor: Actor) -> None:
    """Raise MandateMissing, ScopeMissing or ProvinceOnly unless the actor may publish."""
    if remit_of(actor, scope=WRITE).level is not Level.PROVINCE:
        raise ProvinceOnly


def order_release(*, actor: Actor, note: str = "") -> None:
    """Have the newest vintage published in the background, for it takes a while.

    Raises MandateMissing, ScopeMissing, ProvinceOnly, NothingToPublish.
    """
    check_publisher(actor)
    if not unpublished():
        raise NothingToPublish
    jobs.defer(
        "statistics.publish", lock="statistics.publish", by=str(actor.user_id), note=note[:NOTE_LENGTH]
    )


def unpublished() -> bool:
    """Tell whether there is a vintage that is newer than what is published."""
    [(is_newer,)] = sets.fetch(
        "select coalesce((select max(id) from statistics_vintage), 0) >"
        " coalesce((select vintage_id from statistics_release order by id desc limit 1), 0)"
    )
    return bool(is_newer)


def publish(
    *,
    actor: Actor,
    note: str = "",
    vintage: int | None = None,
    ordered_by: UUID | None = None,
    progress: Progress | None = None,
) -> ReleaseView:
    """Publish the figures of a vintage (the newest): those of the programme, protected, where they are not shown as they are.

    One at a time. `ordered_by` is the officer for whom the system does it. Raises MandateMissing, ScopeMissing, ProvinceOnly,
    NoSuchVintage, NothingToPublish; ValueError where figures do not add up, which is not published but looked into.
    """
    check_publisher(actor)
    by = ordered_by if actor.is_system else actor.user_id
    with transaction.atomic():
        sets.fetch("select pg_advisory_xact_lock(%s)", (_LOCK,))
        made = vintages(limit=1)
        if vintage is None and not made:
            raise NothingToPublish
        chosen = vintage_of(vintage_id=made[0].id if vintage is None else vintage).id
        sets.run(
            "create temporary table showing on commit drop as"
            f" select {_KEY}, status, value, withheld, false as exposed from statistics_released_value with no data"
        )
        years = _years(chosen)
        for done, year in enumerate(years):
            if progress is not None:
                progress("years", done, len(years))
            _year(year, chosen)
        release_id = _keep(by, chosen, note, years)
        if progress is not None:
            progress("years", len(years), len(years))
    return selectors.release(release_id=release_id)


def _years(vintage: int) -> list[str]:
    """Return the years of which the vintage says something that was not published from it."""
    found = sets.fetch(
        "select distinct left(period, 4) from statistics_observation where vintage_id <= %s and vintage_id >"
        " coalesce((select vintage_id from statistics_release order by id desc limit 1), 0) order by 1",
        (vintage,),
    )
    return [year for (year,) in found]


def _year(year: str, vintage: int) -> None:
    """Put what is shown of a year aside."""
    plan = programme()
    shown = _figures(year, vintage)
    found = withheld(shown, plan, places())
    rows = []
    for code, figures in shown.items():
        for key, figure in figures.items():
            reason = found.reasons.get((code, key))
            rows.append(
                (
                    *(code, key.period, key.region, key.industry, key.market),
                    *(figure.status, figure.value, reason.value if reason else ""),
                    (code, key) in found.exposed,
                )
            )
    sets.insert("showing", (*_COLUMNS, "exposed"), rows)


def _figures(year: str, vintage: int) -> dict[str, dict[Key, Figure]]:
    """Read a year's figures of the programme at a vintage, with how they were published last."""
    plan = programme()
    rows = sets.fetch(
        "with observed as (select distinct on (indicator, region, industry, market, period) * from statistics_observation"
        "  where left(period, 4) = %s and vintage_id <= %s and indicator = any(%s)"
        "  and (length(period) = 4 or region = '' or industry = '')"
        "  order by indicator, region, industry, market, period, vintage_id desc),"
        " released as (select distinct on (indicator, region, industry, market, period) * from statistics_released_value"
        "  where left(period, 4) = %s"
        "  order by indicator, region, industry, market, period, release_id desc)"
        f" select {_KEY}, o.status, o.value, o.contributors, o.largest, o.second, r.id, r.value, r.withheld"
        f" from observed o left join released r using ({_KEY}) where o.value is not null or r.id is not null",
        (year, vintage, [one.code for one in plan.public], year),
    )
    shown: dict[str, dict[Key, Figure]] = defaultdict(dict)
    for code, period, region, industry, market, status, value, contributors, largest, second, *then in rows:
        key = Key(period, region, industry, market)
        if _is_shown(code, key):
            released, value_then, withheld_then = then
            before = None if released is None else Before(value_then, withheld_then)
            shown[code][key] = Figure(value, status, contributors, largest, second, before)
    return shown


def _is_shown(code: str, key: Key) -> bool:
    """Tell whether the programme has a figure: of what is computed from others, wherever it has all of these."""
    plan = programme()
    return all(plan.group_of[base].shows(base, key) for base in plan.public_bases(code))


def _keep(by: UUID | None, vintage: int, note: str, years: Sequence[str]) -> int:
    """Add what is shown otherwise than before."""
    sets.run(
        "create temporary table newly on commit drop as"
        " with latest as (select distinct on (indicator, region, industry, market, period) * from statistics_released_value"
        "  where left(period, 4) = any(%s) order by indicator, region, industry, market, period, release_id desc)"
        f" select {_KEY}, s.status, s.value, s.withheld, s.exposed from showing s left join latest l using ({_KEY})"
        " where l.id is null or (s.value, s.status, s.withheld) is distinct from (l.value, l.status, l.withheld)"
        f" union all select {_KEY}, l.status, null, '', false from latest l left join showing s using ({_KEY})"
        "  where s.indicator is null and l.value is not null",
        (list(years),),
    )
    [(changed, hidden, exposed)] = sets.fetch(
        "select count(*), count(*) filter (where withheld <> ''), count(*) filter (where withheld <> '' and exposed) from newly"
    )
    if not changed:
        raise NothingToPublish
    shown = sets.fetch(f"select {_SHOWN} from newly order by {_KEY}")
    body = documents.FiguresReleased(
        vintage=vintage,
        changed=changed,
        withheld=hidden,
        note=note,
        digest=digest(shown),
        published_by=by,
    )
    [receipt] = journal.append([journal.Entry(subject=SUBJECT, issuer=parties.SYSTEM.party_id, body=body)])
    [(release_id,)] = sets.fetch(
        "insert into statistics_release (vintage_id, published_at, published_by, note, changed, withheld, exposed, document)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (vintage, clock.now(), by, note, changed, hidden, exposed, receipt.id),
    )
    names = ", ".join(_COLUMNS)
    sets.run(
        f"insert into statistics_released_value (release_id, {names}) select %s, {names} from newly",
        (release_id,),
    )
    return int(release_id)


def shown_by(release_id: int) -> list[tuple[Any, ...]]:
    """Return the figures that a release brought, as they are shown, in the order of their digest."""
    return sets.fetch(
        f"select {_SHOWN} from statistics_released_value where release_id = %s order by {_KEY}", (release_id,)
    )


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 of figures as they are shown: a line each, in order: code, place, status, value, whether withheld."""
    found = hashlib.sha256()
    for row in rows:
        found.update("\t".join("" if cell is None else str(cell) for cell in row).encode() + b"\n")
    return found.hexdigest()
