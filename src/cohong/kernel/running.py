"""How the house runs: its workers, its queue of jobs, its database, and what its last audit found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from cohong.kernel import clock, sets
from cohong.kernel.audit import Check
from cohong.kernel.errors import NotFound
from cohong.kernel.ids import new_id

#: A worker beats every ten seconds; one that is silent for longer than this is dead.
SILENT: Final = timedelta(seconds=45)
_MOST = 200


class NoSuchFailedJob(NotFound):
    """There is no job of this number that failed, or not any more."""

    message = _("There is no failed job of this number.")


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, and when it last gave a sign of life."""

    id: int
    beat_at: datetime

    @property
    def is_alive(self) -> bool:
        """Tell whether it gave a sign of life lately."""
        return self.beat_at > clock.now() - SILENT


@dataclass(frozen=True, slots=True)
class Job:
    """A job that failed for good: after its last try, at `failed_at`."""

    id: int
    name: str
    arguments: str
    attempts: int
    failed_at: datetime | None


def workers() -> list[Worker]:
    """Return the workers that are known, the one that gave the latest sign of life first."""
    rows = sets.fetch("select id, last_heartbeat from procrastinate_workers order by last_heartbeat desc")
    return [Worker(id_, beat_at) for id_, beat_at in rows]


def queue() -> dict[str, int]:
    """Return how many jobs wait (`todo`), are at work (`doing`) and have failed (`failed`)."""
    rows = sets.fetch(
        "select status::text, count(*) from procrastinate_jobs where status in ('todo', 'doing', 'failed')"
        " group by status"
    )
    return {"todo": 0, "doing": 0, "failed": 0, **{status: int(number) for status, number in rows}}


def failed_jobs(*, before: int | None = None, limit: int = 50) -> list[Job]:
    """Return the jobs that failed for good, newest first."""
    rows = sets.fetch(
        "select j.id, j.task_name, j.args::text, j.attempts,"
        " (select max(e.at) from procrastinate_events e where e.job_id = j.id and e.type = 'failed')"
        " from procrastinate_jobs j where j.status = 'failed' and (%s::bigint is null or j.id < %s)"
        " order by j.id desc limit %s",
        (before, before, min(limit, _MOST)),
    )
    return [Job(*row) for row in rows]


@sets.act
def retry(*, job_id: int) -> str:
    """Queue a failed job again; return its name. Who may is the caller's to check. Raises NoSuchFailedJob."""
    found = sets.fetch(
        "select task_name from procrastinate_jobs where id = %s and status = 'failed' for update",
        (min(job_id, 2**62),),
    )
    if not found:
        raise NoSuchFailedJob
    app.job_manager.retry_job_by_id(job_id=job_id, retry_at=clock.now())
    return str(found[0][0])


@dataclass(frozen=True, slots=True)
class Table:
    """A table's size on disk, with its indexes, in bytes, and about how many rows it has."""

    name: str
    size_bytes: int
    rows: int


def database_bytes() -> int:
    """Return the size of the database on disk."""
    [(size,)] = sets.fetch("select pg_database_size(current_database())")
    return int(size)


def largest_tables(*, limit: int = 10) -> list[Table]:
    """Return the largest tables, the largest first."""
    rows = sets.fetch(
        "select c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint from pg_class c"
        " where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by 2 desc limit %s",
        (limit,),
    )
    return [Table(name, int(size), int(number)) for name, size, number in rows]


# --- audits ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verification:
    """An audit of the whole house (`cohong verify`) whose outcome was noted."""

    began_at: datetime
    ended_at: datetime
    checks: int
    findings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether it found nothing."""
        return not self.findings


@sets.act
def note_verification(*, began_at: datetime, checks: Sequence[Check]) -> UUID:
    """Note what an audit found, for the platform's desk; return the note's id."""
    id_ = new_id()
    findings = [f"{one.name}: {finding}" for one in checks for finding in one.findings]
    sets.insert(
        "kernel_verification",
        ("id", "began_at", "ended_at", "checks", "findings"),
        [(id_, began_at, clock.now(), len(checks), json.dumps(findings, ensure_ascii=False))],
    )
    return id_


def last_verification() -> Verification | None:
    """Return the last audit whose outcome was noted, if there is one."""
    rows = sets.fetch(
        "select began_at, ended_at, checks, findings::text from kernel_verification order by id desc limit 1"
    )
    if not rows:
        return None
    [(began_at, ended_at, checks, findings)] = rows
    return Verification(began_at, ended_at, checks, tuple(json.loads(findings)))
