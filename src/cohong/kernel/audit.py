"""What an audit finds: the shape in which every module reports on its own tables to `cohong verify`."""

from dataclasses import dataclass, field

#: A finding names what is wrong; more than this many are counted, not listed.
MOST_FINDINGS = 20


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was checked: `figure` says over how much, `findings` what is wrong (empty if `ok`)."""

    name: str
    figure: int
    findings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings


def check(name: str, *, figure: int, findings: list[str]) -> Check:
    """Report a check, cutting a long list of findings short."""
    if len(findings) > MOST_FINDINGS:
        rest = len(findings) - MOST_FINDINGS
        findings = [*findings[:MOST_FINDINGS], f"and {rest} more"]
    return Check(name=name, figure=figure, findings=findings)


def queried(name: str, *, count: str, findings: str) -> Check:
    """Check by two statements: `count` says over how much, each row of `findings` is one text on what is wrong.

    Neither takes parameters, so that a `%s` in them is PostgreSQL's own (`format`).
    """
    from cohong.kernel import sets  # noqa: PLC0415 - needs Django, and whoever only names a check does not

    [(figure,)] = sets.fetch(count)
    wording = findings.replace("%", "%%")
    [(wrong,)] = sets.fetch(f"select count(*) from ({wording}) as x")
    found = (
        [text for (text,) in sets.fetch(f"select * from ({wording}) as x order by 1 limit {MOST_FINDINGS}")]
        if wrong
        else []
    )
    if wrong > MOST_FINDINGS:
        found.append(f"and {wrong - MOST_FINDINGS} more")
    return Check(name=name, figure=figure, findings=found)
