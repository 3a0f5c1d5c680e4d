"""Whom the tests of the register and of reporting start from: a province with two cities, their offices, and how to add units."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from stdnum.cn import uscc

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Names, Role
from cohong.statistics import api as statistics
from cohong.statistics.api import UnitDraft, UnitKind

_serial = count(1)
TABLES = ("unit", "unit_spell", "unit_event", "unit_source", "unit_match")
REPORT_TABLES = ("report", "report_version", "report_value", "report_step")


def credit_code(serial: int | None = None) -> str:
    body = f"91440101MA{serial or next(_serial):07d}"
    return body + uscc.calc_check_digit(body)


class Bureau:
    """A province (guangdong-like), the cities 440100 and 440300, an office at each level, two officers in the province's."""

    def __init__(self) -> None:
        for code, parent, names in (
            ("440000", "", Names("广东省", "廣東省", "Guangdong")),
            ("440100", "440000", Names("广州市", "廣州市", "Guangzhou")),
            ("440300", "440000", Names("深圳市", "深圳市", "Shenzhen")),
        ):
            parties.define_region(actor=SYSTEM, code=code, parent_code=parent, names=names)
        for code, names in (
            ("clothing", Names("服装", "服裝", "Clothing")),
            ("steel", Names("钢铁", "鋼鐵", "Steel")),
        ):
            parties.define_industry(actor=SYSTEM, code=code, names=names)
        self.province = self.office("省统计局", "440000")
        self.second = Actor(
            party_id=self.province.party_id,
            user_id=new_id(),
            roles=frozenset({Role.OWNER}),
            mandates=frozenset({Mandate.STATISTICS}),
        )
        self.guangzhou = self.office("广州市统计局", "440100")
        self.shenzhen = self.office("深圳市统计局", "440300")

    def office(self, name: str, region: str) -> Actor:
        party_id = parties.register_authority(
            actor=SYSTEM, name=name, mandates=[Mandate.STATISTICS], region_code=region
        )
        return Actor(
            party_id=party_id,
            user_id=new_id(),
            roles=frozenset({Role.OWNER}),
            mandates=frozenset({Mandate.STATISTICS}),
        )

    def party(self, name: str, region: str = "440100", **more: Any) -> Actor:
        item = parties.Registration(
            id=new_id(), kind=parties.Kind.ORGANISATION, name=name, region_code=region, country="CN", **more
        )
        one(parties.register_many(actor=SYSTEM, items=[item]))
        return Actor(party_id=item.id, user_id=new_id(), roles=frozenset({Role.OWNER}))

    def read(self) -> None:
        """Let the register read the journal."""
        journal.seal_all()
        while journal.follow("statistics.units"):
            pass

    def unit_of(self, actor: Actor) -> statistics.UnitView | None:
        self.read()
        return statistics.unit_of(party_id=actor.party_id)

    def open(self, name: str, region: str = "440100", *, on: date = date(2014, 1, 1), **more: Any) -> UUID:
        draft = UnitDraft(**{"name": name, "region_code": region, "kind": UnitKind.ENTERPRISE, **more})
        return statistics.open_unit(actor=self.province, draft=draft, on=on, reason="普查")

    def upload(self, text: str, *, encoding: str = "utf-8", name: str = "工商名录") -> statistics.ListReport:
        return statistics.import_units(
            actor=self.province,
            content=text.encode(encoding),
            filename="list.csv",
            list_name=name,
            on=date(2014, 1, 1),
            reason="年度名录",
        )

    # --- reporting ---

    def platform(self, name: str = "甲商城", region: str = "440100") -> Actor:
        """Register a company whose unit is a platform since 2010."""
        owner = self.party(name, region)
        self.read()
        unit = statistics.unit_of(party_id=owner.party_id)
        assert unit is not None
        sets.run(
            "update statistics_unit_spell set kind = 'platform', platform = 'third_party', since = '2010-01-01'"
            " where unit_id = %s",
            (unit.id,),
        )
        return owner

    def owed(self, owner: Actor, form: str, period: str) -> UUID:
        return statistics.report_for(actor=owner, form=form, period=period)

    def fill(self, owner: Actor, form: str, period: str, **contents: Any) -> list[str]:
        """Fill a report in; return the codes of what is wrong with it."""
        report_id = self.owed(owner, form, period)
        return [
            one.code for one in statistics.save_report(actor=owner, report_id=report_id, contents=contents)
        ]

    def file(self, owner: Actor, form: str, period: str, **contents: Any) -> UUID:
        self.fill(owner, form, period, **contents)
        report_id = self.owed(owner, form, period)
        statistics.submit_report(actor=owner, report_id=report_id)
        return report_id

    def approve(self, report_id: UUID) -> None:
        statistics.approve_report(actor=self.guangzhou, report_id=report_id)
        statistics.approve_report(actor=self.province, report_id=report_id)

    def sub_forms(self, owner: Actor, period: str, thousands: int = 900) -> None:
        """Submit the sub-forms of P101."""
        self.file(owner, "P102", period, region_turnover={"440100": str(thousands)})
        self.file(owner, "P103", period, category_turnover={"clothing": str(thousands)})

    def state(self, report_id: UUID) -> str:
        return statistics.report(actor=self.province, report_id=report_id).row.state.value

    def names(self, on: date | None = None) -> list[str]:
        return sorted(unit.name for unit in statistics.units(actor=self.province, on=on))


def turnover(thousands: int = 1000, **more: str) -> dict[str, str]:
    """Fill P101 in: so many thousand yuan, all of it goods sold by businesses to consumers, in ten orders a thousand."""
    filled = dict.fromkeys(("services", "b2b", "c2c", "self_operated", "exported", "imported"), "0")
    same = dict.fromkeys(("turnover", "goods", "b2c"), str(thousands))
    return {**filled, **same, "orders": str(thousands * 10), **more}


def rows_of(tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    rows = {table: sets.fetch(f"select t::text from statistics_{table} t order by 1") for table in tables}
    return rows | {"documents": sets.fetch("select count(*) from kernel_document")}


@contextmanager
def refused(kind: type[Refusal], tables: tuple[str, ...] = TABLES, **params: Any) -> Iterator[None]:
    """Expect a refusal with these parameters, and that it changed nothing."""
    before = rows_of(tables)
    with pytest.raises(kind) as caught, transaction.atomic():
        yield
    assert {name: caught.value.params[name] for name in params} == params
    assert str(caught.value)
    assert rows_of(tables) == before
