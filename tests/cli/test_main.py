"""The command line itself: help, exit statuses, and which database is worked on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import cohong, environment, own_database

import cohong as package
from cohong.cli.main import COMMANDS, main

DONE, REFUSED, CANNOT = 0, 1, 2


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"manage"}))
def test_every_command_has_help_that_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as leaving:
        main([name, "--help"])
    assert leaving.value.code == DONE
    told = capsys.readouterr().out
    assert told.startswith(f"usage: cohong {name}")
    assert len(told) > 300, "help that only repeats the name helps nobody"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == DONE
    told = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert f"  {name}" in told
        assert command.summary in told
    assert "DATABASE_URL" in told


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS if name != "manage")])
def test_help_does_not_wait_for_django(words: list[str]):
    program = (
        "import sys\n"
        "from cohong.cli.main import main\n"
        "try: main([*sys.argv[1:], '--help'])\n"
        "except SystemExit: pass\n"
        "raise SystemExit('django' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=False)
    assert done.returncode == 0


def test_version(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"cohong {package.__version__}\n"


def test_no_command_shows_help_and_fails(capsys: pytest.CaptureFixture[str]):
    assert main([]) == CANNOT
    assert "commands:" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as leaving:
        main(["trade"])
    assert leaving.value.code == CANNOT
    assert "invalid choice: 'trade'" in capsys.readouterr().err


def test_the_installed_command_is_this_one():
    done = subprocess.run(
        [Path(sys.executable).with_name("cohong"), "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"cohong {package.__version__}\n"


def test_a_database_that_does_not_answer_is_said_in_one_line():
    url = "postgresql://someone:secret@127.0.0.1:1/nowhere"
    done = cohong("migrate", env=environment(DATABASE_URL=url))
    assert done.returncode == CANNOT
    assert done.stderr.startswith("cohong: The database that DATABASE_URL names does not answer:")
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["serve", "--port", "0"], ["worker"], ["rebuild"], ["migrate", "--check"]])
def test_without_migrations_nothing_starts(words: list[str]):
    with own_database() as url:
        done = cohong(*words, env=environment(DATABASE_URL=url))
    assert done.returncode == CANNOT
    assert "lacks" in done.stderr
    assert "Run `cohong migrate` first." in done.stderr


def test_database_url_is_respected_and_no_server_is_started(migrated_url: str, tmp_path: Path):
    env = environment(DATABASE_URL=migrated_url, COHONG_DATA=str(tmp_path))
    assert cohong("migrate", "--check", env=env).returncode == DONE
    asked = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['NAME'])"
    done = cohong("manage", "shell", "--verbosity=0", "-c", asked, env=env)
    assert done.stdout.strip() == migrated_url.partition("?")[0].rpartition("/")[2]
    assert not (tmp_path / "postgres").exists()


def test_verify_speaks_to_programs(migrated_url: str):
    env = environment(DATABASE_URL=migrated_url)
    done = cohong("verify", "--json", env=env)
    assert done.returncode == DONE, done.stdout
    assert json.loads(done.stdout)["ok"] is True


def test_output_may_be_cut_off_by_its_reader(migrated_url: str):
    env = {**os.environ, "DATABASE_URL": migrated_url}
    piped = f"{sys.executable} -m cohong.cli.main verify --json | head -c 1"
    done = subprocess.run(["bash", "-c", piped], env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
    assert "BrokenPipeError" not in done.stderr
