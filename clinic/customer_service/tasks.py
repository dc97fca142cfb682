"""Background work of customer service. Each task may run twice and beside itself."""

from celery import shared_task

from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.customer_service.services import quality
from clinic.customer_service.services.drafts import forget_old_drafts
from clinic.customer_service.services.sweeping import sweep


@shared_task(name="customer_service.sweep")
def sweep_desk() -> None:
    """Do what is due at the desk (seed 001: also every five minutes, whatever happened before)."""
    sweep()


@shared_task(name="customer_service.pick_quality_checks")
def pick_quality_checks() -> None:
    """Pick chats of the last days for a supervisor to grade."""
    quality.pick_lately(by=system_actor("quality sampling"))


@shared_task(name="customer_service.forget_old_drafts")
def forget_drafts() -> None:
    """Remove unsent texts that nobody touched for a week."""
    forget_old_drafts(now())
