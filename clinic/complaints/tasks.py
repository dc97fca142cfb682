"""Background work of the room."""

from celery import shared_task

from clinic.complaints.services import sweeping


@shared_task(name="complaints.sweep")
def sweep() -> None:
    """Warn of missed promises; end sanctions whose time is over."""
    sweeping.sweep()
