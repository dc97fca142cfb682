"""Background work of consultations. Each task may run twice and beside itself."""

from celery import shared_task

from consultations.services.calling import connect_due, settle_due
from consultations.services.following_up import remind_due
from consultations.services.pushing import tell_at_opening
from consultations.services.reconciling import reconcile_loads
from consultations.services.sweeping import sweep_waiting
from consultations.services.timers import run_timers


@shared_task(name="consultations.run_timers")
def run_due_timers() -> None:
    """Handle every deadline that has passed."""
    run_timers()


@shared_task(name="consultations.assign_waiting")
def assign_waiting_consultations() -> None:
    """Repair lost payments and try the cases that wait longest (seed 000)."""
    sweep_waiting()


@shared_task(name="consultations.reconcile_loads")
def reconcile_doctor_loads() -> None:
    """Set every doctor's count to his open assignments."""
    reconcile_loads()


@shared_task(name="consultations.remind_follow_ups")
def remind_follow_ups() -> None:
    """Remind of the follow-ups whose time has come."""
    remind_due()


@shared_task(name="consultations.tell_doctors")
def tell_doctors_at_opening() -> None:
    """Tell doctors whose hours have opened what came before."""
    tell_at_opening()


@shared_task(name="consultations.run_calls")
def run_calls() -> None:
    """Put appointed calls through and settle those whose window is over."""
    connect_due()
    settle_due()
