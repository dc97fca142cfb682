"""Background work of appointments. Each task may run twice and beside itself."""

from celery import shared_task

from appointments.services import positions
from appointments.services.codes import release_codes
from appointments.services.filling import fill
from appointments.services.moves import forget_old_moves
from appointments.services.reminding import send_due_reminders
from appointments.services.sweeping import sweep


@shared_task(name="appointments.sweep")
def sweep_appointments() -> None:
    """End what is over: unpaid holds, unanswered bookings, visits that nobody came to.

    Then give what is free to those who wait, and tell them where they stand.
    """
    sweep()
    positions.tell_all()


@shared_task(name="appointments.fill")
def fill_places(doctor_id: int) -> None:
    """Give what is free of a doctor to those who wait."""
    fill(doctor_id)


@shared_task(name="appointments.tell_waiting")
def tell_waiting(kind_id: int, branch_id: int | None) -> None:
    """Tell a waiting list where its people stand, now or in a second."""
    pause = positions.tell_in_turn(kind_id, branch_id)
    if pause is not None:
        tell_waiting.apply_async((kind_id, branch_id), countdown=pause.total_seconds())


@shared_task(name="appointments.release_codes")
def release_old_codes() -> None:
    """Set six-digit codes free that nobody needs any more."""
    release_codes()


@shared_task(name="appointments.forget_moves")
def forget_moves() -> None:
    """Remove what kept answers no longer ask for."""
    forget_old_moves()


@shared_task(name="appointments.remind")
def send_reminders() -> None:
    """Tell people of the visits that are near."""
    send_due_reminders()
