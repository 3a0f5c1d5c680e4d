"""API tokens: a party's own keys to the HTTP interface."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.refusals import (
    ExpiryPast,
    InvalidToken,
    PartyNotFound,
    ScopeUnknown,
    TokenNotFound,
    TokenRevokedAlready,
)
from cohong.parties.rules import Actor, require_person
from cohong.parties.services import authorities
from cohong.parties.views import TokenView
from cohong.parties.words import PLATFORM_ID, SCOPES, Mandate, Role

_MARK = "chg"
_SECRET_BYTES = 32
_LENGTH_MAX = 100
# When a token was last used is kept to the hour: a write for each call would cost more than it tells.
_USE_NOTED_EVERY = timedelta(hours=1)


@sets.act
def issue_token(
    *, actor: Actor, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[TokenView, str]:
    """Make a token for the actor's party; the secret is returned this once and not kept.

    An owner's act, never a token's. Raises `NotYours`, `ScopeUnknown`, `ExpiryPast`, `BadText`.
    """
    require_person(actor, actor.party_id)
    said = rules.public_text(name, name="name", most=100)
    now = clock.now()
    if not scopes or not set(scopes) <= SCOPES:
        raise ScopeUnknown(known=", ".join(sorted(SCOPES)))
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        raise ExpiryPast
    if actor.party_id == PLATFORM_ID:
        authorities.ensure_platform()
    elif not sets.fetch("select 1 from parties_party where id = %s", (actor.party_id,)):
        raise PartyNotFound
    prefix = f"{_MARK}_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    view = TokenView(
        id=new_id(),
        party_id=actor.party_id,
        name=said,
        prefix=prefix,
        scopes=tuple(sorted(set(scopes))),
        issued_at=now,
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
    )
    _write(view, secret, actor)
    return view, secret


def _write(view: TokenView, secret: str, actor: Actor) -> None:
    sets.run(
        "insert into parties_api_token (id, party_id, name, prefix, digest, scopes, issued_at, issued_by,"
        " expires_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(view.id, view.party_id, view.name, view.prefix, _digest(secret), list(view.scopes)),
            *(view.issued_at, actor.user_id, view.expires_at),
        ),
    )
    body = documents.TokenIssued(
        token_id=view.id,
        name=view.name,
        prefix=view.prefix,
        scopes=list(view.scopes),
        issued_by=actor.user_id,
        expires_at=view.expires_at,
    )
    append([Entry(subject=view.party_id, issuer=view.party_id, body=body)])


@sets.act
def revoke_token(*, actor: Actor, token_id: UUID) -> None:
    """Make a token invalid, at once and for ever. An owner's act, never a token's.

    Raises `TokenNotFound` (also for other parties' tokens), `NotYours`, `TokenRevokedAlready`.
    """
    found = sets.fetch(
        "select party_id, name, prefix, revoked_at from parties_api_token where id = %s for update",
        (token_id,),
    )
    if not found or (found[0][0] != actor.party_id and not actor.is_system):
        raise TokenNotFound
    party_id, name, prefix, revoked_at = found[0]
    require_person(actor, party_id)
    if revoked_at is not None:
        raise TokenRevokedAlready
    sets.run(
        "update parties_api_token set revoked_at = %s, revoked_by = %s where id = %s",
        (clock.now(), actor.user_id, token_id),
    )
    body = documents.TokenRevoked(token_id=token_id, name=name, prefix=prefix, revoked_by=actor.user_id)
    append([Entry(subject=party_id, issuer=party_id, body=body)])


def actor_for_token(*, text: str) -> Actor:
    """Return whom a token lets act: its party, as an owner within its scopes. Raises `InvalidToken`."""
    if len(text) > _LENGTH_MAX or not text.startswith(_MARK):
        raise InvalidToken
    now = clock.now()
    found = sets.fetch(
        "select t.id, t.party_id, t.scopes, t.last_used_at,"
        " array(select mandate from parties_authority_mandate m"
        " where m.party_id = t.party_id and m.ended_at is null)"
        " from parties_api_token t where t.digest = %s and t.revoked_at is null"
        " and (t.expires_at is null or t.expires_at > %s)",
        (_digest(text), now),
    )
    if not found:
        raise InvalidToken
    id_, party_id, scopes, last_used_at, mandates = found[0]
    if last_used_at is None or now - last_used_at >= _USE_NOTED_EVERY:
        sets.run("update parties_api_token set last_used_at = %s where id = %s", (now, id_))
    return Actor(
        party_id=party_id,
        roles=frozenset({Role.OWNER}),
        mandates=frozenset(Mandate(mandate) for mandate in mandates),
        scopes=frozenset(scopes),
    )


def _digest(secret: str) -> bytes:
    """Digest a secret. It is random and long, so that a plain hash cannot be tried out."""
    return sha256(secret.encode()).digest()
