"""The demo region's 200 people: company staff, officers of authorities, and consumers. All invented."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

from cohong.demo.companies import Company, companies
from cohong.demo.data.names import AUTHORITIES, FEMALE, MALE, SURNAMES
from cohong.demo.data.rosters import ROADS
from cohong.demo.identity import mobile, resident_id
from cohong.demo.regions import cities, city_of, districts_of, place_name
from cohong.demo.words import Text

Role = Literal["owner", "purchasing", "sales", "finance", "warehouse", "service"]
Mandate = Literal["market_supervision", "statistics", "programme_office", "platform"]

PEOPLE_COUNT = 200

_OFFICERS_PER_AUTHORITY = {"market-supervision": 4, "statistics": 3, "programme-office": 2, "platform": 3}
_MANDATES: dict[str, Mandate] = {
    "market_supervision": "market_supervision",
    "statistics": "statistics",
    "programme_office": "programme_office",
    "platform": "platform",
}

# Who works beside the owner. Between them and the owner every company has all the roles its trade needs.
_STAFF: dict[str, tuple[tuple[Role, ...], ...]] = {
    "joint-stock": (("sales", "service"), ("finance",), ("warehouse",)),
    "limited": (("sales", "service", "warehouse"),),
    "cooperative": (("sales", "warehouse"),),
    "institution": (("sales", "service"),),
    "sole": (),
}
_BUYER_STAFF: tuple[tuple[Role, ...], ...] = (("purchasing", "warehouse"), ("finance",))


@dataclass(frozen=True, slots=True)
class Authority:
    """A public office with a mandate over the region."""

    code: str
    name: Text
    mandate: Mandate
    region: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person.

    At most one of ``company`` (a slug, with ``roles``) and ``authority`` (a code) is set; a person with
    neither is a consumer. ``city`` is where they live; ``email`` is unique and serves to sign in.
    """

    ref: str
    name: Text
    is_male: bool
    resident_id: str
    phone: str
    email: str
    city: str
    address: str
    company: str
    roles: tuple[Role, ...]
    authority: str

    @property
    def is_consumer(self) -> bool:
        """Whether they act for nobody but themselves."""
        return not self.company and not self.authority


@dataclass(frozen=True, slots=True)
class _Post:
    """A place that a person fills: where, and as what."""

    city: str
    domain: str
    company: str = ""
    roles: tuple[Role, ...] = ()
    authority: str = ""


@cache
def authorities() -> tuple[Authority, ...]:
    """Give the authorities that supervise, count and run things."""
    return tuple(
        Authority(code, Text.of(name), _MANDATES[mandate], "440000") for code, name, mandate in AUTHORITIES
    )


@cache
def people(seed: int) -> tuple[Person, ...]:
    """All 200 people: staff by company, then officers, then consumers. Same seed, same people."""
    rng = Random(f"{seed}:people")
    posts = _staff_posts(seed) + _officer_posts()
    towns = [city.code for city in cities()]
    # Consumers live where Guangdong's people do: the Pearl River delta counts thrice.
    towns += 2 * ["440100", "440300", "440600", "441900"]
    while len(posts) < PEOPLE_COUNT:
        posts.append(_Post(rng.choice(towns), "example.com"))
    taken: set[str] = set()
    return tuple(_person(rng, number, post, taken) for number, post in enumerate(posts, 1))


def _staff_posts(seed: int) -> list[_Post]:
    posts: list[_Post] = []
    for company in companies(seed):
        beside = _beside_owner(company)
        covered = {role for roles in beside for role in roles}
        # The owner does what nobody else is there to do.
        needed: tuple[Role, ...] = (
            ("purchasing", "finance") if not company.sells else ("sales", "finance", "warehouse")
        )
        own: tuple[Role, ...] = ("owner", *(role for role in needed if role not in covered))
        for roles in (own, *beside):
            home = city_of(company.region).code
            posts.append(_Post(home, f"{company.slug}.example.com", company.slug, roles))
    return posts


def _beside_owner(company: Company) -> tuple[tuple[Role, ...], ...]:
    if company.kind == "buyer" and company.form != "sole":
        return _BUYER_STAFF
    return _STAFF[company.form]


def _officer_posts() -> list[_Post]:
    return [
        _Post("440100", f"{code}.example.org", authority=code)
        for code, number in _OFFICERS_PER_AUTHORITY.items()
        for _ in range(number)
    ]


def _person(rng: Random, number: int, post: _Post, taken: set[str]) -> Person:
    is_male = rng.random() < 0.5
    name, mailbox = _unused_name(rng, is_male, taken)
    address = f"{rng.choice(ROADS)}{rng.randint(1, 299)}号{rng.randint(2, 31)}0{rng.randint(1, 6)}房"
    low, high = (1966, 2002) if post.company or post.authority else (1958, 2006)
    district = rng.choice(districts_of(post.city)).code
    return Person(
        ref=f"person-{number:03d}",
        name=name,
        is_male=is_male,
        resident_id=resident_id(rng, city=post.city, is_male=is_male, born_from=low, born_to=high),
        phone=mobile(rng),
        email=f"{mailbox}@{post.domain}",
        city=post.city,
        address=f"{place_name(district)}{address}",
        company=post.company,
        roles=post.roles,
        authority=post.authority,
    )


def _unused_name(rng: Random, is_male: bool, taken: set[str]) -> tuple[Text, str]:
    """Give a name nobody has yet, in its three forms, and its mailbox form (``chen.weiming``)."""
    while True:
        surname = Text.of(rng.choice(SURNAMES))
        characters = rng.sample(MALE if is_male else FEMALE, 1 if rng.random() < 0.15 else 2)
        given = [Text.of(character) for character in characters]
        pinyin = "".join(part.en for part in given)
        mailbox = f"{surname.en}.{pinyin}".lower()
        if mailbox in taken:
            continue
        taken.add(mailbox)
        hans = surname.zh_hans + "".join(part.zh_hans for part in given)
        hant = surname.zh_hant + "".join(part.zh_hant for part in given)
        return Text(hans, hant, f"{pinyin.capitalize()} {surname.en}"), mailbox
