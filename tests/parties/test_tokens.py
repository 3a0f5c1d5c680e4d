"""API tokens: shown once, kept hashed, limited by scope, time and revocation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from parties_world import authority, company, kinds_of, last_body, refused

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Role

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_a_token_lets_act_for_its_party_within_its_scopes():
    owner = company()
    view, secret = parties.issue_token(actor=owner, name="ERP", scopes={"orders:write", "orders:read"})
    assert secret.startswith(view.prefix + "_")
    assert (view.party_id, view.scopes) == (owner.party_id, ("orders:read", "orders:write"))
    actor = parties.actor_for_token(text=secret)
    assert (actor.party_id, actor.user_id, actor.roles, actor.mandates) == (
        owner.party_id,
        None,
        {Role.OWNER},
        frozenset(),
    )
    assert actor.scopes == {"orders:read", "orders:write"}
    body = last_body(owner.party_id)
    assert (body.token_id, body.name, body.prefix, body.scopes, body.issued_by, body.expires_at) == (
        view.id,
        "ERP",
        view.prefix,
        ["orders:read", "orders:write"],
        owner.user_id,
        None,
    )


def test_the_secret_is_nowhere_in_the_database():
    owner = company()
    view, secret = parties.issue_token(actor=owner, name="ERP", scopes={"orders:read"})
    own = secret.removeprefix(view.prefix)
    rows = sets.fetch(
        "select t::text from parties_api_token t union all select canonical from kernel_document"
    )
    assert rows
    assert not any(own in text or secret.encode().hex() in text for (text,) in rows)
    assert "secret" not in {field for field in dir(view) if not field.startswith("_")}


def test_an_authoritys_token_carries_its_mandates():
    office = authority(Mandate.CUSTOMS)
    _, secret = parties.issue_token(actor=office, name="window", scopes={"logistics:write"})
    assert parties.actor_for_token(text=secret).mandates == {Mandate.CUSTOMS}
    parties.end_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.CUSTOMS)
    assert parties.actor_for_token(text=secret).mandates == frozenset()


def test_a_token_expires_to_the_second():
    owner = company()
    with clock.at(NOON):
        view, secret = parties.issue_token(
            actor=owner, name="trial", scopes={"orders:read"}, expires_at=NOON + timedelta(days=1)
        )
    with clock.at(NOON + timedelta(days=1, seconds=-1)):
        assert parties.actor_for_token(text=secret).party_id == owner.party_id
    with clock.at(NOON + timedelta(days=1)), refused(parties.InvalidToken):
        parties.actor_for_token(text=secret)
    assert view.expires_at == NOON + timedelta(days=1)


def test_a_revoked_token_is_invalid_at_once_and_stays_listed():
    owner = company()
    view, secret = parties.issue_token(actor=owner, name="lost", scopes={"orders:read"})
    other, _ = parties.issue_token(actor=owner, name="kept", scopes={"orders:read"})
    with clock.at(NOON):
        parties.revoke_token(actor=owner, token_id=view.id)
    with refused(parties.InvalidToken):
        parties.actor_for_token(text=secret)
    with refused(parties.TokenRevokedAlready):
        parties.revoke_token(actor=owner, token_id=view.id)
    assert [(one.id, one.revoked_at) for one in parties.tokens(actor=owner)] == [
        (other.id, None),
        (view.id, NOON),
    ]
    assert kinds_of(owner.party_id)[2:] == [
        "parties.token_issued",
        "parties.token_issued",
        "parties.token_revoked",
    ]


def test_when_a_token_was_last_used_is_kept_to_the_hour():
    owner = company()
    _, secret = parties.issue_token(actor=owner, name="ERP", scopes={"orders:read"})

    def used_at(moment: datetime) -> datetime | None:
        with clock.at(moment):
            parties.actor_for_token(text=secret)
        return parties.tokens(actor=owner)[0].last_used_at

    assert parties.tokens(actor=owner)[0].last_used_at is None
    assert used_at(NOON) == NOON
    assert used_at(NOON + timedelta(minutes=59)) == NOON
    assert used_at(NOON + timedelta(minutes=60)) == NOON + timedelta(minutes=60)


@pytest.mark.parametrize(
    "text", ["", "chg_", "chg_00000000_" + "x" * 43, "Bearer x", "chg_" + "x" * 5_000, "chg_\x00"]
)
def test_what_is_no_token_is_refused(text: str):
    with refused(parties.InvalidToken):
        parties.actor_for_token(text=text)


def test_a_changed_token_is_refused():
    owner = company()
    _, secret = parties.issue_token(actor=owner, name="ERP", scopes={"orders:read"})
    for changed in (secret[:-1], secret + "x", secret.swapcase(), f" {secret}"):
        with refused(parties.InvalidToken):
            parties.actor_for_token(text=changed)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"scopes": []}, parties.ScopeUnknown),
        ({"scopes": ["everything"]}, parties.ScopeUnknown),
        ({"scopes": ["orders:read", "orders:delete"]}, parties.ScopeUnknown),
        ({"name": ""}, parties.BadText),
        ({"name": "x" * 101}, parties.BadText),
        ({"name": "phone 13912345678"}, parties.PersonalDataInText),
        ({"expires_at": NOON}, parties.ExpiryPast),
        ({"expires_at": NOON - timedelta(days=1)}, parties.ExpiryPast),
        ({"expires_at": datetime(2027, 1, 1)}, parties.ExpiryPast),  # noqa: DTZ001 - it names no instant
    ],
)
def test_a_token_that_makes_no_sense_is_refused(asked: dict[str, Any], refusal: type[Refusal]):
    owner = company()
    with clock.at(NOON), refused(refusal):
        parties.issue_token(actor=owner, **({"name": "ERP", "scopes": ["orders:read"]} | asked))


def test_other_parties_tokens_are_not_known():
    owner, rival = company(), company()
    view, _ = parties.issue_token(actor=owner, name="ERP", scopes={"orders:read"})
    for token_id in (view.id, new_id()):
        with refused(parties.TokenNotFound):
            parties.revoke_token(actor=rival, token_id=token_id)
    assert parties.tokens(actor=rival) == []
    assert len(journal.file_of([owner.party_id])) == 3
