"""The whole audit, over one snapshot of the database, so that trade going on meanwhile is no finding."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import transaction

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.audit import Check
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.portal.webhooks.audit import audit as webhooks_audit
from cohong.retail import api as retail
from cohong.statistics import api as statistics
from cohong.verify import documents, parameters, sealing, tree
from cohong.verify.progress import Report, silent

_log = logging.getLogger(__name__)
Audit = Callable[[], list[Check]]


def _audits(report: Report) -> dict[str, Audit]:
    return {
        "parties": parties.audit,
        "catalog": catalog.audit,
        "payments": payments.audit,
        "logistics": logistics.audit,
        "orders": orders.audit,
        "retail": retail.audit,
        "statistics": statistics.audit,
        "webhooks": webhooks_audit,
        "parameters": parameters.checks,
        "documents": partial(documents.checks, report),
        "sealed log": partial(tree.checks, report),
        "sealing": sealing.checks,
    }


def audit(*, report: Report = silent) -> list[Check]:
    """Run every check and return what each found. Changes nothing."""
    found: list[Check] = []
    with transaction.atomic():
        if not transaction.get_connection().savepoint_ids:
            # The first statement of a transaction of our own: all checks then see the same moment.
            sets.run("set transaction isolation level repeatable read, read only")
        for name, one in _audits(report).items():
            report(name, 0, 0)
            found += _guarded(name, one)
            report(name, 1, 1)
    return found


def _guarded(name: str, one: Audit) -> list[Check]:
    """Run an audit; damage that it cannot even read is a finding too, and the others still run."""
    try:
        with transaction.atomic():
            return one()
    except Exception as error:  # noqa: BLE001 - damage can look like anything
        _log.debug("the audit of %s failed", name, exc_info=True)
        return [
            Check(name=f"{name}.audit", figure=0, findings=[f"could not be carried out: {_words(error)}"])
        ]


_LONGEST_WORDS: Final = 300


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n", 1)[0][:_LONGEST_WORDS]
