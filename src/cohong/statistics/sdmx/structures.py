"""What there is, as SDMX artefacts: agency, codelists, concepts, one data structure, one dataflow.

Codes are added as the house grows, so the artefacts have a version of two numbers, which in SDMX may change; one of three
numbers may not.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cohong.parties import api as parties
from cohong.statistics.indicators.definitions import Unit, tree
from cohong.statistics.periods import Frequency

AGENCY: Final = "COHONG"
VERSION: Final = "1.0"
FLOW: Final = "ECOMMERCE"
TOTAL: Final = "_T"
#: In the order of a series key.
DIMENSIONS: Final = ("FREQ", "INDICATOR", "REF_AREA", "INDUSTRY", "MARKET")
TIME: Final = "TIME_PERIOD"
MEASURE: Final = "OBS_VALUE"
ATTRIBUTES: Final = ("OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "RELEASE")
FREQUENCIES: Final = {"A": Frequency.YEAR, "Q": Frequency.QUARTER, "M": Frequency.MONTH, "D": Frequency.DAY}
NORMAL, PROVISIONAL, MISSING, SUPPRESSED = "A", "P", "M", "Q"
FREE, CONFIDENTIAL = "F", "N"
_URN: Final = "urn:sdmx:org.sdmx.infomodel"


def all_structures() -> list[Any]:
    """Return all artefacts, in the reader's language."""
    lists = codelists()
    concepts = _concepts(lists)
    definition = _definition(concepts, lists)
    return [_agencies(), *lists.values(), concepts, definition, _flow(definition)]


def schema() -> Any:
    """Return what an observation consists of, for writers of data."""
    from pysdmx.model import Schema  # noqa: PLC0415 - slow to import

    lists = codelists()
    components = _definition(_concepts(lists), lists).components
    return Schema("dataflow", AGENCY, FLOW, components, VERSION, name=_flow_name())


def codelists() -> dict[str, Any]:
    """Return the codelists by the component that they are for."""
    language = get_language() or "zh-hans"
    everything = (TOTAL, pgettext("statistics", "Total"))
    return {
        "FREQ": _codes("CL_FREQ", pgettext("statistics", "Frequency"), _frequencies()),
        "INDICATOR": _codes(
            "CL_INDICATOR",
            pgettext("statistics", "Indicator"),
            ((one.code, str(one.names), f"{one.scope} {one.counting}") for one in public_indicators()),
        ),
        "REF_AREA": _codes(
            "CL_REF_AREA",
            _("Region"),
            [everything, *((one.code, one.names.shown(language)) for one in parties.regions())],
        ),
        "INDUSTRY": _codes(
            "CL_INDUSTRY",
            _("Industry"),
            [everything, *((one.code, one.names.shown(language)) for one in parties.industries())],
        ),
        "MARKET": _codes(
            "CL_MARKET",
            _("Market"),
            [everything, *((one.code, one.names.shown(language)) for one in parties.markets())],
        ),
        "OBS_STATUS": _codes(
            "CL_OBS_STATUS",
            _("Status of the observation"),
            (
                (NORMAL, pgettext("statistics", "Final")),
                (PROVISIONAL, pgettext("statistics", "Provisional")),
                (MISSING, _("Missing: there is no such value")),
                (SUPPRESSED, _("Missing: suppressed")),
            ),
        ),
        "CONF_STATUS": _codes(
            "CL_CONF_STATUS",
            _("Confidentiality"),
            ((FREE, pgettext("confidentiality", "Free")), (CONFIDENTIAL, _("Not for publication"))),
        ),
        "UNIT_MEASURE": _codes("CL_UNIT", _("Unit of measure"), unit_names().items()),
    }


def public_indicators() -> list[Any]:
    """Return the definitions of the indicators that may be published."""
    return [one for one in tree().by_code.values() if one.is_public]


def unit_names() -> dict[str, str]:
    """Return what the indicators' numbers count, by the code of the unit."""
    return {
        Unit.MONEY.value: pgettext("unit of measure", "Money"),
        Unit.ORDERS.value: pgettext("unit of measure", "Orders"),
        Unit.PIECES.value: pgettext("unit of measure", "Pieces"),
        Unit.PERSONS.value: pgettext("unit of measure", "Persons"),
        Unit.FIRMS.value: pgettext("unit of measure", "Firms"),
        Unit.SITES.value: pgettext("unit of measure", "Sites"),
        Unit.PERCENT.value: pgettext("unit of measure", "Percent"),
        Unit.DAYS.value: pgettext("unit of measure", "Days"),
        Unit.NUMBER.value: pgettext("unit of measure", "Number"),
    }


