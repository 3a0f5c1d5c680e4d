"""Rotate the keys under which personal data is kept. Without a word: what is under which key.

  cohong keys rotate      put a new key in front: what is written from now on is under it, all others still open
  cohong keys reencrypt   bring everything that is kept under the first key; run again, it goes on with what is left
  cohong keys drop        drop the other keys, once nothing is under them any more

Restart `cohong serve` and `cohong worker` after `rotate` and before `reencrypt`, and again after `drop`: a process knows the
keys that there were when it started. docs/keys.md tells the whole of it.

The exit status is 1 if something is under none of the keys, or if a key that is still needed was to be dropped.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohong.kernel.rotation import Survey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "act",
        nargs="?",
        choices=("rotate", "reencrypt", "drop"),
        help="what to do; nothing: tell how it stands",
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    from cohong.cli.installation import require_migrated  # noqa: PLC0415 - help must not wait for it

    require_migrated()
    act = {None: _tell, "rotate": _rotate, "reencrypt": _reencrypt, "drop": _drop}[arguments.act]
    return act(as_json=arguments.json)


def _tell(*, as_json: bool) -> int:
    from cohong.kernel import privacy  # noqa: PLC0415

    found = _survey()
    if as_json:
        told = [{"table": one.table, "under": list(_row(one)), "unreadable": one.unreadable} for one in found]
        _say(json.dumps({"keys": privacy.key_names(), "tables": told}))
        return _status(found)
    width = max(len(one.table) for one in found)
    names = privacy.key_names()
    _say(f"{'':<{width}}" + "".join(f"{name:>12}" for name in names))
    for one in found:
        lost = f"   {one.unreadable} under no key" if one.unreadable else ""
        _say(f"{one.table:<{width}}" + "".join(f"{count:>12,}" for count in _row(one)) + lost)
    return _status(found)


def _rotate(*, as_json: bool) -> int:
    from cohong.cli.installation import CannotWork  # noqa: PLC0415
    from cohong.kernel import privacy  # noqa: PLC0415
    from cohong.site import secrets  # noqa: PLC0415

    if secrets.are_data_keys_given():
        raise CannotWork(
            "The keys come from COHONG_DATA_KEYS; put a new one in front there. Make one with"
            ' `python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"`.'
        )
    name = privacy.name_of_key(secrets.rotate_data_key(_folder()))
    if as_json:
        _say(json.dumps({"key": name}))
    else:
        _say(f"Key {name} is the first now. Restart serve and worker, then run `cohong keys reencrypt`.")
    return 0


def _reencrypt(*, as_json: bool) -> int:
    from cohong.kernel import rotation  # noqa: PLC0415
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as report:
        written = rotation.reencrypt(report=report)
    found = _survey()
    if as_json:
        _say(json.dumps({"written": written, "unreadable": sum(one.unreadable for one in found)}))
    else:
        _say(f"{sum(written.values()):,} rows written.")
        for one in found:
            if one.unreadable:
                _say(
                    f"{one.table}: {one.unreadable} values are under none of the keys, and were left as they are."
                )
    return _status(found)


def _drop(*, as_json: bool) -> int:
    from cohong.cli.installation import CannotWork  # noqa: PLC0415
    from cohong.site import secrets  # noqa: PLC0415

    needed = {one.table: one.behind for one in _survey() if one.behind}
    if needed:
        told = ", ".join(f"{table} ({count})" for table, count in needed.items())
        sys.stderr.write(f"cohong: Older keys are still needed: {told}. Run `cohong keys reencrypt` first.\n")
        return 1
    if secrets.are_data_keys_given():
        raise CannotWork(
            "Nothing is under the older keys. Take them out of COHONG_DATA_KEYS, from where they come."
        )
    gone = secrets.drop_old_data_keys(_folder())
    _say(json.dumps({"dropped": gone}) if as_json else f"{gone} keys dropped. Restart serve and worker.")
    return 0


def _survey() -> "list[Survey]":
    from cohong.kernel import rotation  # noqa: PLC0415
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as report:
        return rotation.survey(report=lambda table, done, total: report(f"looking: {table}", done, total))


def _row(one: "Survey") -> list[int]:
    from cohong.kernel import privacy  # noqa: PLC0415

    return [one.under.get(place, 0) for place in range(len(privacy.key_names()))]


def _status(found: "list[Survey]") -> int:
    return 1 if any(one.unreadable for one in found) else 0


def _folder() -> Path:
    return Path(os.environ["COHONG_DATA"])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
