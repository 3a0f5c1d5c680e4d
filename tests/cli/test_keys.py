"""`cohong keys` as an operator runs it: a new key, all under it, a run that was killed, and the old key gone."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.test import override_settings
from running import cohong, environment, own_database, start

import migrated
from cohong.kernel import privacy
from cohong.kernel.ids import new_id
from cohong.site.secrets import installation_secrets

MANY = 1_000


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[tuple[dict[str, str], Path, str]]:
    """A migrated database with a data folder that keeps its own keys."""
    with own_database(migrated.database()) as url:
        with pytest.MonkeyPatch.context() as patched:
            patched.delenv("COHONG_DATA_KEYS")
            installation_secrets(tmp_path)  # as whatever comes first does
        env = environment(DATABASE_URL=url, COHONG_DATA=str(tmp_path), COHONG_DATA_KEYS=None)
        yield env, tmp_path / "data.keys", url


def fill(url: str, key: str, count: int) -> None:
    with (
        override_settings(COHONG_DATA_KEYS=[key]),
        psycopg.connect(url) as connection,
        connection.cursor().copy(
            "copy kernel_idempotency_key (owner, key, request_digest, status, content_type, answer, made_at) from stdin"
        ) as copy,
    ):
        for number in range(count):
            token = privacy.encrypt(f"answer {number}").encode()
            copy.write_row((new_id(), f"k{number}", b"d", 200, "text/plain", token, "2026-01-01"))


def under(env: dict[str, str]) -> list[int]:
    done = cohong("keys", "--json", env=env)
    assert done.returncode == 0, done.stderr
    [answers] = [one for one in json.loads(done.stdout)["tables"] if one["table"] == "kernel_idempotency_key"]
    return list(answers["under"])


def counted(url: str, file: Path) -> list[int]:
    """Count the same without the command."""
    keys = file.read_text().split("\n")
    with override_settings(COHONG_DATA_KEYS=keys), psycopg.connect(url) as connection:
        rows = connection.execute("select answer from kernel_idempotency_key").fetchall()
        found = Counter(privacy.place_of_key(answer.decode()) for (answer,) in rows)
    return [found[place] for place in range(len(keys))]


def test_keys_are_rotated_however_often_the_run_is_killed(keyed: tuple[dict[str, str], Path, str]):
    env, file, url = keyed
    old = file.read_text()
    fill(url, old, MANY)
    assert counted(url, file) == [MANY]

    rotated = cohong("keys", "rotate", env=env)
    assert rotated.returncode == 0
    new, kept = file.read_text().split("\n")
    assert kept == old
    assert new not in rotated.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    early = cohong("keys", "drop", env=env)
    assert early.returncode == 1
    assert f"Older keys are still needed: kernel_idempotency_key ({MANY})." in early.stderr
    assert file.read_text() == f"{new}\n{old}"

    with start("keys", "reencrypt", env=env) as process, psycopg.connect(url) as keeper:
        # Held in the middle, so that it is killed there; what was written before is another transaction's.
        keeper.execute(
            "select 1 from kernel_idempotency_key where (owner, key) ="
            " (select owner, key from kernel_idempotency_key order by owner, key offset 500 limit 1) for update"
        )
        with psycopg.connect(url, autocommit=True) as looking:
            waits = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            while not looking.execute(waits).fetchall():
                assert process.poll() is None, "it went past a row that is held"
                time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    moved, left = under(env)
    assert (moved, left) == (400, MANY - 400)

    again = cohong("keys", "reencrypt", "--json", env=env)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["written"]["kernel_idempotency_key"] == left
    assert counted(url, file) == [MANY, 0]
    assert cohong("keys", "drop", env=env).stdout == "1 keys dropped. Restart serve and worker.\n"
    assert file.read_text() == new
    with override_settings(COHONG_DATA_KEYS=[new]), psycopg.connect(url) as connection:
        rows = connection.execute("select answer from kernel_idempotency_key").fetchall()
        opened = {privacy.decrypt(answer.decode()) for (answer,) in rows}
    assert opened == {f"answer {number}" for number in range(MANY)}


def test_keys_from_the_environment_are_changed_there(keyed: tuple[dict[str, str], Path, str]):
    env, file, _url = keyed
    given = {**env, "COHONG_DATA_KEYS": file.read_text()}
    refused = cohong("keys", "rotate", env=given)
    assert refused.returncode == 2
    assert "The keys come from COHONG_DATA_KEYS; put a new one in front there." in refused.stderr
    assert cohong("keys", "drop", env=given).returncode == 2


def test_what_no_key_opens_is_told(keyed: tuple[dict[str, str], Path, str]):
    env, _file, url = keyed
    fill(url, "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE=", 2)
    told = cohong("keys", env=env)
    assert told.returncode == 1
    assert "2 under no key" in told.stdout
    kept = cohong("keys", "reencrypt", env=env)
    assert kept.returncode == 1
    assert (
        "kernel_idempotency_key: 2 values are under none of the keys, and were left as they are."
        in kept.stdout
    )
