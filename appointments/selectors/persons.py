"""Appointments that hold a visit person as he was when they were booked."""

from appointments.enums import OPEN_STATES
from appointments.models import Appointment
from clinic.patients.matters import Matter, declare_matter


def has_open_appointment(person_id: int) -> bool:
    """Say whether the person has a place or waits for one."""
    return Appointment.objects.filter(person_id=person_id, state__in=OPEN_STATES).exists()


declare_matter(Matter("appointment", has_open_appointment))
