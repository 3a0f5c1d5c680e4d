"""The client of an identity register that speaks our open interface: JSON over HTTP, signed both ways.

| question | request |
| --- | --- |
| an organisation | `POST /v1/organisations/confirm` with `code`, `name`, `legal_representative` |
| a person | `POST /v1/people/confirm` with `resident_id`, `name` |

The answer is 200 with `result`: `confirmed` (and the record), `mismatch` (and the fields) or `not_found`.
Numbers of people travel in bodies, never in addresses: addresses are written into logs.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec

from cohong.kernel.outside import Credentials, NoAnswer, Outage, SignedClient, WireTime
from cohong.parties.register.protocol import (
    Answer,
    Confirmed,
    Field,
    Mismatch,
    NotFound,
    OrganisationRecord,
    PersonRecord,
    Unavailable,
)

OK = 200
R = TypeVar("R", OrganisationRecord, PersonRecord)


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says."""

    result: Literal["confirmed", "mismatch", "not_found"]
    reference: str
    at: WireTime
    fields: frozenset[Field] = frozenset()
    record: dict[str, Any] = {}


class RegisterClient:
    """An `IdentityRegister` over HTTP. Safe to share between threads; not across a fork."""

    def __init__(
        self, credentials: Credentials, *, connect_timeout_s: float = 3.0, timeout_s: float = 10.0
    ) -> None:
        self._client = SignedClient(credentials, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)

    def close_connections(self) -> None:
        """Give the connections back; the client is not used after that."""
        self._client.close()

    def confirm_organisation(self, *, code: str, name: str, legal_representative: str) -> Answer:
        """Ask whether the organisation with this social credit code has this name and representative."""
        asked = {"code": code, "name": name, "legal_representative": legal_representative}
        return self._ask("/v1/organisations/confirm", asked, OrganisationRecord, "code")

    def confirm_person(self, *, resident_id: str, name: str) -> Answer:
        """Ask whether the person with this resident id has this name."""
        asked = {"resident_id": resident_id, "name": name}
        return self._ask("/v1/people/confirm", asked, PersonRecord, "resident_id")

    def _ask(self, path: str, asked: Mapping[str, str], kind: type[R], key: str) -> Answer:
        try:
            answer = self._client.call("POST", path, data=asked)
            if answer.status != OK:
                return Unavailable(
                    why=Outage.UNREADABLE, detail=f"{answer.status} {answer.data.get('error')}"
                )
            said = msgspec.convert(answer.data, _Said)
            return self._read(said, asked, kind, key)
        except NoAnswer as none:
            return Unavailable(why=none.outage, detail=none.detail)
        except msgspec.ValidationError as error:
            return Unavailable(why=Outage.UNREADABLE, detail=str(error))

    @staticmethod
    def _read(said: _Said, asked: Mapping[str, str], kind: type[R], key: str) -> Answer:
        """Turn what the register says into an answer; a record of someone else is no answer."""
        if said.result == "not_found":
            return NotFound(reference=said.reference, checked_at=said.at)
        if said.result == "mismatch":
            if not said.fields:
                return Unavailable(why=Outage.UNREADABLE, detail="a mismatch of nothing")
            return Mismatch(fields=said.fields, reference=said.reference, checked_at=said.at)
        record = msgspec.convert(said.record, kind)
        if getattr(record, key) != asked[key]:
            return Unavailable(why=Outage.UNREADABLE, detail="the record of another code")
        return Confirmed(record=record, reference=said.reference, checked_at=said.at)
