"""The demo region's companies: sellers, buyers, carriers and warehouses. All invented."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Literal

from cohong.demo.data.rosters import FORMS, ROADS
from cohong.demo.identity import credit_code
from cohong.demo.industries import category, industry
from cohong.demo.regions import city_of, place_name, region
from cohong.demo.words import Text

CompanyKind = Literal["seller", "buyer", "carrier", "warehouse"]
Form = Literal["limited", "joint-stock", "sole", "cooperative", "institution"]

_KINDS: dict[str, CompanyKind] = {
    "seller": "seller",
    "buyer": "buyer",
    "carrier": "carrier",
    "warehouse": "warehouse",
}
_FORMS: dict[str, Form] = {
    "limited": "limited",
    "joint-stock": "joint-stock",
    "sole": "sole",
    "cooperative": "cooperative",
    "institution": "institution",
}


@dataclass(frozen=True, slots=True)
class Location:
    """A place where a company keeps goods."""

    code: str
    name: Text
    region: str
    address: str


@dataclass(frozen=True, slots=True)
class Company:
    """One company.

    ``categories`` are the leaves a seller, carrier or warehouse offers, and those a buyer buys from.
    ``locations`` holds at least one for everybody who offers something, and none for a mere buyer.
    """

    slug: str
    kind: CompanyKind
    form: Form
    name: Text
    brand: Text
    credit_code: str
    region: str
    address: str
    phone: str
    email: str
    introduction: Text
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    locations: tuple[Location, ...]

    @property
    def sells(self) -> bool:
        """Whether it offers anything on the platform."""
        return self.kind != "buyer"


@cache
def companies(seed: int) -> tuple[Company, ...]:
    """Every company; the same seed gives the same companies."""
    table = files("cohong.demo.data").joinpath("companies.toml").read_text(encoding="utf-8")
    return tuple(_company(seed, slug, row) for slug, row in tomllib.loads(table).items())


def _company(seed: int, slug: str, row: dict[str, str]) -> Company:
    kind, form, district, brand = row["kind"], row["form"], row["district"], Text.of(row["brand"])
    rng = Random(f"{seed}:company:{slug}")
    registrar, ending = FORMS[form]
    leaves = _leaves(row["offers"])
    keeps_goods = kind == "warehouse" or any(category(leaf).weight_grams for leaf in leaves)
    city = city_of(district)
    places = () if kind == "buyer" else (district, *row["stores"].split())
    return Company(
        slug=slug,
        kind=_KINDS[kind],
        form=_FORMS[form],
        name=_name(city.name, brand, Text.of(row["trade"]), Text.of(ending)),
        brand=brand,
        credit_code=credit_code(rng, registrar, district),
        region=district,
        address=_address(rng, district),
        # The area codes are real, the exchange 0000 is not in use.
        phone=f"{_AREA_CODES[city.code]}-0000{rng.randrange(10_000):04d}",
        email=f"hello@{slug}.example.com",
        introduction=_introduction(kind, district, leaves),
        industries=tuple(dict.fromkeys(leaf.split(".")[0] for leaf in leaves)),
        categories=leaves,
        locations=tuple(
            _location(rng, slug, number, place, keeps_goods=keeps_goods)
            for number, place in enumerate(places, 1)
        ),
    )


def _leaves(offers: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in offers.split():
        found += [word] if "." in word else [leaf.code for leaf in industry(word).leaves]
    return tuple(found)


def _name(city: Text, brand: Text, trade: Text, ending: Text) -> Text:
    return Text(
        f"{city.zh_hans}{brand.zh_hans}{trade.zh_hans}{ending.zh_hans}",
        f"{city.zh_hant}{brand.zh_hant}{trade.zh_hant}{ending.zh_hant}",
        f"{city.en} {brand.en} {trade.en} {ending.en}",
    )


def _address(rng: Random, district: str) -> str:
    block = rng.choice(("", f"{rng.randint(1, 9)}栋", f"{'ABCDE'[rng.randrange(5)]}座{rng.randint(2, 28)}层"))
    return f"{place_name(district)}{rng.choice(ROADS)}{rng.randint(1, 388)}号{block}"


def _location(rng: Random, slug: str, number: int, district: str, *, keeps_goods: bool) -> Location:
    town = region(district).name
    # District names lose their suffix as people say them: 顺德仓 rather than 顺德区仓.
    hans, hant = (
        (town.zh_hans, town.zh_hant) if len(town.zh_hans) < 3 else (town.zh_hans[:-1], town.zh_hant[:-1])
    )
    kind = ("分仓", "分倉", "warehouse")
    if number == 1:
        kind = ("总仓", "總倉", "main warehouse") if keeps_goods else ("门店", "門店", "shop")
    name = Text(hans + kind[0], hant + kind[1], f"{town.en} {kind[2]}")
    return Location(f"{slug}-{number}", name, district, _address(rng, district))


def _introduction(kind: str, district: str, leaves: tuple[str, ...]) -> Text:
    goods = [category(leaf).name for leaf in leaves[:4]]
    city = city_of(district).name
    hans = "、".join(name.zh_hans for name in goods)
    hant = "、".join(name.zh_hant for name in goods)
    english = ", ".join(name.en.lower() for name in goods)
    if kind == "buyer":
        return Text(
            f"总部在{city.zh_hans}，长期采购{hans}，货到验收，按约付款。",
            f"總部在{city.zh_hant}，長期採購{hant}，貨到驗收，按約付款。",
            f"Based in {city.en}; buys {english} all year round, inspects on arrival and pays on time.",
        )
    return Text(
        f"扎根{city.zh_hans}，主营{hans}。现货明码标价，每笔交易单证齐全，售后有人负责。",
        f"扎根{city.zh_hant}，主營{hant}。現貨明碼標價，每筆交易單證齊全，售後有人負責。",
        f"At home in {city.en}; offers {english}. Stock at marked prices, full papers for every trade, "
        "and someone who answers after the sale.",
    )


_AREA_CODES = {
    "440100": "020",
    "440200": "0751",
    "440300": "0755",
    "440400": "0756",
    "440500": "0754",
    "440600": "0757",
    "440700": "0750",
    "440800": "0759",
    "440900": "0668",
    "441200": "0758",
    "441300": "0752",
    "441400": "0753",
    "441500": "0660",
    "441600": "0762",
    "441700": "0662",
    "441800": "0763",
    "441900": "0769",
    "442000": "0760",
    "445100": "0768",
    "445200": "0663",
    "445300": "0766",
}
