"""State machines: only what the table says, told three ways."""

import pytest
from django.db.models import CheckConstraint, Q, TextChoices
from django.utils import translation

from cohong.kernel.states import StateMachine, WrongState


class Light(TextChoices):
    """A made-up machine with everything in it: a fork, a loop, two ends."""

    OFF = "off", "Off"
    ON = "on", "On"
    BROKEN = "broken", "Broken"
    SOLD = "sold", "Sold"


LIGHT = StateMachine(
    Light,
    initial=Light.OFF,
    transitions={
        Light.OFF: {"switch": Light.ON, "sell": Light.SOLD},
        Light.ON: {"switch": Light.OFF, "drop": Light.BROKEN, "dim": Light.ON},
    },
)


class TestNext:
    def test_an_act_leads_on(self):
        assert LIGHT.next(Light.OFF, "switch") is Light.ON
        assert LIGHT.next("on", "drop") is Light.BROKEN
        assert LIGHT.next(Light.ON, "dim") is Light.ON

    @pytest.mark.parametrize(
        ("state", "act"),
        [(Light.OFF, "drop"), (Light.BROKEN, "switch"), (Light.SOLD, "sell"), (Light.ON, "paint")],
    )
    def test_what_is_not_in_the_table_is_refused(self, state: Light, act: str):
        with pytest.raises(WrongState) as refused:
            LIGHT.next(state, act)
        assert refused.value.code == "WrongState"
        assert refused.value.params == {"state": state.value, "act": act, "label": state.label}
        with translation.override("en"):
            assert str(refused.value) == f"This cannot be done while the state is “{state.label}”."

    def test_a_state_of_nothing_is_a_mistake(self):
        with pytest.raises(ValueError, match="melted"):
            LIGHT.next("melted", "switch")


class TestAsking:
    def test_what_is_possible(self):
        assert LIGHT.allows("off", "sell")
        assert not LIGHT.allows("on", "sell")
        assert LIGHT.acts(Light.ON) == ["switch", "drop", "dim"]
        assert LIGHT.acts("sold") == []
        assert LIGHT.sources("switch") == [Light.OFF, Light.ON]
        assert LIGHT.sources("paint") == []
        assert [state for state in Light if LIGHT.is_final(state)] == [Light.BROKEN, Light.SOLD]


class TestTelling:
    def test_the_database(self):
        constraint = LIGHT.check_constraint("light_state_known")
        assert isinstance(constraint, CheckConstraint)
        assert constraint.name == "light_state_known"
        assert constraint.condition == Q(state__in=["off", "on", "broken", "sold"])
        assert LIGHT.check_constraint("x", "phase").condition == Q(phase__in=["off", "on", "broken", "sold"])

    def test_the_diagram(self):
        assert LIGHT.mermaid() == (
            "stateDiagram-v2\n"
            "    [*] --> off\n"
            "    off --> on: switch\n"
            "    off --> sold: sell\n"
            "    on --> off: switch\n"
            "    on --> broken: drop\n"
            "    on --> on: dim\n"
            "    broken --> [*]\n"
            "    sold --> [*]\n"
        )

    def test_the_table(self):
        assert LIGHT.markdown() == (
            "| state | act | next state |\n"
            "| --- | --- | --- |\n"
            "| off | switch | on |\n"
            "| off | sell | sold |\n"
            "| on | switch | off |\n"
            "| on | drop | broken |\n"
            "| on | dim | on |\n"
            "| broken | — | — |\n"
            "| sold | — | — |\n"
        )


class TestDeclaring:
    def test_a_state_out_of_reach_stops_the_program(self):
        with pytest.raises(ValueError, match="leads from off to: broken, sold"):
            StateMachine(Light, initial=Light.OFF, transitions={Light.OFF: {"switch": Light.ON}})

    def test_a_target_that_is_no_state_stops_the_program(self):
        with pytest.raises(ValueError, match="not of Light: melted"):
            StateMachine(Light, initial=Light.OFF, transitions={Light.OFF: {"heat": "melted"}})  # type: ignore[dict-item]

    def test_acts_of_what_is_no_state_stop_the_program(self):
        with pytest.raises(ValueError, match="not of Light: melted"):
            StateMachine(Light, initial=Light.OFF, transitions={"melted": {"cool": Light.OFF}})  # type: ignore[dict-item]

    def test_a_state_given_as_a_word_is_not_of_the_enum(self):
        with pytest.raises(ValueError, match="not of Light: off"):
            StateMachine(Light, initial="off", transitions={})  # type: ignore[arg-type]
