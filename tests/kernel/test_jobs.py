"""Housekeeping drops what has had its time, and nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from cohong.kernel import jobs, sets

pytestmark = pytest.mark.django_db


def test_tidying_drops_old_answers_and_dead_sessions():
    now = datetime.now(UTC)
    owner = uuid4()
    for key, days in (("old", 8), ("young", 6)):
        sets.run(
            "insert into kernel_idempotency_key (owner, key, request_digest, content_type, made_at)"
            " values (%s, %s, 'x', '', %s)",
            (owner, key, now - timedelta(days=days)),
        )
    for key, days in (("dead", -1), ("alive", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    jobs.tidy()
    assert sets.fetch("select key from kernel_idempotency_key where owner = %s", (owner,)) == [("young",)]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
