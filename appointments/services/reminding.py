"""Reminders: made when an appointment is confirmed, remade when it moves, sent when due."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from appointments.enums import State
from appointments.models import Appointment, Reminder
from appointments.selectors.reminders import due_reminders, unplanned_ids
from appointments.services.state import locked
from appointments.services.telling import tell_patient
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers

log = logging.getLogger(__name__)


def plan_reminders(appointment_id: int) -> None:
    """Bring the reminders of an appointment up to its state and its time. Repeatable.

    A reminder whose moment is over already is not made. Locks the appointment.
    """
    with transaction.atomic():
        appointment = locked(appointment_id)
        wanted = _wanted(appointment, current_moment())
        for row in Reminder.objects.filter(appointment=appointment):
            if wanted.get(row.before) == row.due_at:
                del wanted[row.before]
            elif not _is_told(row, appointment):
                row.delete()
        Reminder.objects.bulk_create(
            (
                Reminder(appointment=appointment, before=before, due_at=due_at)
                for before, due_at in wanted.items()
            ),
            ignore_conflicts=True,
        )


def send_due_reminders() -> int:
    """Send what is due, and plan what lost events should have planned; return how many were sent.

    Several may run side by side: each claims rows that no other one has. A row that fails is
    marked and logged, and the others are sent.
    """
    moment, sent = current_moment(), 0
    for appointment_id in unplanned_ids(moment, numbers.APPOINTMENT_REMIND_BATCH):
        plan_reminders(appointment_id)
    while batch := _send_batch(moment):
        sent += batch
    return sent


def _send_batch(moment: datetime) -> int:
    with transaction.atomic():
        rows = due_reminders(moment).select_for_update(of=("self",), skip_locked=True, no_key=True)
        return sum(_settle(row, moment) for row in rows[: numbers.APPOINTMENT_REMIND_BATCH])


def _settle(row: Reminder, moment: datetime) -> bool:
    """Send one reminder, or drop it when there is nothing to be reminded of."""
    appointment = row.appointment
    if not _is_ahead(appointment, moment):
        row.delete()
        return False
    try:
        with transaction.atomic():
            is_online = appointment.branch_id is None
            tell_patient(
                appointment,
                NoticeKind.APPOINTMENT_REMINDER_ONLINE
                if is_online
                else NoticeKind.APPOINTMENT_REMINDER,
            )
    except Exception as error:
        log.error("reminder failed", exc_info=error, extra={"appointment_id": appointment.pk})
        Reminder.objects.filter(pk=row.pk).update(failed_at=moment)
        return False
    Reminder.objects.filter(pk=row.pk).update(sent_at=moment)
    return True


def _wanted(appointment: Appointment, moment: datetime) -> dict[timedelta, datetime]:
    starts_at = appointment.starts_at
    if starts_at is None or appointment.state != State.CONFIRMED:
        return {}
    ahead = [timedelta(minutes=minutes) for minutes in appointment.kind.reminders]
    return {before: starts_at - before for before in ahead if starts_at - before > moment}


def _is_told(row: Reminder, appointment: Appointment) -> bool:
    """Say whether a reminder of the present time was sent already; it stays as a record."""
    if row.sent_at is None and row.failed_at is None:
        return False
    starts_at = appointment.starts_at
    return starts_at is not None and row.due_at == starts_at - row.before


def _is_ahead(appointment: Appointment, moment: datetime) -> bool:
    starts_at = appointment.starts_at
    is_here = appointment.checked_in_at is not None
    is_confirmed = appointment.state == State.CONFIRMED
    return is_confirmed and not is_here and starts_at is not None and starts_at > moment
