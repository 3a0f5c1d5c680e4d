"""A report's life, walked at random: what the table allows happens, what it does not changes nothing, no version is lost."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from reporting_world import REPORT_TABLES, Bureau, rows_of

from cohong.kernel.errors import Refusal
from cohong.statistics import api as statistics
from cohong.statistics.api import REPORT_LIFE, ReportState, Status

PERIOD = "2015-03"


class ReportLife(RuleBasedStateMachine):
    """Walks beside a model: the state, the contents of all versions, and which is approved."""

    bureau: Bureau
    serial = 0

    @initialize()
    def begin(self) -> None:
        type(self).serial += 1
        self.owner = self.bureau.platform(f"第{self.serial}商城")
        self.report_id = self.bureau.owed(self.owner, "P102", PERIOD)
        self.state = ReportState.DRAFT
        self.draft: str | None = None
        self.versions: list[str] = []
        self.approved = 0

    def _do(self, act: str, call: Any, **asked: Any) -> bool:
        """Do an act; it has to happen exactly if the table allows it (or be refused for what it says)."""
        allowed = REPORT_LIFE.allows(self.state, act)
        before = None if allowed else rows_of(REPORT_TABLES)
        try:
            with transaction.atomic():
                call(report_id=self.report_id, **asked)
        except Refusal:
            if not allowed:
                assert rows_of(REPORT_TABLES) == before
            return False
        assert allowed
        self.state = REPORT_LIFE.next(self.state, act)
        return True

    @rule(value=st.integers(0, 3))
    def save(self, value: int) -> None:
        contents = {"region_turnover": {"440100": str(value)}}
        if self._do("save", statistics.save_report, actor=self.owner, contents=contents):
            self.draft = str(value)

    @rule()
    def submit(self) -> None:
        if self._do("submit", statistics.submit_report, actor=self.owner):
            assert self.draft is not None
            self.versions.append(self.draft)

    @rule()
    def recall(self) -> None:
        self._do("recall", statistics.recall_report, actor=self.owner)

    @rule()
    def correct(self) -> None:
        self._do("correct", statistics.correct_report, actor=self.owner)

    @rule()
    def approve(self) -> None:
        act = "approve_province" if self.state == ReportState.CITY_APPROVED else "approve_city"
        actor = self.bureau.province if act == "approve_province" else self.bureau.guangzhou
        if self._do(act, statistics.approve_report, actor=actor) and act == "approve_province":
            self.approved = len(self.versions)

    @rule()
    def give_back(self) -> None:
        self._do("return", statistics.return_report, actor=self.bureau.province, reason="请核对")

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "report_id"):
            return
        seen = statistics.report(actor=self.bureau.province, report_id=self.report_id)
        assert seen.row.state == self.state
        assert [one.contents["region_turnover"]["440100"] for one in seen.versions] == self.versions
        assert seen.row.approved_version == self.approved
        unit = statistics.unit_of(party_id=self.owner.party_id)
        assert unit is not None
        values = statistics.report_values(form="P102", periods=[PERIOD], status=Status.FINAL)
        own = [
            value
            for unit_id, value in zip(values["unit_id"], values["value"], strict=True)
            if unit_id == str(unit.id)
        ]
        assert own == ([int(self.versions[self.approved - 1]) * 100_000] if self.approved else [])


@pytest.mark.timeout(240)
def test_a_report_lives_by_its_table(bureau: Bureau):
    class Life(ReportLife):
        pass

    Life.bureau = bureau
    with suppress(KeyboardInterrupt):
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=15,
                stateful_step_count=15,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert [finding for check in statistics.audit() for finding in check.findings] == []
