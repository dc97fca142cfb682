"""The place of an appointment: doctor, time with its buffers, seats. The callers store it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from appointments.models import Appointment
from appointments.services.statements import ALONE, IN_GROUP
from doctors.models import Doctor


def put(appointment: Appointment, doctor: Doctor, starts_at: datetime) -> bool:
    """Give a locked appointment another place; say whether it has a seat there.

    The times of the doctor are locked by the caller: ``locks.lock_times``.
    """
    kind = appointment.kind
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    appointment.doctor = doctor
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.busy_from = starts_at - timedelta(minutes=kind.buffer_before_minutes)
    appointment.busy_until = ends_at + timedelta(minutes=kind.buffer_after_minutes)
    appointment.seats = _seats(appointment)
    return appointment.seats is not None


def clear(appointment: Appointment) -> None:
    """Take the place, and the price that went with it, from an appointment."""
    appointment.doctor = None
    appointment.starts_at = appointment.ends_at = None
    appointment.busy_from = appointment.busy_until = None
    appointment.seats = None
    appointment.price_fen = 0


def _seats(appointment: Appointment) -> Any:
    """Return all seats for somebody alone, the lowest free one of a group, None if it is full."""
    capacity = appointment.kind.capacity
    values = {
        "capacity": capacity,
        "own_id": appointment.pk,
        "kind_id": appointment.kind_id,
        "doctor_id": appointment.doctor_id,
        "starts_at": appointment.starts_at,
        "busy_from": appointment.busy_from,
        "busy_until": appointment.busy_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(ALONE if capacity == 1 else IN_GROUP, values)
        row = cursor.fetchone()
    return row[0] if row else None
