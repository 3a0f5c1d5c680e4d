"""What logistics refuses, and why."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, Unavailable


class UnknownCarrier(NotFound):
    """No carrier has this id."""

    message = _("There is no such carrier.")


class ServiceNotOffered(Conflict):
    """The carrier does not offer this service."""

    message = _("The carrier does not offer the service “{service}”.")


class ServiceUnknown(BadInput):
    """No carrier's service has this name."""

    message = _("There is no service “{service}”.")


class PackagesFlawed(BadInput):
    """Packages must hold something, in positive quantities, and weigh nothing less than nothing."""

    message = _("The packages are not as they have to be. Please check: {field}")


class AddressMissing(BadInput):
    """Goods that travel need an address."""

    message = _("Goods that are sent need an address.")


#: What people call the parts of an address that a refusal names by their codes.
ADDRESS_LABELS: dict[str, Promise] = {
    "recipient": pgettext_lazy("address", "recipient"),
    "phone": pgettext_lazy("address", "phone number"),
    "region_code": pgettext_lazy("address", "city or district"),
    "street": pgettext_lazy("address", "street and number"),
    "postcode": pgettext_lazy("address", "postcode"),
}


class AddressFlawed(BadInput):
    """A part of the address is missing or too long."""

    message = _("The address is not as it has to be. Please check: {label}")

    def __str__(self) -> str:
        """Say it with the part's name in the reader's language."""
        field = self.params["field"]
        return str(self.message).format(label=ADDRESS_LABELS.get(field, field), **self.params)


class UnknownAddress(NotFound):
    """The party's address book has no such address."""

    message = _("There is no such address in the address book.")


class AddressBookFull(Conflict):
    """More addresses than an address book may hold."""

    message = _("The address book holds at most {most} addresses. Please remove one first.")


class ConsignmentDiffers(Conflict):
    """The id was used before for other goods, or for another way to send them."""

    message = _("This consignment was made before with other contents.")


class UnknownWaybill(NotFound):
    """No shipment has this waybill number."""

    message = _("There is no shipment with the waybill number “{number}”.")


class UnknownShipment(NotFound):
    """There is no such shipment, or the actor may not know of it."""

    message = _("There is no such shipment.")


class EventFlawed(BadInput):
    """The tracking event is not of the agreed form."""

    message = _("The tracking event is not as it has to be. Please check: {field}")


class EventInFuture(BadInput):
    """The tracking event is said to have happened at a time that has not come."""

    message = _("The tracking event lies in the future.")


class EventDiffers(Conflict):
    """The event's id was used before for something else."""

    message = _("This tracking event was reported before with other contents.")


class OnlyWithCode(Conflict):
    """Goods that are to be collected are handed over against the pick-up code, and so reported."""

    message = _("These goods are handed over against their pick-up code only.")


class NotForPickUp(Conflict):
    """The shipment is not one that is collected."""

    message = _("These goods are sent, not collected.")


class WrongPickUpCode(NotAllowed):
    """The code is not the shipment's; `left` tells how many tries remain."""

    message = _("The pick-up code is wrong. Tries left: {left}")


class PickUpLocked(NotAllowed):
    """Too many wrong codes: the buyer has to ask for a new one."""

    message = _("There were too many wrong codes. The buyer can ask for a new code.")


class TariffFlawed(BadInput):
    """A row of a tariff is not as it has to be."""

    message = _("Row {row} of the tariff is not as it has to be. Please check: {field}")


class NoTariff(NotFound):
    """The carrier has no price for this service between these regions."""

    message = _("There is no price for this way.")


class WeightFlawed(BadInput):
    """A weight is a positive number of grams."""

    message = _("The weight has to be a positive number of grams.")


class CarrierFlawed(BadInput):
    """A carrier's description is not as it has to be."""

    message = _("The carrier is not as it has to be. Please check: {field}")


class CarrierCodeTaken(Conflict):
    """Another carrier has this code."""

    message = _("Another carrier has the code “{code}”.")


class CarrierNotConnected(Unavailable):
    """No carrier's system is connected to this installation."""

    message = _("No carrier's own system is connected here.")


class CarrierSilent(Unavailable):
    """The carrier's system has not answered for that many shipments; they will be booked again."""

    message = _("The carrier's system does not answer at the moment. It will be asked again by itself.")
