"""Holds on parties: placed from above with a reason, lifted with a reason, never deleted."""

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.refusals import AlreadyLifted, PartyNotFound, RestrictionNotFound
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.words import Mandate, Restriction


@sets.act
def restrict(*, actor: Actor, party_id: UUID, restriction: Restriction, reason: str) -> UUID:
    """Stop a party from doing something until the restriction is lifted; return the restriction's id.

    Takes a mandate out of `rules.MAY_RESTRICT`. Several restrictions of one kind may be in force at once,
    each with its own reason: all have to be lifted. Raises `MandateMissing`, `PartyNotFound`, `BadText`.
    """
    restriction = Restriction(restriction)
    allowed = rules.MAY_RESTRICT[restriction]
    require_mandate(actor, *allowed, scope="parties:write")
    said = rules.public_text(reason, name="reason", most=rules.REASON_LENGTH_MAX)
    mandate = next(mandate for mandate in allowed if mandate in actor.mandates)
    if not sets.fetch("select 1 from parties_party where id = %s for no key update", (party_id,)):
        raise PartyNotFound
    id_ = new_id()
    body = documents.Restricted(
        restriction_id=id_, restriction=restriction.value, mandate=mandate.value, reason=said
    )
    [receipt] = append([Entry(subject=party_id, issuer=actor.party_id, visible_to=(party_id,), body=body)])
    sets.run(
        "insert into parties_restriction (id, party_id, restriction, mandate, reason, placed_by_party,"
        " placed_by_user, placed_at, lift_reason, document) values (%s, %s, %s, %s, %s, %s, %s, %s, '', %s)",
        (
            *(id_, party_id, restriction.value, mandate.value, said),
            *(actor.party_id, actor.user_id, clock.now(), receipt.id),
        ),
    )
    return id_


@sets.act
def lift_restriction(*, actor: Actor, id: UUID, reason: str) -> None:  # noqa: A002 - the agreed name
    """Lift a restriction. Takes the mandate that it was placed under, or supervision's.

    Raises `RestrictionNotFound`, `MandateMissing`, `AlreadyLifted`, `BadText`.
    """
    found = sets.fetch(
        "select party_id, restriction, mandate, lifted_at, document from parties_restriction"
        " where id = %s for update",
        (id,),
    )
    if not found:
        raise RestrictionNotFound
    party_id, restriction, mandate, lifted_at, document = found[0]
    require_mandate(actor, *rules.may_lift(Mandate(mandate)), scope="parties:write")
    said = rules.public_text(reason, name="reason", most=rules.REASON_LENGTH_MAX)
    if lifted_at is not None:
        raise AlreadyLifted
    sets.run(
        "update parties_restriction set lifted_at = %s, lifted_by_party = %s, lifted_by_user = %s,"
        " lift_reason = %s where id = %s",
        (clock.now(), actor.party_id, actor.user_id, said, id),
    )
    body = documents.RestrictionLifted(restriction_id=id, restriction=restriction, reason=said)
    entry = Entry(
        subject=party_id, issuer=actor.party_id, visible_to=(party_id,), answers=(document,), body=body
    )
    append([entry])
