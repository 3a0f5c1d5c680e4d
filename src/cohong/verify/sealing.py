"""Whether the journal is kept up with and guarded: nothing waits unsealed, readers are within the log, guards stand."""

from datetime import UTC, datetime, timedelta
from typing import Final

from cohong.kernel import directory, journal, sets
from cohong.kernel.audit import Check, check

#: The worker seals several times a second. What lies longer than this was skipped, or no worker runs.
LONGEST_UNSEALED: Final = timedelta(minutes=1)
_MOST_FINDINGS: Final = 1_000


def checks() -> list[Check]:
    """Check the sealer, the followers and the database's own guards."""
    return [_unsealed(), _followers(), _directory(), _guards()]


def _unsealed() -> Check:
    """Ids are made when a document is written, so they tell its age even where a replay sets the clock back.

    The age is that at the snapshot: however long the audit takes, what came in just before it is no finding.
    """
    unsealed = (
        "from kernel_document d where not exists (select 1 from kernel_leaf l where l.document_seq = d.seq)"
    )
    [(figure, moment)] = sets.fetch(f"select count(*), now() {unsealed}")
    rows = sets.fetch(f"select d.id {unsealed} order by d.seq limit %s", (_MOST_FINDINGS,))
    latest = moment - LONGEST_UNSEALED
    late = [id_ for (id_,) in rows if datetime.fromtimestamp((id_.int >> 80) / 1000, UTC) < latest]
    findings = [f"document {id_}: is still not sealed" for id_ in late]
    return check("journal.sealed", figure=figure, findings=findings)


def _followers() -> Check:
    size = journal.size()
    cursors = sets.fetch("select name, position from kernel_follower order by name")
    findings = [
        f"follower {name}: has applied {position} documents of a log of {size}"
        for name, position in cursors
        if not 0 <= position <= size
    ]
    return check("journal.followers", figure=len(cursors), findings=findings)


def _directory() -> Check:
    """Check that the directory has an entry for each position up to where it has come, and says what the document says."""
    done = sets.fetch("select position from kernel_follower where name = %s", (directory.FOLLOWER,))
    position = done[0][0] if done else 0
    findings = [
        f"position {place}: the directory of documents has {'another' if entered else 'no'} entry for it"
        for place, entered in sets.fetch(
            "select l.position, e.position is not null from kernel_leaf l"
            " join kernel_document d on d.seq = l.document_seq"
            " left join kernel_directory e on e.position = l.position where l.position < %s"
            " and (e.position is null or (e.kind, e.issuer, e.issued_at) <> (d.kind, d.issuer, d.issued_at))"
            " order by l.position limit %s",
            (position, _MOST_FINDINGS),
        )
    ]
    [(entries, counted)] = sets.fetch(
        "select (select count(*) from kernel_directory),"
        " (select coalesce(sum(documents), 0) from kernel_day_count)"
    )
    if entries != position or counted != entries:
        findings.append(f"the directory has {entries} entries and counts {counted}, of {position} documents")
    return check("journal.directory", figure=int(entries), findings=findings)


def _guards() -> Check:
    """Triggers and constraints that keep written things as they were must be there, and switched on."""
    triggers = sets.fetch(
        "select c.relname, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where t.tgname like 'pgtrigger%%' and not t.tgisinternal"
        " and c.relnamespace = current_schema()::regnamespace order by 1, 2"
    )
    unchecked = sets.fetch(
        "select c.relname, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " where not k.convalidated and c.relnamespace = current_schema()::regnamespace order by 1, 2"
    )
    findings = [
        f"table {table}: its guard {name} is switched off" for table, name, on in triggers if on == "D"
    ]
    findings += [f"table {table}: its constraint {name} was never checked" for table, name in unchecked]
    guarded = {table for table, _, _ in triggers}
    findings += [f"table {table}: has no guard" for table in GUARDED if table not in guarded]
    if not sets.fetch("select 1 from pg_constraint where conname = 'document_digest_is_its_own'"):
        findings.append("table kernel_document: nothing makes sure that a digest is its document's")
    return check("journal.guards", figure=len(triggers), findings=findings)


#: What is written in these tables stays as it was written.
GUARDED: Final = ("kernel_document", "kernel_leaf", "kernel_tree_head", "kernel_tree_node")
