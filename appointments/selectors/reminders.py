"""Which reminders are due, and which are missing."""

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from appointments.models import Reminder

# Confirmed appointments of which a reminder is still to come that nobody planned: a lost event, or
# other times of the type since.
UNPLANNED: Final = """
SELECT a.id FROM appointments_appointment a JOIN appointments_appointmenttype k ON k.id = a.kind_id
WHERE a.state = 'confirmed' AND a.starts_at > %(moment)s AND EXISTS (
  SELECT 1 FROM unnest(k.reminders) AS ahead(minutes)
  WHERE a.starts_at - make_interval(mins => ahead.minutes) > %(moment)s AND NOT EXISTS (
    SELECT 1 FROM appointments_reminder r WHERE r.appointment_id = a.id
      AND r.due_at = a.starts_at - make_interval(mins => ahead.minutes)
  )
) ORDER BY a.starts_at LIMIT %(limit)s
"""


def due_reminders(moment: datetime) -> QuerySet[Reminder]:
    """Return unsent reminders whose time has come, the oldest first, with their people."""
    rows = Reminder.objects.filter(due_at__lte=moment, sent_at=None, failed_at=None)
    people = ("appointment__branch", "appointment__doctor", "appointment__patient")
    return rows.select_related(*people).order_by("due_at", "id")


def unplanned_ids(moment: datetime, limit: int) -> list[int]:
    """Return appointments that lack a reminder which is still to come, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(UNPLANNED, {"moment": moment, "limit": limit})
        return [int(row[0]) for row in cursor.fetchall()]
