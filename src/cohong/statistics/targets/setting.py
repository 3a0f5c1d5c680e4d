"""The acts of the programme office: setting targets, changing and withdrawing them."""

import re
from dataclasses import replace
from decimal import Decimal

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, named_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Names
from cohong.statistics.access import WRITE
from cohong.statistics.models import TargetVersion
from cohong.statistics.targets import documents, rules
from cohong.statistics.targets.plans import plan
from cohong.statistics.targets.reading import view
from cohong.statistics.targets.refusals import NoSuchTarget, TermsIncomplete
from cohong.statistics.targets.shapes import Terms

REASON_MOST = 500
_SIX_PLACES = Decimal("0.000001")
_CODE_MOST = 64
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@sets.act
def set_target(*, actor: Actor, code: str, terms: Terms, reason: str) -> int:
    """Set a target, or change the one with this code; return its version. Terms that it has already change nothing.

    For the programme office. A change is a document, and earlier versions stay. Raises MandateMissing, BadCode, BadText,
    PersonalDataInText, RegionUnknown, TermsIncomplete, PathImpossible.
    """
    _require(actor)
    if not _CODE.fullmatch(code):
        raise parties.BadCode(code=code[:40], most=40)
    said = parties.public_text(reason, name="reason", most=REASON_MOST, least=2)
    cleaned = _clean(terms)
    last = _locked(code)
    if last is not None and not last.withdrawn and view(last).terms == cleaned:
        return last.version
    version = last.version + 1 if last is not None else 1
    body = documents.TargetSet(
        code=code,
        target_version=version,
        name=cleaned.names.zh_hans,
        indicator=cleaned.indicator,
        unit=cleaned.unit.value,
        comparison=cleaned.comparison.value,
        region_code=cleaned.region_code,
        due=cleaned.due,
        value=_text(cleaned.value),
        against=cleaned.against,
        each_above=_text(cleaned.each_above),
        shape=cleaned.shape.value,
        baseline=None
        if cleaned.baseline is None
        else documents.PathPoint(on=cleaned.baseline.on, value=_text(cleaned.baseline.value)),
        given=[documents.PathPoint(on=one.on, value=_text(one.value)) for one in cleaned.given],
        reason=said,
    )
    _write(actor, cleaned, body, reason=said, withdrawn=False)
    return version


@sets.act
def withdraw_target(*, actor: Actor, code: str, reason: str) -> None:
    """Aim at this no more; its history stays, and it can be set again.

    For the programme office. Raises MandateMissing, NoSuchTarget (also if it is withdrawn already), BadText, PersonalDataInText.
    """
    _require(actor)
    said = parties.public_text(reason, name="reason", most=REASON_MOST, least=2)
    last = _locked(code)
    if last is None or last.withdrawn:
        raise NoSuchTarget
    body = documents.TargetWithdrawn(code=code, target_version=last.version + 1, reason=said)
    _write(actor, view(last).terms, body, reason=said, withdrawn=True)


@sets.act
def adopt_plan(*, actor: Actor, reason: str) -> dict[str, int]:
    """Set all targets of the plan that is shipped; return their versions. Those that stand already change nothing.

    For the programme office. Raises MandateMissing, RegionUnknown, BadText.
    """
    return {
        code: set_target(actor=actor, code=code, terms=terms, reason=reason)
        for code, terms in plan().targets.items()
    }


def _require(actor: Actor) -> None:
    if not actor.is_system:
        parties.require_mandate(actor, Mandate.PROGRAMMES, scope=WRITE)


def _locked(code: str) -> TargetVersion | None:
    """Let one act at a time write a target, and return its last version."""
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"statistics.target {code}",))
    return TargetVersion.objects.filter(code=code).order_by("-version").first()


def _clean(terms: Terms) -> Terms:
    """Bring terms into the form in which they are kept, and refuse what cannot be kept or measured."""
    rules.check(terms)
    for field in ("indicator", "against"):
        value = getattr(terms, field)
        if len(value) > _CODE_MOST or (value and not value.isidentifier()):
            raise TermsIncomplete(field=field)
    if terms.region_code:
        parties.region(code=terms.region_code)
    return replace(
        terms,
        names=_names(terms.names, least=1, most=200),
        note=_names(terms.note, least=0, most=500),
        value=_kept(terms.value),
        each_above=_kept(terms.each_above),
        baseline=terms.baseline and replace(terms.baseline, value=_exact(terms.baseline.value)),
        given=tuple(replace(one, value=_exact(one.value)) for one in terms.given),
    )


def _names(names: Names, *, least: int, most: int) -> Names:
    return Names(
        parties.public_text(names.zh_hans, name="zh_hans", least=least, most=most),
        parties.public_text(names.zh_hant, name="zh_hant", least=0, most=most),
        parties.public_text(names.en, name="en", least=0, most=most),
    )


def _exact(value: Decimal) -> Decimal:
    kept = value.quantize(_SIX_PLACES)
    if kept != value:
        raise TermsIncomplete(field="value")
    return kept


def _kept(value: Decimal | None) -> Decimal | None:
    return None if value is None else _exact(value)


def _text(value: Decimal | None) -> str:
    """Write a value without an exponent and without zeros that say nothing."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write(
    actor: Actor,
    terms: Terms,
    body: documents.TargetSet | documents.TargetWithdrawn,
    *,
    reason: str,
    withdrawn: bool,
) -> None:
    [receipt] = append([Entry(subject=target_id(body.code), issuer=actor.party_id, body=body)])
    TargetVersion.objects.create(
        code=body.code,
        version=body.target_version,
        withdrawn=withdrawn,
        name_zh_hans=terms.names.zh_hans,
        name_zh_hant=terms.names.zh_hant,
        name_en=terms.names.en,
        note_zh_hans=terms.note.zh_hans,
        note_zh_hant=terms.note.zh_hant,
        note_en=terms.note.en,
        indicator=terms.indicator,
        unit=terms.unit,
        comparison=terms.comparison,
        region_code=terms.region_code,
        due=terms.due,
        value=terms.value,
        against=terms.against,
        each_above=terms.each_above,
        shape=terms.shape,
        baseline_on=terms.baseline.on if terms.baseline else None,
        baseline_value=terms.baseline.value if terms.baseline else None,
        given=[[one.on.isoformat(), _text(one.value)] for one in terms.given],
        reason=reason,
        set_at=clock.now(),
        by_party=actor.party_id,
        by_user=actor.user_id,
        document=receipt.id,
    )


def target_id(code: str) -> UUID:
    """Name a target in the journal."""
    return named_id("statistics-target", code)
