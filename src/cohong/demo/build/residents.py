"""Who lives and trades in the region: users, companies with their staff, authorities, consumers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from cohong.demo.build.calendar import Calendar
from cohong.demo.build.records import heads
from cohong.demo.build.users import MANDATES, logins
from cohong.demo.companies import Company, companies
from cohong.demo.people import Authority, Person, authorities, people
from cohong.kernel import clock
from cohong.kernel.ids import UUID
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Kind, Role

_MINUTE = timedelta(minutes=1)
_MOST = 10_000
# A few have not asked yet to be confirmed, as on any real day.
_UNCONFIRMED_COMPANIES, _UNCONFIRMED_PEOPLE = 2, 4


def sign_everyone_up(seed: int, calendar: Calendar) -> None:
    """Make every person a user, all in one transaction."""
    everyone = logins(seed)
    known = set(get_user_model().objects.values_list("username", flat=True))
    if everyone[-1].username in known:
        return
    with transaction.atomic():
        for minutes, login in enumerate(everyone):
            with clock.at(calendar.opened + minutes * _MINUTE):
                parties.sign_up(username=login.username, password=login.password, email=login.email)


class Cast:
    """Who acts: the ids of users and parties, and the actor that somebody is for a party."""

    def __init__(self, seed: int) -> None:
        self._user_of = dict(get_user_model().objects.values_list("username", "id"))
        self.users: dict[str, UUID] = {
            login.person.ref: self._user_of[login.username]
            for login in logins(seed)
            if login.username in self._user_of
        }
        self._staff: dict[str, list[Person]] = {}
        for person in people(seed):
            self._staff.setdefault(person.company or person.authority or person.ref, []).append(person)
        by_code = {party.credit_code: party.id for party in parties.find(kind=Kind.ORGANISATION, limit=_MOST)}
        by_name = {party.name: party.id for party in parties.find(kind=Kind.AUTHORITY, limit=_MOST)}
        self.parties: dict[str, UUID] = {
            company.slug: by_code[company.credit_code]
            for company in companies(seed)
            if company.credit_code in by_code
        }
        self.parties |= {
            office.code: parties.PLATFORM_ID if office.mandate == "platform" else by_name[office.name.zh_hans]
            for office in authorities()
            if office.mandate == "platform" or office.name.zh_hans in by_name
        }
        for person in people(seed):
            if person.is_consumer and (own := self._own_party(person)) is not None:
                self.parties[person.ref] = own
        self.name_of = {party_id: name for name, party_id in self.parties.items()}
        self._actors: dict[tuple[str, Role], Actor] = {}

    def _own_party(self, person: Person) -> UUID | None:
        if person.ref not in self.users:
            return None
        own = parties.parties_of(user_id=self.users[person.ref])
        return next((party.party_id for party in own if party.kind == Kind.PERSON), None)

    def staff(self, name: str) -> Sequence[Person]:
        """Give the people of a company or an authority, or a consumer, by the demo's name for them."""
        return self._staff[name]

    def acting(self, name: str, role: Role = Role.OWNER) -> Actor:
        """Give the actor for a party in a role: who has it there, or else the first of its people."""
        key = (name, role)
        if key not in self._actors:
            staff = self._staff[name]
            person = next((one for one in staff if role in one.roles), staff[0])
            self._actors[key] = parties.actor_for(user_id=self.users[person.ref], party_id=self.parties[name])
        return self._actors[key]


# --- registering -----------------------------------------------------------------------------------------


def register_company(seed: int, cast: Cast, company: Company, at: datetime) -> None:
    """Register a company by its owner, take in its staff, and have it confirmed: one transaction."""
    if company.slug in cast.parties:
        return
    owner, *others = cast.staff(company.slug)
    with transaction.atomic(), clock.at(at):
        party_id = parties.register_organisation(
            actor_user_id=cast.users[owner.ref],
            name=company.name.zh_hans,
            name_en=company.name.en,
            uscc=company.credit_code,
            region_code=company.region,
            industry_code=company.industries[0],
            legal_representative=heads(seed)[company.slug],
            address=company.address,
            phone=company.phone,
        )
        acting = parties.actor_for(user_id=cast.users[owner.ref], party_id=party_id)
        for person in others:
            for role in person.roles:
                parties.grant_membership(
                    actor=acting, party_id=party_id, user_id=cast.users[person.ref], role=Role(role)
                )
        if company not in companies(seed)[-_UNCONFIRMED_COMPANIES:]:
            parties.request_confirmation(actor=acting, party_id=party_id)
    cast.parties[company.slug] = party_id
    cast.name_of[party_id] = company.slug


def register_authorities(cast: Cast, at: datetime) -> None:
    """Register the authorities with their mandates and officers, all in one transaction.

    The platform is a party already: its people become its members.
    """
    if all(office.code in cast.parties for office in authorities()) and parties.parties_of(
        user_id=cast.users[cast.staff("platform")[0].ref]
    ):
        return
    with transaction.atomic(), clock.at(at):
        for office in authorities():
            cast.parties[office.code] = _register_authority(cast, office)


def _register_authority(cast: Cast, office: Authority) -> UUID:
    first, *others = cast.staff(office.code)
    mandate = MANDATES[office.mandate]
    owner_id = cast.users[first.ref]
    if mandate == parties.Mandate.PLATFORM:
        party_id = parties.ensure_platform()
        parties.grant_membership(actor=SYSTEM, party_id=party_id, user_id=owner_id, role=Role.OWNER)
    else:
        party_id = parties.register_authority(
            actor=SYSTEM,
            name=office.name.zh_hans,
            name_en=office.name.en,
            mandates=[mandate],
            owner_user_id=owner_id,
            region_code=office.region,
        )
    acting = parties.actor_for(user_id=owner_id, party_id=party_id)
    for person in others:
        parties.grant_membership(
            actor=acting, party_id=party_id, user_id=cast.users[person.ref], role=Role.SERVICE
        )
    return party_id


def register_consumers(seed: int, cast: Cast, at: datetime) -> None:
    """Register the consumers as persons, all in one transaction."""
    consumers = [person for person in people(seed) if person.is_consumer]
    if consumers[-1].ref in cast.parties:
        return
    with transaction.atomic():
        for number, person in enumerate(consumers):
            with clock.at(at + 30 * number * _MINUTE):
                user_id = cast.users[person.ref]
                party_id = parties.register_person(
                    user_id=user_id,
                    name=person.name.zh_hans,
                    phone=person.phone,
                    resident_id=person.resident_id,
                    region_code=person.city,
                )
                if number < len(consumers) - _UNCONFIRMED_PEOPLE:
                    acting = parties.actor_for(user_id=user_id, party_id=party_id)
                    parties.request_confirmation(actor=acting, party_id=party_id)
            cast.parties[person.ref] = party_id
