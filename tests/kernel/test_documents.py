"""Documents: canonical as RFC 8785 says, readable for ever, and their fields only ever added."""

import json
import typing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import msgspec
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

import cohong
from cohong.kernel import documents
from cohong.kernel.documents import Body, Envelope, document
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money

SCHEMAS = Path(__file__).parent / "document_schemas.json"

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcXYZ钢_-0123456789é"), inner),
    max_leaves=20,
)


@given(values)
def test_the_fast_encoder_writes_what_rfc_8785_says(value: object):
    assert documents.canonical(value) == rfc8785.dumps(value)


def test_structs_money_and_times_are_canonical_too():
    body = _Sample(
        total=Money(1234, "CNY"), when=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), text="é\u2028\u007f"
    )
    form = documents.canonical(body)
    assert form == rfc8785.dumps(json.loads(form))
    assert (
        form
        == (
            '{"more":0,"text":"é\u2028\u007f","total":{"currency":"CNY","minor":1234},"when":"2026-01-02T03:04:05.000006Z"}'
        ).encode()
    )


def test_a_document_reads_back_whatever_was_added_since():
    old = {
        "id": str(new_id()),
        "kind": "tests.sampled",
        "version": 1,
        "subject": str(new_id()),
        "issuer": str(new_id()),
        "visible_to": [],
        "answers": [],
        "issued_at": "2020-01-01T00:00:00Z",
        "body": {
            "total": {"minor": 5, "currency": "CNY"},
            "when": "2020-01-01T00:00:00Z",
            "text": "x",
            "gone": 1,
        },
    }
    envelope = documents.read(json.dumps(old))
    assert envelope.body == _Sample(
        total=Money(5, "CNY"), when=datetime(2020, 1, 1, tzinfo=UTC), text="x", more=0
    )


def test_a_kind_that_is_no_longer_known_is_read_plain():
    form = documents.canonical(
        Envelope(
            id=new_id(),
            kind="tests.long_gone",
            version=3,
            subject=new_id(),
            issuer=new_id(),
            visible_to=(),
            answers=(),
            issued_at=datetime(2020, 1, 1, tzinfo=UTC),
            body={"a": 1},
        )
    )
    assert documents.read(form).body == {"a": 1}


@document("tests.sampled")
class _Sample(Body):
    total: Money
    when: datetime
    text: str
    more: int = 0


def _described(body: type[Body]) -> dict[str, str]:
    hints = typing.get_type_hints(body)
    return {
        field.name: f"{hints[field.name]}{'' if field.required else ' (has a default)'}"
        for field in msgspec.structs.fields(body)
    }


def test_fields_of_documents_are_only_ever_added():
    """What was once written must stay readable: no field goes or changes its type, and a new one has a default.

    A new kind or field is entered by deleting its line from the file and running this test twice.
    """
    # With the addresses come nearly all modules; one that has no pages yet has its documents all the same.
    import_module("cohong.site.urls")
    for module in Path(cohong.__file__).parent.glob("*/documents.py"):
        import_module(f"cohong.{module.parent.name}.documents")
    now = {
        kind: _described(body)
        for kind, body in documents.kinds().items()
        if not kind.startswith("tests.") and ".tests_" not in kind
    }
    known: dict[str, dict[str, str]] = json.loads(SCHEMAS.read_text("utf-8")) if SCHEMAS.exists() else {}
    for kind, fields in known.items():
        assert kind in now, f"document kind {kind} is gone"
        for name, kind_of in fields.items():
            assert now[kind].get(name) == kind_of, f"{kind}.{name} was {kind_of}"
        for name in now[kind].keys() - fields.keys():
            assert now[kind][name].endswith("(has a default)"), f"{kind}.{name} is new and has no default"
    missing = {kind: fields for kind, fields in now.items() if fields != known.get(kind)}
    if missing:
        SCHEMAS.write_text(
            json.dumps({**known, **missing}, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )
    assert not missing, f"entered into {SCHEMAS.name}: {sorted(missing)}"
