"""Rotation of keys: every encrypted column of every module, its indexes too, and a run that was killed goes on."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from cohong.kernel import privacy, rotation, sets
from cohong.kernel.ids import new_id

NEW = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE="
THIRD = "dGhpcmQta2V5LXRoaXJkLWtleS10aGlyZC1rZXkhISE="

pytestmark = pytest.mark.django_db(transaction=True)


def answers(count: int) -> list[str]:
    texts = [f"answer {number}" for number in range(count)]
    sets.insert(
        "kernel_idempotency_key",
        ("owner", "key", "request_digest", "status", "content_type", "answer", "made_at"),
        [
            (new_id(), f"key {text}", b"d", 200, "text/plain", privacy.encrypt(text).encode(), "2026-01-01")
            for text in texts
        ],
    )
    return texts


def kept() -> list[str]:
    return sorted(
        privacy.decrypt(bytes(answer).decode())
        for (answer,) in sets.fetch("select answer from kernel_idempotency_key")
    )


def under() -> dict[int, int]:
    [one] = [one for one in rotation.survey() if one.table == "kernel_idempotency_key"]
    assert not one.unreadable
    return one.under


def test_values_are_brought_under_the_first_key_and_the_old_one_can_go(settings: Any):
    texts = answers(450)
    assert under() == {0: 450}
    settings.COHONG_DATA_KEYS = [NEW, *settings.COHONG_DATA_KEYS]
    assert under() == {1: 450}
    told: list[tuple[str, int, int]] = []
    assert rotation.reencrypt(report=lambda *step: told.append(step))["kernel_idempotency_key"] == 450
    assert [step for step in told if step[0] == "kernel_idempotency_key"] == [
        ("kernel_idempotency_key", done, 450) for done in (200, 400, 450)
    ]
    assert under() == {0: 450}
    settings.COHONG_DATA_KEYS = [NEW]
    assert kept() == sorted(texts)


def test_a_run_that_was_stopped_goes_on_where_it_was(settings: Any):
    texts = answers(450)
    old = settings.COHONG_DATA_KEYS
    settings.COHONG_DATA_KEYS = [NEW, *old]
    anew: Callable[[str], str] = privacy.reencrypt
    calls = itertools.count()

    def failing(token: str) -> str:
        if next(calls) == 300:
            raise KeyboardInterrupt
        return anew(token)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(privacy, "reencrypt", failing)
        with pytest.raises(KeyboardInterrupt):
            rotation.reencrypt()
    assert under() == {0: 200, 1: 250}  # whole transactions, and nothing of the one that was cut off
    assert rotation.reencrypt()["kernel_idempotency_key"] == 250
    assert rotation.reencrypt()["kernel_idempotency_key"] == 0
    settings.COHONG_DATA_KEYS = [NEW]
    assert kept() == sorted(texts)


def test_what_no_key_opens_is_counted_and_left(settings: Any):
    answers(2)
    settings.COHONG_DATA_KEYS = [NEW]
    answers(1)
    before = sets.fetch("select owner, answer from kernel_idempotency_key order by owner")
    settings.COHONG_DATA_KEYS = [THIRD, NEW]
    assert rotation.reencrypt()["kernel_idempotency_key"] == 1
    [one] = [one for one in rotation.survey() if one.table == "kernel_idempotency_key"]
    assert (one.under, one.unreadable, one.behind) == ({0: 1}, 2, 0)
    assert sets.fetch("select owner, answer from kernel_idempotency_key order by owner")[:2] == before[:2]


def test_json_is_gone_through_wherever_a_token_is():
    value = f'{{"secret": "{privacy.PREFIX}x", "deep": [{{"a": "{privacy.PREFIX}y"}}, 1, "plain"]}}'
    assert rotation.in_json(value, str.upper) == ('{"secret": "PD1:X", "deep": [{"a": "PD1:Y"}, 1, "plain"]}')


def test_no_index_of_an_encrypted_value_is_forgotten():
    """A column of 64 or more characters beside an encrypted one may be a keyed index: it is declared, or known to stay."""
    stay = {
        "logistics_shipment.content",
        "payments_movement.bank_account_masked",
        "payments_movement.provider_ref",
    }
    declared = {
        (model._meta.db_table, name) for model, digests in rotation._digests.items() for name in digests
    }
    beside = set()
    for model in apps.get_models():
        if any(isinstance(one, privacy.EncryptedField) for one in model._meta.local_fields):
            beside |= {
                (model._meta.db_table, one.name)
                for one in model._meta.local_fields
                if isinstance(one, models.CharField) and one.max_length in {64, 128}
            }
    assert {f"{table}.{name}" for table, name in beside - declared} <= stay
