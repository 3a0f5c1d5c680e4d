"""Whether the house's parameters are what the journal says that they are."""

from cohong.kernel import parameters
from cohong.kernel.audit import Check, check, queried


def checks() -> list[Check]:
    """Check that every change was stated and follows from the one before, and that what holds is within bounds."""
    return [_stated(), _bounds()]


def _stated() -> Check:
    return queried(
        "parameters.stated",
        count="select count(*) from kernel_parameter",
        findings=(
            "select format('parameter %s: its change to %s is not the one that its document states', p.name, p.value)"
            " from kernel_parameter p left join kernel_document d on d.id = p.document"
            " and d.kind = 'kernel.parameter_changed' and d.issuer = p.set_by"
            " and d.canonical::jsonb -> 'body' @> jsonb_build_object('name', p.name, 'was', p.was, 'value', p.value)"
            " where d.id is null"
            " union all select format('parameter %s: was %s when it was changed from %s', name, before, was)"
            " from (select name, was, lag(value) over (partition by name order by id) as before from kernel_parameter) x"
            " where before is not null and before <> was"
        ),
    )


def _bounds() -> Check:
    """Look at what holds: a release may have narrowed the bounds since it was set. What is no longer declared holds nowhere."""
    current = parameters.current()
    return check(
        "parameters.in_bounds",
        figure=len(current),
        findings=[
            f"parameter {one.name}: is {current[one.name]}, and must be from {one.least} to {one.most}"
            for one in parameters.declared()
            if one.name in current and not one.least <= current[one.name] <= one.most
        ],
    )
