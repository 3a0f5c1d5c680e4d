"""What `cohong verify` checks of parties."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check
from cohong.kernel.ids import UUID
from cohong.parties import rules

_TOKENS = ("full_name", "resident_id", "legal_representative", "phone", "address")
_BATCH = 5_000
_NEVER = "00000000-0000-0000-0000-000000000000"


def audit() -> list[Check]:
    """Check personal data, who may, holds and confirmations against the journal and themselves."""
    return [
        *_personal_records(),
        _documents_name_nobody(),
        _owners(),
        _agree_with_documents(
            "parties.memberships_agree_with_documents",
            "select id::text, ended_at is not null from parties_membership",
            granted="parties.membership_granted",
            ended="parties.membership_ended",
            key="membership_id",
        ),
        _agree_with_documents(
            "parties.restrictions_agree_with_documents",
            "select id::text, lifted_at is not null from parties_restriction",
            granted="parties.restricted",
            ended="parties.restriction_lifted",
            key="restriction_id",
        ),
        _agree_with_documents(
            "parties.tokens_agree_with_documents",
            "select id::text, revoked_at is not null from parties_api_token",
            granted="parties.token_issued",
            ended="parties.token_revoked",
            key="token_id",
        ),
        _mandates(),
        _registrations(),
        _confirmations(),
    ]


# --- personal data ---------------------------------------------------------------------------------------


def _personal_records() -> list[Check]:
    """Every value is a token that opens here, and every index is its value's."""
    in_clear, misfiled, values, indexes = [], [], 0, 0
    for party_id, resident_index, phone_index, *tokens in _records():
        opened: dict[str, str | None] = {}
        for name, token in zip(_TOKENS, tokens, strict=True):
            values += token is not None
            opened[name] = None
            if token is not None and privacy.is_encrypted(token):
                opened[name] = privacy.decrypt(token)
            elif token is not None:
                in_clear.append(f"party {party_id}: {name} does not open with a key of this installation")
        for name, index in (("resident_id", resident_index), ("phone", phone_index)):
            value = opened[name]
            indexes += index is not None
            if value is not None and index not in privacy.blind_indexes(value, name):
                misfiled.append(f"party {party_id}: the index of {name} is not that of its value")
    return [
        check("parties.personal_data_encrypted", figure=values, findings=in_clear),
        check("parties.personal_data_indexed", figure=indexes, findings=misfiled),
    ]


def _records() -> Iterator[tuple[Any, ...]]:
    after = UUID(_NEVER)
    while True:
        rows = sets.fetch(
            f"select party_id, resident_id_index, phone_index, {', '.join(_TOKENS)}"
            " from parties_personal_record where party_id > %s order by party_id limit %s",
            (after, _BATCH),
        )
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


def _documents_name_nobody() -> Check:
    """No document of any module holds a resident id, or a phone number of someone registered here.

    An audit looks at the tables as they lie; the database sorts out the few documents that could hold one.
    """
    suspects = sets.fetch(
        "select id, canonical from kernel_document"
        r" where canonical ~ '(^|[^0-9A-Za-z])[1-9][0-9]{16}[0-9Xx]([^0-9A-Za-z]|$)'"
        r" or canonical ~ '(^|[^0-9A-Za-z])((00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"
        r"([^0-9A-Za-z]|$)'"
        " order by seq"
    )
    [(figure,)] = sets.fetch("select count(*) from kernel_document")
    findings, phones = [], []
    for id_, canonical in suspects:
        texts = list(_texts(json.loads(canonical)))
        if any(rules.resident_ids_in(text) for text in texts):
            findings.append(f"document {id_} holds a resident identity number in clear")
        phones += [(id_, phone) for text in texts for phone in rules.mobiles_in(text)]
    known = _known_phones({phone for _, phone in phones})
    findings += [f"document {id_} holds a phone number in clear" for id_, phone in phones if phone in known]
    return check("parties.documents_without_personal_data", figure=figure, findings=findings)


