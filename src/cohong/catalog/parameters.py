"""What of the catalog the platform may change while it runs."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel import parameters
from cohong.kernel.parameters import Unit

PICTURES: Final = parameters.declare(
    "catalog.pictures",
    label=_("Most pictures of a listing"),
    hint=_("Pictures that are there already stay."),
    unit=Unit.COUNT,
    default=12,
    least=1,
    most=40,
)
