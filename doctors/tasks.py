"""Background work of the room."""

from celery import shared_task

from doctors.services import expiry, presence


@shared_task(name="doctors.expire_presence")
def expire_presence() -> None:
    """Take silent doctors offline; begin and end duty by the hours."""
    presence.expire_presence()


@shared_task(name="doctors.watch_credentials")
def watch_credentials() -> None:
    """End credentials that are over; tell of those that end soon."""
    expiry.watch_credentials()
