"""Who can sign in on the demo: a dozen people, one at each desk."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from cohong.demo import DEFAULT_SEED
from cohong.demo.companies import companies
from cohong.demo.people import Person, authorities, people
from cohong.parties.api import Kind, Mandate, Role

DEMO_PASSWORD: Final = "canton-1757"  # noqa: S105 - known to all, and good on the demo only
DEMO_DOMAIN: Final = "demo.invalid"
"""Where the mail of those who can sign in goes: nowhere (RFC 2606). Pages know them by it."""

# Username, where they work (a company, an authority, or "" for nowhere), and the role by which they are found there.
_DESKS: Final = (
    ("steel-owner", "nanyuan", "owner"),
    ("steel-sales", "nanyuan", "sales"),
    ("fashion-owner", "zhuqi", "owner"),
    ("buyer-owner", "rongji", "owner"),
    ("buyer-purchasing", "rongji", "purchasing"),
    ("buyer-finance", "rongji", "finance"),
    ("consumer", "", ""),
    ("carrier", "yuedatong", "warehouse"),
    ("supervision", "market-supervision", ""),
    ("statistics", "statistics", ""),
    ("programmes", "programme-office", ""),
    ("platform", "platform", ""),
)
MANDATES: Final = {
    "market_supervision": Mandate.SUPERVISION,
    "statistics": Mandate.STATISTICS,
    "programme_office": Mandate.PROGRAMMES,
    "platform": Mandate.PLATFORM,
}


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone who can sign in: with what, and who that is. `role` is said in the language in force."""

    username: str
    password: str
    name: str
    party: str
    role: str
    ref: str


@dataclass(frozen=True, slots=True)
class Login:
    """A person as a user. Only those at a desk have a password; the others are there to act in the demo's history."""

    person: Person
    username: str
    email: str
    password: str | None


@cache
def logins(seed: int) -> tuple[Login, ...]:
    """Every person as a user, those at a desk first and in the order of the desks."""
    at_desk = {_person_at(seed, where, role).ref: username for username, where, role in _DESKS}
    everyone = [
        Login(person, person.email.partition("@")[0], person.email, None)
        if person.ref not in at_desk
        else Login(person, at_desk[person.ref], f"{at_desk[person.ref]}@{DEMO_DOMAIN}", DEMO_PASSWORD)
        for person in people(seed)
    ]
    order = [username for username, _, _ in _DESKS]
    return tuple(
        sorted(everyone, key=lambda login: order.index(login.username) if login.password else len(order))
    )


def _person_at(seed: int, where: str, role: str) -> Person:
    return next(
        person
        for person in people(seed)
        if where in (person.company, person.authority)
        and (not role or role in person.roles)
        and (where or person.is_consumer)
    )


def demo_users(seed: int = DEFAULT_SEED) -> list[DemoUser]:
    """List those who can sign in, in the order in which to show them."""
    return [
        DemoUser(
            username=username,
            password=DEMO_PASSWORD,
            name=person.name.zh_hans,
            party=_party(seed, person),
            role=_role(person),
            ref=person.ref,
        )
        for username, where, role in _DESKS
        for person in [_person_at(seed, where, role)]
    ]


def _party(seed: int, person: Person) -> str:
    names = {company.slug: company.name.zh_hans for company in companies(seed)}
    names |= {office.code: office.name.zh_hans for office in authorities()}
    return names.get(person.company or person.authority, person.name.zh_hans)


def _role(person: Person) -> str:
    if person.authority:
        mandate = next(office.mandate for office in authorities() if office.code == person.authority)
        return str(MANDATES[mandate].label)
    return str(Role(person.roles[0]).label if person.roles else Kind.PERSON.label)


def who_can_sign_in(seed: int = DEFAULT_SEED) -> list[str]:
    """Say who can sign in, a line for each, for a terminal."""
    users = demo_users(seed)
    width = max(len(user.username) for user in users)
    lines = [f"{user.username:<{width}}  {user.role} · {user.party}" for user in users]
    return [*lines, f"The password of all of them: {DEMO_PASSWORD}"]


__all__ = ["DEMO_PASSWORD", "MANDATES", "DemoUser", "Login", "demo_users", "logins", "who_can_sign_in"]
