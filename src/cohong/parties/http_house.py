"""What the house itself has said, over HTTP: its parameters, and the grounds on which holds are placed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from cohong.kernel import parameters
from cohong.kernel.errors import NotFound
from cohong.kernel.http import idempotent
from cohong.parties import api as parties
from cohong.parties import schemas_house as schemas
from cohong.parties.words import HoldKind

router = Router(tags=["parties"], auth=[parties.TokenAuth(), parties.SessionAuth()])


@router.get("/parameters", auth=None, response=list[schemas.ParameterOut])
def house_parameters(request: HttpRequest) -> Any:  # noqa: ARG001
    """List the numbers of the house that may be changed: what holds now, and between which bounds. Public."""
    current = parameters.current()
    return [_parameter(one, current.get(one.name, one.default)) for one in parameters.declared()]


@router.put("/parameters/{name}", response=schemas.ParameterOut)
@idempotent
def set_parameter(request: HttpRequest, name: str, body: schemas.ParameterIn) -> Any:
    """Let another number hold from now on (the platform's mandate); what was agreed before stays as it was."""
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    parties.set_parameter(actor=actor, name=name, value=body.value, reason=body.reason)
    [changed] = [one for one in parameters.declared() if one.name == name]
    return _parameter(changed, body.value)


def _parameter(one: parameters.Parameter, value: int) -> schemas.ParameterOut:
    return schemas.ParameterOut(
        name=one.name,
        label=str(one.label),
        hint=str(one.hint),
        unit=one.unit.value,
        value=value,
        default=one.default,
        least=one.least,
        most=one.most,
    )


@router.get("/hold-reasons", auth=None, response=list[schemas.HoldReasonOut])
def hold_reasons(request: HttpRequest, kind: HoldKind | None = None) -> Any:  # noqa: ARG001
    """List the grounds on which holds are placed, with the law that each rests on. Public."""
    return [schemas.HoldReasonOut.of(one) for one in parties.hold_reasons(kind=kind)]


@router.put("/hold-reasons/{code}", response=schemas.HoldReasonOut)
@idempotent
def define_hold_reason(request: HttpRequest, code: str, body: schemas.HoldReasonIn) -> Any:
    """Define a ground for holds, or change the one with this code (supervision, the platform)."""
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    parties.define_hold_reason(
        actor=actor,
        code=code,
        names=body.names.value(),
        law=body.law.value(),
        applies_to=body.applies_to,
        position=body.position,
        retired=body.retired,
    )
    found = [one for one in parties.hold_reasons(with_retired=True) if one.code == code]
    if not found:
        raise NotFound
    return schemas.HoldReasonOut.of(found[0])
