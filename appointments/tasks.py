"""Background work of appointments. Each task may run twice and beside itself."""

from celery import shared_task

from appointments.services.sweeping import sweep


@shared_task(name="appointments.sweep")
def sweep_appointments() -> None:
    """End what is over: unpaid holds, unanswered bookings, visits that nobody came to."""
    sweep()
