"""Background work of the room. Each task may run twice and beside itself."""

from celery import shared_task

from clinic.core.clock import now
from clinic.privacy.services.batches import work_batches
from clinic.privacy.services.deletion import work_due_deletions
from clinic.privacy.services.emergency import tell_patients
from clinic.privacy.services.exports import build_exports, remove_old_exports
from clinic.settings import rules


@shared_task(name="privacy.work_batches")
def work_open_batches() -> None:
    """Go on with what staff ordered for many accounts."""
    work_batches()


@shared_task(
    name="privacy.build_exports", time_limit=int(rules.EXPORT_BUILD_BUDGET.total_seconds())
)
def build_waiting_exports() -> None:
    """Write the archives that patients wait for."""
    build_exports()


@shared_task(name="privacy.sweep")
def sweep() -> None:
    """Do due deletions, remove old archives, tell patients of emergencies."""
    moment = now()
    work_due_deletions(moment)
    remove_old_exports(moment)
    tell_patients(moment)
