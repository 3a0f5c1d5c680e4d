"""Real-name registration: the identity register is asked, and asked again until it answers.

Three steps. *Submitting* is a transaction: it fixes what will be asked and queues the job that asks. *Asking*
is outside every transaction, because the register may take its time. *Recording* is a transaction again, and
records an answer only if it is about what the party still says of itself.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from cohong.kernel import clock, jobs, privacy, sets
from cohong.kernel.documents import Body
from cohong.kernel.ids import UUID
from cohong.kernel.journal import Entry, append
from cohong.kernel.outside import Credentials, Outage
from cohong.parties import documents, rules
from cohong.parties.refusals import NothingToConfirm, PartyNotFound, RegisterDecides, RegisterUnavailable
from cohong.parties.register import protocol
from cohong.parties.register.client import RegisterClient
from cohong.parties.rules import CONFIRMATION, Actor, require, require_mandate
from cohong.parties.views import ConfirmationView
from cohong.parties.words import PLATFORM_ID, Confirmation, Kind, Mandate

JOB = "parties.confirm"
# The job that stands behind an attempt made at once: by then the attempt is over, however it went.
_NET_AFTER = timedelta(minutes=1)


def confirm(*, actor: Actor, party_id: UUID) -> ConfirmationView:
    """Have a party confirmed by the identity register, now if it answers, else by a job once it does.

    Talks to an outside system: not to be called inside a transaction (`request_confirmation` may be). An
    owner's act, or the system's. Raises `NotYours`, `PartyNotFound`, `WrongState`, `NothingToConfirm`.
    """
    _submit(actor, party_id, after=_NET_AFTER)
    return attempt(party_id) or ConfirmationView(party_id=party_id, state=Confirmation.CONFIRMING)


def request_confirmation(*, actor: Actor, party_id: UUID) -> ConfirmationView:
    """Have a party confirmed by a job, soon. Who may, and the refusals, are those of `confirm`."""
    _submit(actor, party_id, after=timedelta())
    return ConfirmationView(party_id=party_id, state=Confirmation.CONFIRMING)


@sets.act
def vouch(*, actor: Actor, party_id: UUID, evidence: str) -> None:
    """Confirm an organisation from abroad by evidence that the platform saw. Takes the platform's mandate.

    Raises `MandateMissing`, `RegisterDecides` if the register here can say, `WrongState`, `BadText`.
    """
    require_mandate(actor, Mandate.PLATFORM)
    said = rules.public_text(evidence, name="evidence", most=rules.REASON_LENGTH_MAX)
    standing = _read(party_id, lock=True)
    if standing.kind != Kind.ORGANISATION or standing.question.code:
        raise RegisterDecides
    CONFIRMATION.next(standing.state, "vouch")
    now = clock.now()
    body = documents.Confirmed(name=standing.name, register_reference="", checked_at=now, evidence=said)
    _write(party_id, Confirmation.CONFIRMED, [], body, issuer=actor.party_id)


# --- submitting ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    """What the register is asked about a party."""

    code: str = field(repr=False)
    name: str = field(repr=False)
    representative: str = field(repr=False)
    is_person: bool = False

    @property
    def missing(self) -> str:
        """Name what is missing to ask it, if anything is."""
        if not self.code:
            return "resident_id" if self.is_person else "credit_code"
        return "" if self.is_person or self.representative else "legal_representative"


@dataclass(frozen=True, slots=True)
class _Standing:
    kind: Kind
    name: str
    state: Confirmation
    mismatched: tuple[str, ...]
    question: _Question


def _read(party_id: UUID, *, lock: bool = False) -> _Standing:
    found = sets.fetch(
        "select p.kind, p.name, p.state, p.mismatched, p.credit_code, r.full_name, r.resident_id,"
        " r.legal_representative"
        " from parties_party p left join parties_personal_record r on r.party_id = p.id"
        f" where p.id = %s {'for no key update of p' if lock else ''}",
        (party_id,),
    )
    if not found:
        raise PartyNotFound
    kind, name, state, mismatched, code, *personal = found[0]
    full_name, resident_id, representative = (token and privacy.decrypt(token) for token in personal)
    question = (
        _Question(resident_id or "", full_name or "", "", is_person=True)
        if kind == Kind.PERSON
        else _Question(code or "", name, representative or "")
    )
    return _Standing(Kind(kind), name, Confirmation(state), tuple(mismatched), question)


@sets.act
def _submit(actor: Actor, party_id: UUID, *, after: timedelta) -> None:
    # The platform may have the register asked again, e.g. after it did not answer.
    if Mandate.PLATFORM in actor.mandates:
        require_mandate(actor, Mandate.PLATFORM, scope="parties:write")
    else:
        require(actor, party_id, scope="parties:write")
    standing = _read(party_id, lock=True)
    target = CONFIRMATION.next(standing.state, "submit")
    if standing.question.missing:
        raise NothingToConfirm(field=standing.question.missing)
    sets.run("update parties_party set state = %s, mismatched = '{}' where id = %s", (target.value, party_id))
    jobs.defer(JOB, at=clock.now() + after if after else None, party_id=str(party_id))


# --- asking ----------------------------------------------------------------------------------------------


def ask(question: _Question) -> protocol.Answer:
    """Put the question to the installation's register. Never raises: no answer is an answer too."""
    if not settings.COHONG_REGISTER_CREDENTIALS:
        return protocol.Unavailable(why=Outage.UNREACHABLE, detail="no register is connected")
    # A client for each question: they are rare, and what the credentials file says now is what counts.
    register = RegisterClient(Credentials.load(Path(settings.COHONG_REGISTER_CREDENTIALS)))
    try:
        return _put(question, register)
    finally:
        register.close_connections()


