"""Logistics' jobs, which the worker runs."""

from uuid import UUID

from cohong.kernel import jobs
from cohong.logistics import booking


@jobs.task(name="logistics.book", retry=jobs.PATIENT)
def book(shipment_ids: list[str]) -> None:
    """Book shipments with their carrier's own system."""
    booking.book(shipment_ids=[UUID(one) for one in shipment_ids])


@jobs.periodic(name="logistics.sweep_bookings", cron="17 * * * *")
def sweep_bookings() -> None:
    """Have shipments booked whose job has given up."""
    booking.sweep_bookings()


@jobs.periodic(name="logistics.ask_quiet", cron="47 * * * *")
def ask_quiet() -> None:
    """Ask carriers about shipments of which they have long said nothing."""
    booking.ask_quiet()
