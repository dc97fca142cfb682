"""Doctors' counted loads against the truth, at night."""

import logging

from django.db import transaction
from django.db.models import Count, Q

from doctors.models import Doctor
from doctors.services.load import lock_places, reconcile_counts

log = logging.getLogger(__name__)


def reconcile_loads() -> list[int]:
    """Correct the counts that differ from the open assignments and return their doctors."""
    live = Count("assignments", filter=Q(assignments__ended_at=None))
    with transaction.atomic():
        lock_places()
        counts = dict(Doctor.objects.annotate(live=live).values_list("pk", "live"))
        wrong = reconcile_counts(counts)
    if wrong:
        log.warning("doctor counts corrected", extra={"doctor_ids": wrong})
    return wrong
