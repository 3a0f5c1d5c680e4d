"""The grounds on which holds are placed: texts to begin from, by the law or rule that they rest on."""

from collections.abc import Collection

from cohong.kernel import sets
from cohong.kernel.ids import named_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.models import HoldReason
from cohong.parties.refusals import BadText
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.views import HoldReasonView
from cohong.parties.words import HoldKind, Mandate, Names

_MAY_DEFINE = (Mandate.SUPERVISION, Mandate.PLATFORM)


@sets.act
def define_hold_reason(
    *,
    actor: Actor,
    code: str,
    names: Names,
    law: Names,
    applies_to: Collection[HoldKind],
    position: int = 0,
    retired: bool = False,
) -> str:
    """Define a ground for holds, or change the one with this code; return the code. A change issues a document.

    `names` is the text that the reason begins with, `law` what it rests on. Takes supervision's or the platform's mandate.
    Raises MandateMissing, BadCode, BadText.
    """
    require_mandate(actor, *_MAY_DEFINE, scope="parties:write")
    rules.clean_code(code)
    kinds = sorted({HoldKind(one).value for one in applies_to})
    if not kinds or not 0 <= position < 2**31:
        raise BadText(field="applies_to", least=1, most=len(HoldKind))
    values: dict[str, object] = {"applies_to": kinds, "position": position, "retired": retired}
    for prefix, said in (("name", names), ("law", law)):
        values |= {
            f"{prefix}_zh_hans": rules.public_text(said.zh_hans, name="zh_hans"),
            f"{prefix}_zh_hant": rules.public_text(said.zh_hant, name="zh_hant", least=0),
            f"{prefix}_en": rules.public_text(said.en, name="en", least=0),
        }
    row = HoldReason.objects.select_for_update(no_key=True).filter(code=code).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return code
    is_new = row is None
    row = row or HoldReason(code=code)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=is_new)
    body = documents.HoldReasonDefined(
        code=code, name=row.name_zh_hans, law=row.law_zh_hans, applies_to=kinds, retired=retired
    )
    append([Entry(subject=named_id("hold-reason", code), issuer=actor.party_id, body=body)])
    return code


def hold_reasons(*, kind: HoldKind | None = None, with_retired: bool = False) -> list[HoldReasonView]:
    """Return the grounds for holds, those for one kind of hold or all. They are public."""
    rows = HoldReason.objects.order_by("position", "code")
    if not with_retired:
        rows = rows.filter(retired=False)
    if kind is not None:
        rows = rows.filter(applies_to__contains=[HoldKind(kind).value])
    return [
        HoldReasonView(
            code=row.code,
            names=row.names,
            law=Names(row.law_zh_hans, row.law_zh_hant, row.law_en),
            applies_to=tuple(HoldKind(one) for one in row.applies_to),
            position=row.position,
            retired=row.retired,
        )
        for row in rows
    ]
