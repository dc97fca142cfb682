"""Background work of consultations. Each task may run twice and beside itself."""

from celery import shared_task

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
