"""Users, and whom they act for: memberships are granted and ended, and their history stays."""

from collections.abc import Collection, Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents
from cohong.parties.models import User
from cohong.parties.refusals import (
    LastOwner,
    MembershipExists,
    MembershipNotFound,
    PartyNotFound,
    PasswordTooWeak,
    SecondFactorNeeded,
    UsernameInvalid,
    UsernameTaken,
    UserNotFound,
)
from cohong.parties.rules import Actor, require_person
from cohong.parties.selectors import HAS_SECOND_FACTOR
from cohong.parties.services import authorities
from cohong.parties.words import PLATFORM_ID, Mandate, Role


@sets.act
def sign_up(*, username: str, password: str | None, email: str = "") -> UUID:
    """Make a user who can sign in; they act for nobody yet.

    Without a password (None) they cannot sign in before one is set for them. Raises `UsernameInvalid`,
    `UsernameTaken`, `PasswordTooWeak`.
    """
    user = User(username=User.normalize_username(username), email=email)
    try:
        User._meta.get_field("username").clean(user.username, user)  # noqa: SLF001 - Django names it so
        User._meta.get_field("email").clean(email, user)  # noqa: SLF001 - Django names it so
    except ValidationError as error:
        raise UsernameInvalid from error
    if User.objects.filter(username__iexact=user.username).exists():
        raise UsernameTaken
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise PasswordTooWeak(reasons=" ".join(error.messages)) from error
    user.set_password(password)  # None makes it one that nothing matches
    user.date_joined = clock.now()
    user.save(force_insert=True)
    return user.id


@sets.act
def close_account(*, user_id: UUID) -> None:
    """Close a user's account: they cannot sign in any more, and lay down every role but that of their own person.

    What they did stays, and so does the person whom others traded with. Their own decision; who may ask is known by the
    session. Raises `UserNotFound`, and `LastOwner` while a company has no other owner.
    """
    if not sets.run("update parties_user set is_active = false where id = %s and is_active", (user_id,)):
        raise UserNotFound
    held = sets.fetch(
        "select m.id, m.party_id, m.role from parties_membership m join parties_party p on p.id = m.party_id"
        " where m.user_id = %s and m.ended_at is null and p.person_user_id is distinct from m.user_id order by m.party_id",
        (user_id,),
    )
    for id_, party_id, role in held:
        _lock(party_id)
        if role == Role.OWNER:
            owners = sets.fetch(
                "select 1 from parties_membership where party_id = %s and role = 'owner' and ended_at is null"
                " and user_id <> %s limit 1",
                (party_id, user_id),
            )
            if not owners:
                raise LastOwner
        sets.run(
            "update parties_membership set ended_at = %s, ended_by = %s where id = %s",
            (clock.now(), user_id, id_),
        )
        body = documents.MembershipEnded(membership_id=id_, user_id=user_id, role=role, ended_by=user_id)
        append([Entry(subject=party_id, issuer=party_id, body=body)])


def is_user(user_id: UUID) -> bool:
    """Tell whether this user exists and may sign in."""
    return User.objects.filter(pk=user_id, is_active=True).exists()


@sets.act
def grant_membership(*, actor: Actor, party_id: UUID, user_id: UUID, role: Role) -> UUID:
    """Let a user act for the party in a role. An owner's act, never a token's.

    Raises `NotYours`, `PartyNotFound`, `UserNotFound`, `MembershipExists`.
    """
    require_person(actor, party_id)
    if party_id == PLATFORM_ID:
        authorities.ensure_platform()
    _lock(party_id)
    if not is_user(user_id):
        raise UserNotFound
    return add(party_id, user_id, Role(role), granted_by=actor.user_id)


@sets.act
def end_membership(*, actor: Actor, party_id: UUID, user_id: UUID, role: Role) -> None:
    """End a user's role at the party. An owner's act; everyone may lay down a role of their own.

    Raises `NotYours`, `MembershipNotFound`, `LastOwner`.
    """
    is_own = actor.user_id == user_id and actor.party_id == party_id
    require_person(actor, party_id, *(actor.roles if is_own else ()))
    _lock(party_id)
    held = sets.fetch(
        "select id, user_id, role from parties_membership where party_id = %s and ended_at is null",
        (party_id,),
    )
    mine = [id_ for id_, holder, held_role in held if holder == user_id and held_role == role]
    if not mine:
        raise MembershipNotFound
    if role == Role.OWNER and _owners(held) == {user_id}:
        raise LastOwner
    sets.run(
        "update parties_membership set ended_at = %s, ended_by = %s where id = %s",
        (clock.now(), actor.user_id, mine[0]),
    )
    body = documents.MembershipEnded(
        membership_id=mine[0], user_id=user_id, role=Role(role).value, ended_by=actor.user_id
    )
    append([Entry(subject=party_id, issuer=party_id, body=body)])


