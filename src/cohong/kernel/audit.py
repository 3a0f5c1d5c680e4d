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
