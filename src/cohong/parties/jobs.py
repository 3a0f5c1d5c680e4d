"""What parties leave to the worker."""

from uuid import UUID

from cohong.kernel import jobs
from cohong.parties.services import confirmation


@jobs.task(name=confirmation.JOB, retry=jobs.PATIENT)
def confirm(party_id: str) -> None:
    """Ask the identity register about a party; fails, and is tried again, while there is no answer."""
    confirmation.attempt_or_raise(UUID(party_id))