def _frequencies() -> list[tuple[str, str]]:
    names = {
        "A": pgettext("statistics", "Annual"),
        "Q": pgettext("statistics", "Quarterly"),
        "M": pgettext("statistics", "Monthly"),
        "D": pgettext("statistics", "Daily"),
    }
    return list(names.items())


def _codes(id_: str, name: str, codes: Iterable[Sequence[str]]) -> Any:
    from pysdmx.model import Code, Codelist  # noqa: PLC0415 - slow to import

    items = tuple(Code(code[0], name=code[1], description=code[2] if code[2:] else None) for code in codes)
    return Codelist(id_, name=name, agency=AGENCY, version=VERSION, items=items)


def _concepts(lists: dict[str, Any]) -> Any:
    from pysdmx.model import Concept, ConceptScheme, DataType  # noqa: PLC0415 - slow to import

    named = {
        TIME: (pgettext("statistics", "Period"), DataType.PERIOD),
        MEASURE: (pgettext("statistics", "Value"), DataType.DOUBLE),
        "RELEASE": (pgettext("statistics", "Release"), DataType.INTEGER),
    }
    concepts = [
        Concept(
            id_,
            name=found.name,
            dtype=DataType.STRING,
            codes=found,
            enum_ref=_urn("codelist.Codelist", found.id),
        )
        for id_, found in lists.items()
    ]
    concepts += [Concept(id_, name=name, dtype=kind) for id_, (name, kind) in named.items()]
    return ConceptScheme(
        "CS_ECOMMERCE",
        name=_("Concepts of e-commerce statistics"),
        agency=AGENCY,
        version=VERSION,
        items=concepts,
    )


def _definition(concepts: Any, lists: dict[str, Any]) -> Any:
    from pysdmx.model import Component, Components, DataStructureDefinition, Role  # noqa: PLC0415 - slow

    # Where each attribute stands: at the observation, at its indicator, at the whole data set.
    places = {"OBS_STATUS": "O", "CONF_STATUS": "O", "UNIT_MEASURE": "INDICATOR", "RELEASE": "D"}

    def component(id_: str, role: Any, *, required: bool) -> Any:
        from pysdmx.model import ItemReference  # noqa: PLC0415 - slow to import

        found = concepts[id_]
        codes = lists.get(id_)
        return Component(
            id_,
            required=required,
            role=role,
            concept=ItemReference("Concept", AGENCY, concepts.id, VERSION, id_),
            local_dtype=found.dtype,
            name=found.name,
            local_codes=codes,
            attachment_level=places.get(id_),
            local_enum_ref=_urn("codelist.Codelist", codes.id) if codes is not None else None,
        )

    parts = [component(id_, Role.DIMENSION, required=True) for id_ in (*DIMENSIONS, TIME)]
    parts.append(component(MEASURE, Role.MEASURE, required=False))
    parts += [component(id_, Role.ATTRIBUTE, required=id_ == "OBS_STATUS") for id_ in ATTRIBUTES]
    return DataStructureDefinition(
        id=f"DSD_{FLOW}",
        name=_("Structure of the e-commerce statistics"),
        agency=AGENCY,
        version=VERSION,
        components=Components(parts),
    )


def _flow(definition: Any) -> Any:
    from pysdmx.model import Dataflow  # noqa: PLC0415 - slow to import

    return Dataflow(
        FLOW,
        name=_flow_name(),
        description=_("Published figures; what would say too much of a single company is withheld."),
        agency=AGENCY,
        version=VERSION,
        structure=_urn("datastructure.DataStructure", definition.id),
    )


def _flow_name() -> str:
    return _("E-commerce of the region")


def _agencies() -> Any:
    from pysdmx.model import Agency, AgencyScheme  # noqa: PLC0415 - slow to import

    own = Agency(AGENCY, name=_("The region's e-commerce statistics"))
    return AgencyScheme(name=_("Agencies"), agency="SDMX", items=[own])


def _urn(kind: str, id_: str) -> str:
    return f"{_URN}.{kind}={AGENCY}:{id_}({VERSION})"