def _put(question: _Question, register: protocol.IdentityRegister) -> protocol.Answer:
    if question.is_person:
        return register.confirm_person(resident_id=question.code, name=question.name)
    return register.confirm_organisation(
        code=question.code, name=question.name, legal_representative=question.representative
    )


def attempt(party_id: UUID) -> ConfirmationView | None:
    """Ask once and record the answer; None if there is none. Does nothing for a party that is not waiting."""
    standing = _read(party_id)
    if standing.state == Confirmation.CONFIRMING:
        answer = ask(standing.question)
        if isinstance(answer, protocol.Unavailable):
            return None
        standing = _record(party_id, standing.question, answer)
    return ConfirmationView(party_id=party_id, state=standing.state, mismatched=standing.mismatched)


def attempt_or_raise(party_id: UUID) -> None:
    """Ask once, as a job: raises `RegisterUnavailable` so that it is asked again."""
    if attempt(party_id) is None:
        raise RegisterUnavailable


# --- recording -------------------------------------------------------------------------------------------


@sets.act
def _record(party_id: UUID, asked: _Question, answer: protocol.Answer) -> _Standing:
    standing = _read(party_id, lock=True)
    if standing.state != Confirmation.CONFIRMING or standing.question != asked:
        return standing
    assert not isinstance(answer, protocol.Unavailable)  # noqa: S101 - the caller's promise
    differing = _differing(answer, asked)
    if differing:
        target = CONFIRMATION.next(standing.state, "mismatch")
        body: Body = documents.Mismatched(
            fields=differing, register_reference=answer.reference, checked_at=answer.checked_at
        )
    else:
        target = CONFIRMATION.next(standing.state, "match")
        body = documents.Confirmed(
            name=standing.name, register_reference=answer.reference, checked_at=answer.checked_at
        )
    _write(party_id, target, differing, body, issuer=PLATFORM_ID)
    return _Standing(standing.kind, standing.name, target, tuple(differing), asked)


def _differing(
    answer: protocol.Confirmed | protocol.Mismatch | protocol.NotFound, asked: _Question
) -> list[str]:
    """Name what does not agree: fields, the code itself if nobody has it, or an organisation's standing."""
    match answer:
        case protocol.NotFound():
            return ["resident_id" if asked.is_person else "credit_code"]
        case protocol.Mismatch(fields=fields):
            # Our own names of the fields: those that `change_details` takes to put it right.
            here = {protocol.Field.NAME: "full_name"} if asked.is_person else {}
            return sorted(here.get(one, one.value) for one in fields)
        case protocol.Confirmed(record=protocol.OrganisationRecord(standing=standing)):
            return [] if standing == protocol.Standing.ACTIVE else ["standing"]
        case _:
            return []


def _write(party_id: UUID, state: Confirmation, differing: list[str], body: Body, *, issuer: UUID) -> None:
    confirmed_at = clock.now() if state == Confirmation.CONFIRMED else None
    sets.run(
        "update parties_party set state = %s, mismatched = %s, confirmed_at = %s where id = %s",
        (state.value, differing, confirmed_at, party_id),
    )
    append([Entry(subject=party_id, issuer=issuer, visible_to=(party_id,), body=body)])
