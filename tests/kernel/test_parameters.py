"""Parameters: declared with bounds, changed by a document, read without slowing anyone."""

import pytest

from cohong.kernel import journal, parameters, sets
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.parameters import Unit

pytestmark = pytest.mark.django_db

PATIENCE = parameters.declare(
    "tests.patience", label="7", hint="", unit=Unit.HOURS, default=5, least=1, most=9
)


def change(value: object, name: str = "tests.patience"):
    return parameters.change(name=name, value=value, reason="because", issuer=new_id(), user=None)  # type: ignore[arg-type]


def test_a_change_holds_from_now_on_and_is_a_public_document():
    assert parameters.value(PATIENCE) == 5
    document_id = change(7)
    assert parameters.value(PATIENCE) == 7
    change(2)
    assert [(one.was, one.value) for one in parameters.changes(name="tests.patience")] == [(7, 2), (5, 7)]
    [first, second] = journal.file_of([named_id("parameter", "tests.patience")])
    assert (first.envelope.id, first.envelope.body.public) == (document_id, True)
    assert (second.envelope.body.was, second.envelope.body.value, second.envelope.body.reason) == (
        7,
        2,
        "because",
    )
    assert parameters.current()["tests.patience"] == 2


@pytest.mark.parametrize("wrong", [0, 10, -3, True, 2.5, "3", None, 2**70])
def test_what_is_out_of_bounds_changes_nothing(wrong: object):
    with pytest.raises(parameters.ParameterOutOfBounds):
        change(wrong)
    assert parameters.value(PATIENCE) == 5


def test_an_unknown_name_and_the_same_value_are_refused():
    with pytest.raises(parameters.UnknownParameter):
        change(3, "tests.impatience")
    with pytest.raises(parameters.ParameterUnchanged):
        change(5)
    assert parameters.changes(name="tests.patience") == []


def test_a_process_asks_the_database_once_for_many_reads(monkeypatch: pytest.MonkeyPatch):
    asked = []
    fetch = sets.fetch
    monkeypatch.setattr(sets, "fetch", lambda *args: asked.append(args) or fetch(*args))
    for _ in range(100):
        parameters.value(PATIENCE)
    assert len(asked) == 1


def test_a_parameter_is_declared_once_and_with_a_default_inside_its_bounds():
    for name, default in (("tests.patience", 5), ("tests.other", 10)):
        with pytest.raises(ValueError, match=name):
            parameters.declare(name, label="", hint="", unit=Unit.COUNT, default=default, least=1, most=9)


def test_what_was_set_is_never_changed():
    change(7)
    with pytest.raises(Exception, match="Cannot update or delete"):
        sets.run("update kernel_parameter set value = 8")
