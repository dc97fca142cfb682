"""Background work of the room."""

from celery import shared_task

from doctors.services import presence


@shared_task(name="doctors.expire_presence")
def expire_presence() -> None:
    """Take silent doctors offline; begin and end duty by the hours."""
    presence.expire_presence()
