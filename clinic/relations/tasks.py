"""Background work of relations."""

from celery import shared_task

from clinic.relations.services.broadcasts import resume_broadcasts


@shared_task(name="relations.resume_broadcasts")
def resume_open_broadcasts() -> None:
    """Go on with broadcasts whose next step got lost."""
    resume_broadcasts()