@sets.act
def set_roles(*, actor: Actor, party_id: UUID, user_id: UUID, roles: Collection[Role]) -> None:
    """Let a user act for the party in exactly these roles: what is missing is granted, what is too much ended.

    No roles: they act for it no more. An owner's act, never a token's; all of it happens or nothing. Raises `NotYours`,
    `PartyNotFound`, `UserNotFound`, `LastOwner`.
    """
    require_person(actor, party_id)
    _lock(party_id)
    wanted = {Role(role) for role in roles}
    held = {
        Role(role)
        for (role,) in sets.fetch(
            "select role from parties_membership where party_id = %s and user_id = %s and ended_at is null",
            (party_id, user_id),
        )
    }
    # First what is granted: an owner who hands over to nobody else is refused only if no owner is left at the end.
    for role in sorted(wanted - held):
        grant_membership(actor=actor, party_id=party_id, user_id=user_id, role=role)
    for role in sorted(held - wanted):
        end_membership(actor=actor, party_id=party_id, user_id=user_id, role=role)


def user_named(*, username: str) -> UUID:
    """Return the user who signs in under this name, however it is capitalised. Raises `UserNotFound`."""
    found = User.objects.filter(username__iexact=User.normalize_username(username), is_active=True).first()
    if found is None:
        raise UserNotFound
    return found.id


@sets.act
def want_second_factor(*, actor: Actor, party_id: UUID, wanted: bool) -> None:
    """Decide whether whoever acts for the party has to sign in with a second factor.

    An owner's act, never a token's; of an authority, the platform's too. Asked for what is so already, nothing happens.
    Raises `NotYours`, `PartyNotFound`, and `SecondFactorNeeded` where an owner has none: they would lock themselves out.
    """
    if Mandate.PLATFORM not in actor.mandates or not _is_authority(party_id):
        require_person(actor, party_id)
    _lock(party_id)
    if wanted and actor.user_id is not None and actor.party_id == party_id and not _has_factor(actor.user_id):
        raise SecondFactorNeeded
    changed = sets.run(
        "update parties_party set wants_second_factor = %s where id = %s and wants_second_factor <> %s",
        (wanted, party_id, wanted),
    )
    if changed:
        body = documents.SecondFactorWanted(wanted=wanted, decided_by=actor.user_id)
        append([Entry(subject=party_id, issuer=actor.party_id, visible_to=(party_id,), body=body)])


def _is_authority(party_id: UUID) -> bool:
    return bool(sets.fetch("select 1 from parties_party where id = %s and kind = 'authority'", (party_id,)))


def _has_factor(user_id: UUID) -> bool:
    [(has,)] = sets.fetch(f"select {HAS_SECOND_FACTOR.format('%s')}", (user_id,))
    return bool(has)


def _owners(held: Sequence[tuple[UUID, UUID, str]]) -> set[UUID]:
    return {holder for _id, holder, role in held if role == Role.OWNER}


def add(party_id: UUID, user_id: UUID, role: Role, *, granted_by: UUID | None) -> UUID:
    """Write a membership and issue its document; who may is the caller's to check."""
    membership_id = new_id()
    written = sets.run(
        "insert into parties_membership (id, party_id, user_id, role, granted_at, granted_by)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        (membership_id, party_id, user_id, role.value, clock.now(), granted_by),
    )
    if not written:
        raise MembershipExists
    body = documents.MembershipGranted(
        membership_id=membership_id, user_id=user_id, role=role.value, granted_by=granted_by
    )
    append([Entry(subject=party_id, issuer=party_id, body=body)])
    return membership_id


def _lock(party_id: UUID) -> None:
    """Take the party's row, so that two owners cannot end each other at once."""
    if not sets.fetch("select 1 from parties_party where id = %s for no key update", (party_id,)):
        raise PartyNotFound
