"""Telling the people of an appointment: frames on their sockets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from appointments.enums import NOT_YET_HIS
from appointments.models import Appointment
from appointments.services.telling import tell_former_doctor
from clinic.realtime.push import push_on_commit


def state_frame(appointment: Appointment) -> dict[str, Any]:
    """Return the socket frame that tells where an appointment stands; ids and moments only."""
    return {
        "t": "appointment",
        "id": appointment.public_id,
        "state": appointment.state,
        "since": appointment.state_since,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "expires_at": appointment.expires_at,
        "doctor_id": appointment.doctor.public_id if appointment.doctor else None,
    }


def push_state(appointment: Appointment) -> None:
    """Show the state on the sockets of the patient and of the doctor."""
    push_on_commit(_people(appointment), state_frame(appointment))


def push_lost(
    appointment: Appointment, doctor_user_public_id: UUID, *, was_at: datetime | None = None
) -> None:
    """Show a doctor that the appointment is no longer his, and leave who knew of it a notice.

    ``was_at`` is its start when he had it; without one that of now.
    """
    frame = state_frame(appointment) | {"state": "withdrawn", "doctor_id": None}
    push_on_commit([doctor_user_public_id], frame)
    if appointment.state not in NOT_YET_HIS:
        tell_former_doctor(appointment, doctor_user_public_id, was_at or appointment.starts_at)


def _people(appointment: Appointment) -> Iterable[UUID]:
    people = [appointment.patient.public_id]
    if appointment.doctor is not None and appointment.state not in NOT_YET_HIS:
        people.append(appointment.doctor.user.public_id)
    return people
