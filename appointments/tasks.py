"""Background work of appointments. Each task may run twice and beside itself."""

from celery import shared_task

from appointments.services.codes import release_codes
from appointments.services.sweeping import sweep


@shared_task(name="appointments.sweep")
def sweep_appointments() -> None:
    """End what is over: unpaid holds, unanswered bookings, visits that nobody came to."""
    sweep()


@shared_task(name="appointments.release_codes")
def release_old_codes() -> None:
    """Set six-digit codes free that nobody needs any more."""
    release_codes()