def _texts(value: object) -> Iterator[str]:
    """Walk a JSON value's texts; ids and figures among them are no numbers of people."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _known_phones(phones: set[str]) -> set[str]:
    """Return those that someone is registered with: an order number may look like a phone too."""
    by_index = {index: phone for phone in phones for index in privacy.blind_indexes(phone, "phone")}
    rows = sets.fetch(
        "select distinct phone_index from parties_personal_record where phone_index = any(%s)",
        (list(by_index),),
    )
    return {by_index[index] for (index,) in rows}


# --- who may ---------------------------------------------------------------------------------------------


def _owners() -> Check:
    """Whoever has members has an owner among them, and a person's own user is one."""
    [(figure,)] = sets.fetch("select count(*) from parties_membership where ended_at is null")
    ownerless = sets.fetch(
        "select party_id from parties_membership where ended_at is null group by party_id"
        " having not bool_or(role = 'owner') order by party_id"
    )
    strangers = sets.fetch(
        "select p.id from parties_party p where p.person_user_id is not null and not exists (select 1"
        " from parties_membership m where m.party_id = p.id and m.user_id = p.person_user_id"
        " and m.ended_at is null and m.role = 'owner') order by p.id"
    )
    findings = [f"party {party_id} has members and no owner" for (party_id,) in ownerless]
    findings += [f"person {party_id} is not owned by its own user" for (party_id,) in strangers]
    return check("parties.memberships_consistent", figure=figure, findings=findings)


def _agree_with_documents(name: str, rows_sql: str, *, granted: str, ended: str, key: str) -> Check:
    """Each row has the document that began it and, if it is over, the one that ended it, and no other."""
    rows = sets.fetch(rows_sql)
    wanted = Counter((id_, granted) for id_, _ in rows) + Counter((id_, ended) for id_, over in rows if over)
    issued = Counter(
        (id_, kind)
        for id_, kind in sets.fetch(
            f"select canonical::jsonb -> 'body' ->> '{key}', kind from kernel_document where kind = any(%s)",
            ([granted, ended],),
        )
    )
    findings = [f"{key} {id_}: no document {kind}" for id_, kind in sorted((wanted - issued).elements())]
    findings += [
        f"{key} {id_}: a document {kind} too many" for id_, kind in sorted((issued - wanted).elements())
    ]
    return check(name, figure=len(rows), findings=findings)


def _mandates() -> Check:
    """Only authorities carry mandates, and those that the journal says."""
    rows = sets.fetch(
        "select a.party_id, a.mandate, p.kind, count(*), count(a.ended_at) from parties_authority_mandate a"
        " join parties_party p on p.id = a.party_id group by 1, 2, 3 order by 1, 2"
    )
    issued = {
        (subject, mandate, kind): count
        for subject, mandate, kind, count in sets.fetch(
            "select subject, canonical::jsonb -> 'body' ->> 'mandate', kind, count(*) from kernel_document"
            " where kind in ('parties.mandate_granted', 'parties.mandate_ended') group by 1, 2, 3"
        )
    }
    findings = []
    for party_id, mandate, kind, granted, ended in rows:
        if kind != "authority":
            findings.append(f"party {party_id} carries the mandate {mandate} and is no authority")
        if (
            issued.get((party_id, mandate, "parties.mandate_granted"), 0) != granted
            or issued.get((party_id, mandate, "parties.mandate_ended"), 0) != ended
        ):
            findings.append(f"party {party_id}: the mandate {mandate} differs from its documents")
    return check("parties.mandates_consistent", figure=len(rows), findings=findings)


def _registrations() -> Check:
    """Each party was registered by exactly one document."""
    [(figure,)] = sets.fetch("select count(*) from parties_party")
    rows = sets.fetch(
        "select coalesce(p.id, d.subject), count(d.subject) from parties_party p"
        " full join (select subject from kernel_document where kind = 'parties.registered') d"
        " on d.subject = p.id"
        " group by 1 having count(d.subject) <> 1 or count(p.id) <> 1 order by 1"
    )
    findings = [f"party {party_id}: {count} documents of registration" for party_id, count in rows]
    return check("parties.registered_once", figure=figure, findings=findings)


def _confirmations() -> Check:
    """Compare each state with the last word on it in the journal."""
    rows = sets.fetch(
        "select p.id, p.state, (select d.kind from kernel_document d where d.subject = p.id"
        " and d.kind in ('parties.confirmed', 'parties.mismatched') order by d.seq desc limit 1)"
        " from parties_party p where p.state in ('confirmed', 'mismatched') order by p.id"
    )
    findings = [
        f"party {party_id} is {state}, and its documents do not say so"
        for party_id, state, kind in rows
        if kind != f"parties.{state}"
    ]
    return check("parties.confirmations_agree_with_documents", figure=len(rows), findings=findings)
