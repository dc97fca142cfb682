"""Background work of the room."""

from celery import shared_task

from clinic.files.services import sweeping


@shared_task(name="files.remove_orphans")
def remove_orphans() -> None:
    """Remove files that nothing took."""
    sweeping.remove_orphans()


@shared_task(name="files.scan_waiting")
def scan_waiting() -> None:
    """Ask the scanner about files whose event was lost."""
    sweeping.scan_waiting()
