"""Visits that did not go as agreed."""

from datetime import datetime

from appointments.enums import State
from appointments.models import Appointment


def has_missed_since(patient_id: int, since: datetime) -> bool:
    """Say whether an account's patients did not come to another visit; who came late did come."""
    rows = Appointment.objects.filter(patient_id=patient_id, state=State.NO_SHOW)
    return rows.filter(ended_at__gte=since).exists()


def never_begun_ids(moment: datetime, limit: int) -> list[int]:
    """Return appointments whose patient was there and whose end is so long ago, not begun."""
    rows = Appointment.objects.filter(
        state=State.CONFIRMED, checked_in_at__isnull=False, ends_at__lte=moment
    )
    return list(rows.order_by("ends_at").values_list("pk", flat=True)[:limit])


def never_finished_ids(moment: datetime, limit: int) -> list[int]:
    """Return visits that began and were to end so long ago, oldest first."""
    rows = Appointment.objects.filter(state=State.IN_PROGRESS, ends_at__lte=moment)
    return list(rows.order_by("ends_at").values_list("pk", flat=True)[:limit])
