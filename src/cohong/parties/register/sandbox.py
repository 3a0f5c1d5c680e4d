"""A sandbox identity register: a small HTTP process with a world of its own, which can be told to misbehave.

    python -m cohong.parties.register.sandbox --port 0 --data FILE --records RECORDS

`RECORDS` is JSON lines: `{"code", "name", "legal_representative", "standing"}` for an organisation,
`{"resident_id", "name"}` for a person. A code that is in it is answered from it. For every other one the
rules of its world hold, so that a test or a demonstration can count on them:

- A code whose form or check character is wrong is not found.
- A code of valid form is known, and whatever name is asked about is its name, unless the characters before
  its check character say otherwise:

| organisation: characters 15 to 17 | person: digits 15 to 17 | answer |
| --- | --- | --- |
| `999` | `999` | not found |
| `998` | `998` | mismatch of the name |
| `997` | | mismatch of the legal representative |
| `996` | | confirmed, and its licence was revoked |
| `995` | | confirmed, and it was wound up |

Names are compared as people write them: width, case and spaces do not count. The register keeps nothing of
what it is asked.
"""

import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from stdnum.cn import ric, uscc

from cohong.kernel.outside.sandbox import Call, Reply, Route, Sandbox, SandboxHandle, run
from cohong.kernel.outside.sandbox.command import parser
from cohong.parties.register.client import RegisterClient

_NOT_FOUND, _OTHER_NAME, _OTHER_REPRESENTATIVE, _REVOKED, _CANCELLED = "999", "998", "997", "996", "995"
_STANDINGS = {_REVOKED: "revoked", _CANCELLED: "cancelled"}


class RegisterSandbox(Sandbox):
    """The register itself: the records it was given, and its rules for everyone else."""

    name = "register"

    def __init__(self, *, records: Path | None = None, **options: Any) -> None:
        """Read the records file; `options` are the harness's."""
        self._records: dict[str, Mapping[str, str]] = {}
        for line in records.read_text("utf-8").splitlines() if records else ():
            if line.strip():
                record = msgspec.json.decode(line, type=dict[str, str])
                self._records[record.get("code") or record["resident_id"]] = record
        super().__init__(**options)

    def routes(self) -> Sequence[Route]:
        """Return the register's two questions."""
        return [
            Route(
                "POST",
                re.compile("/v1/organisations/confirm"),
                "confirm_organisation",
                self._organisation,
            ),
            Route("POST", re.compile("/v1/people/confirm"), "confirm_person", self._person),
        ]

    def _organisation(self, _db: sqlite3.Connection, call: Call) -> Reply:
        code, name = call.text("code", most=40), call.text("name")
        representative = call.text("legal_representative", least=0)
        known = self._records.get(code)
        mark = code[14:17]
        if not _is_code(code) or (known is None and mark == _NOT_FOUND):
            return self._say("not_found")
        if known is None:
            known = {
                "name": name + "①" if mark == _OTHER_NAME else name,
                "legal_representative": representative + ("①" if mark == _OTHER_REPRESENTATIVE else ""),
                "standing": _STANDINGS.get(mark, "active"),
            }
        differ = _differ({"name": name, "legal_representative": representative}, known)
        if differ:
            return self._say("mismatch", fields=differ)
        record = {
            "code": code,
            "name": known["name"],
            "legal_representative": known.get("legal_representative", ""),
            "standing": known.get("standing", "active"),
            "region_code": code[2:8],
        }
        return self._say("confirmed", record=record)

    def _person(self, _db: sqlite3.Connection, call: Call) -> Reply:
        number, name = call.text("resident_id", most=40), call.text("name")
        known, mark = self._records.get(number), number[14:17]
        if not _is_resident_id(number) or (known is None and mark == _NOT_FOUND):
            return self._say("not_found")
        if known is None:
            known = {"name": name + "①" if mark == _OTHER_NAME else name}
        differ = _differ({"name": name}, known)
        if differ:
            return self._say("mismatch", fields=differ)
        record = {
            "resident_id": number,
            "name": known["name"],
            "born_on": ric.get_birth_date(number).isoformat(),
            "region_code": number[:6],
        }
        return self._say("confirmed", record=record)

    def _say(self, result: str, **more: Any) -> Reply:
        reference = f"R{secrets.token_hex(8)}"
        return Reply(data={"result": result, "reference": reference, "at": self.stamp(), **more})


def _is_code(code: str) -> bool:
    return bool(uscc.is_valid(code)) and uscc.compact(code) == code


def _is_resident_id(number: str) -> bool:
    return bool(ric.is_valid(number)) and ric.compact(number) == number


def _differ(asked: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    return [name for name, value in asked.items() if _plain(value) != _plain(known.get(name, ""))]


def _plain(name: str) -> str:
    """Return a name without what people write in different ways: full and half width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class SandboxRegister(SandboxHandle):
    """A sandbox register to use: `with SandboxRegister() as register: register.client()`."""

    system = RegisterSandbox
    module = "cohong.parties.register.sandbox"

    def client(self, **options: Any) -> RegisterClient:
        """Return a client of this register; `options` are its timeouts. The caller closes its connections."""
        return RegisterClient(self.credentials, **options)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the register as a process."""
    options = parser(RegisterSandbox, "A sandbox identity register, which can be told to misbehave.")
    options.add_argument("--records", type=Path, metavar="FILE", help="who it knows, as JSON lines")
    return run(options, argv)


if __name__ == "__main__":
    raise SystemExit(main())
