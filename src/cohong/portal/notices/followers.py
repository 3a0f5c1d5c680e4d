"""What notices do when they read the journal: keep what people should know, and see that it goes out by mail."""

from cohong.kernel import journal, sets
from cohong.kernel.journal import Sealed
from cohong.portal.notices import jobs
from cohong.portal.notices.store import keep
from cohong.portal.notices.telling import RULES, told_by


def _forget() -> None:
    """Empty what the journal tells again. What people have read, wished and been sent stays."""
    sets.run("delete from portal_notice where is_from_journal")


@journal.follower("portal.notices", kinds=set(RULES), reset=_forget)
def apply_notices(batch: list[Sealed]) -> None:
    """Tell people what concerns them. A notice that was told before is the same one again."""
    fresh = keep(list(told_by(batch)))
    jobs.queue_mail(fresh)
