"""Background work of customer service. Each task may run twice and beside itself."""

from celery import shared_task

from clinic.core.actor import system_actor
from clinic.customer_service.services import quality


@shared_task(name="customer_service.pick_quality_checks")
def pick_quality_checks() -> None:
    """Pick chats of the last days for a supervisor to grade."""
    quality.pick_lately(by=system_actor("quality sampling"))
