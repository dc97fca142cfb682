"""Background work of visit persons."""

from celery import shared_task

from clinic.core.clock import now
from clinic.patients.services.picture_removal import remove_refused_pictures


@shared_task(name="patients.remove_refused_pictures")
def remove_pictures() -> None:
    """Remove pictures of documents that were refused some time ago."""
    remove_refused_pictures(now())
