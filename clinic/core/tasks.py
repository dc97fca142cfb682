"""Background work of the shared ground."""

from celery import shared_task

from clinic.core import idempotency, outbox


@shared_task(name="core.deliver_event")
def deliver_event(event_id: int) -> None:
    """Run the pending handlers of one stored fact."""
    outbox.deliver(event_id)


@shared_task(name="core.forget_old_rows")
def forget_old_rows() -> None:
    """Remove finished facts and old idempotency answers."""
    outbox.forget_old()
    idempotency.forget_old()
