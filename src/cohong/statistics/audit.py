"""What can be wrong with the tables of statistics, and is looked for."""

from cohong.kernel.audit import Check
from cohong.statistics.breakdowns.audit import audit as audit_breakdowns
from cohong.statistics.facts.taking_over import audit as audit_taken_over
from cohong.statistics.forecasting.audit import audit as audit_forecasts
from cohong.statistics.official.reading import audit as audit_figures
from cohong.statistics.publishing.audit import audit as audit_releases
from cohong.statistics.reporting.audit import audit as audit_reports
from cohong.statistics.research.audit import audit as audit_saved
from cohong.statistics.targets.audit import audit as audit_targets
from cohong.statistics.units.audit import audit as audit_units
from cohong.statistics.warning.audit import audit as audit_alarms


def audit() -> list[Check]:
    """Check every part of the module."""
    return [
        *audit_units(),
        *audit_reports(),
        *audit_targets(),
        *audit_forecasts(),
        *audit_taken_over(),
        *audit_figures(),
        *audit_alarms(),
        *audit_releases(),
        *audit_breakdowns(),
        *audit_saved(),
    ]
