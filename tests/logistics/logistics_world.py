"""A small world for logistics: two carriers, a seller, a buyer, and the people who act for them."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from cohong.kernel import numbers
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.logistics.api import Address, Consigned, Consignment, Package, TrackingEvent
from cohong.parties import api as parties

HOME = Address(
    recipient="陈小明",
    phone="13812345678",
    region_code="440106",
    street="天河区体育西路 103 号 1804 房",
    postcode="510620",
)


def actor(party_id: UUID, *roles: parties.Role) -> parties.Actor:
    return parties.Actor(party_id=party_id, user_id=new_id(), roles=frozenset(roles or [parties.Role.OWNER]))


@dataclass
class World:
    home: ClassVar[Address] = HOME
    express: UUID = field(default_factory=new_id)
    freight: UUID = field(default_factory=new_id)
    seller: UUID = field(default_factory=new_id)
    buyer: UUID = field(default_factory=new_id)
    stranger: UUID = field(default_factory=new_id)

    def consignment(self, **given: Any) -> Consignment:
        usual: dict[str, Any] = {
            "id": new_id(),
            "order_id": new_id(),
            "shipper_id": self.seller,
            "consignee_id": self.buyer,
            "carrier_id": self.express,
            "packages": (Package(weight_grams=1_200, contents=((new_id(), 3),)),),
            "address": HOME,
        }
        return Consignment(**{**usual, **given})

    def consign(self, **given: Any) -> tuple[Consignment, Consigned]:
        item = self.consignment(**given)
        return item, one(logistics.consign(items=[item]))

    def to_collect(self, **given: Any) -> tuple[Consignment, Consigned]:
        return self.consign(**{"carrier_id": None, "address": None, "pick_up": True, **given})

    def spare_number(self) -> str:
        """Draw a number that no shipment has."""
        return numbers.draw(1)[0]

    def record(
        self, *events: TrackingEvent, by: parties.Actor | None = None
    ) -> list[logistics.Recorded | Refusal]:
        return logistics.record_events(actor=by or actor(self.express), items=events)


def make_world() -> World:
    """Register the parties and define the carriers."""
    made = World()
    names = {
        "express": "岭南快运",
        "freight": "珠江物流",
        "seller": "佛山陶瓷厂",
        "buyer": "广州商行",
        "stranger": "外人",
    }
    outcomes = parties.register_many(
        actor=parties.SYSTEM,
        items=[parties.Registration(id=getattr(made, who), name=name) for who, name in names.items()],
    )
    assert outcomes == [getattr(made, who) for who in names]
    for party_id, code, services in (
        (made.express, "LNKY", ["express", "city"]),
        (made.freight, "ZJWL", ["part_load", "full_load"]),
    ):
        logistics.define_carrier(
            actor=parties.SYSTEM, id=party_id, code=code, name=code, services=services, connected=True
        )
    return made


def make_shipper() -> UUID:
    """Register a seller that has told its phone and address, as one whose goods a carrier fetches must."""
    hong_kong = parties.Names(zh_hans="香港", zh_hant="香港", en="Hong Kong")
    parties.define_region(actor=parties.SYSTEM, code="810000", names=hong_kong)
    user_id = parties.sign_up(username=f"u{new_id().hex}", password="correct horse battery")
    return parties.register_foreign(
        actor_user_id=user_id,
        name="公行贸易",
        country="HK",
        registration_number=new_id().hex[:20],
        legal_representative="何先生",
        address="中环德辅道 1 号",
        phone="+85291234567",
        region_code="810000",
    )
